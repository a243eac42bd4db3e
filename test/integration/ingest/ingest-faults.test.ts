import t from 'tap'
import { makeSecret } from '../../../services/foundation/config.ts'
import { Fault } from '../../../services/foundation/errors.ts'
import { openMinioStore } from '../../../services/foundation/store/minio.ts'
import type { Store } from '../../../services/foundation/store/store.ts'
import {
  caller,
  createUpload,
  footage,
  hex,
  keepSequencing,
  metadata,
  offsetOf,
  openIngestWorld,
  patch,
  registerTestDevice,
  registerTestDock,
  stateOf,
} from '../../support/ingest.ts'
import { startIngestProcess } from '../../support/ingest-process.ts'
import { openProxy } from '../../support/proxy.ts'
import { openWorld } from '../../support/world.ts'

const mebibyte = 1024 * 1024

t.test('an upload goes on in a new process after kill -9, and is sealed with the right digest', async (t) => {
  const world = await openWorld(t)
  await keepSequencing(t, world)
  await registerTestDevice(world, 'DSJ0001')
  const dock = await registerTestDock(world)
  const bytes = footage(60 * mebibyte + 1, 'killed')
  const first = await startIngestProcess(t, world)
  const before = { dock, call: caller(first.origin, dock) }
  const path = await createUpload(before, bytes.length, { sha256: hex(bytes) })
  await patch(before, path, 0, bytes.subarray(0, 3 * mebibyte))
  const sending = t.rejects(patch(before, path, 3 * mebibyte, slowly(bytes.subarray(3 * mebibyte))))
  await world.until(async () => {
    const row = await world.db.selectFrom('upload').select('received_bytes').executeTakeFirstOrThrow()
    return row.received_bytes > 20 * mebibyte
  })
  await first.kill()
  await sending
  const second = await startIngestProcess(t, world)
  const link = { call: caller(second.origin, dock) }
  // It does not run out meanwhile, however slow this machine is.
  await world.db
    .updateTable('upload')
    .set({ lease_until: new Date(Date.now() + 3_600_000) })
    .execute()
  const offset = await offsetOf(link, path)
  t.ok(offset > 20 * mebibyte, `goes on at ${offset}`)
  const answer = await patch(link, path, offset, bytes.subarray(offset))
  t.equal(answer.status, 204, "the dead process' lease does not hold it up")
  const state = await world.until(async () => {
    const now = await stateOf(link, path)
    return now.state === 'sealed' ? now : null
  })
  t.equal(state.sha256, hex(bytes), 'read back from the store, for no process saw every byte')

  t.equal(await second.stop(), 0, 'an orderly end')
})

t.test('promise 9: primary full is 507, the offset stays, and the upload goes on when there is space', async (t) => {
  let isFull = true
  const full = (store: Store): Store => ({
    ...store,
    putPart: (target, source, signal, sending) =>
      isFull && target.number > 1
        ? Promise.reject(new Fault('store_full', 'primary has no space left'))
        : store.putPart(target, source, signal, sending),
  })
  const world = await openIngestWorld(t, {}, { wrapStore: full })
  const bytes = footage(40 * mebibyte, 'full')
  const path = await createUpload(world, bytes.length, { sha256: hex(bytes) })
  t.equal((await patch(world, path, 0, bytes.subarray(0, 6 * mebibyte))).status, 204)
  const refused = await patch(world, path, 6 * mebibyte, bytes.subarray(6 * mebibyte)).catch(() => null)
  if (refused) t.equal(refused.status, 507)
  t.equal(await offsetOf(world, path), 6 * mebibyte)
  const small = await patch(world, path, 6 * mebibyte, bytes.subarray(6 * mebibyte, 12 * mebibyte))
  t.equal(small.status, 507)
  isFull = false
  t.equal((await patch(world, path, 6 * mebibyte, bytes.subarray(6 * mebibyte))).status, 204)
  await world.until(async () => (await stateOf(world, path)).state === 'sealed')
})

