import { join } from 'node:path'
import type { NotRead } from '../not-playable.ts'
import { bytesBehindBoxes } from './behind-boxes.ts'
import {
  type DescribedStream,
  type Description,
  isDeclaredEncrypted,
  kindOf,
  pictureFacts,
  soundFacts,
  tagOf,
} from './described.ts'
import { boundedTags, clocksOf } from './file-tags.ts'
import { type Inventory, type InventoryTrack, type PictureFacts, standMsMin } from './inventory.ts'
import { sizesOf, stillTags, trimmedByStream } from './later-looks.ts'
import { type InventoryRun, type Looked, lookAtWhole } from './look.ts'
import { mp3StatedMs } from './mp3-length.ts'
import { exifOrientation, type Orientation } from './orientation.ts'
import type { Tallied } from './packet-tally.ts'
import { scrambledPids } from './scrambled.ts'
import type { Stand } from './stand-tally.ts'
import { statedMsOf } from './stated-length.ts'
import { tiffPages } from './tiff-pages.ts'
import { wavShare } from './wav-share.ts'

/**
 * Takes the inventory of `/in/<fileName>` of a run directory: one sandboxed look at the whole file, and further ones only
 * where that leaves a question open (an edit list, a size that no header states, a still's EXIF).
 *
 * @returns why the file cannot be read when it cannot
 * @throws not_ready when the sandbox cannot be started; the signal's reason when aborted
 */
export async function takeInventory(run: InventoryRun): Promise<{ inventory: Inventory } | NotRead> {
  const looked = await lookAtWhole(run)
  if ('reason' in looked) return looked
  const { description, tallies } = looked
  const played = description.streams.filter((stream) => /^(picture|sound)$/.test(kindOf(stream)))
  const times = played.flatMap((stream) => tallies.get(stream.index) ?? [])
  const start = Math.min(...times.flatMap(({ first }) => first ?? []))
  const startSeconds = Number.isFinite(start) ? start : 0
  const end = Math.max(startSeconds, ...times.flatMap((tally) => tally.end ?? []))
  const foundMs = Math.round((end - startSeconds) * 1000)
  const leftOut = [...looked.leftOut]
  const still = run.format.endsWith('_pipe') ? await stillTags(run) : {}
  const fileTags = boundedTags({ ...description.format.tags, ...still }, 'the file')
  leftOut.push(...fileTags.leftOut)
  for (const stream of tallies.keys()) {
    if (!description.streams.some(({ index }) => index === stream)) leftOut.push(`stream ${stream}, not described`)
  }
  const tracks: InventoryTrack[] = []
  const context = {
    trimmed: await trimmedByStream(run, looked),
    scrambled:
      run.format === 'mpegts' ? await scrambledPids(join(run.directory, 'in', run.fileName)) : new Set<number>(),
    startSeconds,
  }
  const behind =
    run.format === 'mov' ? await bytesBehindBoxes(join(run.directory, 'in', run.fileName), run.skipBytes) : null
  if (behind) leftOut.push(behind)
  const pages = run.format === 'tiff_pipe' ? await tiffPages(join(run.directory, 'in', run.fileName)) : null
  const lies = exifOrientation(pages?.orientation ?? Number(still.Orientation ?? 1))
  for (const stream of description.streams) {
    const sizes = await sizesOf(run, looked, stream)
    const { track, leftOut: ofTrack } = trackOf(stream, looked, { ...context, sizes })
    tracks.push(run.format.endsWith('_pipe') ? stillTrack(track, lies, pages?.pages) : track)
    leftOut.push(...ofTrack)
  }
  const inventory: Inventory = {
    version: 1,
    format: run.format,
    skipBytes: run.skipBytes,
    tracks,
    startSeconds,
    statedMs: await statedLength(run, description, { startSeconds, foundMs }),
    foundMs,
    clocks: clocksOf(description, still),
    tags: fileTags.tags,
    chapters: description.chapters.length,
    leftOut,
  }
  return { inventory }
}

