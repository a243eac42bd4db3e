import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { undecodable } from '../../../services/custody/events/not-playable-words.ts'
import { viewingGrantMs } from '../../../services/custody/viewing/open.ts'
import { Fault } from '../../../services/foundation/errors.ts'
import { runFfmpeg } from '../ffmpeg.ts'
import { brokenSamples } from '../fragments/access-units.ts'
import { openFragmentedFilm } from '../fragments/fragment-stream.ts'
import type { Fragment } from '../fragments/read-moof.ts'
import { makeSegments } from '../fragments/segmenter.ts'
import { writeInit } from '../fragments/write-init.ts'
import { beyondLimit, notDecodedBecause, notRead } from '../not-playable.ts'
import { type Command, clockOffsetMs, soundFileName, soundInputFlags, type TrackCommands } from '../plan/commands.ts'
import { heavyNiceness, type SandboxedProgram, type SandboxLimits, spawnSandboxed } from '../sandbox.ts'
import type { TrackPlan } from '../track-plan.ts'

/** A run directory with the original in `in/source`, and what its programs may use. */
export interface RunPlace {
  readonly directory: string
  readonly limits: SandboxLimits
  readonly timeoutMs: number
  readonly signal: AbortSignal
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
  const running = spawnSandboxed('ffmpeg', {
    ...{ directory: place.directory, timeoutMs: place.timeoutMs, signal },
    arguments: argumentsOf(film),
    niceness: isHeavy(plan) ? heavyNiceness : 0,
  })
  running.ended.catch(() => undefined)
  let lengthMs: number
  try {
    lengthMs = await cutIntoPieces(running.stdout, plan, onPiece)
  } catch (error) {
    throw await whyItFailed(error, running, stop)
  }
  const { outcome, code, stderr } = await running.ended
  if (outcome === 'too_long') throw beyondLimit(tooLong(place.timeoutMs))
  if (outcome === 'too_much') throw beyondLimit('what was made of it is larger than it may be')
  if (code !== 0) throw notRead(notDecodedBecause(stderr))
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
  if (first.limit !== null) return beyondLimit(`ffmpeg: ${first.limit}`)
  const hasFailed = first.code !== 0 && first.code !== null
  // It complains of the broken pipe when it was not read to its end.
  if (!hasFailed || /Broken pipe|Connection reset by peer/.test(first.stderr)) return error
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
  const name = soundFileName(plan.track)
  const made = await runFfmpeg({
    ...{ directory: place.directory, input: 'source', inputFlags: command.inputFlags, output: name },
    outputFlags: command.outputFlags,
    log: command.log,
    timeoutMs: place.timeoutMs,
    isHeavy: true,
    signal: place.signal,
  })
  if (!made.ok) throw notRead(made)
  await rename(join(place.directory, 'out', name), join(place.directory, 'in', name))
}

function argumentsOf({ inputFlags: flags, soundFile, outputFlags, log }: Command): string[] {
  return [
    ...['-y', ...flags, '-i', '/in/source'],
    ...(soundFile ? [...soundInputFlags(soundFile), '-i', `/in/${soundFile.name}`] : []),
    ...[...outputFlags, 'pipe:1'],
    ...(log ? [...log.flags, `/out/${log.fileName}`] : []),
  ]
}

function isHeavy({ picture, sound }: TrackPlan): boolean {
  return picture?.way === 'encode' || (picture === null && sound?.way === 'encode')
}

function tooLong(timeoutMs: number): string {
  return `it took more than ${Math.round(timeoutMs / 1000)} s, which is all that it may`
}
