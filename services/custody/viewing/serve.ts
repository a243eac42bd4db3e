import { type Selectable, sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { RenditionFileTable } from '../../foundation/db/schema/renditions.ts'
import { Fault } from '../../foundation/errors.ts'
import { sha256 } from '../../foundation/hash.ts'
import { newId } from '../../foundation/id.ts'
import type { Store } from '../../foundation/store/store.ts'
import { waitUntilCovered } from '../../ledger/log/covered.ts'
import type { ViewingRefusal } from '../events/words.ts'
import type { Viewer } from '../roles/term.ts'
import { isCommitted } from './committed.ts'
import { covers, type FilmRange } from './film-ranges.ts'
import { recordViewingRefusal, type ViewingRow, viewingById, whyRefused } from './lease.ts'
import { coverTimeoutMs, type Decision, viewingLeaseMs } from './open.ts'
import { readPiece } from './read-piece.ts'
import { raiseRenditionAlarm } from './rendition-alarm.ts'

export type ServedKind = RenditionFileTable['kind']

export interface ServeDeps {
  readonly db: Db
  readonly clock: Clock
  /** The store that holds what was derived from the originals. */
  readonly derived: Pick<Store, 'get'>
}

export interface Asked {
  readonly viewingId: string
  readonly track: number
  readonly kind: ServedKind | 'playlist'
  readonly number: number
}

/**
 * The bytes of one segment, init section, thumbnail or still of a viewing. Before they are returned: the viewing is this
 * session's and alive, the film is granted by an event under a signed checkpoint, so is the digest of the bytes, the bytes
 * read have that digest, and that they are served is committed.
 *
 * @throws not_found, gone, preview_withdrawn, rendition_abandoned, conflict (film not granted: renew at that position), bytes_differ (alarm, nothing served).
 */
export async function serveFile(
  deps: ServeDeps,
  viewer: Viewer,
  asked: { viewingId: string; track: number; kind: ServedKind; number: number },
): Promise<{ bytes: Buffer; contentType: string }> {
  const { db, clock } = deps
  const decision = await decideServing(db, clock, viewer, asked)
  const { viewing, file } = decision
  await waitUntilCovered(db, file.event_id, { timeoutMs: coverTimeoutMs })
  const bytes = await readChecked(deps, viewer, viewing, file)
  await commitServed(db, clock, viewer, { ...asked, file })
  return { bytes, contentType: file.content_type }
}

async function decideServing(db: Db, clock: Clock, viewer: Viewer, asked: Asked & { kind: ServedKind }) {
  const decision = await db.transaction().execute(async (trx) => {
    const checked = await checkAlive(trx, clock, viewer, asked)
    if ('reason' in checked) return checked
    const { viewing, ranges } = checked.granted
    const file = await trx
      .selectFrom('rendition_file')
      .where('rendition_id', '=', viewing.rendition_id)
      .where('track', '=', asked.track)
      .where('kind', '=', asked.kind)
      .where('number', '=', asked.number)
      .selectAll()
      .executeTakeFirst()
    const fault = file
      ? whyNotGranted(ranges, file)
      : new Fault('not_found', `track ${asked.track} has no ${asked.kind} ${asked.number}`)
    if (!file || fault) {
      const reason = file ? 'not_granted' : 'no_such_file'
      await recordViewingRefusal(trx, clock, { viewer, viewing }, refusalOf(asked, reason))
      return { reason, fault: fault! }
    }
    return { granted: { viewing, file } }
  })
  if ('reason' in decision) throw decision.fault
  return decision.granted
}

/** Init sections hold no film, a thumbnail one instant of it; everything must lie wholly in what was granted. */
function whyNotGranted(ranges: readonly FilmRange[], file: Selectable<RenditionFileTable>): Fault | null {
  if (file.kind === 'init') return null
  const lengthMs = file.kind === 'thumbnail' ? 1 : file.duration_ms
  const wanted = { fromMs: file.start_ms, toMs: file.start_ms + lengthMs }
  if (covers(ranges, wanted)) return null
  return new Fault(
    'conflict',
    `this part of the film (${wanted.fromMs}..${wanted.toMs} ms) is not granted: renew the viewing at that position`,
    { details: { ...wanted } },
  )
}

type Alive = { readonly viewing: ViewingRow; readonly ranges: FilmRange[] }

/**
 * Whether the viewing lives for this viewer, counting only grants whose event a signed checkpoint covers: a renewal that
 * the ledger has not signed prolongs nothing. Writes the refusal when not.
 */
export async function checkAlive(
  trx: Trx,
  clock: Clock,
  viewer: Viewer,
  asked: Asked,
): Promise<{ granted: Alive } | Exclude<Decision<never>, { granted: never }>> {
  const viewing = await viewingById(trx, asked.viewingId).forShare().executeTakeFirst()
  const now = clock.now()
  const refused = await whyRefused(trx, now, viewer, viewing, asked.viewingId)
  const grants = refused || !viewing ? [] : await coveredGrants(trx, viewing.id)
  const result = refused ?? whyNotAlive(now, grants)
  if (result) {
    await recordViewingRefusal(trx, clock, { viewer, viewing }, refusalOf(asked, result.reason))
    return result
  }
  const ranges = grants.map((grant) => ({ fromMs: grant.from_ms, toMs: grant.to_ms }))
  return { granted: { viewing: viewing!, ranges } }
}

function refusalOf({ viewingId, track, kind, number }: Asked, reason: ViewingRefusal) {
  return { asked: viewingId, track, kind, number, reason }
}

function whyNotAlive(
  now: Date,
  grants: readonly { granted_at: Date }[],
): { reason: ViewingRefusal; fault: Fault } | null {
  if (grants.length === 0) {
    const message = 'the ledger has not signed this viewing yet, so nothing is shown: try again'
    return { reason: 'not_covered', fault: new Fault('ledger_behind', message) }
  }
  const leaseUntilMs = Math.max(...grants.map((grant) => grant.granted_at.getTime())) + viewingLeaseMs
  if (now.getTime() < leaseUntilMs) return null
  return { reason: 'lease_over', fault: new Fault('gone', 'this viewing was not renewed in time: open a new one') }
}

async function coveredGrants(trx: Trx, viewingId: string) {
  return trx
    .selectFrom('viewing_grant')
    .innerJoin('event', 'event.id', 'viewing_grant.event_id')
    .where('viewing_grant.viewing_id', '=', viewingId)
    .where('event.leaf_index', '<', sql<number>`(select max(size) from checkpoint)`)
    .select(['viewing_grant.from_ms', 'viewing_grant.to_ms', 'viewing_grant.granted_at'])
    .execute()
}

/** Reads the version that the row names, and holds row and bytes against what the ledger committed. */
async function readChecked(
  deps: ServeDeps,
  viewer: Viewer,
  viewing: ViewingRow,
  file: Selectable<RenditionFileTable>,
): Promise<Buffer> {
  const committed = await isCommitted(deps.db, viewing.recording_id, file)
  const read = { recordingId: viewing.recording_id, store: deps.derived, piece: file, bytesMax: file.bytes }
  const bytes = committed ? await readPiece(read) : null
  const found = bytes ? sha256(bytes) : null
  if (bytes && found?.equals(file.sha256)) return bytes
  await raiseRenditionAlarm(deps.db, deps.clock, committed ? 'rendition_bytes_differ' : 'rendition_row_differs', {
    actor: viewer,
    recordingId: viewing.recording_id,
    viewingId: viewing.id,
    file: {
      renditionId: file.rendition_id,
      track: file.track,
      fileKind: file.kind,
      number: file.number,
      expected: file.sha256.toString('hex'),
      found: found?.toString('hex') ?? null,
    },
  })
  throw new Fault(
    'bytes_differ',
    `${file.kind} ${file.number} is not what the ledger committed, so it is not shown; an alarm was raised`,
  )
}

/** Commits that the bytes are served, under the viewing's lock: an end that came first wins. */
async function commitServed(
  db: Db,
  clock: Clock,
  viewer: Viewer,
  { file, ...asked }: Asked & { kind: ServedKind; file: Selectable<RenditionFileTable> },
): Promise<void> {
  const checked = await db.transaction().execute(async (trx) => {
    const alive = await checkAlive(trx, clock, viewer, asked)
    if ('reason' in alive) return alive
    const now = clock.now()
    await trx
      .insertInto('viewing_served')
      .values({
        id: newId(now),
        viewing_id: asked.viewingId,
        track: file.track,
        kind: file.kind,
        number: file.number,
        from_ms: file.start_ms,
        to_ms: file.start_ms + file.duration_ms,
        bytes: file.bytes,
        sha256: file.sha256,
        served_at: now,
      })
      .execute()
    return null
  })
  if (checked) throw checked.fault
}
