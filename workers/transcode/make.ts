import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { SealedRecording } from '../../services/custody/copies/copies.ts'
import { beginRendition, finishRendition, type RenditionMaking } from '../../services/custody/viewing/rendition.ts'
import type { Clock } from '../../services/foundation/clock.ts'
import type { Db } from '../../services/foundation/db/database.ts'
import { isFault } from '../../services/foundation/errors.ts'
import { finishJob } from '../../services/foundation/queue/job-row.ts'
import type { Store } from '../../services/foundation/store/store.ts'
import { outputCheck } from './check-output.ts'
import { type FfmpegResult, runFfmpeg } from './ffmpeg.ts'
import { type Plan, planThumbnails, thumbnailsMax } from './plan.ts'
import type { Probe } from './probe.ts'
import { type Published, type Publishing, publishPictures, publishWhileRunning } from './publish.ts'
import type { SandboxLimits } from './sandbox.ts'

export interface MakeDeps {
  readonly db: Db
  readonly clock: Clock
  readonly primary: Pick<Store, 'get' | 'put' | 'name' | 'hostName'>
}

/** One recording with its original in `<directory>/in/source`, looked at and planned. */
export interface Making {
  readonly recording: SealedRecording
  readonly jobId: string
  readonly directory: string
  readonly limits: SandboxLimits
  readonly timeoutMs: number
  readonly format: string
  readonly probe: Probe
  /** First line of `ffmpeg -version`. */
  readonly tool: string
}

/** `done`: the job is ended. `failed`: this plan does not work for this file, and why. */
export type Made = { readonly outcome: 'done' } | { readonly outcome: 'failed'; readonly reason: string }

const playlistFileName = 'index.m3u8'
const stillFileName = 'still.jpg'

/** Makes the rendition by one plan, publishes it as it grows, and ends the job with it. */
export async function makeRendition(deps: MakeDeps, making: Making, plan: Plan, signal: AbortSignal): Promise<Made> {
  const { db, clock } = deps
  const { recording } = making
  const rendition: RenditionMaking = {
    kind: plan.kind,
    method: plan.method,
    tool: making.tool,
    flags: [...plan.inputFlags, '-i', 'original', ...plan.outputFlags],
    inputSha256: recording.sha256,
    probe: JSON.stringify(making.probe),
  }
  const id = await db.transaction().execute(async (trx) => {
    const begun = await beginRendition(trx, recording.id, rendition, clock.now())
    if (begun === null) await finishJob(trx, making.jobId, clock.now())
    return begun
  })
  if (id === null) return { outcome: 'done' }
  const running = { recording, rendition: { id, making: rendition }, directory: making.directory }
  try {
    const made =
      plan.kind === 'still'
        ? await makeStill(deps, making, plan, running, signal)
        : await makeFilm(deps, making, plan, running, signal)
    if (!made.ok) return { outcome: 'failed', reason: made.reason }
    await db.transaction().execute(async (trx) => {
      const ready = { ...running.rendition, durationMs: made.durationMs }
      await finishRendition(trx, clock, recording, ready)
      await finishJob(trx, making.jobId, clock.now())
    })
    return { outcome: 'done' }
  } catch (error) {
    // What the sandbox made is not what was asked for: a finding about the file, not a failure of ours.
    if (isFault(error, 'bad_request')) return { outcome: 'failed', reason: error.message }
    throw error
  }
}

type Whole = { readonly ok: true; readonly durationMs: number | null } | { readonly ok: false; readonly reason: string }
type Running = Pick<Publishing, 'recording' | 'rendition' | 'directory'>

async function makeFilm(
  deps: MakeDeps,
  making: Making,
  plan: Plan,
  running: Running,
  signal: AbortSignal,
): Promise<Whole> {
  const stop = new AbortController()
  const held = AbortSignal.any([signal, stop.signal])
  const ffmpeg = ffmpegOf(making, plan, playlistFileName, held)
  ffmpeg.catch(() => undefined)
  const { hasVideo, hasAudio } = streamsOf(plan)
  const check = outputCheck({ directory: making.directory, limits: making.limits, hasVideo, hasAudio, signal })
  const publishing = { ...running, playlistFileName, audioProfile: plan.audioProfile, check }
  let published: Published
  try {
    published = await publishWhileRunning(deps, publishing, ffmpeg, held)
  } catch (error) {
    stop.abort(error)
    await ffmpeg.catch(() => undefined)
    throw error
  }
  const result = await ffmpeg
  if (!result.ok) return result
  if (published.segments === 0) return { ok: false, reason: 'nothing in it can be decoded' }
  if (plan.kind === 'video') await makeThumbnails(deps, making, running, published.durationMs, signal)
  return { ok: true, durationMs: published.durationMs }
}

async function makeStill(
  deps: MakeDeps,
  making: Making,
  plan: Plan,
  running: Running,
  signal: AbortSignal,
): Promise<Whole> {
  const result = await ffmpegOf(making, plan, stillFileName, signal)
  if (!result.ok) return result
  await publishPictures(deps, running, [
    { kind: 'still', number: 0, startMs: 0, durationMs: 0, fileName: stillFileName },
  ])
  return { ok: true, durationMs: null }
}

/** The strip is a help for looking through; a film without one is a film. */
async function makeThumbnails(
  deps: MakeDeps,
  making: Making,
  running: Running,
  durationMs: number,
  signal: AbortSignal,
): Promise<void> {
  const everySeconds = Math.max(2, Math.ceil(durationMs / 1000 / thumbnailsMax))
  const plan = planThumbnails(making.format, everySeconds)
  const result = await ffmpegOf(making, { ...plan, method: 'transcode' }, 'thumb-%d.jpg', signal)
  const names = await readdir(join(making.directory, 'out'))
  const times = names
    .flatMap((name) => /^thumb-(\d{1,9})\.jpg$/.exec(name)?.[1] ?? [])
    .map(Number)
    .filter((ms) => ms < durationMs)
    .sort((a, b) => a - b)
    .slice(0, thumbnailsMax)
  if (!result.ok || times.length === 0) return
  const pictures = times.map((startMs, number) => ({
    kind: 'thumbnail' as const,
    number,
    startMs,
    durationMs: (times[number + 1] ?? durationMs) - startMs,
    fileName: `thumb-${startMs}.jpg`,
  }))
  await publishPictures(deps, running, pictures)
}

function ffmpegOf(
  making: Making,
  plan: Pick<Plan, 'inputFlags' | 'outputFlags' | 'method'>,
  output: string,
  signal: AbortSignal,
): Promise<FfmpegResult> {
  const { inputFlags, outputFlags, method } = plan
  const { directory, timeoutMs } = making
  return runFfmpeg({
    ...{ directory, input: 'source', inputFlags, outputFlags, output, timeoutMs, signal },
    isHeavy: method === 'transcode',
  })
}

function streamsOf(plan: Plan): { hasVideo: boolean; hasAudio: boolean } {
  return { hasVideo: plan.outputFlags.includes('-c:v'), hasAudio: plan.outputFlags.includes('-c:a') }
}
