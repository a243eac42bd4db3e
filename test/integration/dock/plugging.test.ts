import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { ReadFailed, VolumeDamaged } from '../../../services/dock/sources/source.ts'
import { footage, hex, openIngestWorld } from '../../support/ingest.ts'
import { openFront } from './front.ts'
import { openStation } from './station.ts'
import { makeDevice } from './test-volume.ts'

const mebibyte = 1024 * 1024

async function openPlace(t: Test) {
  const world = await openIngestWorld(t)
  const front = await openFront(t, () => world.origin)
  const station = await openStation(t, { origin: front.origin, token: world.dock.token, signingKey: world.dock.key })
  const { model } = station.agent
  const sealed = async () => {
    const rows = await world.db.selectFrom('upload').where('state', '=', 'sealed').select('sha256').execute()
    return rows.map(({ sha256 }) => sha256!.toString('hex')).sort()
  }
  const handIns = async () => (await world.db.selectFrom('hand_in').select('id').execute()).length
  const attention = (slot: number) => model.slot(slot).card.attention?.word
  const detailsOf = async (kind: string): Promise<Record<string, unknown>[]> => {
    const rows = await world.db.selectFrom('event').where('kind', '=', kind).orderBy('id').select('body').execute()
    return rows.map(({ body }) => JSON.parse(body).details)
  }
  await world.until(() => model.state().server === 'online')
  return { world, front, station, model, sealed, handIns, attention, detailsOf }
}

t.test('pulled out mid-way and put into another slot, a device goes on where it was', async (t) => {
  const { world, front, station, model, sealed, handIns, attention } = await openPlace(t)
  const bytes = footage(6 * mebibyte, 'long')
  const device = makeDevice('DSJ0001', [{ name: 'long.MP4', bytes }])
  const volume = station.source.plugIn(device, 1)
  device.beforePiece = (_, at) => {
    if (at === 3 * mebibyte) station.source.pull(volume.id)
  }
  await world.until(() => attention(1) === 'pulled_out')
  t.match(model.slot(1).card, { serial: 'DSJ0001', mayLeave: false, attention: { count: 1 } })
  t.same(await sealed(), [])
  device.beforePiece = () => undefined
  station.source.plugIn(device, 4)
  await world.until(async () => (await sealed()).length === 1)
  t.same(await sealed(), [hex(bytes)])
  t.equal(await handIns(), 1)
  t.equal(front.asked.filter((what) => what === 'POST /uploads').length, 1, 'the upload that had begun')
  await world.until(() => model.slot(4).card.files.sent === 1)
  t.same(front.refused(), [])
})

t.test('two devices that say one serial: neither is read while both are there', async (t) => {
  const { world, station, model, sealed, attention } = await openPlace(t)
  const one = makeDevice('DSJ0001', [{ name: 'one.MP4', bytes: footage(4 * mebibyte, 'one') }])
  const other = makeDevice('DSJ0001', [{ name: 'other.MP4', bytes: footage(90_000, 'other') }])
  let twin: { id: string } | null = null
  one.beforePiece = async (_, at) => {
    if (at < mebibyte) return
    twin ??= station.source.plugIn(other, 2)
    await delay(20)
  }
  station.source.plugIn(one, 1)
  await world.until(() => attention(1) === 'two_devices_one_serial' && attention(2) === 'two_devices_one_serial')
  t.match(model.slot(1).card.attention, { detail: 'DSJ0001' })
  t.same(other.reads, [])
  t.same(await sealed(), [])
  station.source.pull(twin!.id)
  await world.until(async () => (await sealed()).length === 1)
  t.same(await sealed(), [hex(one.files[0]!.bytes)], 'the one that stayed goes on by itself')
  t.same(other.reads, [])
})

t.test('an unknown volume is not looked at before somebody says whose it is; then it is remembered', async (t) => {
  const { world, front, station, model, sealed, attention, detailsOf } = await openPlace(t)
  let lists = 0
  const beforeList = () => {
    lists += 1
  }
  const files = [{ name: 'a.MP4', bytes: footage(80_000, 'a') }]
  const device = makeDevice(null, files, { uuid: '12AB-34CD', beforeList })
  const volume = station.source.plugIn(device, 2)
  await world.until(() => attention(2) === 'unknown_volume')
  t.equal(model.slot(2).card.word, 'asking')
  await t.rejects(model.whose(2, { answer: 'ours', serial: 'DSJ9999' }), { code: 'not_found' })
  t.same([lists, device.reads], [0, []])
  await model.whose(2, { answer: 'ours', serial: 'DSJ0001' })
  await world.until(async () => (await sealed()).length === 1)
  t.equal(model.slot(2).serialBy, 'stated')
  t.match(await detailsOf('station.volume_stated'), [{ uuid: '12AB-34CD', answer: 'ours', by: { grade: 'slot' } }])
  const { flags } = await world.db.selectFrom('recording').select('flags').executeTakeFirstOrThrow()
  t.ok(flags.includes('device_stated'), 'the recording says how its device is known')

  station.source.pull(volume.id)
  files.push({ name: 'b.MP4', bytes: footage(70_000, 'b') })
  await station.restart()
  station.source.plugIn(device, 3)
  await world.until(async () => (await sealed()).length === 2)
  t.equal(station.agent.model.slot(3).serialBy, 'remembered')
  t.match(await detailsOf('station.volume_stated'), [{ words: null }, { words: /沿用此前/, by: { personId: null } }])
  const stated = await world.db.selectFrom('hand_in').select('device_stated').execute()
  t.same(
    stated.map(({ device_stated }) => device_stated),
    [true, true],
    'every hand-in of it says how its device is known',
  )
  const stranger = makeDevice(null, files, { uuid: '99AB-34CD', beforeList })
  station.source.plugIn(stranger, 5)
  await world.until(() => station.agent.model.slot(5).card.word === 'asking')
  await station.agent.model.whose(5, { answer: 'not_a_device' })
  await world.until(() => station.agent.model.slot(5).card.word === 'unread')
  t.same(stranger.reads, [], 'what is no device is left alone')
  station.source.plugIn(makeDevice(null, files, { uuid: '99AB-34CD' }), 6)
  await world.until(() => station.agent.model.slot(6).card.word === 'asking')
  await station.agent.model.whose(5, { answer: 'foreign', words: '其他单位的设备' })
  await world.until(() => stranger.reads.length > 0)
  t.same(front.refused(), [])
})

