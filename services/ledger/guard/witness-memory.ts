import { hash } from 'node:crypto'
import { request } from 'undici'
import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import { Fault, isFault } from '../../foundation/errors.ts'
import type { LogKeys } from '../format/log-keys.ts'
import { openCheckpoint } from '../format/signed-checkpoint.ts'
import type { Witness } from '../format/witnesses.ts'
import type { Head } from '../log/head.ts'
import { newestPublished } from '../log/witnessed.ts'
import { askWitness } from '../witness/ask.ts'
import { openWitnessClient } from '../witness/client.ts'
import type { Memory } from './memory.ts'

const noteBytesMax = 1_000_000

interface WitnessMemoryDeps {
  readonly db: Db
  readonly keys: LogKeys
  readonly clock: Clock
}

/**
 * The newest checkpoint that a witness cosigned. "A witness SHOULD serve a recent checkpoint for each log it cosigned: GET
 * <monitoring prefix>/<origin hash>/checkpoint"; where it does not serve one of ours there, it is given our newest one by
 * add-checkpoint and compares: "If a client doesn't have information on the latest cosigned checkpoint, it MAY initially
 * make a request with a old size of zero to obtain it."
 */
export function witnessMemory(deps: WitnessMemoryDeps, witness: Witness & { readonly url: string }): Memory {
  return {
    name: `the witness ${witness.name}`,
    recall: async (signal) => {
      const served = await servedHead(deps.keys, witness.url, signal)
      if (served !== null) return [served]
      await submitNewest(deps, witness, signal)
      return []
    },
  }
}

/** Null when nothing is served there that the log signed: the witness is then asked in the other way. */
async function servedHead(keys: LogKeys, url: string, signal: AbortSignal): Promise<Head | null> {
  const address = `${url.replace(/\/+$/, '')}/${hash('sha256', keys.origin)}/checkpoint`
  const note = await fetchText(address, signal)
  if (note === null) return null
  try {
    const { size, root } = openCheckpoint(note, keys)
    return { size, root }
  } catch (error) {
    if (isFault(error, 'malformed') || isFault(error, 'unproven')) return null
    throw error
  }
}

async function fetchText(address: string, signal: AbortSignal): Promise<string | null> {
  try {
    const { statusCode, body } = await request(address, { signal })
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > noteBytesMax) return null
      chunks.push(chunk)
    }
    return statusCode === 200 ? Buffer.concat(chunks).toString('utf8') : null
  } catch (cause) {
    throw new Fault('not_ready', `${address} does not answer`, { cause })
  }
}

/** Has the witness compare. @throws log_forked when it says that ours is not what it cosigned, or goes on from it */
async function submitNewest(
  { db, clock }: WitnessMemoryDeps,
  witness: Witness & { readonly url: string },
  signal: AbortSignal,
): Promise<void> {
  const newest = await newestPublished(db)
  if (newest === null) return
  const client = openWitnessClient(witness.url)
  try {
    const nowSeconds = Math.floor(clock.now().getTime() / 1000)
    await askWitness({ db, client }, witness, newest, { lastSize: 0, nowSeconds, signal })
  } finally {
    await client.close()
  }
}
