import { parseCheckpoint } from './checkpoint.ts'
import { verifyCosignature } from './cosignature.ts'
import { keyKind, type VerifierKey } from './keys.ts'
import { joinNote, type NoteSignature, splitNote } from './note.ts'
import { checkCount, checkLength, checkSpelling, malformed, readBase64, readDecimal } from './strict.ts'

/** "The client MUST NOT send more than 63 consistency proof lines." */
export const proofLinesMax = 63
/** "The response MUST have a `Content-Type` of `text/x.tlog.size`." */
export const treeSizeMediaType = 'text/x.tlog.size'
/** Room for 63 hashes and sixteen ML-DSA-44 signatures. */
export const addCheckpointBytesMax = 64 * 1024
/** A witness's clock may be ahead of ours by this much. */
const futureSecondsMax = 5 * 60

/** What a log submits to a witness, c2sp.org/tlog-witness. */
export interface AddCheckpoint {
  /** Size of the checkpoint that the witness cosigned last; 0 for none. */
  readonly oldSize: number
  readonly proof: readonly Buffer[]
  /** The signed note of the checkpoint. */
  readonly note: string
}

/** A cosignature that verified over the checkpoint it was asked for. */
export interface Cosignature {
  readonly key: VerifierKey
  /** The signature line as it was given, with its newline. */
  readonly line: string
  /** POSIX time that the witness states. */
  readonly timestampSeconds: number
}

/** The cosignatures of an answer, and why its other lines do not count. */
export interface JudgedAnswer {
  readonly cosignatures: readonly Cosignature[]
  readonly ignored: readonly string[]
}

/**
 * The body of add-checkpoint: "an old size line, zero or more consistency proof lines, and an empty line, followed by a
 * checkpoint."
 *
 * @throws malformed
 */
export function addCheckpointText({ oldSize, proof, note }: AddCheckpoint): string {
  checkCount(oldSize, 'the old size')
  if (proof.length > proofLinesMax) throw malformed(`a consistency proof has at most ${proofLinesMax} lines`)
  for (const hash of proof) checkLength(hash, 32, 'a hash of the consistency proof')
  splitNote(note)
  return `${[`old ${oldSize}`, ...proof.map((hash) => hash.toString('base64'))].join('\n')}\n\n${note}`
}

/**
 * Reads a body of add-checkpoint strictly. It proves nothing yet.
 *
 * @throws malformed
 */
export function parseAddCheckpoint(text: string): AddCheckpoint {
  const end = text.indexOf('\n\n')
  if (end < 0) throw malformed('the request has no empty line before its checkpoint')
  const [first = '', ...hashes] = text.slice(0, end).split('\n')
  if (!first.startsWith('old ')) throw malformed('the request does not begin with "old <size>"')
  if (hashes.length > proofLinesMax) throw malformed(`a consistency proof has at most ${proofLinesMax} lines`)
  const request = {
    oldSize: readDecimal(first.slice('old '.length), 'the old size'),
    proof: hashes.map((line) => readBase64(line, 'a hash of the consistency proof')),
    note: text.slice(end + 2),
  }
  checkSpelling(addCheckpointText(request), text, 'the request')
  return request
}

/** "The response body MUST consist of the tree size of the latest cosigned checkpoint in decimal, followed by a newline" */
export function treeSizeText(size: number): string {
  checkCount(size, 'the tree size')
  return `${size}\n`
}

/** @throws malformed for anything but a tree size and a newline */
export function parseTreeSize(text: string): number {
  if (!text.endsWith('\n')) throw malformed('the tree size does not end in a newline')
  return readDecimal(text.slice(0, -1), 'the tree size')
}

/** Signature lines of a note, as add-checkpoint answers them. @throws malformed */
export function signatureLines(text: string, signatures: readonly NoteSignature[]): string {
  return joinNote(text, signatures).slice(text.length + 1)
}

/**
 * Reads the answer of add-checkpoint over the checkpoint whose note text is `text`, with the keys of this witness: "The
 * client MUST ignore any cosignatures from unknown keys." A line of a known key counts only when it verifies over exactly
 * this text and "the timestamp MUST NOT be zero"; of times past now by minutes, "verifiers MAY reject cosignatures with
 * timestamps in the future". Of several lines of one key the first that counts is taken.
 *
 * @param nowSeconds POSIX time
 * @throws malformed for what are no signature lines, or no checkpoint
 */
export function judgeAnswer(
  answer: string,
  text: string,
  keys: readonly VerifierKey[],
  nowSeconds: number,
): JudgedAnswer {
  parseCheckpoint(text)
  const cosignatures: Cosignature[] = []
  const ignored: string[] = []
  for (const signature of splitNote(`${text}\n${answer}`).signatures) {
    const key = keys.find((known) => known.name === signature.name && known.keyId === signature.keyId)
    if (key === undefined) {
      ignored.push(`${signature.name}: a key that is not known for this witness`)
      continue
    }
    const timestampSeconds = verifyCosignature(key, text, signature.signature)
    const problem = problemOf(timestampSeconds, nowSeconds)
    if (problem !== null) ignored.push(`${signature.name}: ${problem}`)
    else if (!cosignatures.some((other) => other.key === key)) {
      const line = signatureLines(text, [signature])
      cosignatures.push({ key, line, timestampSeconds: timestampSeconds as number })
    }
  }
  return { cosignatures, ignored }
}

/** The kinds of a witness' keys that gave no cosignature that counts, for people; null when none is missing. */
export function missingKinds(keys: readonly VerifierKey[], cosignatures: readonly Cosignature[]): string | null {
  const missing = keys.filter((key) => !cosignatures.some((one) => one.key === key))
  return missing.length === 0 ? null : missing.map(({ type }) => keyKind(type)).join(' and ')
}

function problemOf(timestampSeconds: number | null, nowSeconds: number): string | null {
  if (timestampSeconds === null) return 'its signature is not one over this checkpoint'
  if (timestampSeconds === 0) return 'it states no time'
  if (timestampSeconds <= nowSeconds + futureSecondsMax) return null
  return `it states a time ${timestampSeconds - Math.floor(nowSeconds)} s ahead of this clock (limit ${futureSecondsMax} s)`
}
