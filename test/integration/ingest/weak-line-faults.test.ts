import t from 'tap'
import { Fault } from '../../../services/foundation/errors.ts'
import type { Store } from '../../../services/foundation/store/store.ts'
import {
  caller,
  chunked,
  createUpload,
  footage,
  hex,
  type IngestWorld,
  keepSequencing,
  offsetOf,
  openIngestWorld,
  patch,
  registerTestDevice,
  registerTestDock,
  requireSealed,
  stateOf,
  tailsOf,
} from '../../support/ingest.ts'
import { startIngestProcess } from '../../support/ingest-process.ts'
import { openWorld, type World } from '../../support/world.ts'

const mebibyte = 1024 * 1024

/** From now on the upload goes in pieces: its line broke twice. */
async function breakTwice(world: World, path: string): Promise<void> {
  await world.db.updateTable('upload').set({ cuts: 2 }).where('id', '=', idOf(path)).execute()
}

const idOf = (path: string) => path.slice('/uploads/'.length)

async function offsetInRow(world: World, path: string): Promise<number> {
  const { received_bytes: offset } = await world.db
    .selectFrom('upload')
    .select('received_bytes')
    .where('id', '=', idOf(path))
    .executeTakeFirstOrThrow()
  return offset
}

/** A body of these bytes that does not end: what a PATCH looks like while it is under way. */
function unending(bytes: Buffer): ReadableStream {
  return new ReadableStream({
    start: (controller) => controller.enqueue(new Uint8Array(bytes)),
  })
}

t.test('kill -9 between pieces: a new process goes on, and the digest is the file’s', async (t) => {
  const world = await openWorld(t)
  await keepSequencing(t, world)
  await registerTestDevice(world, 'DSJ0001')
  const dock = await registerTestDock(world)
  const file = footage(14 * mebibyte + 5, 'killed on a weak line')
  let running = await startIngestProcess(t, world)
  const link = () => ({ dock, call: caller(running.origin, dock) })
  const path = await createUpload(link(), file.length, { sha256: hex(file) })
  await breakTwice(world, path)
  for (const upTo of [3.5, 7.2, 12.9].map((count) => Math.floor(count * mebibyte))) {
    const offset = await offsetOf(link(), path)
    const sending = t.rejects(patch(link(), path, offset, unending(file.subarray(offset, upTo))))
    await world.until(async () => (await offsetInRow(world, path)) > upTo - 2 * mebibyte)
    await running.kill()
    await sending
    running = await startIngestProcess(t, world)
  }
  const offset = await offsetOf(link(), path)
  t.ok(offset >= Math.floor(12.9 * mebibyte) - 2 * mebibyte, `goes on at ${offset}`)
  t.equal((await patch(link(), path, offset, file.subarray(offset))).status, 204)
  const state = await world.until(async () => {
    const now = await stateOf(link(), path)
    return now.state === 'sealed' ? now : null
  })
  t.equal(state.sha256, hex(file))
  await world.until(async () => (await tailsOf(world, path)).length === 0)
})

t.test('DELETE during a PATCH that goes in pieces: nothing of it is left', async (t) => {
  const world = await openIngestWorld(t)
  const path = await createUpload(world, 20 * mebibyte)
  await breakTwice(world, path)
  const sending = patch(world, path, 0, unending(footage(8 * mebibyte))).then(
    (answer) => answer.status,
    () => 0,
  )
  await world.until(async () => (await offsetInRow(world, path)) >= 6 * mebibyte)
  t.equal((await patch(world, path, 0, 'x')).status, 423, 'a second PATCH waits for the first')
  t.equal((await world.call('DELETE', path)).status, 204)
  t.ok([423, 0].includes(await sending))
  t.equal((await world.call('HEAD', path)).status, 410)
  await world.until(async () => (await tailsOf(world, path)).length === 0)
})

t.test('HEAD during a PATCH that goes in pieces: every byte that arrived counts', async (t) => {
  const world = await openIngestWorld(t)
  const file = footage(12 * mebibyte, 'asked')
  const path = await createUpload(world, file.length, { sha256: hex(file) })
  await breakTwice(world, path)
  const sentBytes = 7 * mebibyte + 300_000
  const sending = patch(world, path, 0, unending(file.subarray(0, sentBytes))).then(
    (answer) => answer.status,
    () => 0,
  )
  await world.until(async () => (await offsetInRow(world, path)) >= 7 * mebibyte)
  const offset = await offsetOf(world, path)
  t.ok(offset >= 7 * mebibyte && offset <= sentBytes, `${offset}`)
  t.ok([423, 0].includes(await sending))
  t.equal((await patch(world, path, offset, chunked(file.subarray(offset)))).status, 204)
  await requireSealed(t, world, path, file)
})

t.test('a store that takes no piece: a clear answer, and what counted before stays', async (t) => {
  let isDown = false
  const wrapStore = (store: Store): Store => ({
    ...store,
    put: (bucket, ...rest) =>
      isDown && bucket === 'tails'
        ? Promise.reject(new Fault('store_down', 'primary cannot be reached'))
        : store.put(bucket, ...rest),
  })
  const world = await openIngestWorld(t, {}, { wrapStore })
  const file = footage(12 * mebibyte, 'no piece')
  const path = await createUpload(world, file.length, { sha256: hex(file) })
  await patch(world, path, 0, file.subarray(0, 2_500_000))
  const tails = await tailsOf(world, path)
  isDown = true
  t.equal((await patch(world, path, 2_500_000, file.subarray(2_500_000, 3_000_000))).status, 503)
  t.equal(await offsetOf(world, path), 2_500_000)
  t.same(await tailsOf(world, path), tails)
  isDown = false
  t.equal((await patch(world, path, 2_500_000, file.subarray(2_500_000))).status, 204)
  await requireSealed(t, world, path, file)
  t.same(await tailsOf(world, path), [])
})

t.test('a piece that the store has lost: the upload begins again at 0, with an alarm', async (t) => {
  const world = await openIngestWorld(t)
  const file = footage(9 * mebibyte, 'lost piece')
  const path = await createUpload(world, file.length, { sha256: hex(file) })
  await patch(world, path, 0, file.subarray(0, 2 * mebibyte))
  await world.stores.primary.remove('tails', (await tailsOf(world, path))[0]!)
  t.equal((await patch(world, path, 2 * mebibyte, file.subarray(2 * mebibyte))).status, 409)
  t.equal(await offsetOf(world, path), 0)
  t.equal(await alarmsOf(world, 'parts_lost'), 1)
  t.equal((await patch(world, path, 0, file)).status, 204)
  await requireSealed(t, world, path, file)
})

t.test('what a crash left in tails goes when the upload is sealed', async (t) => {
  const world = await openIngestWorld(t)
  const file = footage(6 * mebibyte, 'left behind')
  const path = await createUpload(world, file.length, { sha256: hex(file) })
  await world.stores.primary.put('tails', `${idOf(path)}/0-of-a-process-that-died`, Buffer.from('left'))
  t.equal((await patch(world, path, 0, file)).status, 204)
  await requireSealed(t, world, path, file)
  await world.until(async () => (await tailsOf(world, path)).length === 0)
})

async function alarmsOf(world: IngestWorld, alarm: string): Promise<number> {
  const rows = await world.db.selectFrom('event').select('body').where('kind', '=', 'alarm.raised').execute()
  return rows.filter(({ body }) => body.includes(`"${alarm}"`)).length
}
