import type { Db } from '../../foundation/db/database.ts'
import { bodyOrNull, type EventBody } from '../../ledger/format/entry.ts'
import { eventOf } from '../events/read.ts'
import { matterOf, type PutUp, putUpsOf, type SignedKind, signedKinds } from '../signing/put-up.ts'
import { statementFaults } from '../signing/statement-faults.ts'
import type { Report } from './finding.ts'

const batchEvents = 500

/** Compares the statement of every signature with its event and with the event that put the matter up for signature. */
export async function checkSignatures(
  db: Db,
  report: Report,
  options: { readonly onProgress?: (what: string) => void; readonly signal?: AbortSignal } = {},
): Promise<void> {
  options.onProgress?.('signatures')
  let last = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    options.signal?.throwIfAborted()
    const rows = await db
      .selectFrom('event')
      .leftJoin('act_seat', 'act_seat.event_id', 'event.id')
      .where('event.kind', 'in', signedKinds)
      .where('event.id', '>', last)
      .select(['event.id', 'event.body', 'event.subjects', 'act_seat.same_person_id'])
      .orderBy('event.id')
      .limit(batchEvents)
      .execute()
    for (const { id, body: text, subjects, same_person_id } of rows) {
      const body = bodyOrNull(text)
      // What is not the committed body is another finding, and so is what it leads to.
      if (!body || subjects.some((subject) => report.isDistrusted(subject))) continue
      const matter = matterOf(body.kind as SignedKind, body)
      checkSignature({ id, body }, matter ? await putUpsOf(db, body.kind as SignedKind, matter) : [], report)
      const marked = eventOf(body, ...signedKinds)?.details.sameSeat?.with ?? null
      if (marked !== same_person_id) {
        const problem = `its row names ${same_person_id ?? 'nobody'} at the same seat, its event ${marked ?? 'nobody'}`
        report.error('signatures.seat_differs', `event ${id}`, problem)
      }
    }
    if (rows.length < batchEvents) break
    last = rows.at(-1)!.id
  }
  await checkStraySeats(db, report)
}

/** Seats that are marked without a signature that says so. */
async function checkStraySeats(db: Db, report: Report): Promise<void> {
  const rows = await db
    .selectFrom('act_seat')
    .leftJoin('event', 'event.id', 'act_seat.event_id')
    .where('act_seat.same_person_id', 'is not', null)
    .where((where) => where.or([where('event.id', 'is', null), where('event.kind', 'not in', signedKinds)]))
    .select('act_seat.event_id')
    .execute()
  for (const { event_id } of rows) {
    report.error('signatures.seat_differs', `event ${event_id}`, 'a seat is marked for it, but it is no signature')
  }
}

/** Reports what is wrong with one signature's statement. */
export function checkSignature(
  signed: { id: string; body: EventBody },
  putUps: readonly PutUp[],
  report: Report,
): void {
  const faults = statementFaults(signed.body, putUps)
  if (faults.length > 0) report.error('signatures.statement_differs', `event ${signed.id}`, faults.join('; '))
}
