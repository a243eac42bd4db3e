import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { recordEvent } from '../events/record.ts'
import { lockOfficeAccounts } from '../roles/office-accounts.ts'
import { keepProposersSeat, type Signer } from '../signing/seat.ts'
import { type ShownSameSeat, showSameSeat } from '../signing/shown-signature.ts'
import { signatureOf } from '../signing/signature.ts'
import { requireSecondName } from '../signing/third-signature.ts'

export const deputyDaysMax = 90
const hourMs = 60 * 60_000

export interface NewDeputyship {
  readonly deputyId: string
  readonly reason: string
  /** Null: as soon as an auditor has signed. */
  readonly startsAt: Date | null
  readonly endsAt: Date
}

/**
 * A supervisor names, beforehand and for at most 90 days, who acts in his place. It takes effect once an auditor has signed.
 *
 * @throws conflict for a deputy who names one, for an account that cannot be one, and while another deputyship of either
 *   person covers a part of the period; bad_request naming what is wrong with the period
 */
export async function nameDeputy(
  db: Db,
  clock: Clock,
  supervisor: Signer,
  asked: NewDeputyship,
): Promise<{ id: string }> {
  if (supervisor.onBehalfOf !== undefined) throw new Fault('conflict', 'a deputy names no deputy of his own')
  return db.transaction().execute(async (trx) => {
    await lockBoth(trx, { supervisorId: supervisor.id, deputyId: asked.deputyId })
    const now = clock.now()
    const period = checkedPeriod(asked, now)
    await requireNoOther(trx, { supervisorId: supervisor.id, deputyId: asked.deputyId }, period)
    const id = newId(now)
    const reason = asked.reason.trim()
    const named = await recordEvent(trx, 'deputyship.named', {
      clock,
      by: supervisor,
      subjects: subjectsOf({ deputy_id: asked.deputyId, supervisor_id: supervisor.id }),
      details: {
        deputyshipId: id,
        reason,
        startsAt: period.startsAt.toISOString(),
        endsAt: period.endsAt.toISOString(),
      },
    })
    await trx
      .insertInto('deputyship')
      .values({
        ...{ id, supervisor_id: supervisor.id, deputy_id: asked.deputyId, reason },
        ...{ starts_at: period.startsAt, ends_at: period.endsAt, named_at: named.at, state: 'named' },
      })
      .execute()
    await keepProposersSeat(trx, supervisor, named)
    return { id }
  })
}

/**
 * The auditor's signature under a deputyship, or his refusal.
 *
 * @throws not_found; conflict when it was decided or ended, its time is over, or an account was shut since; bad_request for
 *   a refusal without reason
 */
export async function decideDeputyship(
  db: Db,
  clock: Clock,
  auditor: Signer,
  decision: { id: string; approve: boolean; reason: string | null },
): Promise<{ state: 'signed' | 'refused'; sameSeat: ShownSameSeat | null }> {
  const reason = decision.reason?.trim() ?? ''
  if (!decision.approve && reason === '') throw new Fault('bad_request', 'reason: say why it is refused')
  return db.transaction().execute(async (trx) => {
    const row = await lockDeputyship(trx, decision.id)
    if (row.state !== 'named') throw new Fault('conflict', `this deputyship waits for no signature: it is ${row.state}`)
    if (decision.approve) {
      await lockBoth(trx, { supervisorId: row.supervisor_id, deputyId: row.deputy_id })
      if (row.ends_at <= clock.now()) throw new Fault('conflict', 'the time of this deputyship is over')
    }
    const kind = decision.approve ? 'deputyship.signed' : 'deputyship.refused'
    const matter = { subjectId: row.deputy_id, memberValue: row.id }
    const third = decision.approve
      ? await requireSecondName(trx, clock, auditor, { act: 'deputyship.signed', matter })
      : null
    const signature = await signatureOf(trx, clock, auditor, { kind, ...matter, third })
    const act = { clock, by: auditor, subjects: subjectsOf(row) }
    const details = { deputyshipId: row.id, ...signature.details }
    const decided = decision.approve
      ? await recordEvent(trx, 'deputyship.signed', { ...act, details })
      : await recordEvent(trx, 'deputyship.refused', { ...act, details: { ...details, reason } })
    await signature.keepSeat(decided)
    const state = decision.approve ? 'signed' : 'refused'
    await trx
      .updateTable('deputyship')
      .set({ state, decided_by: auditor.id, decided_at: decided.at })
      .where('id', '=', row.id)
      .execute()
    return { state, sameSeat: await showSameSeat(trx, signature.sameSeat) }
  })
}

