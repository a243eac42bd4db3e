import type { Readable } from 'node:stream'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { SupplyState } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { enqueue } from '../../foundation/queue/outbox.ts'
import type { Store } from '../../foundation/store/store.ts'
import { lockRecording, recordingSubjects } from '../copies/copies.ts'
import { recordEvent } from '../events/record.ts'
import { notFound } from '../roles/refusal.ts'
import { holdsTerm } from '../roles/term.ts'
import { nameBehind } from '../signing/one-person.ts'
import { keepProposersSeat, type Signer } from '../signing/seat.ts'
import {
  noRemarks,
  type ShownSameSeat,
  type Someone,
  showSameSeat,
  signaturesAbout,
} from '../signing/shown-signature.ts'
import type { ShownThird } from '../signing/shown-third.ts'
import { signatureOf } from '../signing/signature.ts'
import { requireEnoughNames } from '../signing/third-signature.ts'
import { storeFilm } from './supplied-film.ts'

/** What the custodian says of the film. */
export interface FilmFacts {
  readonly recordingId: string
  /** Name and version of the vendor's program. */
  readonly tool: string
  readonly toolVersion: string
  readonly how: string
  readonly bytes: number
}

interface SupplyDeps {
  readonly db: Db
  readonly clock: Clock
  readonly primary: Pick<Store, 'putStream'>
}

/**
 * The custodian's half: takes a film that the vendor's own player made of a recording that cannot be played here. Whether
 * it may be taken is looked at before a byte of it is read, and again with the event. A film whose event could not be
 * written stays in the store without a row, and is never used.
 *
 * @throws not_found; conflict when the recording can be played, or another film waits; bad_request when the connection
 *   breaks; wrong_role when the custodian's term has ended; store_down, store_full
 */
export async function proposeSupply(
  { db, clock, primary }: SupplyDeps,
  actor: Signer,
  facts: FilmFacts,
  source: Readable,
): Promise<{ id: string; sha256: string }> {
  const { recordingId, bytes } = facts
  await requireNotPlayable(db, recordingId)
  const id = newId(clock.now())
  const film = await storeFilm(primary, { recordingId, supplyId: id, bytes }, source)
  const sha256 = film.sha256.toString('hex')
  await db.transaction().execute(async (trx) => {
    const { deviceSerial } = await lockRecording(trx, recordingId)
    // Sending a film takes long enough for a hand-over.
    if (!(await holdsTerm(trx, actor.id))) {
      throw new Fault('wrong_role', 'a film is taken only from the custodian in office')
    }
    const renditionId = await requireNotPlayable(trx, recordingId)
    const { tool, toolVersion, how } = facts
    const proposed = await recordEvent(trx, 'rendition.supply_proposed', {
      clock,
      by: actor,
      subjects: [...recordingSubjects({ id: recordingId, deviceSerial }), { type: 'person', id: actor.id }],
      details: {
        ...{ supplyId: id, tool, toolVersion, how, sha256, bytes, renditionId },
        ...{ key: film.object.key, versionId: film.object.versionId },
      },
    })
    await trx
      .insertInto('rendition_supply')
      .values({
        ...{ id, recording_id: recordingId, rendition_id: renditionId, state: 'proposed' },
        ...{ tool, tool_version: toolVersion, how, bytes, sha256: film.sha256 },
        ...{ object_key: film.object.key, version_id: film.object.versionId },
        ...{ proposed_by: actor.id, proposed_at: proposed.at },
      })
      .execute()
    await keepProposersSeat(trx, actor, proposed)
  })
  return { id, sha256 }
}

/** The rendition that says why the recording cannot be played. @throws conflict, not_found */
async function requireNotPlayable(db: Db, recordingId: string): Promise<string> {
  const open = await db
    .selectFrom('rendition_supply')
    .where('recording_id', '=', recordingId)
    .where('state', 'in', ['proposed', 'making'])
    .select('state')
    .executeTakeFirst()
  if (open?.state === 'proposed') {
    throw new Fault('conflict', 'a film was supplied for this recording already: the supervisor decides on it first')
  }
  if (open) throw new Fault('conflict', 'a supplied film of this recording is being made playable: wait for its end')
  const rendition = await db
    .selectFrom('rendition')
    .where('recording_id', '=', recordingId)
    .where('state', 'in', ['running', 'ready', 'not_playable'])
    .select(['id', 'state'])
    .executeTakeFirst()
  if (rendition?.state === 'not_playable') return rendition.id
  if (rendition?.state === 'ready') {
    throw new Fault('conflict', 'this recording can be played: a film is taken only for one that cannot')
  }
  throw new Fault('conflict', 'whether this recording can be played is not known yet: try again when that is decided')
}

/**
 * The second person's half: confirms the film, of which a rendition is then made, or refuses it.
 *
 * @throws not_found; conflict when it was decided already, or for one's own proposal
 */
