import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DetailsOf } from '../../../services/custody/events/kinds.ts'
import { type Clip, clipOf, demuxers } from '../../support/generated/clip.ts'
import { differencesOf, undeclaredDamage, unsaid, type Wrong, wronglySaid } from '../../support/generated/judge.ts'
import { makeClip } from '../../support/generated/make-clip.ts'
import { claimedLengthMs, readSource } from '../../support/generated/read-film.ts'
import { truthOf } from '../../support/generated/truth.ts'
import { type ServedTrack, watch } from '../../support/generated/watch.ts'
import type { World } from '../../support/world.ts'
import { never, type worldHandlers } from './handlers.ts'
import { detailsOf, jobRow, sealRecording } from './sealed.ts'

export interface Docked {
  readonly world: World
  readonly transcode: Awaited<ReturnType<typeof worldHandlers>>['transcode']
  readonly folder: string
}

export interface Judged {
  readonly clip: Clip
  /** `ready` with its method, `not_playable` with the reason, or `left out` with why. */
  readonly outcome: string
  /** Empty when the clip is shown as it was recorded, or what differs is said. */
  readonly wrong: readonly string[]
}

/** A damaged time stamp can claim a day of silence, which takes an hour to make and longer to watch. */
const claimedMsMax = 10 * 60_000

/** Makes the clip of a seed, has it made playable as the workers do, watches it and judges what is said of it. */
export async function judgeClip({ world, transcode, folder: parent }: Docked, seed: number): Promise<Judged> {
  const clip = clipOf(seed)
  const folder = join(parent, String(seed))
  await mkdir(folder)
  try {
    const path = await makeClip(folder, clip)
    const source = { path, folder, flags: ['-f', demuxers[clip.container]] }
    const claimedMs = clip.damage ? await claimedLengthMs(source) : 0
    if (claimedMs > claimedMsMax) return { clip, outcome: `left out: it claims to last ${claimedMs} ms`, wrong: [] }
    const sealed = await sealRecording(world, path)
    await transcode(sealed.jobs.transcode, never)
    const [refused] = await detailsOf(world, sealed.id, 'rendition.not_playable')
    if (refused) {
      // Of a damaged clip that is said, with its reason; an undamaged one has to be shown.
      const wrong = clip.damage ? [] : ['not playable, although nothing is damaged']
      return { clip, outcome: `not_playable: ${refused.reason}`, wrong }
    }
    const [ready] = (await detailsOf(world, sealed.id, 'rendition.ready')) as unknown as DetailsOf<'rendition.ready'>[]
    if (!ready) {
      const { state, last_error: error } = await jobRow(world, sealed.jobs.transcode)
      return { clip, outcome: `job ${state}`, wrong: [`neither ready nor not playable: ${error}`] }
    }
    const watched = await watch(folder, await servedTracks(world, ready.renditionId))
    const outcome = `ready by ${ready.method}, ${JSON.stringify([ready.differences ?? [], ready.holes ?? [], ready.notShown ?? []])}`
    const textsOf = (wrong: readonly Wrong[]) => wrong.map(({ kind, text }) => `${kind}: ${text}`)
    if (clip.damage === null) {
      const truth = truthOf(clip)
      const length = lengthWrong(truth.lengthMs, ready.durationMs ?? 0, clip)
      return {
        clip,
        outcome,
        wrong: [
          ...textsOf(differencesOf(truth, watched, false)),
          ...length,
          ...wronglySaid(truth, truth.lengthMs, ready),
        ],
      }
    }
    const recorded = await readSource(source)
    if (!recorded) return { clip, outcome, wrong: [] }
    // What was not written whole is left out by design, and ends the recording.
    const smears = ['flips', 'zeros'].includes(clip.damage.kind) ? undeclaredDamage(recorded, ready) : []
    return { clip, outcome, wrong: [...textsOf(unsaid(differencesOf(recorded, watched, true), ready)), ...smears] }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A coder ends with a whole frame. */
function lengthWrong(lengthMs: number, foundMs: number, clip: Clip): string[] {
  const frameMs = Math.max(
    ...clip.pictures.map(({ rate }) => 1000 / rate),
    ...clip.sounds.map(
      ({ frameSamples, primingSamples, sampleRate }) => ((frameSamples + primingSamples) * 1000) / sampleRate,
    ),
  )
  const isNear = Math.abs(foundMs - lengthMs) <= Math.max(40, frameMs) + 22
  return isNear ? [] : [`length: ${foundMs} ms instead of ${Math.round(lengthMs)} ms`]
}

async function servedTracks(world: World, renditionId: string): Promise<ServedTrack[]> {
  const files = await world.db
    .selectFrom('rendition_file')
    .selectAll()
    .where('rendition_id', '=', renditionId)
    .where('kind', 'in', ['init', 'segment'])
    .orderBy('track')
    .orderBy('kind')
    .orderBy('number')
    .execute()
  const tracks: Buffer[][] = []
  for (const { track, object_key: key, version_id: versionId } of files) {
    const stream = await world.stores.primary.get({ bucket: 'derived', key, versionId })
    tracks[track] ??= []
    tracks[track].push(Buffer.concat(await stream.toArray()))
  }
  return tracks
}

/** A clip in a few words. */
export function wordsOf({ container, pictures, sounds, damage }: Clip): string {
  const coded = [
    ...pictures.map(({ codec, startMs, gap }) => `${codec} at ${startMs}${gap ? ' with a gap' : ''}`),
    ...sounds.map(
      ({ codec, channels, startMs, gap }) => `${codec} of ${channels.length} at ${startMs}${gap ? ' with a gap' : ''}`,
    ),
  ]
  return [container, ...coded, ...(damage ? [`damaged: ${damage.kind}`] : [])].join(', ')
}
