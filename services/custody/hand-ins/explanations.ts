import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { GapReason } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import { settingValue } from '../settings/value.ts'
import { handInDeadlineAfter, workingDaysAfter } from '../settings/working-days.ts'
import { lockHandIn, requireHandIn } from './concerned.ts'
import { gapIdOf, gapSubjects } from './gap-found.ts'
import { type SaidBy, type Speaker, speakerOf } from './said-by.ts'

interface Explanation {
  readonly reason: GapReason
  readonly words: string | null
}

/**
 * Keeps how a gap was explained at a dock. The same message again is kept once. Somebody whom no card or code made known is to
 * confirm it: whoever is named, else whose the hand-in is.
 *
 * @param said `messageId`, `dockGapId`: the dock's own ids
 * @throws not_found when the hand-in is not this dock's, or has no such gap; conflict for a message that was told otherwise
 */
export async function explainAtDock(
  db: Db,
  clock: Clock,
  dock: Actor,
  said: Explanation & { handInId: string; messageId: string; dockGapId: string; by: SaidBy; saidAt: string },
): Promise<void> {
  const handIn = await requireHandIn(db, said.handInId, dock.id)
  await db.transaction().execute(async (trx) => {
    await lockHandIn(trx, handIn.id)
    const gap = await lockGap(trx, gapIdOf(handIn.id, said.dockGapId))
    if (!gap) {
      throw new Fault('not_found', `gapId: this hand-in has no gap ${said.dockGapId}: tell the gap first`)
    }
    if (await wasTold(trx, handIn.id, said)) return
    const speaker = await speakerOf(trx, said.by, { dockId: dock.id, handIn, at: clock.now() })
    const named = { ...speaker, personId: speaker.personId ?? handIn.personId }
    await keep(trx, clock, dock, {
      gap,
      explanation: said,
      speaker: named,
      messageId: said.messageId,
      saidAt: said.saidAt,
      dockId: dock.id,
    })
  })
}

/**
 * Explains a gap, or adds to what was said, as somebody who signed in: whoever it concerns; that nothing was handed in also a
 * supervisor.
 *
 * @param may whether this person may explain the gap at all
 * @throws not_found
 */
export async function explainGap(
  db: Db,
  clock: Clock,
  actor: Actor,
  said: Explanation & { gapId: string },
): Promise<{ id: string }> {
  return db.transaction().execute(async (trx) => {
    const gap = await lockGap(trx, said.gapId)
    if (!gap) throw new Fault('not_found', 'there is no such gap')
    const speaker: Speaker = { personId: actor.id, grade: 'password', identified: true }
    return keep(trx, clock, actor, { gap, explanation: said, speaker, messageId: null, saidAt: null, dockId: null })
  })
}

/**
 * The word of the person in whose name something was explained at a dock: that it is his own, or that it is not. Then the gap is
 * open again unless somebody else explained it, also when it was accepted: what stands is decided on anew.
 *
 * @throws not_found when there is no such explanation of his; conflict when he has said so already
 */
export async function confirmExplanation(
  db: Db,
  clock: Clock,
  actor: Actor,
  confirmed: { gapId: string; explanationId: string; isOwn: boolean },
): Promise<void> {
  const { gapId, explanationId, isOwn } = confirmed
  await db.transaction().execute(async (trx) => {
    const gap = await lockGap(trx, gapId)
    const explanations = await trx.selectFrom('gap_explanation').where('gap_id', '=', gapId).selectAll().execute()
    const one = explanations.find(({ id, person_id }) => id === explanationId && person_id === actor.id)
    if (!gap || !one || one.confirm_by === null) {
      throw new Fault('not_found', 'nothing of this gap waits for your confirmation')
    }
    if (one.confirmed_at !== null) throw new Fault('conflict', 'you have answered this already')
    const reopenedUntil = !isOwn && gap.state === 'accepted' ? await handInDeadlineAfter(trx, clock.now()) : null
    const { at } = await recordEvent(trx, 'gap.confirmed', {
      clock,
      by: actor,
      subjects: await gapSubjects(trx, {
        id: gap.id,
        serial: gap.device_serial,
        handInId: gap.hand_in_id,
        personId: actor.id,
      }),
      details: { explanationId, isOwn, ...(reopenedUntil && { reopenedUntil: reopenedUntil.toISOString() }) },
    })
    const answered = { confirmed_at: at, is_own: isOwn }
    await trx.updateTable('gap_explanation').set(answered).where('id', '=', explanationId).execute()
    const others = explanations.filter(({ id, is_own }) => id !== explanationId && is_own !== false)
    if (isOwn || (gap.state !== 'explained' && gap.state !== 'accepted')) return
    const state = others.length > 0 ? ('explained' as const) : ('open' as const)
    const reopened = { state, ...(reopenedUntil && { due_at: reopenedUntil }) }
    await trx.updateTable('gap').set(reopened).where('id', '=', gap.id).execute()
  })
}

