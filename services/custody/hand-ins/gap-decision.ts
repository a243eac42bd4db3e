import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import { handInDeadlineAfter } from '../settings/working-days.ts'
import { lockGap } from './explanations.ts'
import { gapSubjects } from './gap-found.ts'

/**
 * The custodian's word on an explanation: accepts it, or returns it with a reason and a new term. What somebody was only said to
 * have explained waits for that person, until the time is over in which he was to confirm it.
 *
 * @throws not_found; conflict when nothing was explained, when it was accepted already, and while it waits for its person
 */
export async function decideGap(
  db: Db,
  clock: Clock,
  actor: Actor,
  decision: { gapId: string } & ({ accept: true; reason: string | null } | { accept: false; reason: string }),
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const gap = await lockGap(trx, decision.gapId)
    if (!gap) throw new Fault('not_found', 'there is no such gap')
    if (gap.state !== 'explained') throw new Fault('conflict', refusals[gap.state])
    await requireConfirmed(trx, gap.id, clock.now())
    const { device_serial: serial, hand_in_id: handInId, person_id: personId } = gap
    const act = { clock, by: actor, subjects: await gapSubjects(trx, { id: gap.id, serial, handInId, personId }) }
    if (decision.accept) {
      const { reason } = decision
      const { at } = await recordEvent(trx, 'gap.accepted', { ...act, details: { reason } })
      await update(trx, gap.id, { state: 'accepted', decided_by: actor.id, decided_at: at, decision_reason: reason })
      return
    }
    const { reason } = decision
    const dueAt = await handInDeadlineAfter(trx, clock.now())
    const details = { reason, dueAt: dueAt.toISOString() }
    const { at } = await recordEvent(trx, 'gap.returned', { ...act, details })
    const returned = { state: 'returned' as const, due_at: dueAt, decision_reason: reason }
    await update(trx, gap.id, { ...returned, decided_by: actor.id, decided_at: at })
  })
}

const refusals = {
  open: 'nobody has explained this gap yet',
  returned: 'this gap was returned, and waits for a new explanation',
  accepted: 'this gap was accepted already',
  withdrawn: 'this gap was withdrawn: what was missing has come',
} as const

interface Decided {
  readonly state: 'accepted' | 'returned'
  readonly decided_by: string
  readonly decided_at: Date
  readonly decision_reason: string | null
  readonly due_at?: Date
}

async function update(trx: Trx, gapId: string, decided: Decided): Promise<void> {
  await trx.updateTable('gap').set(decided).where('id', '=', gapId).execute()
}

async function requireConfirmed(trx: Trx, gapId: string, now: Date): Promise<void> {
  const explanations = await trx
    .selectFrom('gap_explanation')
    .where('gap_id', '=', gapId)
    .select(['confirm_by', 'confirmed_at', 'is_own'])
    .execute()
  // What its person has denied counts never, whatever else is over.
  const isEnough = ({ confirm_by, confirmed_at, is_own }: (typeof explanations)[number]) =>
    is_own !== false && (confirm_by === null || confirmed_at !== null || confirm_by <= now)
  if (explanations.some(isEnough)) return
  const waiting = explanations.find(({ confirmed_at }) => confirmed_at === null)
  const until = waiting?.confirm_by?.toISOString() ?? 'it is confirmed'
  throw new Fault('conflict', `whoever is said to have explained this is to confirm it first, by ${until}`)
}
