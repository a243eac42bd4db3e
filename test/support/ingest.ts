import { createHash, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { type SeenOnDevice, signedHandIn } from '../../deploy/local/demo/hand-in-list.ts'
import { sha256 } from '../../services/foundation/hash.ts'
import { newId } from '../../services/foundation/id.ts'
import type { Store } from '../../services/foundation/store/store.ts'
import { buildIngest } from '../../services/ingest/app.ts'
import type { IngestDeps, IngestSettings } from '../../services/ingest/deps.ts'
import { startIngest } from '../../services/ingest/start.ts'
import { testDockPassKey } from './dock-pass-key.ts'
import { makeTestLog, startSequencer } from './sequencer.ts'
import { openWorld, type World, type WorldOptions } from './world.ts'

const mebibyte = 1024 * 1024

export interface TestDock {
  readonly id: string
  readonly token: string
  readonly key: KeyObject
}

export interface IngestWorld extends World {
  readonly origin: string
  readonly dock: TestDock
  readonly deps: IngestDeps
  /** A request of the dock (or of whoever `token` says). */
  call(method: string, path: string, options?: CallOptions): Promise<Response>
  /** Stops taking requests and the loops, as the end of the process does. */
  stop(): Promise<void>
}

export interface CallOptions {
  readonly token?: string | null
  readonly headers?: Record<string, string>
  readonly body?: Uint8Array<ArrayBuffer> | ReadableStream | FormData | string
}

export const testSettings: IngestSettings = {
  uploadBytesMax: 1024 * mebibyte,
  footageBytesMax: 24 * mebibyte,
  idleDays: 30,
  digestWaitMs: 15 * 60_000,
  lockFirstDays: 1,
  hasWitnesses: true,
  dockPassKey: testDockPassKey,
}

interface Test {
  teardown(end: () => unknown): unknown
}

/** A running ingest (in this process, with its own role and credential), a dock, a sequencer, a registered device. */
export async function openIngestWorld(
  t: Test,
  settings: Partial<IngestSettings> = {},
  options: { wrapStore?: (store: Store) => Store; sequencer?: boolean; world?: World } & WorldOptions = {},
): Promise<IngestWorld> {
  const world = options.world ?? (await openWorld(t, options))
  const dock = await registerTestDock(world)
  await registerTestDevice(world, 'DSJ0001')
  if (options.sequencer !== false) await keepSequencing(t, world)
  const primary = world.storesFor('ingest').primary
  const deps = startIngest({
    db: world.dbFor('ingest'),
    store: options.wrapStore?.(primary) ?? primary,
    clock: world.clock,
    log: world.log,
    settings: { ...testSettings, ...settings },
  })
  const server = await buildIngest(deps)
  await server.listen({ host: '127.0.0.1', port: 0 })
  const origin = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  let stopped: Promise<void> | null = null
  const stop = () => {
    server.server.closeAllConnections()
    stopped ??= server.close().then(() => deps.close())
    return stopped
  }
  t.teardown(stop)
  return { ...world, origin, dock, deps, stop, call: caller(origin, dock) }
}

/** Runs the ledger's sequencer, without which changes of state are refused after 5 s. */
export async function keepSequencing(t: Test, world: World): Promise<void> {
  const log = await makeTestLog(t)
  const stop = startSequencer(world, log)
  t.teardown(stop)
}

export async function registerTestDock(world: World): Promise<TestDock> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const dock = { id: newId(), token: randomBytes(24).toString('base64url'), key: privateKey }
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url')
  await world.db
    .insertInto('dock')
    .values({
      id: dock.id,
      name: 'dock 1',
      token_hash: sha256(dock.token),
      public_key: raw,
      registered_at: world.clock.now(),
      released_at: world.clock.now(),
      revoked_at: null,
    })
    .execute()
  return dock
}

export async function registerTestDevice(
  world: World,
  serial: string,
  state: 'in_service' | 'retired' = 'in_service',
): Promise<void> {
  await world.db
    .insertInto('device')
    .values({
      id: newId(),
      serial,
      kind: 'recorder',
      model: null,
      holder_id: null,
      state,
      // Before the times that names and device times of the tests say, whenever the tests run.
      registered_at: new Date('2026-01-01T00:00:00Z'),
    })
    .execute()
}

/** Requests with the dock's token and, for tus, its version. */
export function caller(origin: string, dock: TestDock): IngestWorld['call'] {
  return (method, path, options = {}) => {
    const token = options.token === undefined ? dock.token : options.token
    const headers: Record<string, string> = { 'tus-resumable': '1.0.0', ...options.headers }
    if (token !== null) headers.authorization = `Bearer ${token}`
    const isStream = options.body instanceof ReadableStream
    return fetch(origin + path, {
      method,
      headers,
      body: options.body ?? null,
      ...(isStream ? { duplex: 'half' } : {}),
      redirect: 'manual',
    } as RequestInit)
  }
}

