import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { handInSubjects } from '../devices/hand-in-subjects.ts'
import { oneActOfDock } from '../docks/one-at-a-time.ts'
import { recordEvent } from '../events/record.ts'
import { keepProposersSeat, type Signer } from '../signing/seat.ts'
import { type ShownSameSeat, showSameSeat } from '../signing/shown-signature.ts'
import { signatureOf } from '../signing/signature.ts'
import { requireSecondName } from '../signing/third-signature.ts'
import { announcedFiles, type Clearing, clearingOf, deviceAtDock, filesAtOnce } from './announced.ts'
import { clearingOpenMsMax } from './open-clearings.ts'
import { enterOutcome } from './outcome.ts'

/**
 * Asks that nobody wait any more for a dock's word on a clearing: the dock is dead or revoked. What became of its files is
 * unknown then, until the dock says it after all.
 *
 * @throws not_found; conflict for one that is closed or was given up, that a dock in service announced within the last hour,
 *   and while another request waits
 */
export async function askGivingUp(
  db: Db,
  clock: Clock,
  actor: Signer,
  asked: { clearingId: string; reason: string },
): Promise<{ id: string }> {
  const { clearingId, reason } = asked
  return db.transaction().execute(async (trx) => {
    const clearing = await lockOpen(trx, clearingId)
    const id = newId(clock.now())
    const isFresh = clock.now().getTime() - clearing.announcedAt.getTime() < clearingOpenMsMax
    if (isFresh && !clearing.isDockRevoked) {
      throw new Fault('conflict', 'this clearing was announced within the last hour: its dock may still be at it')
    }
    const event = await recordEvent(trx, 'clearing.giving_up_asked', {
      ...{ clock, by: actor, subjects: await subjectsOf(trx, clearing) },
      details: { givingUpId: id, clearingId: clearing.id, reason },
    })
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('clearing_giving_up')
      .values({
        ...{ id, clearing_id: clearing.id, reason, asked_by: actor.id, asked_at: event.at },
        ...{ decided_by: null, decided_at: null, confirmed: null },
      })
      .onConflict((conflict) => conflict.column('clearing_id').where('decided_at', 'is', null).doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows === 0n) {
      throw new Fault('conflict', 'the giving up of this clearing was asked for already: somebody else decides')
    }
    await keepProposersSeat(trx, actor, event)
    return { id }
  })
}

/**
 * The second person's half. Confirmed, each file of which the dock has said nothing gets its event as `outcome_unknown`.
 * Restartable: files are entered in batches after the decision; the same decision again enters what is left.
 *
 * @throws not_found when nothing waits; conflict for whoever asked for it, and for one that the dock has closed since
 */
export async function decideGivingUp(
  db: Db,
  clock: Clock,
  actor: Signer,
  decision: { clearingId: string; confirm: boolean },
): Promise<{ sameSeat: ShownSameSeat | null }> {
  const { clearingId, confirm } = decision
  const before = await clearingOf(db, clearingId)
  const isDecided = before !== null && before.givenUpAt !== null && confirm
  const sameSeat = isDecided ? null : await db.transaction().execute((trx) => decide(trx, clock, actor, decision))
  if (confirm) await enterUnknown(db, clock, actor, clearingId)
  return { sameSeat }
}

async function decide(
  trx: Trx,
  clock: Clock,
  actor: Signer,
  { clearingId, confirm }: { clearingId: string; confirm: boolean },
): Promise<ShownSameSeat | null> {
  const clearing = await lockOpen(trx, clearingId)
  const row = await trx
    .selectFrom('clearing_giving_up')
    .where('clearing_id', '=', clearing.id)
    .where('decided_at', 'is', null)
    .select(['id', 'reason', 'asked_by'])
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new Fault('not_found', 'nobody has asked that this clearing be given up')
  if (row.asked_by === actor.id) throw new Fault('conflict', 'nobody decides on what he asked for himself')
  const subjects = await subjectsOf(trx, clearing)
  const asked = { givingUpId: row.id, clearingId: clearing.id, askedBy: row.asked_by, reason: row.reason }
  const act = { clock, by: actor, subjects }
  const matter = { subjectId: clearing.handInId, memberValue: row.id }
  const decided = async (at: Date) =>
    trx
      .updateTable('clearing_giving_up')
      .set({ decided_by: actor.id, decided_at: at, confirmed: confirm })
      .where('id', '=', row.id)
      .execute()
  if (!confirm) {
    await decided((await recordEvent(trx, 'clearing.giving_up_refused', { ...act, details: asked })).at)
    return null
  }
  const third = await requireSecondName(trx, clock, actor, { act: 'clearing.given_up', matter })
  const signature = await signatureOf(trx, clock, actor, { kind: 'clearing.given_up', ...matter, third })
  const event = await recordEvent(trx, 'clearing.given_up', { ...act, details: { ...asked, ...signature.details } })
  await signature.keepSeat(event)
  await decided(event.at)
  await trx.updateTable('clearing').set({ given_up_at: event.at }).where('id', '=', clearing.id).execute()
  return showSameSeat(trx, signature.sameSeat)
}

async function enterUnknown(db: Db, clock: Clock, actor: Signer, clearingId: string): Promise<void> {
  const clearing = (await clearingOf(db, clearingId))!
  const { id: givingUpId } = await db
    .selectFrom('clearing_giving_up')
    .where('clearing_id', '=', clearing.id)
    .where('confirmed', '=', true)
    .select('id')
    .executeTakeFirstOrThrow()
  for (;;) {
    const entered = await db.transaction().execute(async (trx) => {
      await oneActOfDock(trx, clearing.dockId)
      const left = (await announcedFiles(trx, clearing.id)).filter(({ outcome }) => outcome === null)
      for (const line of left.slice(0, filesAtOnce)) {
        await enterOutcome(trx, clock, clearing, { by: actor, line, outcome: 'outcome_unknown', givingUpId })
      }
      return left.length
    })
    if (entered <= filesAtOnce) return
  }
}

/** @throws not_found; conflict for one that is closed, or was given up */
async function lockOpen(trx: Trx, clearingId: string): Promise<Clearing> {
  const dockId = (await clearingOf(trx, clearingId))?.dockId
  if (dockId === undefined) throw new Fault('not_found', `there is no clearing ${clearingId.slice(0, 100)}`)
  await oneActOfDock(trx, dockId)
  const clearing = (await clearingOf(trx, clearingId))!
  if (clearing.endedAt) throw new Fault('conflict', 'its dock has closed this clearing')
  if (clearing.givenUpAt) throw new Fault('conflict', 'this clearing was given up before')
  return clearing
}

async function subjectsOf(trx: Trx, clearing: Clearing) {
  return [...(await handInSubjects(trx, clearing.handInId)), ...deviceAtDock(clearing)]
}
