import type { Clock } from '../foundation/clock.ts'
import { isFault } from '../foundation/errors.ts'
import { type Checkpoint, parseCheckpoint } from '../ledger/format/checkpoint.ts'
import { cosign } from '../ledger/format/cosignature.ts'
import { keysAt, type LogKeys } from '../ledger/format/log-keys.ts'
import { emptyFrontier, rootOf, verifyConsistency } from '../ledger/format/merkle.ts'
import { joinNote, type NoteSignature, splitNote } from '../ledger/format/note.ts'
import { openCheckpoint } from '../ledger/format/signed-checkpoint.ts'
import {
  type AddCheckpoint,
  parseAddCheckpoint,
  signatureLines,
  treeSizeText,
} from '../ledger/format/witness-protocol.ts'
import type { WitnessSettings } from './settings.ts'
import { type ReadState, readState, replaceState } from './state.ts'

/** What add-checkpoint answers, by c2sp.org/tlog-witness: the body is that of the HTTP answer. */
export interface Answer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422
  readonly body: string
  /** The log and the checkpoint that was submitted, as far as they could be read and its signature held. */
  readonly submitted: { readonly origin: string; readonly size: number; readonly root: Buffer } | null
  /** With 422: what was cosigned last, which the submitted checkpoint does not continue. */
  readonly refusedBy: ReadState | null
  /** With 200: the checkpoint with the log's and our signatures. */
  readonly note: string | null
}

const emptyRoot = rootOf(emptyFrontier)

/**
 * Judges a submitted checkpoint and cosigns it with every key when it continues what was cosigned before. The new state is on
 * the disk before this resolves: "The witness MUST persist the new checkpoint before responding."
 *
 * @throws bad_config when the state of the log is gone or damaged
 */
export async function answerAddCheckpoint(settings: WitnessSettings, clock: Clock, body: string): Promise<Answer> {
  const request = parseOrNull(() => parseAddCheckpoint(body))
  const checkpoint = request && parseOrNull(() => parseCheckpoint(splitNote(request.note).text))
  if (!request || !checkpoint) return refusal(400, 'this is no add-checkpoint request of c2sp.org/tlog-witness')
  // "If the checkpoint origin is unknown, the witness MUST respond with a "404 Not Found" HTTP status code."
  const log = settings.logs.find(({ origin }) => origin === checkpoint.origin)
  if (!log) return refusal(404, 'this witness does not know this log')
  if (!isSignedBy(log, request.note))
    return refusal(403, 'the checkpoint is not signed by every key of its log that signs at this size')

  const submitted = { origin: log.origin, size: checkpoint.size, root: checkpoint.root }
  // "The old size MUST be equal to or lower than the checkpoint size."
  if (request.oldSize > checkpoint.size) return refusal(400, 'the old size is beyond that of the checkpoint', submitted)
  const last = await readState(settings.folder, log.origin)
  if (request.oldSize !== last.size) return conflict(last, submitted)
  if (!continues(last, request, checkpoint)) {
    const body = 'the checkpoint does not continue the one that was cosigned last\n'
    return { status: 422, body, submitted, refusedBy: last, note: null }
  }
  const cosigned = cosignedNote(settings, log, request.note, clock.now())
  const next = { size: checkpoint.size, root: checkpoint.root, note: cosigned.note, cosignedAt: clock.now() }
  const isLast = await replaceState(settings.folder, log.origin, last, next)
  if (!isLast) return conflict(await readState(settings.folder, log.origin), submitted)
  return { status: 200, body: cosigned.lines, submitted, refusedBy: null, note: cosigned.note }
}

/**
 * Every key of the log that signs at this size must have signed. "403 Forbidden … if either no signature from a trusted key for the origin is present, or a signature line's key name and ID
 * match a trusted key but the signature itself fails to verify".
 */
function isSignedBy(log: LogKeys, note: string): boolean {
  try {
    openCheckpoint(note, log)
    return true
  } catch (error) {
    if (isFault(error, 'unproven')) return false
    throw error
  }
}

function continues(last: ReadState, request: AddCheckpoint, checkpoint: Checkpoint): boolean {
  // "A checkpoint of size zero MUST have the root hash of the empty tree"
  if (checkpoint.size === 0 && !checkpoint.root.equals(emptyRoot)) return false
  // With old size zero "the consistency proof MUST be empty"; with equal sizes the roots must be: both stand in this check.
  return verifyConsistency({
    oldSize: last.size,
    oldRoot: last.size === 0 ? emptyRoot : last.root,
    newSize: checkpoint.size,
    newRoot: checkpoint.root,
    proof: request.proof,
  })
}

/** Our signature lines, and what a monitor is given: those and the log's, without lines that nobody verified. */
function cosignedNote(settings: WitnessSettings, log: LogKeys, note: string, now: Date) {
  const { text, signatures } = splitNote(note)
  const logKeys = keysAt(log, parseCheckpoint(text).size)
  const timestampSeconds = Math.floor(now.getTime() / 1000)
  const own: NoteSignature[] = settings.signers.map((signer) => ({
    name: signer.name,
    keyId: signer.keyId,
    signature: cosign(signer, text, timestampSeconds),
  }))
  const ofLog = signatures.filter((one) => logKeys.some((key) => key.name === one.name && key.keyId === one.keyId))
  return { lines: signatureLines(text, own), note: joinNote(text, [...ofLog, ...own]) }
}

function conflict(last: ReadState, submitted: Answer['submitted']): Answer {
  return { status: 409, body: treeSizeText(last.size), submitted, refusedBy: null, note: null }
}

function refusal(status: 400 | 403 | 404, words: string, submitted: Answer['submitted'] = null): Answer {
  return { status, body: `${words}\n`, submitted, refusedBy: null, note: null }
}

function parseOrNull<T>(parse: () => T): T | null {
  try {
    return parse()
  } catch (error) {
    if (isFault(error, 'malformed')) return null
    throw error
  }
}
