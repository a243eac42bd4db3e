import type { SealedRecording } from '../../../services/custody/copies/copies.ts'
import { beginRendition, finishRendition, type RenditionMaking } from '../../../services/custody/viewing/rendition.ts'
import type { SuppliedFilm } from '../../../services/custody/viewing/supplied-film.ts'
import type { Db } from '../../../services/foundation/db/database.ts'
import { isFault } from '../../../services/foundation/errors.ts'
import { finishJob } from '../../../services/foundation/queue/job-row.ts'
import { trackOf } from '../check/compare-lengths.ts'
import type { Difference, TrackFindings } from '../check/findings.ts'
import { startCheck } from '../check/track-check.ts'
import { fairly } from '../fairly.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { beyondLimit, type NotRead, notPlayableBy } from '../not-playable.ts'
import type { Limit } from '../places.ts'
import type { Chosen } from '../plan/choose.ts'
import { commandsOf, flagsOf, openFlags, type TrackCommands } from '../plan/commands.ts'
import type { TrackPlan, Way } from '../track-plan.ts'
import { corruptPictureCounter } from './corrupt-pictures.ts'
import { type Damage, damageOf, readDecoded } from './decoded.ts'
import type { FoundDifference, FoundHole } from './known.ts'
import {
  knownDifferences,
  notShownForEvent,
  shorterThanStated,
  streamsOf,
  suppliedDifferences,
  tracksForEvent,
} from './known.ts'
import { type MadeFile, openPublisher, type PublishDeps, type Publisher } from './publisher.ts'
import { makeTrack, type RunPlace } from './track.ts'

/** One recording with what it is made playable of in `<directory>/in/source`, looked at. */
export interface Making extends RunPlace {
  readonly recording: SealedRecording
  readonly jobId: string
  /** First line of `ffmpeg -version`. */
  readonly tool: string
  readonly inventory: Inventory
  /** Null for a supplied film, of which no inventory is kept. */
  readonly inventorySha256: string | null
  /** The film that two people supplied, which lies in `<directory>/in/source` instead of the original; else null. */
  readonly supplied: SuppliedFilm | null
  /** When all of it must be done, by `performance.now()`: every way and track of the recording together. */
  readonly endsAtMs: number
  /** Whether this run may take long. */
  readonly limit: Limit
}

/** What is made of it this time. */
export interface Attempt {
  readonly way: Way
  readonly chosen: Chosen
  /** The inventory that the way was planned by: without what was found to be damaged. */
  readonly plannedBy: Inventory
  /** The inventory of all that the file holds, for tracks that ignore its edit lists; null where these hide nothing. */
  readonly untrimmed: Inventory | null
  readonly damage: readonly Damage[]
  /** What still differs is said instead of tried again; what turns out to be damaged is planned anew all the same, once. */
  readonly isLast: boolean
}

/**
 * `done`: the job is ended. `failed`: this way does not work for this file, and why. `differs`: it was made and is not what
 * the original holds; `damage` is what could not be decoded of the original.
 */
export type Made =
  | { readonly outcome: 'done' }
  | ({ readonly outcome: 'failed' } & NotRead)
  | {
      readonly outcome: 'differs'
      readonly differences: readonly FoundDifference[]
      readonly damage: readonly Damage[]
    }

/** `null` when the rendition is made and the job ended; else why nothing of the recording can be shown. */
export type NotMade = null | NotRead

/** A ledger's event holds no more: of each kind and track the first ones. */
const differencesMax = 64
const holesMax = 256

/**
 * Makes a rendition in one way, publishing it as it grows, checks it against the original, and ends the job with it when it
 * is what was recorded, or when nothing better can be made.
 *
 * @throws store_full, store_down, database_down, locked; the signal's reason
 */
