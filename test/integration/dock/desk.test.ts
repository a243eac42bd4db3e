import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { registerDevice } from '../../../services/custody/devices/device.ts'
import { ownProfiles, readProfiles } from '../../../services/dock/profiles/read-profiles.ts'
import { cardDesk } from '../../../services/dock/sources/card-desk.ts'
import { openLog } from '../../../services/foundation/log.ts'
import { footage, hex, openIngestWorld } from '../../support/ingest.ts'
import { openFront } from './front.ts'
import { openStation } from './station.ts'
import { makeDevice, makeSource } from './test-volume.ts'
import { giveToKeeper } from './told.ts'

type Test = Parameters<typeof openIngestWorld>[0]

/** A station with a desk, and a bureau with a recorder, a pen and the telephone of 张伟. */
async function openDeskPlace(t: Test) {
  const world = await openIngestWorld(t)
  const person = await giveToKeeper(world, 'DSJ0001')
  const setup = { id: 'setup', role: 'service' } as const
  for (const device of [
    { serial: 'LY00001', kind: 'audio_pen' } as const,
    { serial: 'SJ-001', kind: 'phone' } as const,
  ]) {
    await world.db.transaction().execute((trx) => registerDevice(trx, world.clock, setup, device))
  }
  const exports = await mkdtemp(join(tmpdir(), 'desk-'))
  t.teardown(() => rm(exports, { recursive: true }))
  const reader = makeSource()
  const desk = cardDesk({
    settings: {
      cards: null,
      cables: null,
      folders: [{ name: '导出', folder: exports, profile: 'export' }],
      pollMs: 20,
      listTimeMs: 20_000,
    },
    profiles: await readProfiles([ownProfiles]),
    log: openLog({ service: 'dock', level: 'silent' }),
    sources: [{ kind: 'card', source: reader }],
  })
  const front = await openFront(t, () => world.origin)
  const { dock } = world
  const station = await openStation(t, {
    ...{ origin: front.origin, token: dock.token, signingKey: dock.key },
    ...{ sources: [desk], desk },
  })
  const screen = station.agent.model.desk!
  await world.until(() => screen.state().devices.length > 0)
  const headOf = async (serial: string) => {
    const row = await world.db
      .selectFrom('hand_in')
      .where('device_serial', '=', serial)
      .select('head')
      .executeTakeFirstOrThrow()
    return JSON.parse(row.head.toString())
  }
  const sealed = async (serial: string) => {
    const rows = await world.db
      .selectFrom('recording')
      .where('device_serial', '=', serial)
      .select(['flags', 'sha256', 'quarantine_reason as reason'])
      .execute()
    return rows.map(({ flags, sha256, reason }) => ({ flags, sha256: sha256.toString('hex'), reason }))
  }
  return { world, person, exports, reader, front, station, screen, headOf, sealed }
}

t.test('a card is not looked at before somebody says of which device it is and who he is', async (t) => {
  const { world, person, reader, front, station, screen, headOf, sealed } = await openDeskPlace(t)
  let lists = 0
  const files = [{ name: 'DSJ0001_012345_20261120083000_0001.MP4', bytes: footage(80_000, 'card') }]
  const device = makeDevice(null, files, { uuid: '12AB-34CD', beforeList: () => void lists++ })
  const volume = reader.plugIn(device, 1)
  await world.until(() => screen.state().media.length === 1)
  const [medium] = screen.state().media
  t.match(medium, { id: volume.id, kind: 'card', serial: null, slot: null })
  t.match(
    screen.state().devices.find(({ serial }) => serial === 'DSJ0001'),
    { kind: 'recorder', keeper: '张伟', label: 'DEV-DSJ0001' },
  )
  const word = { medium: volume.id, serial: 'DSJ0001', isScanned: true, by: { personId: person } }
  await t.rejects(screen.begin({ ...word, medium: 'no' }), { code: 'not_found' })
  await t.rejects(screen.begin({ ...word, serial: 'DSJ0999' }), { code: 'not_found' })
  await t.rejects(screen.begin({ ...word, by: null }), { code: 'bad_request' })
  await t.rejects(screen.begin({ ...word, by: { personId: 'nobody' } }), { code: 'not_found' })
  await t.rejects(screen.begin({ ...word, by: { card: '0000' } }), { code: 'wrong_role' })
  t.same([lists, device.reads, front.saidAt(/hand-ins$/)], [0, [], []])

  const { slot } = await screen.begin(word)
  t.equal(screen.state().media[0]!.slot, slot)
  await t.rejects(screen.begin(word), { code: 'conflict' })
  await world.until(async () => (await sealed('DSJ0001')).length === 1)
  t.match(await headOf('DSJ0001'), {
    origin: { kind: 'card', from: '由张伟（012345，点选姓名，未核验）从执法记录仪 DSJ0001 取出存储卡导入' },
  })
  t.match(
    await sealed('DSJ0001'),
    [{ flags: ['device_stated'], sha256: hex(files[0]!.bytes), reason: null }],
    'nothing waits, and the recording says how its device is known',
  )
  t.match(station.agent.model.slot(slot), { serialBy: 'label', card: { serial: 'DSJ0001' } })
  t.match(front.saidAt(/reports$/), [{ body: { kind: 'volume_stated', by: { personId: person, grade: 'slot' } } }])
  reader.pull(volume.id)
  await world.until(() => screen.state().media.length === 0)
  t.same(
    front.refused().map(({ path, status }) => [path, status]),
    [['/docks/me/identify', 403]],
    'only the card that nobody has',
  )
})

