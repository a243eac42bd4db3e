import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { waitUntilCovered } from '../../ledger/log/covered.ts'
import { handInSubjects } from '../devices/hand-in-subjects.ts'
import { isIdentified } from '../docks/identified.ts'
import { oneActOfDock } from '../docks/one-at-a-time.ts'
import type { SaidBy } from '../docks/said-report.ts'
import { recordEvent } from '../events/record.ts'
import { handInOfDock } from '../intake/hand-in.ts'
import { settingValue } from '../settings/value.ts'
import { type ClearedFile, clearingListDigest } from './clearing-text.ts'
import { knownFiles, witnessedSize } from './known-files.ts'
import { type ClearingRefusal, clearingRefusal, clearingRefusals, type Lateness } from './may-clear.ts'

const hourMs = 60 * 60_000
/** So long the answer waits for the ledger's signature: before that nothing is removed. */
const coverTimeoutMs = 10_000
const insertedAtOnce = 5_000

export interface AskedClearing {
  /** The dock's own id of the request: the same again gives the same clearing. */
  readonly saidId: string
  readonly handInId: string
  /** How full the device is, in per cent; null when the dock cannot tell. */
  readonly fullPercent: number | null
  /** Who asked for it at the dock, as the dock says; absent where nobody was asked. */
  readonly by?: SaidBy
  /** Each line once. */
  readonly files: readonly ClearedFile[]
}

/**
 * Announces what a dock is about to remove from a device, all of it or nothing. Returns when a signed checkpoint covers the
 * announcement: until then no file may go. The same request again gives the same clearing as long as that is open, and only
 * when every file may still go.
 *
 * @throws not_found for a hand-in that is not this dock's; conflict when a file may not go, naming each with its reason, or
 *   when this id was used for another clearing or for one that is closed, naming that; ledger_behind
 */
export async function announceClearing(
  db: Db,
  clock: Clock,
  dockId: string,
  asked: AskedClearing,
): Promise<{ id: string }> {
  requireEachOnce(asked.files)
  const { id, eventId } = await db.transaction().execute(async (trx) => {
    await oneActOfDock(trx, dockId)
    return (await announcedBefore(trx, clock, dockId, asked)) ?? announce(trx, clock, dockId, asked)
  })
  await waitUntilCovered(db, eventId, { timeoutMs: coverTimeoutMs })
  return { id }
}

async function announce(trx: Trx, clock: Clock, dockId: string, asked: AskedClearing) {
  const handIn = await handInOfDock(trx, dockId, asked.handInId)
  if (!handIn) throw new Fault('not_found', 'there is no such hand-in of this dock')
  const recordingIds = await requireClearable(trx, clock.now(), asked)
  const id = newId(clock.now())
  const listSha256 = clearingListDigest(asked.files)
  const witnessed = asked.files.filter(({ basis }) => basis === 'witnessed').length
  const event = await recordEvent(trx, 'clearing.announced', {
    clock,
    by: { id: dockId, role: 'dock' },
    subjects: [
      ...(await handInSubjects(trx, handIn.id)),
      { type: 'device', id: handIn.deviceSerial },
      { type: 'dock', id: dockId },
    ],
    details: {
      clearingId: id,
      files: asked.files.length,
      witnessed,
      beforeWitness: asked.files.length - witnessed,
      listSha256: listSha256.toString('hex'),
      ...(asked.fullPercent !== null && { fullPercent: asked.fullPercent }),
      ...(asked.by && {
        by: asked.by,
        identified: await isIdentified({ trx, clock, dockId }, { serial: handIn.deviceSerial, by: asked.by }),
      }),
    },
  })
  await trx
    .insertInto('clearing')
    .values({
      ...{ id, dock_id: dockId, said_id: asked.saidId, hand_in_id: handIn.id, full_percent: asked.fullPercent },
      ...{ list_sha256: listSha256, event_id: event.id, announced_at: event.at, ended_at: null, given_up_at: null },
    })
    .execute()
  await insertFiles(trx, { id, handInId: handIn.id }, asked.files, recordingIds)
  return { id, eventId: event.id }
}

