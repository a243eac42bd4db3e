import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { SealedRecording } from '../../../services/custody/copies/copies.ts'
import { mayHavePreview, publishPreview } from '../../../services/custody/viewing/preview.ts'
import type { RenditionMaking } from '../../../services/custody/viewing/rendition.ts'
import { Fault, isFault } from '../../../services/foundation/errors.ts'
import { newId } from '../../../services/foundation/id.ts'
import type { Logger } from '../../../services/foundation/log.ts'
import type { Store } from '../../../services/foundation/store/store.ts'
import { tooMuchIn } from '../footage-limits.ts'
import { streamsOf } from '../make/known.ts'
import { type MadeFile, type PublishDeps, storeFiles } from '../make/publisher.ts'
import { makeTrack, type RunPlace } from '../make/track.ts'
import { chooseTracks } from '../plan/choose.ts'
import { type Command, commandsOf, flagsOf, type TrackCommands } from '../plan/commands.ts'
import { planWays } from '../plan/ways.ts'
import { makeRunDirectory, type SandboxLimits } from '../sandbox.ts'
import type { TrackPlan, Way } from '../track-plan.ts'
import { fetchEnds } from './fetch-ends.ts'
import { type Beginning, lookAtBeginning } from './look-at-beginning.ts'

export interface PreviewDeps extends PublishDeps {
  readonly log: Logger
  readonly primary: Pick<Store, 'get' | 'put'>
}

/** A recording whose original was not read yet, and where its preview may be made. */
export interface Previewing {
  readonly recording: SealedRecording
  /** Of the run; the preview has a folder of its own in it, which goes with this call. */
  readonly directory: string
  /** First line of `ffmpeg -version`. */
  readonly tool: string
  readonly signal: AbortSignal
}

/** Smaller originals are read and looked at as quickly as a preview is made. */
export const previewFromBytes = 32 * 1024 * 1024

const limits: SandboxLimits = { cpuSeconds: 120, fileBytes: 1024 ** 3, memoryBytes: 4 * 1024 ** 3 }
const timeoutMs = 60_000
/** All pieces are published together, so that there is never half a preview: they are kept in memory. */
const piecesBytesMax = 128 * 1024 * 1024

/**
 * Makes and publishes the first minute of a recording from its beginning and its index, before the whole was read and
 * compared with the sealed digest. What is reached: MP4 and MOV with their index anywhere, MPEG-TS, Matroska, FLV and WAV,
 * as long as the main picture can be copied (H.264 as players take it) or there is none; sound is made anew where it must
 * be. Film that has to be encoded has none: encoding a minute takes longer than reading a gigabyte. Neither have AVI and
 * what else keeps its index at the end in another form, nor film of which 64 MiB hold less than 4 s. The main sound is the
 * first one: which of several is silent is not measured.
 *
 * That there can be no preview is no failure, and neither is an error nobody thought of: the rendition follows in any case.
 *
 * @throws the signal's reason, and nothing else
 */
export async function makePreview(deps: PreviewDeps, previewing: Previewing): Promise<void> {
  const { recording, signal } = previewing
  if (recording.bytes < previewFromBytes) return
  try {
    await makeUnlessKnown(deps, previewing)
  } catch (error) {
    signal.throwIfAborted()
    const recordingId = recording.id
    // What is wrong with the file or its copy is found, and recorded, by whoever reads all of it.
    if (isFault(error, 'bad_request') || isFault(error, 'bytes_differ') || isFault(error, 'not_found')) {
      deps.log.info({ recordingId, reason: error.message }, 'transcode: no preview')
    } else {
      deps.log.error(
        { err: error, recordingId },
        'transcode: no preview could be made; the rendition is made without one',
      )
    }
  }
}

async function makeUnlessKnown(deps: PreviewDeps, previewing: Previewing): Promise<void> {
  const { recording, signal } = previewing
  if (!(await deps.db.transaction().execute((trx) => mayHavePreview(trx, recording.id)))) return
  const directory = join(previewing.directory, 'preview')
  await mkdir(directory, { mode: 0o700 })
  try {
    await makeRunDirectory(directory, limits)
    await makeIn(deps, previewing, { directory, limits, timeoutMs, signal })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function makeIn(deps: PreviewDeps, { recording, tool, signal }: Previewing, place: RunPlace): Promise<void> {
  const { directory } = place
  const ends = await fetchEnds(deps.primary, recording, join(directory, 'in', 'source'), signal)
  const beginning = ends && (await lookAtBeginning({ directory, fileName: 'source', signal }, ends))
  const planned = beginning && tooMuchIn(beginning.inventory) === null ? planOf(beginning) : null
  if (!ends || !planned) return
  const { plan, way, commands } = planned
  const id = newId(deps.clock.now())
  const made = await piecesOf(place, plan, commands)
  const files = await storeFiles(deps.primary, { recordingId: recording.id, renditionId: id }, made.files)
  const making: RenditionMaking = {
    ...{ kind: plan.kind, method: way.method, tool, flags: flagsOf([commands]), inputSha256: recording.sha256 },
    tracks: [{ track: 0, kind: plan.kind, streams: streamsOf(plan), channels: channelsOf(plan) }],
  }
  const preview = { id, making, durationMs: made.lengthMs, codecs: made.codecs, read: [...ends.read], files }
  await deps.db.transaction().execute((trx) => publishPreview(trx, deps.clock, recording, preview))
}

/** The main track by the first way that encodes no picture; null when there is none. */
function planOf({ inventory, lengthMs }: Beginning): { plan: TrackPlan; way: Way; commands: TrackCommands } | null {
  const ways = planWays(chooseTracks(inventory, new Map()))
  const way = ways.find(({ tracks }) => tracks[0]?.picture?.way !== 'encode')
  const plan = way?.tracks[0]
  if (!way || !plan) return null
  const { sound, film } = commandsOf(inventory, plan)
  const seconds = (lengthMs / 1000).toFixed(3)
  // Before the input it counts from the file's own start, whatever its clock says there.
  const short = <T extends Pick<Command, 'inputFlags'>>(one: T): T => ({
    ...one,
    inputFlags: ['-t', seconds, ...one.inputFlags],
  })
  const shortened = (one: Command) => (one.decoding ? { ...one, decoding: short(one.decoding) } : short(one))
  return { plan, way, commands: { sound: sound && shortened(sound), film: shortened(film) } }
}

async function piecesOf(
  place: RunPlace,
  plan: TrackPlan,
  commands: TrackCommands,
): Promise<{ files: MadeFile[]; codecs: string; lengthMs: number }> {
  const files: MadeFile[] = []
  let codecs = ''
  let bytes = 0
  const contentType = plan.kind === 'audio' ? 'audio/mp4' : 'video/mp4'
  const lengthMs = await makeTrack(place, plan, commands, async (piece) => {
    bytes += piece.content.length
    if (bytes > piecesBytesMax) throw new Fault('bad_request', `its first minute is more than ${piecesBytesMax} bytes`)
    codecs = piece.codecs ?? codecs
    files.push({ ...piece, track: plan.track, contentType })
  })
  return { files, codecs, lengthMs }
}

function channelsOf({ sound }: TrackPlan): readonly number[] | null {
  return sound && sound.channels.length < sound.of ? sound.channels : null
}
