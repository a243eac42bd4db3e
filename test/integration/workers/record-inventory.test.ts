import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import { sealedRecording } from '../../../services/custody/copies/copies.ts'
import { inventoryRow, readInventory } from '../../../services/custody/copies/inventory.ts'
import { kindsWithRows } from '../../../services/custody/events/read.ts'
import { compareRows } from '../../../services/custody/events/replay.ts'
import { onlyTables, toldOf } from '../../../services/custody/fsck/replayed-rows.ts'
import { storedOfRecordings } from '../../../services/custody/fsck/stored-rows.ts'
import { sha256 } from '../../../services/foundation/hash.ts'
import { inventoryBytes } from '../../../workers/transcode/inventory/inventory-bytes.ts'
import { recordInventory } from '../../../workers/transcode/inventory/record-inventory.ts'
import { madeInventory } from '../../support/inventory.ts'
import { openWorld } from '../../support/world.ts'
import { never } from './handlers.ts'
import { copiesOf, detailsOf, eventsOf, recordingRow, sealRecording } from './sealed.ts'

const world = await openWorld(t)
// By the login and the key of the part that makes films playable: its policy and grants are tested with it.
const transcode = world.storesFor('transcode').primary
const deps = { db: world.dbFor('worker'), clock: world.clock, primary: transcode }
const taken = { inventory: madeInventory(), tool: 'ffmpeg of the test', flags: [] }

t.test('an inventory is locked like its original, and recorded once however often its job runs', async (t) => {
  const sealed = await sealRecording(world)
  const recording = await sealedRecording(world.db, sealed.id)
  await Promise.all([recordInventory(deps, recording, taken, never), recordInventory(deps, recording, taken, never)])
  await recordInventory(deps, recording, { ...taken, tool: 'a later ffmpeg' }, never)

  const row = (await inventoryRow(world.db, sealed.id))!
  const bytes = Buffer.from(inventoryBytes(taken.inventory))
  t.same(row.sha256, sha256(bytes))
  t.match(row, { bytes: bytes.length, tool: 'ffmpeg of the test', summary: { foundMs: 10_000, tracksInAll: 1 } })
  t.equal((await eventsOf(world, sealed.id))['recording.inventoried'], 1)
  const [details] = await detailsOf(world, sealed.id, 'recording.inventoried')
  t.match(details, { store: 'primary', key: row.object_key, versionId: row.version_id, summary: row.summary })
  t.equal(details?.flags, undefined)

  const object = { bucket: 'originals' as const, key: row.object_key, versionId: row.version_id }
  const lock = await world.stores.primary.lockState(object)
  const [original] = await copiesOf(world, sealed.id)
  t.match(lock, { legalHold: true, mode: 'COMPLIANCE' })
  t.ok(lock.retainUntil! >= original!.retain_until)
  t.equal(await world.stores.primary.deleteIsRefused(object), true)
  const { versions } = await world.stores.primary.versions('originals', row.object_key)
  t.equal(versions.length, 1)
  t.same(await readInventory(world.db, world.storesFor('access').primary, sealed.id), bytes)
})

t.test('a run that finds other things keeps its own inventory beside the earlier one, and names it', async (t) => {
  const sealed = await sealRecording(world)
  const recording = await sealedRecording(world.db, sealed.id)
  const later = { ...taken, tool: 'a later ffmpeg', inventory: madeInventory({ foundMs: 1 }) }
  const digests = [sha256(inventoryBytes(taken.inventory)), sha256(inventoryBytes(later.inventory))]
  const [first, second] = digests.map((digest) => digest.toString('hex'))
  t.equal(await recordInventory(deps, recording, taken, never), first)
  t.equal(await recordInventory(deps, recording, later, never), second)
  t.equal(await recordInventory(deps, recording, taken, never), first)
  const events = await detailsOf(world, sealed.id, 'recording.inventoried')
  t.same(
    events.map(({ inventorySha256 }) => inventorySha256),
    [first, second],
  )
  for (const [at, digest] of digests.entries()) {
    const row = (await inventoryRow(world.db, sealed.id, digest))!
    t.match(row, { object_key: events[at]!.key, version_id: events[at]!.versionId })
    const lock = await world.stores.primary.lockState({
      ...{ bucket: 'originals', key: row.object_key, versionId: row.version_id },
    })
    t.match(lock, { legalHold: true, mode: 'COMPLIANCE' })
  }
  t.match(await inventoryRow(world.db, sealed.id), { tool: 'a later ffmpeg', sha256: digests[1] })
  const rows = ['recording_inventory']
  const told = onlyTables(await toldOf(world.db, [`recording:${sealed.id}`], kindsWithRows), rows)
  t.same(compareRows(told, onlyTables(await storedOfRecordings(world.db, [sealed.id]), rows)), [])
})

