import type { KeyObject } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '../../../services/foundation/errors.ts'
import { createRunningHash } from '../../../services/foundation/hash.ts'
import { type SeenOnDevice, signedDigest, signedHandIn } from './hand-in-list.ts'

/** A dock as `ingest` knows it: its token, and the key it signs lists with. */
export interface DockIdentity {
  readonly id: string
  readonly token: string
  readonly signingKey: KeyObject
}

/** A file on a docked device. */
export interface DockedFile {
  readonly path: string
  readonly rawName: Buffer
  readonly serial: string
  readonly mark: boolean
  readonly deviceTime: Date
}

export interface UploadState {
  readonly state: string
  readonly recordingId: string | null
  readonly reason?: string | null
}

/**
 * Hands in one device's files: signs the list of everything seen, uploads each by tus while hashing it, signs the digest of
 * what it read, and returns the upload ids in order.
 */
export async function handIn(
  ingest: string,
  dock: DockIdentity,
  serial: string,
  files: readonly DockedFile[],
  onBytes: (bytes: number) => void,
): Promise<string[]> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file.path)).size))
  const list = {
    serial,
    openedAt: new Date().toISOString(),
    clockOffsetMs: clockOffsetMs(serial),
    origin: { kind: 'mass_storage', from: null },
    user: null,
    files: files.map((file, index) => ({
      name: file.rawName.toString('base64'),
      bytes: sizes[index]!,
      sha256: null,
      deviceTime: file.deviceTime.toISOString(),
      mark: file.mark,
    })),
  }
  const handIn = await openHandIn(ingest, dock, list)
  const uploads: string[] = []
  for (const [index, file] of files.entries()) {
    uploads.push(await upload(ingest, dock, { file, bytes: sizes[index]!, handIn, number: index }, onBytes))
  }
  return uploads
}

/** A hand-in that is open: its id, and the root of its signed list in hex. */
export interface OpenHandIn {
  readonly id: string
  readonly filesRoot: string
}

/** Signs the list and opens the hand-in with it. */
export async function openHandIn(ingest: string, dock: DockIdentity, seen: SeenOnDevice): Promise<OpenHandIn> {
  const signed = signedHandIn(seen, dock.signingKey)
  const { id } = await postJson<{ id: string }>(`${ingest}/hand-ins`, dock, signed)
  return { id, filesRoot: signed.filesRoot }
}

/** What became of an upload. */
export async function uploadState(ingest: string, dock: DockIdentity, id: string): Promise<UploadState> {
  const response = await fetch(`${ingest}/uploads/${id}`, { headers: { authorization: `Bearer ${dock.token}` } })
  if (!response.ok) throw new Fault('bad_request', `the state of upload ${id}: ${response.status}`)
  return (await response.json()) as UploadState
}

/** Waits until the bytes are sealed, quarantined or known: the digests are compared after the last byte. */
export async function untilJudged(
  ingest: string,
  dock: DockIdentity,
  id: string,
  timeoutMs = 600_000,
): Promise<UploadState> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const state = await uploadState(ingest, dock, id)
    if (!['receiving', 'complete'].includes(state.state)) return state
    if (Date.now() > deadline) throw new Fault('not_ready', `upload ${id} is still ${state.state}`)
    await delay(50)
  }
}

async function upload(
  ingest: string,
  dock: DockIdentity,
  item: { file: DockedFile; bytes: number; handIn: OpenHandIn; number: number },
  onBytes: (bytes: number) => void,
): Promise<string> {
  const { file } = item
  const created = await fetch(`${ingest}/uploads`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${dock.token}`,
      'tus-resumable': '1.0.0',
      'upload-length': String(item.bytes),
      'upload-metadata': metadata({
        serial: Buffer.from(file.serial),
        filename: file.rawName,
        deviceTime: Buffer.from(file.deviceTime.toISOString()),
        clockOffsetMs: Buffer.from(String(clockOffsetMs(file.serial))),
        mark: Buffer.from(String(file.mark)),
        handIn: Buffer.from(item.handIn.id),
        handInNumber: Buffer.from(String(item.number)),
      }),
    },
  })
  if (created.status !== 201) throw new Fault('bad_request', `POST /uploads: ${created.status} ${await created.text()}`)
  const location = new URL(created.headers.get('location')!, ingest)
  const digests = await patch(location, dock, file.path, item.bytes, onBytes)
  const { filesRoot } = item.handIn
  const digest = signedDigest({ filesRoot, number: item.number, ...digests }, dock.signingKey)
  await postJson(`${location.href}/digest`, dock, digest, 'PUT')
  return location.pathname.split('/').at(-1)!
}

/** One PATCH with the whole file, hashed while it is read; both digests in hex. */
async function patch(
  location: URL,
  dock: DockIdentity,
  path: string,
  bytes: number,
  onBytes: (bytes: number) => void,
): Promise<{ sha256: string; sm3: string }> {
  const hash = createRunningHash()
  const status = await new Promise<number>((resolve, reject) => {
    const outgoing = request(
      location,
      {
        method: 'PATCH',
        headers: {
          authorization: `Bearer ${dock.token}`,
          'tus-resumable': '1.0.0',
          'upload-offset': '0',
          'content-type': 'application/offset+octet-stream',
          'content-length': String(bytes),
        },
      },
      (incoming) => {
        incoming.resume()
        incoming.on('end', () => resolve(incoming.statusCode ?? 0))
      },
    )
    outgoing.on('error', reject)
    const source = createReadStream(path, { highWaterMark: 256 * 1024 })
    source.on('data', (chunk) => {
      hash.update(chunk as Buffer)
      onBytes(chunk.length)
    })
    source.on('error', reject)
    source.pipe(outgoing)
  })
  if (status !== 204) throw new Fault('bad_request', `PATCH ${location.pathname}: ${status}`)
  const { sha256, sm3 } = hash.digest()
  return { sha256: sha256.toString('hex'), sm3: sm3.toString('hex') }
}

async function postJson<T>(url: string, dock: DockIdentity, body: unknown, method = 'POST'): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${dock.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new Fault('bad_request', `${method} ${new URL(url).pathname}: ${response.status} ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}

function metadata(values: Readonly<Record<string, Buffer>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value.toString('base64')}`)
    .join(',')
}

/** A recorder's clock as the dock measured it: some seconds off, the same for every file of a device. */
function clockOffsetMs(serial: string): number {
  return (Buffer.from(serial).reduce((sum, byte) => sum + byte, 0) % 9000) - 4500
}
