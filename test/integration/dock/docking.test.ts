import { createHash, createPublicKey, verify } from 'node:crypto'
import t from 'tap'
import { dockSettings } from '../../../services/custody/settings/docks.ts'
import { canonicalBytes } from '../../../services/ledger/format/canonical.ts'
import { footage, hex, openIngestWorld } from '../../support/ingest.ts'
import { openFront } from './front.ts'
import { openStation } from './station.ts'
import { makeDevice } from './test-volume.ts'
import { decideSetting, giveToKeeper } from './told.ts'

t.test('a device is handed in by itself: list first, each file read once, marked ones first', async (t) => {
  const world = await openIngestWorld(t)
  await giveToKeeper(world, 'DSJ0001')
  const front = await openFront(t, () => world.origin)
  const station = await openStation(t, { origin: front.origin, token: world.dock.token, signingKey: world.dock.key })
  const files = [
    { name: 'a.MP4', bytes: footage(300_000, 'a') },
    { name: Buffer.from('bb2e4d5034', 'hex'), bytes: footage(0, 'e') },
    { name: 'b-marked.MP4', bytes: footage(6_000_000, 'b'), mark: true },
  ]
  const device = makeDevice('DSJ0001', files)
  station.source.plugIn(device, 3)
  const { model } = station.agent
  const handIns = await world.until(async () => {
    const rows = await world.db.selectFrom('upload').select(['state', 'sha256', 'name', 'bytes']).execute()
    return rows.length === 3 && rows.every(({ state }) => state === 'sealed') ? rows : null
  })
  t.same(handIns.map(({ sha256 }) => sha256!.toString('hex')).sort(), files.map(({ bytes }) => hex(bytes)).sort())
  const uploads = front.asked.filter((what) => what === 'POST /uploads').length
  t.equal(uploads, 3)
  const whole = device.reads.filter(({ from }) => from === 0).map(({ name }) => name)
  t.same(
    whole.slice(1),
    ['b-marked.MP4', 'a.MP4', String(files[1]!.name)],
    'after a first look each once, marked first',
  )
  await world.until(() => model.slot(3).card.files.sent === 3)
  t.match(model.slot(3).card, {
    serial: 'DSJ0001',
    mayLeave: true,
    person: { name: '张伟' },
    files: { total: 3, read: 3 },
  })
  const [line] = await world.db.selectFrom('hand_in_file').selectAll().where('number', '=', 2).execute()
  t.equal(line!.sha256, null, 'the list was signed before anything was read')
})

t.test('the digest is said with the dock’s signature over its line', async (t) => {
  const world = await openIngestWorld(t)
  const front = await openFront(t, () => world.origin)
  const station = await openStation(t, { origin: front.origin, token: world.dock.token, signingKey: world.dock.key })
  const bytes = footage(50_000, 'x')
  station.source.plugIn(makeDevice('DSJ0001', [{ name: 'x.MP4', bytes }]))
  const said = await world.until(() => front.saidAt(/^PUT .*digest$/)[0])
  const handIn = await world.db.selectFrom('hand_in').select('head').executeTakeFirstOrThrow()
  const { filesRoot } = JSON.parse(handIn.head.toString()) as { filesRoot: string }
  const { sha256, sm3, signature } = said.body
  t.same([sha256, sm3], [hex(bytes), createHash('sm3').update(bytes).digest('hex')])
  const text = canonicalBytes({ v: 1, filesRoot, number: 0, sha256: hex(bytes), sm3: String(sm3) })
  t.ok(verify(null, text, createPublicKey(world.dock.key), Buffer.from(String(signature), 'base64')))
  await world.until(() => said.status === 204)
})

t.test('an unchanged device makes no second hand-in; a new file makes one that names all', async (t) => {
  const world = await openIngestWorld(t)
  await decideSetting(world, 'dock.clearing', { ...dockSettings['dock.clearing'].standard, recorder: 'keep' })
  const front = await openFront(t, () => world.origin)
  const station = await openStation(t, { origin: front.origin, token: world.dock.token, signingKey: world.dock.key })
  const device = makeDevice('DSJ0001', [{ name: 'a.MP4', bytes: footage(100_000, 'a') }])
  const handIns = async () => (await world.db.selectFrom('hand_in').select('id').execute()).length
  const sealed = async () =>
    (await world.db.selectFrom('upload').where('state', '=', 'sealed').select('id').execute()).length
  for (let reset = 0; reset < 4; reset++) {
    const volume = station.source.plugIn(device)
    await world.until(() => station.agent.model.slot(1).card.files.sent === 1)
    await world.until(() => volume.released)
    station.source.pull(volume.id)
  }
  await world.until(async () => (await sealed()) === 1)
  t.equal(await handIns(), 1)
  const readsBefore = device.reads.length
  device.files.push({ name: 'b.MP4', bytes: footage(120_000, 'b') })
  await station.restart()
  station.source.plugIn(device)
  await world.until(async () => (await sealed()) === 2)
  t.equal(await handIns(), 2)
  const lines = await world.db
    .selectFrom('hand_in_file')
    .innerJoin('hand_in', 'hand_in.id', 'hand_in_file.hand_in_id')
    .orderBy('hand_in.opened_at')
    .orderBy('number')
    .select(['number', 'hand_in_file.sha256'])
    .execute()
  t.same(
    lines.slice(-2).map(({ sha256 }) => sha256?.toString('hex') ?? null),
    [hex(device.files[0]!.bytes), null],
    'the line of what was read before carries its digest',
  )
  const later = device.reads.slice(readsBefore).filter(({ name }) => name === 'a.MP4')
  t.ok(later.length <= 1, 'a first look at most: it is not read again')
  t.same(front.refused(), [])
})
