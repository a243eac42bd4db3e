import { hash } from 'node:crypto'
import { checkLength } from '../format/strict.ts'
import { tags, writeDer } from './der.ts'

export const nonceBytes = 8

/** AlgorithmIdentifier of SHA-256 with NULL parameters, as most authorities expect it. */
const sha256 = Buffer.from('300d06096086480165030402010500', 'hex')
const one = Uint8Array.of(1)

/**
 * A TimeStampReq, RFC 3161 §2.4.1, for the SHA-256 of these bytes, asking for the authority's certificate: "If the certReq
 * field is present and set to true, the TSA's public key certificate … MUST be provided".
 *
 * @param nonce 8 random bytes
 * @throws malformed for a nonce of another length
 */
export function timestampRequest(stamped: Uint8Array, nonce: Uint8Array): Buffer {
  checkLength(nonce, nonceBytes, 'the nonce')
  const imprint = writeDer(tags.sequence, sha256, writeDer(tags.octets, hash('sha256', stamped, 'buffer')))
  return Buffer.from(
    writeDer(
      tags.sequence,
      writeDer(tags.integer, one),
      imprint,
      writeDer(tags.integer, positive(nonce)),
      writeDer(tags.boolean, Uint8Array.of(0xff)),
    ),
  )
}

/** The content of the INTEGER of an unsigned number, in the fewest octets. */
function positive(number: Uint8Array): Uint8Array {
  const first = number.findIndex((octet) => octet !== 0)
  if (first < 0) return Uint8Array.of(0)
  const significant = number.subarray(first)
  return significant[0]! < 0x80 ? significant : Uint8Array.of(0, ...significant)
}
