import { checkCount, checkLength, checkSpelling, malformed, readBase64, readDecimal } from './strict.ts'

/** That an entry is in the log, for readers without the log. `extra` is "opaque" and "not authenticated". */
export interface LogProof {
  readonly index: number
  readonly hashes: readonly Buffer[]
  /** The signed note, verbatim. */
  readonly checkpoint: string
  readonly extra?: Buffer
}

const header = 'c2sp.org/tlog-proof@v1'
/** A tree of 2^53 leaves has no longer path. */
const hashesMax = 53

/**
 * Writes a proof as text, c2sp.org/tlog-proof; its file extension is `.tlog-proof`.
 *
 * @throws malformed
 */
export function encodeProof(proof: LogProof): string {
  checkCount(proof.index, 'the index of the proof')
  if (proof.hashes.length > hashesMax) throw malformed(`a proof has at most ${hashesMax} hashes`)
  for (const hash of proof.hashes) checkLength(hash, 32, 'a hash of the proof')
  // "If no extra data is present, this line is omitted."
  if (proof.extra?.length === 0) throw malformed('the extra data of the proof is empty')
  const lines = [
    header,
    ...(proof.extra === undefined ? [] : [`extra ${proof.extra.toString('base64')}`]),
    `index ${proof.index}`,
    ...proof.hashes.map((hash) => hash.toString('base64')),
  ]
  return `${lines.join('\n')}\n\n${proof.checkpoint}`
}

/**
 * Reads a proof strictly. It proves nothing yet: see `verifyDisclosed`.
 *
 * @throws malformed
 */
export function parseProof(text: string): LogProof {
  // "After the inclusion proof lines and an empty line, the checkpoint … is included verbatim"
  const split = text.indexOf('\n\n')
  if (split < 0) throw malformed('the proof has no checkpoint')
  const [first, ...lines] = text.slice(0, split).split('\n')
  if (first !== header) throw malformed(`a proof begins with ${header}`)
  const extra = lines[0]?.startsWith('extra ')
    ? readBase64(lines.shift()!.slice(6), 'the extra data of the proof')
    : undefined
  const index = lines.shift()
  if (index === undefined || !index.startsWith('index ')) throw malformed('the proof names no index')
  const proof: LogProof = {
    index: readDecimal(index.slice(6), 'the index of the proof'),
    hashes: lines.map((line) => readBase64(line, 'a hash of the proof')),
    checkpoint: text.slice(split + 2),
    ...(extra === undefined ? {} : { extra }),
  }
  checkSpelling(encodeProof(proof), text, 'the proof')
  return proof
}
