import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { undecodable } from '../../../services/custody/events/not-playable-words.ts'
import { viewingGrantMs } from '../../../services/custody/viewing/open.ts'
import { Fault } from '../../../services/foundation/errors.ts'
import { brokenSamples } from '../fragments/access-units.ts'
import { openFragmentedFilm } from '../fragments/fragment-stream.ts'
import type { Fragment } from '../fragments/read-moof.ts'
import { makeSegments } from '../fragments/segmenter.ts'
import { writeInit } from '../fragments/write-init.ts'
import { beyondLimit, notDecodedBecause, notRead } from '../not-playable.ts'
import { type Command, clockOffsetMs, soundFileName, soundInputFlags, type TrackCommands } from '../plan/commands.ts'
import { heavyNiceness, type SandboxedProgram, type SandboxLimits, spawnSandboxed } from '../sandbox.ts'
import type { TrackPlan } from '../track-plan.ts'
import { decodeSoundFor, isUnread, requireWell } from './decode-sound.ts'

/** A run directory with the original in `in/source`, and what its programs may use. */
export interface RunPlace {
  readonly directory: string
  readonly limits: SandboxLimits
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Is handed what ffmpeg complains of while it makes a film, piece by piece. */
  readonly onComplaint?: (text: string) => void
}

/** A piece of a track, in the order in which a player takes them. */
export interface MadePiece {
  readonly kind: 'init' | 'segment'
  readonly number: number
  readonly startMs: number
  readonly durationMs: number
  readonly content: Buffer
  /** Of the init section, by RFC 6381. */
  readonly codecs?: string
}

const segmentMs = 4000

/**
 * Makes one track by its commands and gives its pieces as they come. Resolves to its length.
 *
 * @throws bad_request when the original cannot be made into this track, with the reason; store_full; the signal's reason
 */
export async function makeTrack(
  place: RunPlace,
  plan: TrackPlan,
  commands: TrackCommands,
  onPiece: (piece: MadePiece) => Promise<void>,
): Promise<number> {
  if (commands.sound) await makeSoundFile(place, plan, commands.sound)
  const { film } = commands
  // What is left running when something here fails ends with this.
  const stop = new AbortController()
  const signal = AbortSignal.any([place.signal, stop.signal])
  const run = { directory: place.directory, timeoutMs: place.timeoutMs, signal }
  const running = spawnSandboxed('ffmpeg', {
    ...run,
    stdin: film.decoding ? 'pipe' : 'none',
    arguments: argumentsOf(film, 'pipe:1'),
    niceness: isHeavy(plan) ? heavyNiceness : 0,
    onComplaint: place.onComplaint,
  })
  running.ended.catch(() => undefined)
  const decoding = film.decoding ? decodeSoundFor(running, run, film.decoding) : Promise.resolve()
  const notDecoded = decoding.then(
    () => null,
    (cause: unknown) => cause,
  )
  let lengthMs: number
  try {
    lengthMs = await cutIntoPieces(running.stdout, plan, onPiece)
  } catch (error) {
    const why = await whyItFailed(error, running, stop)
    // What could not be decoded explains what could not be made of it; an abort by ourselves explains nothing.
    const cause = await notDecoded
    throw cause === null || cause === error ? why : cause
  }
  requireWell(await running.ended)
  await decoding
  return lengthMs
}

