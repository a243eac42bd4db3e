import { deskWords } from './words-desk.zh.ts'
import { actWords, receiptReasonWords, slotWords } from './words-detail.zh.ts'
import { frameWords } from './words-frame.zh.ts'
import { detailWords, wallWords } from './words-wall.zh.ts'

/** Every word of the screen. The source: other languages are typed after it. */
export const zh = {
  ...wallWords,
  ...detailWords,
  frame: frameWords,
  slot: slotWords,
  act: actWords,
  receiptReason: receiptReasonWords,
  desk: deskWords,
}
export type Words = typeof zh
