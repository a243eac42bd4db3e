import t, { type Test } from 'tap'
import { footage, hex, openIngestWorld, registerTestDevice } from '../../support/ingest.ts'
import { openFront } from './front.ts'
import { openStation } from './station.ts'
import { makeDevice } from './test-volume.ts'

async function openPlace(t: Test) {
  const world = await openIngestWorld(t)
  await registerTestDevice(world, 'DSJ0002')
  const front = await openFront(t, () => world.origin)
  const station = await openStation(t, { origin: front.origin, token: world.dock.token, signingKey: world.dock.key })
  await world.until(() => station.agent.model.state().server === 'online')
  const sealed = () =>
    world.db.selectFrom('upload').where('state', '=', 'sealed').select(['name', 'sha256', 'device_serial']).execute()
  return { world, front, station, sealed }
}

t.test(
  'a volume that claims to be another device than somebody said before is not read until he says it again',
  async (t) => {
    const { world, front, station, sealed } = await openPlace(t)
    const { model } = station.agent
    const uuid = '12AB-34CD'
    const first = station.source.plugIn(makeDevice(null, [{ name: 'a.MP4', bytes: footage(80_000, 'a') }], { uuid }), 2)
    await world.until(() => model.slot(2).card.word === 'asking')
    await model.whose(2, { answer: 'ours', serial: 'DSJ0001' })
    await world.until(async () => (await sealed()).length === 1)
    station.source.pull(first.id)

    const claiming = makeDevice('DSJ0002', [{ name: 'b.MP4', bytes: footage(70_000, 'b') }], { uuid })
    station.source.plugIn(claiming, 3)
    await world.until(() => model.slot(3).card.word === 'asking')
    t.match(model.slot(3).card.attention, { word: 'unknown_volume', detail: 'DSJ0002' })
    t.same(claiming.reads, [])
    await model.whose(3, { answer: 'ours', serial: 'DSJ0002' })
    await world.until(async () => (await sealed()).length === 2)
    t.same((await sealed()).map(({ device_serial }) => device_serial).sort(), ['DSJ0001', 'DSJ0002'])
    t.same(front.refused(), [])
  },
)

t.test('names of any bytes arrive byte for byte', async (t) => {
  const { world, front, station, sealed } = await openPlace(t)
  const names = [
    ...['d1a7d0a32e6d7034', '93fa967b8cea2e4d5034', '81308130fe30fe302e4d5034', 'fffe80c0'].map((name) =>
      Buffer.from(name, 'hex'),
    ),
    ...[
      'line\nbreak.MP4',
      '\u202e4PM.exe',
      '... ',
      '<b>a</b>&amp;.MP4',
      '=1+1.MP4',
      'CON',
      ';rm -rf $HOME`id`.MP4',
    ].map((name) => Buffer.from(name)),
    Buffer.alloc(255, 0x41),
  ]
  const files = names.map((name) => ({ name, bytes: footage(1000, name.toString('hex')) }))
  station.source.plugIn(makeDevice('DSJ0001', files))
  await world.until(async () => (await sealed()).length === names.length)
  const arrived = new Map((await sealed()).map(({ name, sha256 }) => [name.toString('hex'), sha256!.toString('hex')]))
  t.same(arrived, new Map(files.map(({ name, bytes }) => [name.toString('hex'), hex(bytes)])))
  t.same(front.refused(), [])
})
