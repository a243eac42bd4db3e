import t from 'tap'
import { dockSettings } from '../../../services/custody/settings/docks.ts'
import { footage } from '../../support/ingest.ts'
import { witnessNow } from '../receipts/place.ts'
import { clearedFiles, openReceiptPlace } from './cleared-place.ts'
import { openStation } from './station.ts'
import { makeDevice } from './test-volume.ts'
import { decideSetting } from './told.ts'

t.test('what somebody said to keep stays; what is asked about goes when somebody says so', async (t) => {
  const serials = ['DSJ0001', 'DSJ0002', 'DSJ0003']
  const { place, front, trust, secure } = await openReceiptPlace(t, serials)
  const { world } = place.archive
  const { until } = world
  const { dock } = place.ingest
  await decideSetting(world, 'dock.clearing', { ...dockSettings['dock.clearing'].standard, camera: 'ask' })
  await world.db.updateTable('device').set({ kind: 'camera' }).where('serial', '=', 'DSJ0002').execute()
  const station = await openStation(t, { origin: front.origin, token: dock.token, signingKey: dock.key, trust })
  const { model } = station.agent
  const [kept, asked, plain] = serials.map((serial) =>
    makeDevice(serial, [{ name: `${serial}.MP4`, bytes: footage(60_000, serial) }]),
  ) as [ReturnType<typeof makeDevice>, ReturnType<typeof makeDevice>, ReturnType<typeof makeDevice>]
  const volume = station.source.plugIn(kept, 1)
  station.source.plugIn(asked, 2)
  station.source.plugIn(plain, 3)
  await until(() => model.slot(1).files.length === 1)
  await model.keep(1)
  await t.rejects(model.clear(3), { code: 'conflict' }, 'nobody asks about this one')
  await secure([kept, asked, plain].map(({ files }) => files[0]!.bytes))
  await until(() => [1, 2, 3].every((slot) => model.slot(slot).card.files.provisional === 1))

  await witnessNow(place)
  await until(() => plain.files.length === 0)
  await until(() => [1, 2].every((slot) => model.slot(slot).card.files.receipts === 1))
  await until(async () => (await clearedFiles(world.db)).filter(({ outcome }) => outcome === 'cleared').length === 1)
  t.same([kept.files.length, asked.files.length], [1, 1])
  t.match(model.slot(1), { isKeptThisTime: true, files: [{ receipt: 'witnessed', cleared: 'no' }] })
  t.match(model.slot(2), { policy: 'ask', files: [{ receipt: 'witnessed', cleared: 'no' }] })

  await model.clear(2)
  await until(() => asked.files.length === 0)
  await until(async () => (await clearedFiles(world.db)).filter(({ outcome }) => outcome === 'cleared').length === 2)
  t.equal(kept.files.length, 1)
  const saidBy = async (kind: string) => {
    const rows = await world.db.selectFrom('event').where('kind', '=', kind).select('body').orderBy('id').execute()
    return rows.map(({ body }) => JSON.parse(body).details.by)
  }
  t.match(await saidBy('clearing.announced'), [undefined, { grade: 'slot' }], 'who tapped it, where it was asked')
  t.match(await until(async () => (await saidBy('station.device_kept'))[0]), { grade: 'slot' })

  // The bus is reset: that is the same stay, and what was said holds.
  station.source.pull(volume.id)
  station.source.plugIn(kept, 1)
  await until(() => ['ready', 'charging'].includes(model.slot(1).card.word) && model.slot(1).isKeptThisTime)
  t.equal(kept.files.length, 1)
  t.same(front.refused(), [])
})