t.test(
  'a card that names its device needs no statement, and one without a registered device is asked about',
  async (t) => {
    const { world, person, reader, front, station, screen, sealed } = await openDeskPlace(t)
    const files = (seed: string) => [{ name: `${seed}.MP4`, bytes: footage(60_000, seed) }]
    const own = reader.plugIn(makeDevice('DSJ0001', files('own')), 1)
    await world.until(() => screen.state().media.length === 1)
    await screen.begin({ medium: own.id, serial: 'DSJ0001', isScanned: false, by: { personId: person } })
    await world.until(async () => (await sealed('DSJ0001')).length === 1)
    t.notOk((await sealed('DSJ0001'))[0]!.flags.includes('device_stated'))
    t.same(
      front.saidAt(/reports$/).filter(({ body }) => body.kind === 'volume_stated'),
      [],
    )

    const stranger = reader.plugIn(makeDevice(null, files('stranger')), 1)
    const { slot } = await screen.begin({ medium: stranger.id, serial: null, isScanned: false, by: null })
    await world.until(() => station.agent.model.slot(slot).card.word === 'asking')
    t.notOk(
      station.agent.model.devicesFor(slot).some(({ kind }) => kind === 'phone'),
      'no telephone is offered there',
    )
    await t.rejects(station.agent.model.whose(slot, { answer: 'ours', serial: 'SJ-001' }), { code: 'conflict' })
  },
)

t.test('an export of a pen and the pictures of a telephone come from folders', async (t) => {
  const { world, person, exports, front, station, screen, headOf, sealed } = await openDeskPlace(t)
  await mkdir(join(exports, '录音笔'))
  await mkdir(join(exports, '手机'))
  const sound = footage(40_000, 'sound')
  await writeFile(join(exports, '录音笔', 'REC001.WAV'), sound)
  await writeFile(join(exports, '录音笔', 'Thumbs.db'), 'no recording')
  const picture = footage(30_000, 'picture')
  await writeFile(join(exports, '手机', 'IMG_20261120_083000.jpg'), picture)
  await writeFile(join(exports, '手机', 'mmexport1764137002123.jpg'), footage(20_000, 'chat'))
  await world.until(() => screen.state().media.length === 2)
  const mediumOf = (name: string) => screen.state().media.find((one) => one.name === `导出 / ${name}`)!
  const pen = await screen.begin({
    ...{ medium: mediumOf('录音笔').id, serial: 'LY00001', isScanned: false },
    by: { personId: person },
  })
  const phone = await screen.begin({
    ...{ medium: mediumOf('手机').id, serial: 'SJ-001', isScanned: false },
    by: { personId: person },
  })
  t.not(pen.slot, phone.slot)
  await world.until(async () => (await sealed('LY00001')).length === 1 && (await sealed('SJ-001')).length === 2)
  t.match(await headOf('LY00001'), {
    origin: { kind: 'export', from: '由张伟（012345，点选姓名，未核验）从录音笔 LY00001 用配套程序导出后导入' },
  })
  t.match(await headOf('SJ-001'), {
    origin: { kind: 'phone', from: '由张伟（012345，点选姓名，未核验）从手机 SJ-001 导出后导入，非执法专用设备拍摄' },
  })
  t.match(await sealed('LY00001'), [{ sha256: hex(sound) }], 'the index of the folder is no recording')
  const [own, chat] = (await sealed('SJ-001')).toSorted((a) => (a.sha256 === hex(picture) ? -1 : 1))
  t.ok(own!.flags.includes('not_enforcement_device'))
  t.notOk(own!.flags.includes('recompressed_likely'))
  t.same(chat!.flags.slice(0, 3), ['device_stated', 'not_enforcement_device', 'recompressed_likely'])
  t.equal(station.agent.model.slot(phone.slot).policy, 'keep')
  t.same(front.refused(), [])
})