/** @throws conflict: what could be removed when it was first asked may not be any more; it names the clearing, which stands */
async function announcedBefore(trx: Trx, clock: Clock, dockId: string, asked: AskedClearing) {
  const row = await trx
    .selectFrom('clearing')
    .where('dock_id', '=', dockId)
    .where('said_id', '=', asked.saidId)
    .select(['id', 'event_id', 'hand_in_id', 'list_sha256', 'ended_at', 'given_up_at'])
    .executeTakeFirst()
  if (!row) return null
  const closedAt = row.ended_at ?? row.given_up_at
  const details = { clearingId: row.id, endedAt: closedAt?.toISOString() ?? null }
  if (row.hand_in_id !== asked.handInId || !row.list_sha256.equals(clearingListDigest(asked.files))) {
    throw new Fault('conflict', 'id: this dock has used this id for another clearing: make a new one', { details })
  }
  if (closedAt !== null) {
    const problem = `id: clearing ${row.id} was closed at ${details.endedAt}: nothing goes by it any more, make a new one`
    throw new Fault('conflict', problem, { details })
  }
  await requireClearable(trx, clock.now(), asked, row.id)
  return { id: row.id, eventId: row.event_id }
}

/**
 * The recording of each line, when every one may be removed.
 *
 * @param ownId the clearing that is asked for again: what it has announced does not stand against itself
 * @throws conflict naming each that may not
 */
async function requireClearable(
  trx: Trx,
  at: Date,
  asked: AskedClearing,
  ownId: string | null = null,
): Promise<ReadonlyMap<number, string>> {
  const numbers = asked.files.map(({ number }) => number)
  const known = await knownFiles(trx, { handInId: asked.handInId, numbers, ownId, at })
  const lateness: Lateness = {
    at,
    witnessedSize: await witnessedSize(trx),
    lateMs: await lateMsFor(trx, at, asked.fullPercent),
  }
  const refused: { number: number; why: ClearingRefusal }[] = []
  const recordingIds = new Map<number, string>()
  for (const file of asked.files) {
    const found = known.get(file.number)
    const why = found ? clearingRefusal(file, found, lateness) : 'not_on_list'
    if (why !== null) refused.push({ number: file.number, why })
    else recordingIds.set(file.number, found!.recording!.id)
  }
  const [first] = refused
  if (!first) return recordingIds
  const more = refused.length > 1 ? `, and ${refused.length - 1} more` : ''
  const stands = ownId === null ? 'nothing was announced' : `clearing ${ownId} stands until it is closed`
  throw new Fault(
    'conflict',
    `files: line ${first.number} may not be cleared: ${clearingRefusals[first.why]}${more}; ${stands}`,
    { details: { files: refused, ...(ownId !== null && { clearingId: ownId }) } },
  )
}

async function lateMsFor(trx: Trx, at: Date, fullPercent: number | null): Promise<number> {
  const isFull = fullPercent !== null && fullPercent >= (await settingValue(trx, 'dock.full_percent', at))
  const key = isFull ? 'dock.witness_late_hours_when_full' : 'dock.witness_late_hours'
  return (await settingValue(trx, key, at)) * hourMs
}

async function insertFiles(
  trx: Trx,
  clearing: { id: string; handInId: string },
  files: readonly ClearedFile[],
  recordingIds: ReadonlyMap<number, string>,
): Promise<void> {
  const rows = files.map((file) => ({
    clearing_id: clearing.id,
    hand_in_id: clearing.handInId,
    number: file.number,
    recording_id: recordingIds.get(file.number)!,
    sha256: Buffer.from(file.sha256, 'hex'),
    basis: file.basis,
    receipt_index: file.receiptIndex,
    outcome: null,
  }))
  for (let start = 0; start < rows.length; start += insertedAtOnce) {
    await trx
      .insertInto('clearing_file')
      .values(rows.slice(start, start + insertedAtOnce))
      .execute()
  }
}

/** @throws bad_request naming the line */
function requireEachOnce(files: readonly ClearedFile[]): void {
  const seen = new Set<number>()
  for (const { number } of files) {
    if (seen.has(number)) throw new Fault('bad_request', `files: line ${number} stands there twice`)
    seen.add(number)
  }
}