async function cutIntoPieces(
  source: AsyncIterable<Uint8Array>,
  plan: TrackPlan,
  onPiece: (piece: MadePiece) => Promise<void>,
): Promise<number> {
  const made = await openFragmentedFilm(source)
  const codecs = made.init.tracks.map(({ codec }) => codec).join(',')
  const content = writeInit(made.initBytes)
  await onPiece({ kind: 'init', number: 0, startMs: 0, durationMs: 0, content, codecs })
  const placing = { clockOffsetMs }
  const fragments =
    plan.picture?.way === 'copy' || plan.sound?.way === 'copy' ? withoutBroken(made.fragments) : made.fragments
  const segments = makeSegments(fragments, made.init, {
    ...{ segmentMs, segmentMsMax: viewingGrantMs },
    video: plan.picture ? { ...placing, isCopied: plan.picture.way === 'copy', endMs: plan.picture.endMs } : null,
    audio: plan.sound ? { ...placing, ...(plan.sound.way === 'encode' ? { endMs: plan.lengthMs } : {}) } : null,
  })
  let lengthMs = 0
  for await (const { number, startMs, durationMs, bytes } of segments) {
    await onPiece({ kind: 'segment', number, startMs, durationMs, content: bytes })
    lengthMs = startMs + durationMs
  }
  if (lengthMs === 0) throw new Fault('bad_request', undecodable.nothing_decodes.en)
  return lengthMs
}

/** @throws bad_request at the first picture or packet of sound whose structure is damaged: decoding leaves those out */
async function* withoutBroken(fragments: AsyncIterable<Fragment>): AsyncGenerator<Fragment, void, void> {
  for await (const fragment of fragments) {
    for (const track of fragment.tracks) {
      const [broken] = brokenSamples(track)
      if (!broken) continue
      const what = track.track.kind === 'video' ? 'a picture' : 'a packet of sound'
      const seconds = ((broken.atMs - clockOffsetMs) / 1000).toFixed(1)
      throw new Fault('bad_request', `${what} at ${seconds} s is damaged: ${broken.reason}`)
    }
    yield fragment
  }
}

/** Where the film broke off, what the program says of the file explains more. */
async function whyItFailed(
  error: unknown,
  { stdout, ended }: SandboxedProgram,
  stop: AbortController,
): Promise<unknown> {
  const end = ended.catch((cause: unknown) => ({ cause }))
  // What was cut short because the program was killed must not count as what it made of the file.
  const first = stdout.readableEnded ? await end : await Promise.race([end, settleTimeout()])
  stop.abort(error)
  await ended.catch(() => undefined)
  if (first === null) return error
  if ('cause' in first) return first.cause
  if (first.limit !== null) return beyondLimit(first.limit)
  const hasFailed = first.code !== 0 && first.code !== null
  // It complains of the broken pipe when it was not read to its end.
  if (!hasFailed || isUnread(first.stderr)) return error
  return notRead(notDecodedBecause(first.stderr), error)
}

/** A program whose output ended is about to end itself; one whose output was refused would wait for ever. */
function settleTimeout(): Promise<null> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), 500).unref()
  })
}

/** Makes the sound of a track as a file beside the original, so that the film takes both at the same pace. */
async function makeSoundFile(place: RunPlace, plan: TrackPlan, command: Command): Promise<void> {
  const { directory, timeoutMs } = place
  const name = soundFileName(plan.track)
  const stop = new AbortController()
  const run = { directory, timeoutMs, signal: AbortSignal.any([place.signal, stop.signal]) }
  const output = argumentsOf(command, `/out/${name}`)
  const running = spawnSandboxed('ffmpeg', { ...run, stdin: 'pipe', arguments: output, niceness: heavyNiceness })
  running.ended.catch(() => undefined)
  running.stdout.resume()
  try {
    await decodeSoundFor(running, run, command.decoding!)
    requireWell(await running.ended)
  } finally {
    stop.abort(new Error('the sound is made, or given up'))
    await running.ended.catch(() => undefined)
  }
  await rename(join(directory, 'out', name), join(directory, 'in', name))
}

function argumentsOf({ decoding, inputFlags: flags, soundFile, outputFlags, log }: Command, output: string): string[] {
  return [
    ...['-y', ...flags, '-i', decoding ? 'pipe:0' : '/in/source'],
    ...(soundFile ? [...soundInputFlags(soundFile), '-i', `/in/${soundFile.name}`] : []),
    ...[...outputFlags, output],
    ...(log ? [...log.flags, `/out/${log.fileName}`] : []),
  ]
}

function isHeavy({ picture, sound }: TrackPlan): boolean {
  return picture?.way === 'encode' || (picture === null && sound?.way === 'encode')
}