/** Upload-Metadata of these values; a Buffer goes in raw, a text as UTF-8. */
export function metadata(values: Record<string, string | Buffer>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key} ${Buffer.from(value as string).toString('base64')}`)
    .join(',')
}

/** Opens a hand-in with the dock's signed list; returns its id. */
export async function openTestHandIn(world: Pick<IngestWorld, 'call' | 'dock'>, seen: SeenInTest): Promise<string> {
  const headers = { 'content-type': 'application/json' }
  const response = await world.call('POST', '/hand-ins', { headers, body: signedList(world.dock, seen) })
  if (response.status !== 201) throw new Error(`POST gave ${response.status}: ${await response.text()}`)
  return ((await response.json()) as { id: string }).id
}

/** Says the digest of an upload's file, with or without what the dock signed of it. */
export function sayDigest(
  world: Pick<IngestWorld, 'call'>,
  path: string,
  digest: { readonly sha256: string; readonly sm3?: string | null; readonly signature?: string },
): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return world.call('PUT', `${path}/digest`, { headers, body: JSON.stringify(digest) })
}

/** Begins an upload and returns its path. Unless told otherwise it stands on a list that the dock has signed. */
export async function createUpload(
  world: Pick<IngestWorld, 'call' | 'dock'>,
  bytes: number,
  values: Record<string, string | Buffer> = {},
  options: { listed: boolean } = { listed: true },
): Promise<string> {
  const facts = { serial: 'DSJ0001', filename: 'DSJ0001_012345_20261120083000_0001.MP4', ...values }
  const listed = options.listed && values.handIn === undefined
  const file = { name: Buffer.from(facts.filename as string).toString('base64'), bytes }
  const handIn: Record<string, string> = {}
  if (listed) handIn.handIn = await openTestHandIn(world, { serial: String(facts.serial), files: [file] })
  const response = await world.call('POST', '/uploads', {
    headers: { 'upload-length': String(bytes), 'upload-metadata': metadata({ ...facts, ...handIn }) },
  })
  if (response.status !== 201) throw new Error(`POST gave ${response.status}: ${await response.text()}`)
  return response.headers.get('location')!
}

export function patch(
  world: Pick<IngestWorld, 'call'>,
  path: string,
  offset: number,
  body: CallOptions['body'],
  headers: Record<string, string> = {},
): Promise<Response> {
  return world.call('PATCH', path, {
    headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset), ...headers },
    body,
  })
}

/** Offset by HEAD. */
export async function offsetOf(world: Pick<IngestWorld, 'call'>, path: string): Promise<number> {
  const response = await world.call('HEAD', path)
  if (response.status !== 200) throw new Error(`HEAD gave ${response.status}`)
  return Number(response.headers.get('upload-offset'))
}

/** State by GET. */
export async function stateOf(world: Pick<IngestWorld, 'call'>, path: string): Promise<Record<string, unknown>> {
  return (await (await world.call('GET', path)).json()) as Record<string, unknown>
}

/** Keys of the pieces in the bucket `tails` that an upload has left there. */
export async function tailsOf(world: Pick<World, 'stores'>, path: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of world.stores.primary.list('tails', path.slice('/uploads/'.length))) keys.push(key)
  return keys
}

/** Waits until the upload is sealed, and compares what is stored with the file. */
export async function requireSealed(
  t: { match(found: unknown, wanted: unknown): unknown; equal(found: unknown, wanted: unknown, why: string): unknown },
  world: IngestWorld,
  path: string,
  bytes: Buffer,
): Promise<void> {
  const state = await world.until(async () => {
    const now = await stateOf(world, path)
    return now.state === 'complete' ? null : now
  })
  t.match(state, { state: 'sealed', sha256: hex(bytes), bytes: bytes.length })
  const row = await world.db
    .selectFrom('copy')
    .where('recording_id', '=', String(state.recordingId))
    .selectAll()
    .executeTakeFirstOrThrow()
  const stored = await world.stores.primary.get({ bucket: 'originals', key: row.object_key, versionId: row.version_id })
  const chunks: Buffer[] = []
  for await (const chunk of stored) chunks.push(chunk)
  t.equal(hex(Buffer.concat(chunks)), hex(bytes), 'the stored version is the file')
}

/** Bytes that do not repeat, the same ones for the same seed. */
export function footage(bytes: number, seed = 'footage'): Buffer<ArrayBuffer> {
  const result = Buffer.alloc(bytes)
  let block = createHash('sha512').update(seed).digest()
  for (let offset = 0; offset < bytes; offset += 64 * 1024) {
    block = createHash('sha512').update(block).digest()
    const end = Math.min(bytes, offset + 64 * 1024)
    for (let at = offset; at < end; at += 64) block.copy(result, at, 0, Math.min(64, end - at))
  }
  return result
}

export function hex(bytes: Uint8Array): string {
  return sha256(bytes).toString('hex')
}

/** What a dock says of its hand-in in a test; what is not given is not known. */
export type SeenInTest = Partial<Omit<SeenOnDevice, 'files'>> & {
  readonly serial: string
  readonly files: readonly { name: string; bytes: number; sha256?: string; deviceTime?: string; mark?: boolean }[]
}

/** The body of POST /hand-ins, signed by the dock. */
export function signedList(dock: Pick<TestDock, 'key'>, seen: SeenInTest): string {
  const unknown = { openedAt: '2026-11-20T18:00:00+08:00', clockOffsetMs: null, origin: null, user: null }
  const files = seen.files.map((file) => ({ sha256: null, deviceTime: null, mark: false, ...file }))
  return JSON.stringify(signedHandIn({ ...unknown, ...seen, files }, dock.key))
}

/** A chunked body: its length is not announced. */
export function chunked(bytes: Buffer, chunkBytes = 100_000): ReadableStream {
  let offset = 0
  return new ReadableStream({
    pull(controller) {
      if (offset >= bytes.length) return controller.close()
      controller.enqueue(new Uint8Array(bytes.subarray(offset, offset + chunkBytes)))
      offset += chunkBytes
    },
  })
}