t.test('primary down: a clear 503, and the upload goes on afterwards', async (t) => {
  const world = await openWorld(t)
  const server = world.stack.stores.primary
  const proxy = await openProxy(t, server.endpoint)
  const store = openMinioStore({
    name: 'primary',
    endpoint: proxy.origin,
    hostName: 'host',
    accessKey: makeSecret(server.credentials.ingest.accessKey),
    secretKey: makeSecret(server.credentials.ingest.secretKey),
    buckets: world.buckets,
    log: world.log,
  })
  t.teardown(() => store.close())
  const ingest = await openIngestWorld(t, {}, { wrapStore: () => store, world })
  const bytes = footage(40 * mebibyte, 'down')
  const path = await createUpload(ingest, bytes.length, { sha256: hex(bytes) })
  t.equal((await patch(ingest, path, 0, bytes.subarray(0, 20 * mebibyte))).status, 204)
  proxy.down()
  const refused = await patch(ingest, path, 20 * mebibyte, bytes.subarray(20 * mebibyte, 26 * mebibyte))
  t.equal(refused.status, 503)
  t.match(await refused.text(), /primary cannot be reached/)
  t.match(await (await ingest.call('GET', '/readyz')).json(), {
    ready: false,
    missing: { primary: /cannot be reached/ },
  })
  t.equal(await offsetOf(ingest, path), 20 * mebibyte)
  const other = await createUpload(ingest, 10, {})
  t.ok(other, 'an upload may begin all the same')
  proxy.up()
  t.equal((await patch(ingest, path, 20 * mebibyte, bytes.subarray(20 * mebibyte))).status, 204)
  await ingest.until(async () => (await stateOf(ingest, path)).state === 'sealed')
  t.match(await (await ingest.call('GET', '/readyz')).json(), { ready: true })
})

t.test('parts that the store forgot: the upload begins again at 0, with an alarm', async (t) => {
  const world = await openIngestWorld(t)
  const bytes = footage(24 * mebibyte, 'forgotten')
  const path = await createUpload(world, bytes.length, { sha256: hex(bytes) })
  await patch(world, path, 0, bytes.subarray(0, 8 * mebibyte))
  const row = await world.db.selectFrom('upload').selectAll().executeTakeFirstOrThrow()
  const target = { bucket: 'originals', key: row.object_key, multipartId: row.multipart_id! } as const
  await world.stores.primary.abortMultipart(target)
  t.equal((await patch(world, path, 8 * mebibyte, bytes.subarray(8 * mebibyte))).status, 409)
  t.equal(await offsetOf(world, path), 0)
  const alarms = await world.db.selectFrom('event').select('body').where('kind', '=', 'alarm.raised').execute()
  t.match(JSON.parse(alarms[0]!.body), { details: { alarm: 'parts_lost', receivedBytes: 8 * mebibyte } })
  t.equal((await patch(world, path, 0, bytes)).status, 204)
  await world.until(async () => (await stateOf(world, path)).state === 'sealed')
})

t.test('with the ledger behind, nothing begins or is sealed, and uploads under way go on', async (t) => {
  const world = await openIngestWorld(t, {}, { sequencer: false })
  const bytes = footage(6 * mebibyte, 'behind')
  const path = await createUpload(world, bytes.length, { sha256: hex(bytes) })
  const createAgain = () =>
    world.call('POST', '/uploads', {
      headers: { 'upload-length': '1', 'upload-metadata': metadata({ serial: 'a', filename: 'b' }) },
    })
  await world.until(async () => (await createAgain()).status === 503)
  t.match(await (await createAgain()).json(), { error: { code: 'ledger_behind' } })
  t.equal((await world.call('DELETE', path)).status, 503)
  t.equal((await world.call('POST', '/footage', { body: new FormData() })).status, 503)
  t.equal((await patch(world, path, 0, bytes)).status, 204)
  await world.until(async () => {
    const row = await world.db
      .selectFrom('upload')
      .select('state')
      .where('id', '=', path.slice(9))
      .executeTakeFirstOrThrow()
    return row.state === 'complete'
  })
  t.same(await world.db.selectFrom('recording').select('id').execute(), [])
  await keepSequencing(t, world)
  await world.until(async () => (await stateOf(world, path)).state === 'sealed')
})

t.test('57 docks at once: every file arrives whole', async (t) => {
  const world = await openIngestWorld(t)
  const files = Array.from({ length: 57 }, (_, number) => footage(1_500_000 + number * 1000, `dock ${number}`))
  const paths = await Promise.all(
    files.map(async (bytes) => {
      const path = await createUpload(world, bytes.length, { sha256: hex(bytes) })
      for (let offset = 0; offset < bytes.length; ) {
        const response = await patch(world, path, offset, bytes.subarray(offset, offset + 800_000))
        offset = Number(response.headers.get('upload-offset'))
      }
      return path
    }),
  )
  await world.until(async () => {
    const rows = await world.db.selectFrom('upload').select('id').where('state', '=', 'sealed').execute()
    return rows.length === 57
  })
  for (const [number, path] of paths.entries()) t.equal((await stateOf(world, path)).sha256, hex(files[number]!))
})

function slowly(bytes: Buffer): ReadableStream {
  let offset = 0
  return new ReadableStream({
    async pull(controller) {
      if (offset >= bytes.length) return controller.close()
      controller.enqueue(new Uint8Array(bytes.subarray(offset, offset + 1_000_000)))
      offset += 1_000_000
      await new Promise((resolve) => setTimeout(resolve, 20))
    },
  })
}