export async function decideSupply(
  db: Db,
  clock: Clock,
  actor: Signer,
  decision: { recordingId: string; supplyId: string; confirm: boolean; reason: string },
): Promise<{ state: 'making' | 'refused'; sameSeat: ShownSameSeat | null }> {
  const { recordingId, supplyId, confirm, reason } = decision
  return db.transaction().execute(async (trx) => {
    const supply = await lockSupply(trx, recordingId, supplyId)
    if (supply.state !== 'proposed') throw new Fault('conflict', `this film was decided on already: ${supply.state}`)
    const proposer = await nameBehind(trx, {
      ...{ by: supply.proposed_by, kind: 'rendition.supply_proposed', subject: `recording:${recordingId}` },
      isIt: (details) => details.supplyId === supplyId,
    })
    if (proposer.id === actor.id) throw new Fault('conflict', 'nobody decides on a film that he supplied himself')
    const matter = { subjectId: recordingId, memberValue: supplyId }
    const names = [proposer, actor]
    const third = confirm
      ? await requireEnoughNames(trx, { names, at: clock.now(), act: 'rendition.supplied', matter })
      : null
    const act = {
      clock,
      by: actor,
      subjects: [
        ...recordingSubjects({ id: recordingId, deviceSerial: supply.deviceSerial }),
        { type: 'person', id: supply.proposed_by },
        { type: 'person', id: actor.id },
      ],
    }
    const { tool, tool_version: toolVersion, how, bytes, sha256, rendition_id: renditionId } = supply
    const film = { supplyId, tool, toolVersion, how, sha256: sha256.toString('hex'), bytes }
    const kind = confirm ? 'rendition.supplied' : 'rendition.supply_refused'
    const signature = await signatureOf(trx, clock, actor, { kind, ...matter, third })
    const details = { ...film, proposedBy: supply.proposed_by, reason, ...signature.details }
    const decided = confirm
      ? await recordEvent(trx, 'rendition.supplied', { ...act, details: { ...details, renditionId } })
      : await recordEvent(trx, 'rendition.supply_refused', { ...act, details })
    await signature.keepSeat(decided)
    const state = confirm ? 'making' : 'refused'
    await trx
      .updateTable('rendition_supply')
      .set({ state, decided_by: actor.id, decided_at: decided.at, reason })
      .where('id', '=', supplyId)
      .execute()
    if (confirm) await orderMaking(trx, { recordingId, renditionId, now: decided.at })
    return { state, sameSeat: await showSameSeat(trx, signature.sameSeat) }
  })
}

async function lockSupply(trx: Trx, recordingId: string, supplyId: string) {
  const { deviceSerial } = await lockRecording(trx, recordingId)
  const supply = await trx
    .selectFrom('rendition_supply')
    .where('id', '=', supplyId)
    .where('recording_id', '=', recordingId)
    .selectAll()
    .forUpdate()
    .executeTakeFirst()
  if (!supply) throw notFound('supplied film', supplyId)
  return { ...supply, deviceSerial }
}

/** While a proposal is open nothing else changes the recording's rendition, so there is one to supersede. */
async function orderMaking(trx: Trx, order: { recordingId: string; renditionId: string; now: Date }): Promise<void> {
  await trx
    .updateTable('rendition')
    .set({ state: 'superseded' })
    .where('id', '=', order.renditionId)
    .where('state', '=', 'not_playable')
    .returning('id')
    .executeTakeFirstOrThrow()
  await enqueue(trx, { name: 'transcode', subjectId: order.recordingId, now: order.now })
}

export interface SupplyRow {
  readonly id: string
  readonly recordingId: string
  readonly state: SupplyState
  readonly tool: string
  readonly toolVersion: string
  readonly how: string
  readonly bytes: number
  readonly sha256: string
  readonly proposedBy: Someone
  readonly proposedAt: Date
  readonly decidedBy: Someone | null
  readonly decidedAt: Date | null
  readonly sameSeat: ShownSameSeat | null
  readonly decidedOnBehalfOf: Someone | null
  readonly thirdSignature: ShownThird | null
  readonly reason: string | null
  /** Why no rendition could be made of it. */
  readonly failure: string | null
}

/** The films that were supplied for a recording, the last first; or all that wait for a second person, the first first. */
export async function listSupplies(db: Db, of: { recordingId: string } | 'waiting'): Promise<SupplyRow[]> {
  const supplies = db
    .selectFrom('rendition_supply as supply')
    .innerJoin('person as proposer', 'proposer.id', 'supply.proposed_by')
    .leftJoin('person as decider', 'decider.id', 'supply.decided_by')
    .selectAll('supply')
    .select(['proposer.name as proposer_name', 'decider.name as decider_name'])
    .limit(500)
  const wanted =
    of === 'waiting'
      ? supplies.where('supply.state', '=', 'proposed').orderBy('supply.proposed_at')
      : supplies.where('supply.recording_id', '=', of.recordingId).orderBy('supply.proposed_at', 'desc')
  const rows = await wanted.execute()
  const signatures = await signaturesAbout(
    db,
    ['rendition.supplied', 'rendition.supply_refused'],
    rows.map((row) => `recording:${row.recording_id}`),
  )
  const remarksOf = (id: string) => {
    const { sameSeat, onBehalfOf, third } = signatures.find(({ event }) => event.details.supplyId === id) ?? noRemarks
    return { sameSeat, decidedOnBehalfOf: onBehalfOf, thirdSignature: third }
  }
  return rows.map((row) => ({
    id: row.id,
    recordingId: row.recording_id,
    state: row.state,
    tool: row.tool,
    toolVersion: row.tool_version,
    how: row.how,
    bytes: row.bytes,
    sha256: row.sha256.toString('hex'),
    proposedBy: { id: row.proposed_by, name: row.proposer_name },
    proposedAt: row.proposed_at,
    decidedBy: row.decided_by && row.decider_name ? { id: row.decided_by, name: row.decider_name } : null,
    decidedAt: row.decided_at,
    ...remarksOf(row.id),
    reason: row.reason,
    failure: row.failure,
  }))
}
