import { join } from 'node:path'
import { undecodable } from '../../../services/custody/events/not-playable-words.ts'
import { beginRendition, finishRendition, type RenditionMaking } from '../../../services/custody/viewing/rendition.ts'
import { isFault } from '../../../services/foundation/errors.ts'
import { finishJob } from '../../../services/foundation/queue/job-row.ts'
import { checkStill } from '../check/check-still.ts'
import { runFfmpeg } from '../ffmpeg.ts'
import { inputFlags } from '../input-flags.ts'
import { type Orientation, upright } from '../inventory/orientation.ts'
import { notPlayableBy } from '../not-playable.ts'
import { readOutFile } from '../out-file.ts'
import { isCutJpeg } from './cut-jpeg.ts'
import { type FoundDifference, suppliedDifferences } from './known.ts'
import { openPublisher, type PublishDeps } from './publisher.ts'
import type { Making, NotMade } from './rendition.ts'

const stillFileName = 'still.jpg'
const sideMax = 1920

/** ffmpeg turns some formats by itself and others not: here all of them are turned by what the inventory says. */
function outputFlagsFor(lies: Orientation): string[] {
  const turns = { 0: [], 90: ['transpose=clock'], 180: ['hflip', 'vflip'], 270: ['transpose=cclock'] }
  const filters = [
    ...(lies.isMirrored ? ['hflip'] : []),
    ...(turns[lies.rotation as keyof typeof turns] ?? []),
    `scale=w='min(${sideMax},iw)':h='min(${sideMax},ih)':force_original_aspect_ratio=decrease`,
  ]
  return [
    ...['-map', '0:v:0', '-map_metadata', '-1', '-frames:v', '1', '-vf', filters.join(',')],
    ...['-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj420p', '-f', 'image2', '-update', '1'],
  ]
}

const noPicture = { why: 'undecodable', reason: undecodable.picture_damaged.en } as const

/** A picture in the run directory's `in/` that ffmpeg reads by a named demuxer. */
export interface StillSource {
  readonly fileName: string
  readonly format: string
  readonly skipBytes: number
}

/** Makes the rendition of a still picture and ends the job with it. */
export async function makeStill(deps: PublishDeps, making: Making, source: StillSource): Promise<NotMade> {
  const { db, clock } = deps
  const { recording, directory, timeoutMs, signal } = making
  const flags = ['-noautorotate', ...inputFlags(source.format, source.skipBytes)]
  const lies = liesOf(making)
  const outputFlags = outputFlagsFor(lies)
  const rendition: RenditionMaking = {
    ...{ kind: 'still', method: making.supplied ? 'supplied' : 'transcode', tool: making.tool },
    tracks: [{ track: 0, kind: 'still', streams: [0], channels: null }],
    flags: [...flags, '-i', 'original', ...outputFlags],
    inputSha256: recording.sha256,
    suppliedSha256: making.supplied?.sha256,
  }
  const id = await db.transaction().execute(async (trx) => {
    const begun = await beginRendition(trx, recording.id, rendition, clock.now())
    if (begun === null) await finishJob(trx, making.jobId, clock.now())
    return begun
  })
  if (id === null) return null
  try {
    const made = await runFfmpeg({
      ...{ directory, timeoutMs, signal, input: source.fileName, inputFlags: flags, outputFlags },
      output: stillFileName,
    })
    if (!made.ok) return made.why === 'undecodable' ? { ...made, ...noPicture } : made
    const content = await readOutFile(join(directory, 'out', stillFileName))
    if (!content || !isJpeg(content)) {
      return noPicture
    }
    const publisher = openPublisher(deps, { recording, rendition: { id, making: rendition } })
    const place = { track: 0, kind: 'still', number: 0, startMs: 0, durationMs: 0 } as const
    await publisher.add({ ...place, contentType: 'image/jpeg', content })
    await publisher.flush()
    const tracks = [{ track: 0, kind: 'still' as const, streams: [0], durationMs: null }]
    const found = await differencesOf(making, source, { lies, content, outputFlags })
    const differences = [...suppliedDifferences(making.supplied), ...found.map((what) => ({ what, track: 0 }))]
    const findings = {
      tracks,
      ...(differences.length > 0 ? { differences } : {}),
      ...(making.inventorySha256 === null ? {} : { inventorySha256: making.inventorySha256 }),
    }
    await db.transaction().execute(async (trx) => {
      await finishRendition(trx, clock, recording, { id, making: rendition, durationMs: null, findings })
      await finishJob(trx, making.jobId, clock.now())
    })
    return null
  } catch (error) {
    if (isFault(error, 'bad_request')) return notPlayableBy(error)
    throw error
  }
}

