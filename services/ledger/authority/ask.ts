import { randomBytes } from 'node:crypto'
import { request } from 'undici'
import { Fault, isFault } from '../../foundation/errors.ts'
import { nonceBytes, timestampRequest } from '../timestamp/request.ts'
import { type VerifiedTimestamp, verifyTimestamp } from '../timestamp/timestamp.ts'
import type { TimestampAuthority } from './authorities.ts'

/** Larger than any token with its certificates. */
const answerBytesMax = 64 * 1024

/**
 * Asks one authority for a time-stamp over these bytes by HTTP (RFC 3161 §3.4) and verifies the answer on arrival: a known
 * public authority gives invalid ones.
 *
 * @param timeoutMs for the whole exchange
 * @throws not_ready when it cannot be reached, is too slow, or answers something that is no time-stamp of these bytes
 */
export async function askAuthority(
  authority: TimestampAuthority,
  stamped: Uint8Array,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<VerifiedTimestamp & { readonly response: Buffer }> {
  const nonce = randomBytes(nonceBytes)
  const response = await exchange(authority, timestampRequest(stamped, nonce), options)
  try {
    return { ...(await verifyTimestamp(response, stamped, authority.rootsPem, nonce)), response }
  } catch (cause) {
    if (!isFault(cause)) throw cause
    throw new Fault('not_ready', cause.message, { cause, details: cause.details })
  }
}

async function exchange(
  authority: TimestampAuthority,
  query: Buffer,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<Buffer> {
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const { statusCode, body } = await request(authority.url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: query,
      signal: AbortSignal.any([signal, timeout]),
    })
    if (statusCode !== 200) {
      await body.dump()
      throw new Fault('not_ready', `it answers with HTTP status ${statusCode}`)
    }
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length
      // Leaving the loop ends the connection.
      if (bytes > answerBytesMax) throw new Fault('not_ready', `its answer has more than ${answerBytesMax} bytes`)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch (cause) {
    if (isFault(cause)) throw cause
    if (timeout.aborted) throw new Fault('not_ready', `it did not answer within ${timeoutMs / 1000} s`, { cause })
    throw new Fault('not_ready', 'it cannot be reached', { cause })
  }
}
