import type { Static } from 'typebox'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { sha256 } from '../../foundation/hash.ts'
import { idOfDigest } from '../../foundation/id.ts'
import { canonicalText, type JsonValue } from '../../ledger/format/canonical.ts'
import type { Subject } from '../../ledger/log/append.ts'
import { handInSubjects } from '../devices/hand-in-subjects.ts'
import type { Actor } from '../events/actor.ts'
import type { DeepReadonly } from '../events/event.ts'
import type { GapFacts } from '../events/gap.ts'
import { recordEvent } from '../events/record.ts'
import { handInDeadlineAfter } from '../settings/working-days.ts'
import { lockHandIn, requireHandIn } from './concerned.ts'

export type Gap = DeepReadonly<Static<typeof GapFacts>>

/** A gap as a dock found it, with the dock's own id of it. */
export type DockGap = Omit<Gap, 'lineNumbers' | 'rosterLineId' | 'dockGapId'> & { readonly dockGapId: string }

/** The id by which this service knows a gap of a dock: the same gap again has the same. */
export function gapIdOf(handInId: string, dockGapId: string): string {
  return idOfDigest(sha256(`gap ${handInId} ${dockGapId}`))
}

/**
 * Keeps what a dock found missing in a hand-in: an event and a row for each gap. One that is known already is passed over.
 *
 * @throws not_found when the hand-in is not this dock's; conflict when a known gap is told otherwise: nothing is kept then
 */
export async function keepGaps(
  db: Db,
  clock: Clock,
  dock: Actor,
  found: { handInId: string; gaps: readonly DockGap[] },
): Promise<void> {
  const { handInId, gaps } = found
  const handIn = await requireHandIn(db, handInId, dock.id)
  await db.transaction().execute(async (trx) => {
    await lockHandIn(trx, handIn.id)
    const dueAt = await handInDeadlineAfter(trx, clock.now())
    for (const gap of gaps) {
      const facts: Gap = { ...gap, lineNumbers: [], rosterLineId: null }
      const id = gapIdOf(handIn.id, gap.dockGapId)
      if (await isKnown(trx, id, facts)) continue
      await insertGap(trx, clock, dock, {
        id,
        serial: handIn.serial,
        handInId: handIn.id,
        dockId: dock.id,
        personId: handIn.personId,
        dueAt,
        facts,
      })
    }
  })
}

/** Writes a gap and its event. */
export async function insertGap(
  trx: Trx,
  clock: Clock,
  by: Actor,
  gap: {
    id: string
    serial: string
    handInId: string | null
    dockId: string | null
    personId: string | null
    dueAt: Date
    facts: Gap
  },
): Promise<void> {
  const { id, serial, handInId, dockId, personId, dueAt, facts } = gap
  const { at } = await recordEvent(trx, 'gap.found', {
    clock,
    by,
    subjects: await gapSubjects(trx, { id, serial, handInId, dockId, personId }),
    details: { ...facts, dueAt: dueAt.toISOString() },
  })
  await trx
    .insertInto('gap')
    .values({
      ...columnsOf(facts),
      id,
      device_serial: serial,
      hand_in_id: handInId,
      roster_line_id: facts.rosterLineId,
      person_id: personId,
      due_at: dueAt,
      found_by: by.id,
      found_at: at,
      state: 'open',
      decided_by: null,
      decided_at: null,
      decision_reason: null,
    })
    .execute()
}

/** What events of a gap are about. */
export async function gapSubjects(
  db: Db,
  gap: {
    id: string
    serial: string
    handInId: string | null
    dockId?: string | null
    personId: string | null
  },
): Promise<Subject[]> {
  return [
    { type: 'gap', id: gap.id },
    { type: 'device', id: gap.serial },
    ...(gap.handInId === null ? [] : await handInSubjects(db, gap.handInId)),
    ...(gap.dockId ? [{ type: 'dock', id: gap.dockId }] : []),
    ...(gap.personId === null ? [] : [{ type: 'person', id: gap.personId }]),
  ]
}

function columnsOf(facts: Gap) {
  return {
    kind: facts.gapKind,
    dock_gap_id: facts.dockGapId,
    before_number: facts.beforeNumber,
    after_number: facts.afterNumber,
    from_time: facts.fromTime,
    to_time: facts.toTime,
    length_ms: facts.lengthMs,
    missing_numbers: facts.missingNumbers,
    line_numbers: [...facts.lineNumbers],
    proposed: facts.proposed && canonicalText({ ...facts.proposed }),
    device_state: facts.deviceState ?? null,
  }
}

/** @throws conflict when it is known, but as another gap */
async function isKnown(trx: Trx, id: string, facts: Gap): Promise<boolean> {
  const wanted = columnsOf(facts)
  const names = Object.keys(wanted) as (keyof typeof wanted)[]
  const row = await trx.selectFrom('gap').where('id', '=', id).select(names).executeTakeFirst()
  if (!row) return false
  const differing = names.find((name) => canonicalText(row[name] as JsonValue) !== canonicalText(wanted[name]))
  if (differing === undefined) return true
  throw new Fault(
    'conflict',
    `gapId: ${facts.dockGapId} was told before with another ${differing}: a gap that changed has another id`,
    { details: { field: 'gapId' } },
  )
}
