import type { Db } from '../../foundation/db/database.ts'
import { bodyOrNull, type EventBody } from '../../ledger/format/entry.ts'
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
      .where('kind', 'in', signedKinds)
      .where('id', '>', last)
      .select(['id', 'body', 'subjects'])
      .orderBy('id')
      .limit(batchEvents)
      .execute()
    for (const { id, body: text, subjects } of rows) {
      const body = bodyOrNull(text)
      // What is not the committed body is another finding, and so is what it leads to.
      if (!body || subjects.some((subject) => report.isDistrusted(subject))) continue
      const matter = matterOf(body.kind as SignedKind, body)
      checkSignature({ id, body }, matter ? await putUpsOf(db, body.kind as SignedKind, matter) : [], report)
    }
    if (rows.length < batchEvents) return
    last = rows.at(-1)!.id
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
