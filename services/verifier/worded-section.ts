import type { Words } from './words.ts'

/** A part of a report in both languages. */
export interface WordedSection {
  readonly title: Words
  readonly rows: readonly { readonly label: Words | null; readonly text: Words | string }[]
}

export function row(zh: string, en: string, text: Words | string): WordedSection['rows'][number] {
  return { label: { zh, en }, text }
}
