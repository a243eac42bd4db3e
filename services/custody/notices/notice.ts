import type { Db } from '../../foundation/db/database.ts'
import type { ActingRole } from '../roles/permissions.ts'

/** Something that a person should know when he signs in. */
export interface Notice {
  /** The same for the same matter and person, whenever it is asked for: `setting_changed:…`. */
  readonly id: string
  readonly kind: string
  readonly text: { readonly zh: string; readonly en: string }
  readonly at: Date
  /** Work that waits for him stays until it is done; anything else goes when he has said that he has seen it. */
  readonly waits: boolean
}

/** Whom a notice is for. */
export interface Reader {
  readonly id: string
  readonly role: ActingRole
  /** Of a deputy who acts: in whose place. */
  readonly onBehalfOf?: string
}

/** Where notices come from: all there are for this person at this time, seen or not. */
export type NoticeSource = (db: Db, reader: Reader, at: Date) => Promise<Notice[]>

/** The newest of a kind that are looked at; older ones stand in the lists. */
export const noticesOfOneKindMax = 100

const shanghai = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'short',
})

/** A time as notices say it: `2026-11-28 14:05` in Asia/Shanghai. */
export function noticeTime(time: Date): string {
  return shanghai.format(time)
}

/** `1 file`, `2 files`. */
export function filesText(count: number): string {
  return count === 1 ? '1 file' : `${count} files`
}