export async function makeRendition(deps: PublishDeps, making: Making, attempt: Attempt): Promise<Made> {
  const { db, clock } = deps
  const { recording, inventory } = making
  const { way } = attempt
  const commands = way.tracks.map((plan) => commandsOf(inventoryFor(attempt, plan), plan))
  const rendition: RenditionMaking = {
    kind: way.tracks[0]!.kind,
    method: making.supplied ? 'supplied' : way.method,
    tracks: way.tracks.map((plan) => ({
      ...{ track: plan.track, kind: plan.kind, streams: streamsOf(plan) },
      channels: plan.sound && plan.sound.channels.length < plan.sound.of ? plan.sound.channels : null,
    })),
    tool: making.tool,
    flags: flagsOf(commands),
    inputSha256: recording.sha256,
    suppliedSha256: making.supplied?.sha256,
  }
  const id = await begin(deps.db, making, rendition, clock.now())
  if (id === null) return { outcome: 'done' }
  try {
    const publisher = openPublisher(deps, { recording, rendition: { id, making: rendition } })
    const found = await makeTracks(making, attempt, commands, publisher)
    const decoded = await readDecoded(making.directory, inventory, way.tracks)
    const damage = attempt.damage.length > 0 ? [] : damageOf(inventory, decoded)
    const mayDoBetter = damage.length > 0 || (found.differences.length > 0 && !attempt.isLast)
    if (mayDoBetter) return { outcome: 'differs', differences: found.differences, damage }
    const known = knownDifferences(inventory, way.tracks, attempt.damage)
    const durationMs = found.lengthsMs.get(0) ?? 0
    const differences = [
      ...suppliedDifferences(making.supplied),
      ...shorterThanStated(inventory, way.tracks[0], durationMs),
      ...known.differences,
      ...corruptDifferences(found, known.differences),
      ...found.differences,
    ]
    const holes = [...known.holes, ...found.holes]
    const findings = {
      tracks: tracksForEvent(way.tracks, found.lengthsMs),
      ...(differences.length > 0
        ? { differences: fairly(differences, differencesMax, (one) => `${one.track}/${one.what}/${one.channel}`) }
        : {}),
      ...(holes.length > 0 ? { holes: fairly(holes, holesMax, (one) => `${one.track}/${one.why}`) } : {}),
      ...(differences.length > differencesMax ? { differencesInAll: differences.length } : {}),
      ...(holes.length > holesMax ? { holesInAll: holes.length } : {}),
      ...(attempt.chosen.notShown.length > 0 ? { notShown: notShownForEvent(attempt.chosen) } : {}),
      ...(inventory.statedMs === null ? {} : { statedMs: inventory.statedMs }),
      foundMs: durationMs,
      ...(making.inventorySha256 === null ? {} : { inventorySha256: making.inventorySha256 }),
    }
    await db.transaction().execute(async (trx) => {
      await finishRendition(trx, clock, recording, { id, making: rendition, durationMs, findings })
      await finishJob(trx, making.jobId, clock.now())
    })
    return { outcome: 'done' }
  } catch (error) {
    // What the sandbox made is not what was asked for: a finding about the file, not a failure of ours.
    if (isFault(error, 'bad_request')) return { outcome: 'failed', ...notPlayableBy(error) }
    throw error
  }
}

async function begin(db: Db, making: Making, rendition: RenditionMaking, now: Date): Promise<string | null> {
  return db.transaction().execute(async (trx) => {
    const begun = await beginRendition(trx, making.recording.id, rendition, now)
    if (begun === null) await finishJob(trx, making.jobId, now)
    return begun
  })
}

function inventoryFor({ plannedBy, untrimmed }: Attempt, { ignoresEditList }: TrackPlan): Inventory {
  return ignoresEditList && untrimmed ? untrimmed : plannedBy
}

interface FoundOfTracks {
  readonly lengthsMs: Map<number, number>
  readonly differences: FoundDifference[]
  readonly holes: FoundHole[]
  /** Tracks with pictures that were decoded although their data is damaged. No other way makes them better. */
  readonly corruptTracks: number[]
}

function corruptDifferences({ corruptTracks }: FoundOfTracks, known: readonly FoundDifference[]): FoundDifference[] {
  const isKnown = (track: number) => known.some((one) => one.what === 'damaged' && one.track === track)
  return corruptTracks.filter((track) => !isKnown(track)).map((track) => ({ what: 'damaged', track }))
}

