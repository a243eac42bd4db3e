import { Pool } from 'undici'
import { Fault, isFault } from '../../foundation/errors.ts'
import {
  type AddCheckpoint,
  addCheckpointBytesMax,
  addCheckpointText,
  parseTreeSize,
  treeSizeMediaType,
} from '../format/witness-protocol.ts'

/** What a witness answers to add-checkpoint: lines not believed yet, or the size that it cosigned last. */
export type WitnessAnswer =
  | { readonly kind: 'cosigned'; readonly lines: string }
  | { readonly kind: 'conflict'; readonly size: number }

/** A witness over HTTP, with a connection that is kept. */
export interface WitnessClient {
  /**
   * Submits a checkpoint.
   *
   * @throws log_forked for 422: it says that this tree does not continue the one it cosigned; bad_config for 400, 403 and
   *   404, which a person has to mend; malformed for an answer that cannot be read; not_ready for all that may pass
   */
  addCheckpoint(request: AddCheckpoint, signal: AbortSignal): Promise<WitnessAnswer>
  close(): Promise<void>
}

const connectTimeoutMs = 5_000
const answerTimeoutMs = 15_000
/** What is shown of the words with which a witness refuses. */
const wordsMax = 200

/**
 * A client for the submission prefix `url`, c2sp.org/tlog-witness: "Clients SHOULD use, and witnesses SHOULD support, HTTP
 * keep-alive HTTP connections".
 */
export function openWitnessClient(url: string, options: { answerTimeoutMs?: number } = {}): WitnessClient {
  const { origin, pathname } = new URL(url)
  const path = `${pathname.replace(/\/+$/, '')}/add-checkpoint`
  const timeoutMs = options.answerTimeoutMs ?? answerTimeoutMs
  const pool = new Pool(origin, {
    connections: 1,
    connect: { timeout: connectTimeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  })
  return {
    addCheckpoint: async (request, signal) => {
      const body = addCheckpointText(request)
      try {
        const answer = await pool.request({
          method: 'POST',
          path,
          headers: { 'content-type': 'text/plain; charset=utf-8' },
          body,
          // The pool's own limits start anew with each byte: this one holds for an answer that drips.
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        })
        const text = await readAtMost(answer.body, addCheckpointBytesMax)
        return judgeStatus(answer.statusCode, mediaTypeOf(answer.headers['content-type']), text)
      } catch (error) {
        if (isFault(error)) throw error
        throw new Fault('not_ready', `the witness at ${origin} does not answer`, { cause: error })
      }
    },
    close: () => pool.destroy(),
  }
}

async function readAtMost(body: AsyncIterable<Buffer>, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    // Leaving the loop ends the connection: nothing more is taken.
    if (bytes > bytesMax) throw new Fault('malformed', `the witness's answer is longer than ${bytesMax} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function judgeStatus(status: number, mediaType: string, text: string): WitnessAnswer {
  if (status === 200) return { kind: 'cosigned', lines: text }
  if (status === 409 && mediaType === treeSizeMediaType) return { kind: 'conflict', size: parseTreeSize(text) }
  throw new Fault(...refusalOf(status, wordsOf(text)))
}

function refusalOf(status: number, words: string): ['log_forked' | 'bad_config' | 'not_ready' | 'malformed', string] {
  if (status === 422) {
    return ['log_forked', `the witness says that this tree does not continue the one it cosigned (422${words})`]
  }
  if (status === 404) {
    return ['bad_config', `the witness does not know this log: its keeper has to enter origin and key (404${words})`]
  }
  if (status === 403) {
    return [
      'bad_config',
      `the witness trusts none of the keys that signed: compare the log's keys with it (403${words})`,
    ]
  }
  if (status === 400) return ['bad_config', `the witness cannot read what is sent to it (400${words})`]
  if (status === 409) return ['malformed', `the witness answers 409 without the size it cosigned last${words}`]
  return ['not_ready', `the witness answers ${status}${words}`]
}

function mediaTypeOf(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header.join() : (header ?? '')).split(';', 1)[0]!.trim().toLowerCase()
}

/** Its words, cut, on one line and without what could steer a terminal. */
function wordsOf(text: string): string {
  const words = text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, wordsMax)
  return words === '' ? '' : `: ${words}`
}