/**
 * Ends a deputyship before its time: the supervisor whose it is, or an auditor. From then on the deputy acts no more.
 *
 * @throws not_found; conflict when it is somebody else's, or is over
 */
export async function endDeputyship(
  db: Db,
  clock: Clock,
  actor: Signer,
  ending: { id: string; reason: string },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const row = await lockDeputyship(trx, ending.id)
    if (actor.id !== row.supervisor_id && actor.role !== 'auditor') {
      throw new Fault('conflict', 'a deputyship is ended by the supervisor whose it is, or by an auditor')
    }
    const isOpen = row.state === 'named' || row.state === 'signed'
    if (!isOpen || row.ends_at <= clock.now()) throw new Fault('conflict', 'this deputyship is over already')
    const { at } = await recordEvent(trx, 'deputyship.ended', {
      clock,
      by: actor,
      subjects: subjectsOf(row),
      details: { deputyshipId: row.id, reason: ending.reason.trim() },
    })
    await trx
      .updateTable('deputyship')
      .set({ state: 'ended', ended_by: actor.id, ended_at: at })
      .where('id', '=', row.id)
      .execute()
  })
}

function checkedPeriod(asked: NewDeputyship, now: Date): { startsAt: Date; endsAt: Date } {
  const startsAt = asked.startsAt ?? now
  const { endsAt } = asked
  if (startsAt < now) {
    throw new Fault('bad_request', `startsAt: ${startsAt.toISOString()} is over: a deputy is named beforehand`)
  }
  if (endsAt <= startsAt) throw new Fault('bad_request', 'endsAt: it must be later than the beginning')
  if (endsAt.getTime() - startsAt.getTime() > deputyDaysMax * 24 * hourMs) {
    throw new Fault('bad_request', `endsAt: a deputyship lasts ${deputyDaysMax} days at most: name an earlier end`)
  }
  return { startsAt, endsAt }
}

/** Holds both accounts, after those of all offices: as whoever releases, resets or shuts an account. @throws conflict when one of them cannot be what it is to be */
async function lockBoth(trx: Trx, pair: { supervisorId: string; deputyId: string }): Promise<void> {
  await lockOfficeAccounts(trx)
  const people = await trx
    .selectFrom('person')
    .where('id', 'in', [pair.supervisorId, pair.deputyId])
    .select(['id', 'role', 'disabled_at', 'awaits_release'])
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  const isOpen = (id: string, role: string) =>
    people.some((one) => one.id === id && one.role === role && !one.disabled_at && !one.awaits_release)
  if (!isOpen(pair.supervisorId, 'supervisor')) {
    throw new Fault('conflict', 'only a supervisor whose account is open has a deputy')
  }
  if (!isOpen(pair.deputyId, 'deputy')) {
    throw new Fault('conflict', 'deputyId: only an open account of the role deputy can be named: have one made first')
  }
}

async function requireNoOther(
  trx: Trx,
  pair: { supervisorId: string; deputyId: string },
  period: { startsAt: Date; endsAt: Date },
): Promise<void> {
  const other = await trx
    .selectFrom('deputyship')
    .where((where) =>
      where.or([where('supervisor_id', '=', pair.supervisorId), where('deputy_id', '=', pair.deputyId)]),
    )
    .where('state', 'in', ['named', 'signed'])
    .where('starts_at', '<', period.endsAt)
    .where('ends_at', '>', period.startsAt)
    .select(['starts_at', 'ends_at'])
    .executeTakeFirst()
  if (!other) return
  const span = `${other.starts_at.toISOString()} to ${other.ends_at.toISOString()}`
  throw new Fault(
    'conflict',
    `a deputyship of one of the two covers ${span} already: end it first, or name another time`,
  )
}

async function lockDeputyship(trx: Trx, id: string) {
  const row = await trx.selectFrom('deputyship').where('id', '=', id).selectAll().forUpdate().executeTakeFirst()
  if (!row) throw new Fault('not_found', `there is no deputyship ${id}`)
  return row
}

function subjectsOf(row: { deputy_id: string; supervisor_id: string }) {
  const ids = [row.deputy_id, row.supervisor_id]
  return [...ids.map((id) => ({ type: 'person', id })), ...ids.map((id) => ({ type: 'account', id }))]
}
