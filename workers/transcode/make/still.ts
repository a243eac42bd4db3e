import { join } from 'node:path'
import { undecodable } from '../../../services/custody/events/not-playable-words.ts'
import { beginRendition, finishRendition, type RenditionMaking } from '../../../services/custody/viewing/rendition.ts'
import { isFault } from '../../../services/foundation/errors.ts'
import { finishJob } from '../../../services/foundation/queue/job-row.ts'
import { runFfmpeg } from '../ffmpeg.ts'
import { inputFlags } from '../input-flags.ts'
import { notPlayableBy } from '../not-playable.ts'
import { readOutFile } from '../out-file.ts'
import { suppliedDifferences } from './known.ts'
import { openPublisher, type PublishDeps } from './publisher.ts'
import type { Making, NotMade } from './rendition.ts'

const stillFileName = 'still.jpg'
const sideMax = 1920

const outputFlags = [
  ...['-map', '0:v:0', '-map_metadata', '-1', '-frames:v', '1'],
  ...['-vf', `scale=w='min(${sideMax},iw)':h='min(${sideMax},ih)':force_original_aspect_ratio=decrease`],
  ...['-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj420p', '-f', 'image2', '-update', '1'],
]

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
  const flags = inputFlags(source.format, source.skipBytes)
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
      ...{ directory, timeoutMs, signal, input: source.fileName, inputFlags: flags, outputFlags, isHeavy: false },
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
    const isWhole = source.format !== 'jpeg_pipe' || (await isWholeJpeg(making, source))
    const damaged = isWhole ? [] : [{ what: 'damaged' as const, track: 0 }]
    const differences = [...suppliedDifferences(making.supplied), ...damaged]
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

/** Whether a decoder that makes up nothing gets to the end of the picture; otherwise what is missing of it is grey. */
async function isWholeJpeg({ directory, timeoutMs, signal }: Making, source: StillSource): Promise<boolean> {
  const flags = inputFlags(source.format, source.skipBytes)
  const decoded = await runFfmpeg({
    ...{ directory, timeoutMs, signal, input: source.fileName, outputFlags, isHeavy: false },
    inputFlags: ['-err_detect', 'explode', ...flags],
    output: 'strict.jpg',
  })
  return decoded.ok
}

function isJpeg(bytes: Buffer): boolean {
  return bytes.length > 4 && bytes.readUInt16BE(0) === 0xffd8 && bytes.readUInt16BE(bytes.length - 2) === 0xffd9
}
