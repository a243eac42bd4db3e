import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import type { HandInHead } from '../../ledger/format/hand-in-list.ts'
import type { Subject } from '../../ledger/log/append.ts'

/**
 * What an event of a hand-in names of it: the hand-in, and the register of its list, by which the event is shown with every case of
 * which a file stands on that list. Where an event names a list, a verifier demands the opening of it and what its dock signed
 * (services/ledger/DESIGN.md §6). An older opening names no list, or does not say what was signed: of such a hand-in no event names
 * one.
 */
export async function handInSubjects(db: Db, handInId: string): Promise<Subject[]> {
  const row = await db
    .selectFrom('hand_in')
    .where('id', '=', handInId)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('event')
          .where(sql<boolean>`subjects @> array[${`hand-in-list:${handInId}`}]`)
          .where('kind', '=', 'hand_in.opened')
          .select('event.id'),
      ),
    )
    .select('head')
    .executeTakeFirst()
  const isShown = row !== undefined && (JSON.parse(row.head.toString('utf8')) as Pick<HandInHead, 'v'>).v === 2
  return [{ type: 'hand_in', id: handInId }, ...(isShown ? [{ type: 'hand-in-list', id: handInId }] : [])]
}