async function statedLength(
  run: InventoryRun,
  description: Description,
  clock: { readonly startSeconds: number; readonly foundMs: number },
): Promise<number | null> {
  if (run.format === 'mp3') return mp3StatedMs(join(run.directory, 'in', run.fileName), run.skipBytes)
  if (run.format !== 'wav') return statedMsOf(run.format, description, clock.startSeconds)
  const share = await wavShare(join(run.directory, 'in', run.fileName), run.skipBytes)
  const statedMs = share === null ? 0 : Math.round(clock.foundMs / share)
  return statedMs > 0 && Number.isSafeInteger(statedMs) ? statedMs : null
}

/** ffprobe tells neither how a still lies nor how many pages it has. */
function stillTrack(track: InventoryTrack, lies: Orientation, pages = track.packets): InventoryTrack {
  return { ...track, packets: pages, picture: track.picture && { ...track.picture, ...lies } }
}

interface TrackContext {
  readonly trimmed: ReadonlyMap<number, number>
  readonly scrambled: ReadonlySet<number>
  readonly startSeconds: number
  readonly sizes: PictureFacts['sizes']
}

const nothing: Tallied = {
  ...{
    first: null,
    end: null,
    packets: 0,
    discardedPackets: 0,
    bytes: 0,
    gaps: [],
    gapsLeftOut: 0,
    stands: [],
    standSecondsMin: standMsMin / 1000,
    usualStepMs: null,
    driftMs: 0,
  },
  ...{ jumpsBack: 0, keyFrames: 0, firstKey: null, keyFrameDistanceMsMax: 0, keyFrameSamples: [] },
}

function trackOf(
  stream: DescribedStream,
  looked: Looked,
  context: TrackContext,
): { track: InventoryTrack; leftOut: string[] } {
  const { index } = stream
  const kind = kindOf(stream)
  const tally = looked.tallies.get(index) ?? nothing
  const { language, handler_name: handler, title, ...others } = stream.tags ?? {}
  const { tags, leftOut } = boundedTags(others, `track ${index}`)
  if (tally.gapsLeftOut > 0) leftOut.push(`${tally.gapsLeftOut} gaps of track ${index}`)
  const onClock = (seconds: number): number => Math.round((seconds - context.startSeconds) * 1000)
  const stretchOnClock = ({ from, to }: Stand) => ({ fromMs: onClock(from), toMs: onClock(to) })
  const isScrambled = context.scrambled.has(Number(stream.id ?? Number.NaN))
  const picture = kind === 'picture' || kind === 'attached_picture' ? pictureFacts(stream) : null
  const track: InventoryTrack = {
    stream: index,
    kind,
    codec: stream.codec_name ?? null,
    profile: stream.profile ?? null,
    tag: tagOf(stream),
    name: (title ?? handler ?? null)?.slice(0, 200).toWellFormed() ?? null,
    isEncrypted: isScrambled || looked.encryptedStreams.has(index) || isDeclaredEncrypted(stream),
    firstMs: tally.first === null ? null : onClock(tally.first),
    endMs: tally.end === null ? null : onClock(tally.end),
    packets: tally.packets,
    discardedPackets: tally.discardedPackets,
    bytes: tally.bytes,
    corruptPackets: looked.corruptPackets.get(index) ?? 0,
    gaps: tally.gaps.map(stretchOnClock),
    stands: kind === 'picture' ? tally.stands.map(stretchOnClock) : [],
    standMsMin: kind === 'picture' ? tally.standSecondsMin * 1000 : standMsMin,
    usualStepMs: kind === 'picture' ? tally.usualStepMs : null,
    driftMs: kind === 'sound' ? tally.driftMs : 0,
    jumpsBack: tally.jumpsBack,
    keyFrames: tally.keyFrames,
    firstKeyMs: tally.firstKey === null ? null : onClock(tally.firstKey),
    keyFrameDistanceMsMax: tally.keyFrameDistanceMsMax,
    keyFrameSamplesMs: kind === 'picture' ? tally.keyFrameSamples.map(onClock) : [],
    trimmedMs: context.trimmed.get(index) ?? 0,
    language: language === undefined || language === 'und' ? null : language.slice(0, 40).toWellFormed(),
    tags,
    picture: picture && context.sizes.length > 0 ? { ...picture, sizes: context.sizes } : picture,
    sound: kind === 'sound' ? soundFacts(stream) : null,
  }
  return { track, leftOut }
}