t.test('a run that died after storing left an object that the next one takes up', async (t) => {
  const sealed = await sealRecording(world)
  const recording = await sealedRecording(world.db, sealed.id)
  const dead = new AbortController()
  const stopsAtLock = {
    ...deps,
    primary: {
      name: transcode.name,
      hostName: transcode.hostName,
      put: transcode.put.bind(transcode),
      lockState: transcode.lockState.bind(transcode),
      lock: async (...args: Parameters<typeof transcode.lock>) => {
        const state = await transcode.lock(...args)
        dead.abort(new Error('the lease is lost'))
        return state
      },
    },
  }
  await t.rejects(recordInventory(stopsAtLock, recording, taken, dead.signal), { message: 'the lease is lost' })
  t.equal(await inventoryRow(world.db, sealed.id), null)
  await recordInventory(deps, recording, taken, never)
  const row = (await inventoryRow(world.db, sealed.id))!
  t.equal((await world.stores.primary.versions('originals', row.object_key)).versions.length, 1)
})

t.test("what the file's own clock says is added to the recording's flags", async (t) => {
  const sealed = await sealRecording(world)
  const recording = await sealedRecording(world.db, sealed.id)
  await world.db
    .updateTable('recording')
    .set({ flags: ['no_list'] })
    .where('id', '=', sealed.id)
    .execute()
  await recordInventory(deps, recording, { ...taken, flags: ['name_not_parsed', 'no_list'] }, never)
  t.same((await recordingRow(world, sealed.id)).flags, ['no_list', 'name_not_parsed'])
  const [details] = await detailsOf(world, sealed.id, 'recording.inventoried')
  t.same(details?.flags, ['name_not_parsed', 'no_list'])
})

t.test('an inventory that is gone or not the recorded one is not given out', async (t) => {
  const sealed = await sealRecording(world)
  await t.rejects(readInventory(world.db, world.stores.primary, sealed.id), { code: 'not_found' })
  const recording = await sealedRecording(world.db, sealed.id)
  await recordInventory(deps, recording, taken, never)
  const row = (await inventoryRow(world.db, sealed.id))!
  const changeTo = (values: { sha256?: Buffer; version_id?: string }) =>
    world.asSuperuser(async (db) => {
      await sql`set session_replication_role = replica`.execute(db)
      await db.updateTable('recording_inventory').set(values).where('recording_id', '=', sealed.id).execute()
    })
  const refused = () => t.rejects(readInventory(world.db, world.stores.primary, sealed.id), { code: 'bytes_differ' })
  await changeTo({ sha256: randomBytes(32) })
  await refused()
  await changeTo({ sha256: row.sha256, version_id: sealed.object.versionId })
  await refused()
})

t.test('the key of that part stores nothing else in the bucket of originals', async (t) => {
  await t.rejects(transcode.put('originals', '2026/11/forged', randomBytes(10)))
  await t.rejects(transcode.put('originals', 'ledger/forged', randomBytes(10)))
  const sealed = await sealRecording(world)
  await t.rejects(transcode.lock(sealed.object, new Date(Date.now() + 90 * 86_400_000)))
})