/** The gap of this id, locked: every act on a gap takes it first. */
export function lockGap(trx: Trx, id: string) {
  return trx
    .selectFrom('gap')
    .where('id', '=', id)
    .select(['id', 'kind', 'device_serial', 'hand_in_id', 'person_id', 'state'])
    .forUpdate()
    .executeTakeFirst()
}

type LockedGap = NonNullable<Awaited<ReturnType<typeof lockGap>>>

async function keep(
  trx: Trx,
  clock: Clock,
  by: Actor,
  kept: {
    gap: LockedGap
    explanation: Explanation
    speaker: Speaker
    messageId: string | null
    saidAt: string | null
    dockId: string | null
  },
): Promise<{ id: string }> {
  const { gap, explanation, speaker, messageId, saidAt, dockId } = kept
  const { reason, words } = explanation
  const { personId, grade, identified } = speaker
  const now = clock.now()
  const confirmBy = identified || personId === null ? null : await confirmationDue(trx, now)
  const id = newId(now)
  const { at } = await recordEvent(trx, 'gap.explained', {
    clock,
    by,
    subjects: await gapSubjects(trx, {
      id: gap.id,
      serial: gap.device_serial,
      handInId: gap.hand_in_id,
      dockId,
      personId,
    }),
    details: {
      ...{ explanationId: id, dockMessageId: messageId, reason, words, grade, identified, saidAt },
      confirmBy: confirmBy?.toISOString() ?? null,
    },
  })
  await trx
    .insertInto('gap_explanation')
    .values({
      ...{ id, gap_id: gap.id, dock_message_id: messageId, reason, words, person_id: personId, grade, identified },
      ...{ said_at: saidAt, given_by: by.id, given_at: at, confirm_by: confirmBy, confirmed_at: null, is_own: null },
    })
    .execute()
  if (gap.state !== 'accepted' && gap.state !== 'withdrawn') {
    await trx.updateTable('gap').set({ state: 'explained' }).where('id', '=', gap.id).execute()
  }
  return { id }
}

async function confirmationDue(trx: Trx, now: Date): Promise<Date> {
  return workingDaysAfter(trx, now, await settingValue(trx, 'gap.confirm_working_days', now))
}

/** @throws conflict when a message of this id was told before, but another */
async function wasTold(
  trx: Trx,
  handInId: string,
  said: Explanation & { messageId: string; dockGapId: string },
): Promise<boolean> {
  const known = await trx
    .selectFrom('gap_explanation')
    .innerJoin('gap', 'gap.id', 'gap_explanation.gap_id')
    .where('gap.hand_in_id', '=', handInId)
    .where('gap_explanation.dock_message_id', '=', said.messageId)
    .select(['gap.dock_gap_id', 'gap_explanation.reason', 'gap_explanation.words'])
    .executeTakeFirst()
  if (!known) return false
  if (known.dock_gap_id === said.dockGapId && known.reason === said.reason && known.words === said.words) return true
  throw new Fault('conflict', `id: ${said.messageId} was told before with another explanation`, {
    details: { field: 'id' },
  })
}
