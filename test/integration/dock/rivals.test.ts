import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { command } from '../../../deploy/local/devices/commands.ts'
import { unmount } from '../../../deploy/local/devices/mounts.ts'
import { footage, hex, openIngestWorld, registerTestDock } from '../../support/ingest.ts'
import { openFront } from './front.ts'
import { openStation } from './station.ts'
import { makeDevice } from './test-volume.ts'

const mebibyte = 1024 * 1024

async function openPlace(t: Test) {
  const world = await openIngestWorld(t)
  const front = await openFront(t, () => world.origin)
  const options = { origin: front.origin, token: world.dock.token, signingKey: world.dock.key }
  const sealed = async () => {
    const rows = await world.db.selectFrom('upload').where('state', '=', 'sealed').select('sha256').execute()
    return rows.map(({ sha256 }) => sha256!.toString('hex')).sort()
  }
  return { world, front, options, sealed }
}

t.test('a second agent on one spool does not start; the first goes on', async (t) => {
  const { world, options, sealed } = await openPlace(t)
  const station = await openStation(t, options)
  const second = openStation(t, { ...options, folder: station.folder })
  await t.rejects(second, { message: /spool: database is locked/ })
  const bytes = footage(200_000, 'a')
  station.source.plugIn(makeDevice('DSJ0001', [{ name: 'a.MP4', bytes }]))
  await world.until(async () => (await sealed()).length === 1)
  t.same(await sealed(), [hex(bytes)])
})

t.test('one recorder that two agents hold at once: each file is one recording', async (t) => {
  const { world, front, options, sealed } = await openPlace(t)
  const other = await registerTestDock(world)
  const stations = [
    await openStation(t, options),
    await openStation(t, { ...options, token: other.token, signingKey: other.key }),
  ] as const
  const files = ['a', 'b'].map((name) => ({ name: `${name}.MP4`, bytes: footage(2 * mebibyte, name) }))
  const device = makeDevice('DSJ0001', files)
  // Two collectors hold one volume: what a second agent on the same PC, or a copied card, looks like.
  device.beforePiece = () => delay(5)
  for (const station of stations) station.source.plugIn(device)
  await world.until(() => stations.every(({ agent }) => agent.model.slot(1).card.files.sent === files.length))
  await world.until(async () =>
    (await world.db.selectFrom('upload').select('state').execute()).every(
      ({ state }) => state !== 'receiving' && state !== 'complete',
    ),
  )
  const recordings = await world.db.selectFrom('recording').select('sha256').execute()
  t.same(recordings.map(({ sha256 }) => sha256.toString('hex')).sort(), files.map(({ bytes }) => hex(bytes)).sort())
  t.ok((await sealed()).length >= files.length)
  t.equal(device.files.length, files.length, 'neither has cleared anything')
  t.same(front.refused(), [])
})

t.test('the spool’s own disk is full: what was kept stays, the rest waits on its device and goes later', async (t) => {
  const { world, front, options, sealed } = await openPlace(t)
  const folder = await mkdtemp(join(tmpdir(), 'small-spool-'))
  // 64 MiB are kept free for the database.
  await command('mount', '-t', 'tmpfs', '-o', 'size=68m', 'tmpfs', folder)
  const station = await openStation(t, { ...options, folder, patienceMs: 200 })
  t.teardown(async () => {
    await unmount(folder, 'lazy')
    await rm(folder, { recursive: true })
  })
  await world.until(() => station.agent.model.state().server === 'online')
  front.fail(/^(POST|HEAD|PATCH|PUT) /, 503, Number.POSITIVE_INFINITY)
  const files = ['a', 'b', 'c'].map((name) => ({ name: `${name}.MP4`, bytes: footage(1.5 * mebibyte, name) }))
  station.source.plugIn(makeDevice('DSJ0001', files))
  await world.until(() => station.agent.model.slot(1).card.attention?.word === 'spool_full')
  t.match(station.agent.model.slot(1).card, { mayLeave: false, files: { read: 2, total: 3 } })
  // Another program takes the rest, what was kept for the database too: nothing can be written down any more.
  const filler = join(folder, 'filler')
  await t.rejects(writeFile(filler, Buffer.alloc(128 * mebibyte)), { code: 'ENOSPC' })
  const posts = () => front.saidAt(/^POST \/hand-ins$/).length
  front.heal()
  // What the bureau answers cannot be written down: it is asked again, and nothing is done that nobody would remember.
  await world.until(() => posts() >= 2)
  t.same(await sealed(), [])
  await rm(filler)
  await world.until(async () => (await sealed()).length === 3)
  t.same(await sealed(), files.map(({ bytes }) => hex(bytes)).sort())
  await world.until(() => station.agent.model.slot(1).card.attention === null)
})
