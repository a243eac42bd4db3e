import { Decrypter, Encrypter } from 'age-encryption'
import { canonicalText, isJsonObject, type JsonValue, parseCanonical } from '../format/canonical.ts'
import { checkLength, malformed, unproven } from '../format/strict.ts'
import type { BatchHead } from './batch-file.ts'

// The keys of a batch: an age file (c2sp.org/age, X25519) to the bureau's recovery key. Inside, JSON (RFC 8785):
//
//   {"count": n, "first": n, "keys": [{"events": [leaf indexes], "key": hex, "subject": "type:id"}], "log": logId, "v": 1}
//
// It has a legal hold and no retention: to erase a subject, every such file that holds its key is written anew without it
// (from archive_key, which needs no recovery key) and the old version deleted by the disposal credential. The events'
// own object stays locked and cannot be read any more. An event that no key names is an erased one.

/** A subject's archive key and the events of this batch that it opens. */
export interface BatchKey {
  readonly subject: string
  readonly key: Buffer
  readonly events: readonly number[]
}

type Place = Pick<BatchHead, 'logId' | 'first' | 'count'>

/** Encrypts the keys to `recipient` (`age1…`). */
export async function wrapKeys(place: Place, keys: readonly BatchKey[], recipient: string): Promise<Buffer> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  const list = keys.map(({ subject, key, events }) => ({ subject, key: key.toString('hex'), events: [...events] }))
  const { logId, first, count } = place
  return Buffer.from(await encrypter.encrypt(canonicalText({ v: 1, log: logId, first, count, keys: list })))
}

/** Opens a file of keys with the recovery key (`AGE-SECRET-KEY-1…`). @throws unproven, malformed */
export async function unwrapKeys(place: Place, bytes: Uint8Array, identity: string): Promise<BatchKey[]> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  const text = await decrypter.decrypt(bytes, 'text').catch((cause: unknown) => {
    throw unproven('it was changed, or the recovery key is another', cause)
  })
  const value = parseCanonical(text)
  const isOurs = isJsonObject(value) && value.v === 1 && value.log === place.logId && value.first === place.first
  if (!isOurs || value.count !== place.count || !Array.isArray(value.keys)) {
    throw malformed('it holds keys of another batch')
  }
  return (value.keys as readonly JsonValue[]).map(readKey)
}

function readKey(value: JsonValue): BatchKey {
  if (!isJsonObject(value)) throw malformed('a key of a batch is a JSON object')
  const { subject, key, events } = value
  const areEvents = Array.isArray(events) && events.every((index) => typeof index === 'number')
  if (typeof subject !== 'string' || typeof key !== 'string' || !areEvents) {
    throw malformed('a key of a batch lacks subject, key or events')
  }
  const bytes = Buffer.from(key, 'hex')
  checkLength(bytes, 32, 'an archive key')
  return { subject, key: bytes, events: events as number[] }
}
