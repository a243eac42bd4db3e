import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { enqueue } from '../../foundation/queue/outbox.ts'
import { recordEvent } from '../events/record.ts'
import type { Signer } from '../signing/seat.ts'
import { type ShownSameSeat, showSameSeat } from '../signing/shown-signature.ts'
import { signatureOf } from '../signing/signature.ts'
import { requireEnoughNames } from '../signing/third-signature.ts'
import { lockPackage, packageSubjects } from './package.ts'

/**
 * The supervisor's second signature under a package with footage, or his refusal. A signed one goes to be built.
 *
 * @throws not_found; conflict when it waits for no signature, he asked for it himself, or whoever asked has a new account
 *   that he opened
 */
export async function decidePackage(
  db: Db,
  clock: Clock,
  actor: Signer,
  decision: { packageId: string; approve: boolean; reason: string },
): Promise<{ state: 'queued' | 'refused'; sameSeat: ShownSameSeat | null }> {
  const state = decision.approve ? 'queued' : 'refused'
  const sameSeat = await db.transaction().execute(async (trx) => {
    const row = await lockPackage(trx, decision.packageId)
    if (row.requested_by === actor.id) throw new Fault('conflict', 'nobody signs a package that he asked for himself')
    if (row.state !== 'awaiting_signature') {
      throw new Fault('conflict', `this package waits for no signature: it is ${row.state}`)
    }
    const matter = { subjectId: row.id, memberValue: null }
    const names = [{ id: row.requested_by }, actor]
    const third = decision.approve
      ? await requireEnoughNames(trx, { names, at: clock.now(), act: 'package.signed', matter })
      : null
    const kind = decision.approve ? 'package.signed' : 'package.refused'
    const signature = await signatureOf(trx, clock, actor, { kind, ...matter, third })
    const signed = await recordEvent(trx, kind, {
      clock,
      by: actor,
      subjects: packageSubjects({ id: row.id, caseNumber: row.case_number }, actor.id, row.requested_by),
      details: {
        reason: decision.reason,
        requestedBy: row.requested_by,
        withFootage: row.with_footage,
        ...signature.details,
      },
    })
    await signature.keepSeat(signed)
    await trx
      .updateTable('package')
      .set({ state, decided_by: actor.id, decided_at: signed.at })
      .where('id', '=', row.id)
      .execute()
    if (decision.approve) await enqueue(trx, { name: 'package', subjectId: row.id, now: signed.at })
    return signature.sameSeat
  })
  return { state, sameSeat: await showSameSeat(db, sameSeat) }
}
