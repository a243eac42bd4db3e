import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { eventOf } from '../events/read.ts'
import { type OriginKind, originNames, originsInEnglish } from '../events/words.ts'

/** How a dock came by the files of a hand-in, as its signed list says. */
export interface HandInOrigin {
  readonly kind: OriginKind
  readonly words: { readonly zh: string; readonly en: string }
  /** Slot, card or station, in the dock's words. */
  readonly from: string | null
}

/** Null where the list does not say: one of version 1, or of a dock that did not know. */
export async function handInOrigin(db: Db, handInId: string): Promise<HandInOrigin | null> {
  const row = await db
    .selectFrom('event')
    .where(sql<boolean>`subjects @> array[${`hand_in:${handInId}`}]`)
    .where('kind', '=', 'hand_in.opened')
    .select('body')
    .executeTakeFirst()
  const body = row && bodyOrNull(row.body)
  const origin = body && eventOf(body, 'hand_in.opened')?.details.head?.origin
  return origin ? { ...origin, words: { zh: originNames[origin.kind], en: originsInEnglish[origin.kind] } } : null
}