/** Of other formats a strict decoder also refuses what is whole, a TIFF with a tag that it does not know. */
const toldStrictly = new Set(['jpeg_pipe', 'png_pipe'])

/** How the source lies; a HEIC or AVIF was turned by libheif when it became the JPEG that is read here. */
function liesOf({ inventory }: Making): Orientation {
  const picture = inventory.format === 'heif' ? null : inventory.tracks.find(({ kind }) => kind === 'picture')?.picture
  return picture ?? upright
}

/** How the JPEG that was made differs from its source, and what of the source it does not show. */
async function differencesOf(
  making: Making,
  source: StillSource,
  made: { readonly lies: Orientation; readonly content: Buffer; readonly outputFlags: readonly string[] },
): Promise<FoundDifference['what'][]> {
  const { inventory } = making
  const isWhole = !toldStrictly.has(source.format) || (await decodesWhole(making, source, made.outputFlags))
  const seen = await checkStill(making, {
    source: {
      inputFlags: inputFlags(source.format, source.skipBytes),
      path: `/in/${source.fileName}`,
      orientation: made.lies,
    },
    made: { inputFlags: inputFlags('jpeg_pipe'), path: `/out/${stillFileName}`, ...sizeOf(made.content) },
    ...{ inventory, sideMax },
  })
  const pictures = inventory.tracks.filter(({ kind }) => kind === 'picture')
  const isOne = pictures.length === 1 && !(source.format === 'tiff_pipe' && pictures[0]!.packets > 1)
  const path = join(making.directory, 'in', source.fileName)
  const isCut = !isWhole && source.format === 'jpeg_pipe' && (await isCutJpeg(path, source.skipBytes))
  const damaged = isWhole ? [] : ([isCut ? 'lower_part_missing' : 'damaged'] as const)
  return [...new Set([...damaged, ...seen, ...(isOne || pictures.length === 0 ? [] : (['one_of_several'] as const))])]
}

/** Whether a decoder that makes up nothing gets to the end of the picture; otherwise what is missing of it is grey. */
async function decodesWhole(
  { directory, timeoutMs, signal }: Making,
  source: StillSource,
  outputFlags: readonly string[],
): Promise<boolean> {
  const flags = inputFlags(source.format, source.skipBytes)
  const decoded = await runFfmpeg({
    ...{ directory, timeoutMs, signal, input: source.fileName, outputFlags },
    inputFlags: ['-noautorotate', '-err_detect', 'explode', ...flags],
    output: 'strict.jpg',
  })
  return decoded.ok
}

function isJpeg(bytes: Buffer): boolean {
  return bytes.length > 4 && bytes.readUInt16BE(0) === 0xffd8 && bytes.readUInt16BE(bytes.length - 2) === 0xffd9
}

/** The size that a baseline JPEG's frame header states (ITU-T T.81 §B.2.2); 0 × 0 without one. */
function sizeOf(jpeg: Buffer): { width: number; height: number } {
  for (let at = 2; at + 9 <= jpeg.length && jpeg[at] === 0xff; at += 2 + jpeg.readUInt16BE(at + 2)) {
    if (jpeg[at + 1] === 0xc0) return { height: jpeg.readUInt16BE(at + 5), width: jpeg.readUInt16BE(at + 7) }
  }
  return { width: 0, height: 0 }
}
