import { readFile } from 'node:fs/promises'
import type { Clock } from '../foundation/clock.ts'
import { Fault } from '../foundation/errors.ts'
import { addCheckpointBytesMax, parseAddCheckpoint } from '../ledger/format/witness-protocol.ts'
import { type Answer, answerAddCheckpoint } from './answer.ts'
import { keepEvidence } from './evidence.ts'
import type { WitnessSettings } from './settings.ts'
import { readState } from './state.ts'

/** A checkpoint that was brought by hand, cosigned. */
export interface SignedFile {
  readonly origin: string
  readonly size: number
  readonly root: Buffer
  /** The checkpoint with the log's and our signatures: what goes back. */
  readonly note: string
  /** It had been cosigned before; nothing changed. */
  readonly again: boolean
}

/**
 * Courier mode: judges the file at `path`, a body of add-checkpoint, as if it had come over the network, with the same state. The
 * file of the checkpoint that was cosigned last is answered with what was signed then.
 *
 * @throws malformed for another kind of file; log_forked for a checkpoint that does not continue the last one; conflict,
 *   unproven or not_found for one that starts elsewhere, is not signed by its log, or is of a log that is not known
 */
export async function signFile(settings: WitnessSettings, clock: Clock, path: string): Promise<SignedFile> {
  const body = await readFile(path, 'utf8').catch((cause) => {
    throw new Fault('bad_request', `${path} cannot be read`, { cause })
  })
  if (Buffer.byteLength(body) > addCheckpointBytesMax)
    throw new Fault('malformed', `${path} is too long to be a request`)
  const answer = await answerAddCheckpoint(settings, clock, body)
  const { submitted, note } = answer
  if (submitted && note !== null) return { ...submitted, note, again: false }
  if (submitted && answer.status === 409) return signedBefore(settings, submitted, body)
  if (submitted && answer.status === 422) {
    await keepEvidence(settings.folder, body, submitted, await readState(settings.folder, submitted.origin))
  }
  throw refusalOf(answer, path)
}

async function signedBefore(
  settings: WitnessSettings,
  submitted: NonNullable<Answer['submitted']>,
  body: string,
): Promise<SignedFile> {
  const last = await readState(settings.folder, submitted.origin)
  if (last.note !== null && last.size === submitted.size) {
    if (last.root.equals(submitted.root)) return { ...submitted, note: last.note, again: true }
    await keepEvidence(settings.folder, body, submitted, last)
    throw new Fault(
      'log_forked',
      `this witness has cosigned another tree of ${last.size} events of ${submitted.origin}: the log has two histories. Nothing was signed; the file is kept as evidence`,
    )
  }
  if (submitted.size < last.size) {
    throw new Fault(
      'conflict',
      `the file's checkpoint has ${submitted.size} events, but this witness has cosigned ${last.size}: it is an old file, or the log was put back. Have it exported again`,
    )
  }
  const { oldSize } = parseAddCheckpoint(body)
  throw new Fault(
    'conflict',
    `the file leads on from ${oldSize} events, but this witness stands at ${last.size}: bring its last answer back first, then have the file exported again`,
  )
}

function refusalOf(answer: Answer, path: string): Fault {
  const words = answer.body.trim()
  if (answer.status === 422)
    return new Fault('log_forked', `${path}: ${words}. Nothing was signed; the file is kept as evidence`)
  if (answer.status === 403) return new Fault('unproven', `${path}: ${words}: it was changed, or the log's key was`)
  if (answer.status === 404) return new Fault('not_found', `${path}: ${words}: it is of another bureau's`)
  return new Fault('malformed', `${path}: ${words}: was it cut on the way?`)
}
