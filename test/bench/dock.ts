// A dock as lean as can be: one PATCH, bytes that were hashed before, nothing beside it on the clock.

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { Readable } from 'node:stream'
import type { Bureau } from './bureau.ts'
import { stepLimitMs } from './harness.ts'

const mebibyte = 1024 * 1024
const agent = new Agent({ keepAlive: true, maxSockets: 256 })

/** A file on a device: its length, its digest, and its bytes as often as they are wanted. */
export interface Footage {
  readonly bytes: number
  readonly sha256: string
  open(): Readable
}

export interface Uploaded {
  readonly id: string
  /** When the last byte was handed to the connection, as performance.now(). */
  readonly lastByteMs: number
  /** When the answer to the last byte was here. */
  readonly answeredMs: number
}

/** Bytes that do not repeat within a mebibyte, from memory: nothing of the clock goes to a disk. */
export function footageInMemory(bytes: number): Footage {
  const block = randomBlock()
  const chunks = function* () {
    for (let left = bytes; left > 0; left -= block.length) yield left < block.length ? block.subarray(0, left) : block
  }
  const hash = createHash('sha256')
  for (const chunk of chunks()) hash.update(chunk)
  return {
    bytes,
    sha256: hash.digest('hex'),
    open: () => Readable.from(chunks(), { objectMode: false, highWaterMark: mebibyte }),
  }
}

/** Writes a file of bytes that do not repeat, and leaves it in the page cache for whoever reads it. */
export async function writeFootage(path: string, bytes: number): Promise<Footage> {
  const file = await open(path, 'w')
  for (let left = bytes; left > 0; left -= mebibyte) {
    const block = randomBlock()
    await file.write(block, 0, Math.min(left, mebibyte))
  }
  await file.sync()
  await file.close()
  return footageOfFile(path)
}

/** A file that is there already. */
export async function footageOfFile(path: string): Promise<Footage> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: mebibyte })) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, sha256: hash.digest('hex'), open: () => createReadStream(path, { highWaterMark: mebibyte }) }
}

/** Announces a file of a fresh device and returns its upload's address. */
export async function announce(bureau: Bureau, token: string, footage: Footage, name = 'BENCH.MP4'): Promise<string> {
  const serial = await bureau.newDevice()
  const { bytes, sha256 } = footage
  const handIn = await openHandIn(bureau, token, { serial, name, bytes, sha256 })
  const values = { serial, filename: name, sha256, handIn }
  const metadata = Object.entries(values).map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
  const response = await fetch(`${bureau.ingest()}/uploads`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'tus-resumable': '1.0.0',
      'upload-length': String(footage.bytes),
      'upload-metadata': metadata.join(','),
    },
  })
  const text = await response.text()
  if (response.status !== 201) throw new Error(`POST /uploads: ${response.status} ${text}`)
  return new URL(response.headers.get('location')!, bureau.ingest()).href
}

/** Opens a hand-in of one file; returns its id. */
export async function openHandIn(
  bureau: Bureau,
  token: string,
  file: { serial: string; name: string; bytes: number; sha256: string },
): Promise<string> {
  const { serial, bytes, sha256 } = file
  const line = { name: Buffer.from(file.name).toString('base64'), bytes, sha256, deviceTime: null, mark: false }
  const seen = { openedAt: new Date().toISOString(), clockOffsetMs: null, origin: null, user: null, files: [line] }
  const response = await fetch(`${bureau.ingest()}/hand-ins`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: bureau.signedList(token, { serial, ...seen }),
  })
  if (response.status !== 201) throw new Error(`POST /hand-ins: ${response.status} ${await response.text()}`)
  return ((await response.json()) as { id: string }).id
}

/** Sends the whole file in one PATCH. */
export async function send(address: string, token: string, footage: Footage): Promise<Uploaded> {
  const source = footage.open()
  const outgoing = request(address, {
    method: 'PATCH',
    agent,
    headers: {
      authorization: `Bearer ${token}`,
      'tus-resumable': '1.0.0',
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
      'content-length': footage.bytes,
    },
  })
  let lastByteMs = 0
  outgoing.on('finish', () => {
    lastByteMs = performance.now()
  })
  source.on('error', (error) => outgoing.destroy(error))
  // `once` below fails with an error that comes before the answer. After an early answer (a refusal) the connection may
  // still break: then the answer says why, and the break must not end this process.
  outgoing.on('error', () => undefined)
  source.pipe(outgoing)
  const [response] = await once(outgoing, 'response')
  const body = await response.setEncoding('utf8').toArray()
  if (response.statusCode !== 204) {
    outgoing.destroy() // nobody wants the rest of the file
    throw new Error(`PATCH: ${response.statusCode} ${body.join('')}`)
  }
  return { id: new URL(address).pathname.split('/').at(-1)!, lastByteMs, answeredMs: performance.now() }
}

/** Waits until all these uploads are sealed. @throws when one ends otherwise, or after `stepLimitMs` */
export async function untilSealed(bureau: Bureau, ids: readonly string[]): Promise<void> {
  const deadline = performance.now() + stepLimitMs
  for (;;) {
    const rows = await bureau.db.selectFrom('upload').select('state').where('id', 'in', ids).execute()
    const wrong = rows.find(({ state }) => !['receiving', 'complete', 'sealed'].includes(state))
    if (wrong) throw new Error(`an upload of the bench ended as ${wrong.state}`)
    if (rows.every(({ state }) => state === 'sealed')) return
    if (performance.now() > deadline) throw new Error('the uploads of the bench were not sealed within five minutes')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function randomBlock(): Buffer {
  const block = Buffer.allocUnsafe(mebibyte)
  crypto.getRandomValues(block.subarray(0, 65_536))
  for (let at = 65_536; at < mebibyte; at += 65_536) crypto.getRandomValues(block.subarray(at, at + 65_536))
  return block
}
