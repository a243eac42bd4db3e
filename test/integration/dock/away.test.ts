import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Decrypter } from 'age-encryption'
import t from 'tap'
import { footage, hex, type IngestWorld, openIngestWorld } from '../../support/ingest.ts'
import { openProxy } from '../../support/proxy.ts'
import { openFront } from './front.ts'
import { openStation } from './station.ts'
import { makeDevice } from './test-volume.ts'

async function sealedDigests(world: IngestWorld): Promise<string[]> {
  const rows = await world.db.selectFrom('upload').where('state', '=', 'sealed').select('sha256').execute()
  return rows.map(({ sha256 }) => sha256!.toString('hex')).sort()
}

t.test('the server is away: bytes go encrypted to the spool, the device may go, and all is sent later', async (t) => {
  const world = await openIngestWorld(t)
  const front = await openFront(t, () => world.origin)
  const proxy = await openProxy(t, front.origin)
  const options = { origin: proxy.origin, token: world.dock.token, signingKey: world.dock.key, patienceMs: 300 }
  const station = await openStation(t, options)
  await world.until(() => station.agent.model.devicesFor.length > 0 && front.asked.includes('GET /docks/me/register'))
  await world.until(() => station.agent.model.state().server === 'online')
  proxy.down()
  const files = [
    { name: 'a.MP4', bytes: footage(700_000, 'a') },
    { name: 'b.MP4', bytes: footage(150_000, 'b'), mark: true },
  ]
  const volume = station.source.plugIn(makeDevice('DSJ0001', files))
  await world.until(() => station.agent.model.slot(1).card.files.read === 2)
  t.match(station.agent.model.slot(1).card, { mayLeave: true, files: { read: 2, sent: 0 } })
  const copies = readdirSync(join(station.folder, 'copies')).sort()
  t.equal(copies.length, 2)
  for (const identity of [station.identity, station.recoveryIdentity]) {
    const decrypter = new Decrypter()
    decrypter.addIdentity(identity)
    const plain = await decrypter.decrypt(readFileSync(join(station.folder, 'copies', copies[0]!)))
    t.equal(hex(plain), hex(files[0]!.bytes), 'the station and the bureau can each read it')
  }
  station.source.pull(volume.id)
  await world.until(() => station.agent.model.slot(1).card.word === 'taken')
  await station.restart()
  proxy.up()
  await world.until(async () => (await sealedDigests(world)).length === 2)
  t.same(await sealedDigests(world), files.map(({ bytes }) => hex(bytes)).sort())
  const order = await world.db.selectFrom('hand_in').select('id').execute()
  t.equal(order.length, 1)
})

t.test('a line that is cut, and answers that mean later, end sealed; only what is missing goes again', async (t) => {
  const world = await openIngestWorld(t)
  const front = await openFront(t, () => world.origin)
  const proxy = await openProxy(t, front.origin)
  const options = { origin: proxy.origin, token: world.dock.token, signingKey: world.dock.key, patienceMs: 60_000 }
  const station = await openStation(t, options)
  await world.until(() => station.agent.model.state().server === 'online')
  const bytes = footage(24_000_000, 'long')
  proxy.cutAfter(14_000_000)
  const device = makeDevice('DSJ0001', [{ name: 'long.MP4', bytes }])
  const volume = station.source.plugIn(device)
  await world.until(async () => (await sealedDigests(world)).length === 1)
  t.same(await sealedDigests(world), [hex(bytes)])
  t.equal(proxy.cuts(), 1)
  t.ok(proxy.bytesFromClients() < 24_000_000 * 1.5, `${proxy.bytesFromClients()} bytes went for 24,000,000`)
  front.fail(/^POST \/hand-ins$/, 503)
  front.fail(/^POST \/uploads$/, 507)
  front.fail(/^HEAD /, 500)
  for (const status of [423, 409, 460]) front.fail(/^PATCH /, status)
  front.fail(/^PUT .*digest$/, 503)
  device.files.push({ name: 'next.MP4', bytes: footage(200_000, 'next') })
  station.source.pull(volume.id)
  station.source.plugIn(device)
  await world.until(async () => (await sealedDigests(world)).length === 2)
})

t.test('a file that the server never takes is said; the others go on', async (t) => {
  const world = await openIngestWorld(t)
  const front = await openFront(t, () => world.origin)
  const station = await openStation(t, { origin: front.origin, token: world.dock.token, signingKey: world.dock.key })
  front.fail(/^POST \/uploads$/, 413)
  station.source.plugIn(
    makeDevice('DSJ0001', [
      { name: 'huge.MP4', bytes: footage(90_000, 'h') },
      { name: 'b.MP4', bytes: footage(80_000, 'b') },
    ]),
  )
  await world.until(async () => (await sealedDigests(world)).length === 1)
  await world.until(() => station.agent.model.slot(1).card.word === 'attention')
  t.match(station.agent.model.slot(1).card.attention, { word: 'refused_by_server', count: 1 })
  t.match(station.agent.model.slot(1).files, [{ state: 'refused' }, {}])
})

t.test('a full spool drops nothing: files wait on their device, and the screen says so', async (t) => {
  const world = await openIngestWorld(t)
  const front = await openFront(t, () => world.origin)
  const proxy = await openProxy(t, front.origin)
  const options = { origin: proxy.origin, token: world.dock.token, signingKey: world.dock.key, patienceMs: 200 }
  const station = await openStation(t, { ...options, spoolBytesMax: 400_000 })
  await world.until(() => station.agent.model.state().server === 'online')
  proxy.down()
  const files = ['a', 'b'].map((name) => ({ name: `${name}.MP4`, bytes: footage(300_000, name) }))
  station.source.plugIn(makeDevice('DSJ0001', files))
  await world.until(() => station.agent.model.slot(1).card.attention?.word === 'spool_full')
  t.match(station.agent.model.slot(1).card, { mayLeave: false, files: { read: 1, total: 2 } })
  t.equal(station.agent.model.state().spool.state, 'full')
  t.equal(readdirSync(join(station.folder, 'copies')).length, 1)
  proxy.up()
  await world.until(async () => (await sealedDigests(world)).length === 2)
  t.same(await sealedDigests(world), files.map(({ bytes }) => hex(bytes)).sort())
})