/** What one program may take: its own allowance, and no more than what the whole recording has left. */
function timeLeftMs({ timeoutMs, endsAtMs }: Making): number {
  const leftMs = endsAtMs - performance.now()
  if (leftMs <= 0) throw beyondLimit('making it playable takes longer than the five hours that one recording may take')
  return Math.min(timeoutMs, leftMs)
}

async function makeTracks(
  making: Making,
  attempt: Attempt,
  commands: readonly TrackCommands[],
  publisher: Publisher,
): Promise<FoundOfTracks> {
  const all: FoundOfTracks = { lengthsMs: new Map(), differences: [], holes: [], corruptTracks: [] }
  for (const [at, plan] of attempt.way.tracks.entries()) {
    const { track } = plan
    const inventory = inventoryFor(attempt, plan)
    const left = { ...making, timeoutMs: timeLeftMs(making) }
    const { lengthMs, found, hasCorrupt } = await makeChecked(
      { making: left, inventory, publisher },
      plan,
      commands[at]!,
    )
    all.lengthsMs.set(track, lengthMs)
    all.differences.push(...found.differences.map((difference) => ({ ...wholeMs(difference), track })))
    all.holes.push(...holesForEvent(found.holes, track))
    if (hasCorrupt) all.corruptTracks.push(track)
    if (track === 0) for (const file of thumbnailsOf(found.thumbnails, lengthMs)) await publisher.add(file)
  }
  await publisher.flush()
  return all
}

/** Makes one track, gives its pieces to the publisher, and compares them with the original. */
async function makeChecked(
  { making, inventory, publisher }: { making: Making; inventory: Inventory; publisher: Publisher },
  plan: TrackPlan,
  commands: TrackCommands,
): Promise<{ lengthMs: number; found: TrackFindings; hasCorrupt: boolean }> {
  const stop = new AbortController()
  const signal = AbortSignal.any([making.signal, stop.signal])
  const run = { ...making, signal, plan, inventory, inputFlags: openFlags(inventory, plan) }
  const check = startCheck(run)
  const contentType = plan.kind === 'audio' ? 'audio/mp4' : 'video/mp4'
  const corrupt = corruptPictureCounter()
  try {
    const lengthMs = await makeTrack({ ...making, onComplaint: corrupt.add }, plan, commands, async (piece) => {
      await publisher.add({ ...piece, track: plan.track, contentType })
      await check.piece(piece.kind, piece.content, piece)
    })
    // Where the clock steps back, which is said, two recordings may meet in the middle of a picture.
    const jumps = trackOf(inventory, plan.picture?.stream)?.jumpsBack ?? 0
    return { lengthMs, found: await check.end(), hasCorrupt: corrupt.count() > jumps }
  } finally {
    // Whatever of the check still runs has nothing to look at any more.
    stop.abort(new Error('the track is made, or given up'))
  }
}

function wholeMs(difference: Difference): FoundDifference {
  const { what, channel } = difference
  const times = (['fromMs', 'toMs', 'statedMs', 'foundMs'] as const).flatMap((name) => {
    const ms = difference[name]
    return ms === undefined ? [] : [[name, Math.max(0, Math.round(ms))]]
  })
  return { what, ...(channel === undefined ? {} : { channel }), ...Object.fromEntries(times) }
}

/** A picture that stands for less is not worth a sentence. */
const holeMsMin = 1000

/** Pauses in the sound are part of what was recorded; where there are no pictures, the last one stands still. */
function holesForEvent(holes: readonly { kind: string; fromMs: number; toMs: number }[], track: number): FoundHole[] {
  return holes
    .filter(({ kind, fromMs, toMs }) => kind === 'picture' && toMs - fromMs >= holeMsMin)
    .map(({ fromMs, toMs }) => ({ track, fromMs: Math.round(fromMs), toMs: Math.round(toMs), why: 'missing' }))
}

function thumbnailsOf(found: readonly { startMs: number; jpeg: Buffer }[], lengthMs: number): MadeFile[] {
  return found.map(({ startMs, jpeg }, number) => ({
    ...{ track: 0, kind: 'thumbnail', number, startMs, contentType: 'image/jpeg', content: jpeg },
    durationMs: Math.max(0, (found[number + 1]?.startMs ?? lengthMs) - startMs),
  }))
}