t.test('a file that cannot be read twice is unreadable, is told as missing, and the rest goes on', async (t) => {
  const { world, front, station, model, sealed, attention } = await openPlace(t)
  const files = ['bad', 'good', 'once'].map((name) => ({ name, bytes: footage(300_000, name) }))
  const device = makeDevice('DSJ0001', files)
  const failures = { bad: 0, once: 0 }
  device.beforePiece = (name, at) => {
    if (name === 'good' || at < 100_000 || (name === 'once' && failures.once > 0)) return
    failures[name as 'bad' | 'once'] += 1
    throw new ReadFailed('a bad sector')
  }
  // What came before the bad sector had gone wrong too, and lies in memory so.
  device.held.set('once', footage(300_000, 'gone wrong'))
  station.source.plugIn(device, 1)
  await world.until(() => attention(1) === 'file_unreadable')
  await world.until(async () => (await sealed()).length === 2)
  t.same(new Set(await sealed()), new Set([hex(files[1]!.bytes), hex(files[2]!.bytes)]), 'as the device has them')
  t.same(failures, { bad: 2, once: 1 })
  t.match(model.slot(1).card, { files: { total: 3, read: 2, unreadable: 1 }, attention: { count: 1 } })
  const gap = await world.until(() => world.db.selectFrom('gap').selectAll().executeTakeFirst())
  t.match(gap, { kind: 'not_read', after_number: 0, device_serial: 'DSJ0001', state: 'open' })
  t.same(front.refused(), [])
})

t.test('a damaged volume is said once, and not listed again and again', async (t) => {
  const { world, station, model, sealed, attention } = await openPlace(t)
  let lists = 0
  const fail = () => {
    lists += 1
    throw new VolumeDamaged('names without end')
  }
  const device = makeDevice('DSJ0001', [{ name: 'a.MP4', bytes: footage(300_000, 'a') }], { beforeList: fail })
  const first = station.source.plugIn(device, 1)
  await world.until(() => attention(1) === 'volume_damaged')
  t.equal(model.slot(1).card.attention!.detail, 'names without end')
  const nameless = station.source.plugIn(makeDevice(null, [], { damage: 'cannot be mounted' }), 3)
  await world.until(() => attention(3) === 'volume_damaged')
  t.equal(model.slot(3).card.word, 'attention', 'nobody is asked whose it is')
  station.source.pull(nameless.id)
  station.source.pull(first.id)
  t.equal(lists, 1)

  device.beforeList = () => undefined
  device.beforePiece = (_, at) => {
    if (at >= 100_000) throw new VolumeDamaged('no answer')
  }
  const second = station.source.plugIn(device, 2)
  await world.until(() => attention(2) === 'volume_damaged')
  t.match(model.slot(2).card.files, { total: 1, unreadable: 0 }, 'its files are not given up')
  station.source.pull(second.id)
  device.beforePiece = () => undefined
  station.source.plugIn(device, 2)
  await world.until(async () => (await sealed()).length === 1)
})

t.test('taken in an emergency: what is missing is told, nothing is red, and it goes on when it is back', async (t) => {
  const { world, front, station, model, sealed, handIns, detailsOf } = await openPlace(t)
  const files = ['a', 'b'].map((name) => ({ name, bytes: footage(2 * mebibyte, name) }))
  const device = makeDevice('DSJ0001', files)
  let isHeld = true
  device.beforePiece = async (name) => {
    while (name === 'b' && isHeld) {
      await delay(20)
      if (model.slot(1).card.word === 'taken') return
    }
  }
  const volume = station.source.plugIn(device, 1)
  await world.until(() => model.slot(1).card.files.sent === 1)
  await model.pickUp(1, { personId: null, reason: 'call_out' })
  t.equal(model.slot(1).card.isPickedUp, true)
  station.source.pull(volume.id)
  isHeld = false
  await world.until(() => model.slot(1).card.word === 'taken')
  t.equal(model.slot(1).card.attention, null)
  const [told] = await world.until(async () => {
    const found = await detailsOf('station.emergency_taking')
    return found.length > 0 ? found : null
  })
  t.match(told, { reason: 'call_out', remaining: 1 })
  const said = front.saidAt(/reports$/).find(({ body }) => body.kind === 'picked_up_in_emergency')
  const { id } = await world.db.selectFrom('hand_in').select('id').executeTakeFirstOrThrow()
  t.match(said!.body, { handInId: id, remaining: [1] }, 'by the bureau’s id of the list')
  station.source.plugIn(device, 2)
  await world.until(async () => (await sealed()).length === 2)
  t.equal(await handIns(), 1)
  t.same(front.refused(), [])
})
