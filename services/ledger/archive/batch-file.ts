import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { canonicalText, isJsonObject, type JsonValue, parseCanonical } from '../format/canonical.ts'
import { parseLeafData } from '../format/entry.ts'
import { checkLength, malformed, readBase64, unproven } from '../format/strict.ts'

// The file of a batch of events: lines of JSON (RFC 8785), each ended by a newline. The first says what it is, then one
// line for each leaf, ascending. `sealed` is null where body and salt in the database were no longer what the leaf had
// committed: nothing false is archived, and what is lost is seen to be lost.
//
//   {"at": time of the checkpoint, "count": n, "first": n, "log": logId, "v": 1}
//   {"id": event id, "index": n, "leaf": {…as it stands in the tree…}, "sealed": base64(nonce[12] || ciphertext || tag[16])}
//
// AES-256-GCM under the archive key of the event's first subject. The associated data are the line "custody event archive
// v1", the logId and the index, each ended by a newline: no ciphertext can be moved to another place or another log. The
// plaintext is the JSON of {"body": text, "committedAt": text, "salt": hex}.

export interface BatchHead {
  readonly logId: string
  readonly first: number
  readonly count: number
  /** When the checkpoint over it was signed. */
  readonly at: Date
}

/** What is sealed of an event. `committedAt` is UTC to the microsecond, as the database has it. */
export interface SealedEvent {
  readonly body: string
  readonly salt: Buffer
  readonly committedAt: string
}

export interface BatchLine {
  readonly index: number
  readonly id: string
  /** The leaf's bytes in the tree. */
  readonly leaf: Buffer
  readonly sealed: Buffer | null
}

const cipher = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** Encrypts an event for its place in the log with a key of 32 bytes. */
export function sealEvent(event: SealedEvent, key: Buffer, place: { logId: string; index: number }): Buffer {
  const { body, salt, committedAt } = event
  const nonce = randomBytes(nonceBytes)
  const sealing = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes })
  sealing.setAAD(placeText(place))
  const text = canonicalText({ body, committedAt, salt: salt.toString('hex') })
  return Buffer.concat([nonce, sealing.update(text, 'utf8'), sealing.final(), sealing.getAuthTag()])
}

/** Opens what `sealEvent` made. @throws unproven when key, place or bytes are others; malformed */
export function unsealEvent(sealed: Buffer, key: Buffer, place: { logId: string; index: number }): SealedEvent {
  if (sealed.length < nonceBytes + tagBytes) throw malformed(`the sealed event of leaf ${place.index} is cut`)
  const opening = createDecipheriv(cipher, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
  opening.setAAD(placeText(place))
  opening.setAuthTag(sealed.subarray(-tagBytes))
  let text: string
  try {
    const bytes = [opening.update(sealed.subarray(nonceBytes, -tagBytes)), opening.final()]
    text = Buffer.concat(bytes).toString('utf8')
  } catch (cause) {
    throw unproven(`the sealed event of leaf ${place.index} was changed, or its key is another`, cause)
  }
  const value = parseCanonical(text)
  if (!isJsonObject(value)) throw malformed('a sealed event is a JSON object')
  const salt = Buffer.from(textOf(value.salt, 'salt'), 'hex')
  checkLength(salt, 32, 'the salt')
  return { body: textOf(value.body, 'body'), committedAt: textOf(value.committedAt, 'committedAt'), salt }
}

export function writeBatch(head: BatchHead, lines: readonly BatchLine[]): Buffer {
  const { logId, first, count, at } = head
  const texts = [canonicalText({ at: at.toISOString(), count, first, log: logId, v: 1 })]
  for (const { index, id, leaf, sealed } of lines) {
    const parsed = parseCanonical(leaf.toString('utf8'))
    texts.push(canonicalText({ id, index, leaf: parsed, sealed: sealed?.toString('base64') ?? null }))
  }
  return Buffer.from(`${texts.join('\n')}\n`, 'utf8')
}

/** Reads a batch strictly: every line in its place, every leaf one of the tree's form. @throws malformed */
export function readBatch(bytes: Buffer): { head: BatchHead; lines: BatchLine[] } {
  const texts = bytes.toString('utf8').split('\n')
  if (texts.pop() !== '') throw malformed('the batch does not end in a newline')
  const head = readHead(texts[0] ?? '')
  if (texts.length - 1 !== head.count) {
    throw malformed(`the batch has ${texts.length - 1} lines of events instead of ${head.count}`)
  }
  return { head, lines: texts.slice(1).map((text, offset) => readLine(text, head.first + offset)) }
}

function readHead(text: string): BatchHead {
  const value = parseCanonical(text)
  if (!isJsonObject(value) || value.v !== 1) throw malformed('the batch does not begin with a head of version 1')
  const { at, count, first, log } = value
  if (typeof count !== 'number' || typeof first !== 'number' || typeof log !== 'string') {
    throw malformed('the head of the batch lacks count, first or log')
  }
  return { logId: log, first, count, at: new Date(textOf(at, 'at')) }
}

function readLine(text: string, index: number): BatchLine {
  const value = parseCanonical(text)
  if (!isJsonObject(value) || value.index !== index || value.leaf === undefined) {
    throw malformed(`a line of the batch is not that of leaf ${index}`)
  }
  const leaf = Buffer.from(canonicalText(value.leaf), 'utf8')
  parseLeafData(leaf)
  const sealed = value.sealed === null ? null : readBase64(textOf(value.sealed, 'sealed'), 'a sealed event')
  return { index, id: textOf(value.id, 'id'), leaf, sealed }
}

function placeText({ logId, index }: { logId: string; index: number }): Buffer {
  return Buffer.from(`custody event archive v1\n${logId}\n${index}\n`, 'utf8')
}

function textOf(value: JsonValue | undefined, name: string): string {
  if (typeof value !== 'string') throw malformed(`${name} is not a text`)
  return value
}
