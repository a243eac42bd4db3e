import t from 'tap'
import { dockSettings } from '../../../services/custody/settings/docks.ts'
import { footage, openIngestWorld, registerTestDevice } from '../../support/ingest.ts'
import { openFront } from './front.ts'
import { openStation } from './station.ts'
import { makeDevice } from './test-volume.ts'
import { decideSetting, giveToKeeper } from './told.ts'

const facts = { officerNumber: null, officerName: null }

t.test('a device that is lifted after a night has its check filled, and a fit one is offered instead', async (t) => {
  const world = await openIngestWorld(t)
  const personId = await giveToKeeper(world, 'DSJ0001')
  for (const serial of ['DSJ0002', 'DSJ0003']) await registerTestDevice(world, serial)
  await decideSetting(world, 'dock.clearing', { ...dockSettings['dock.clearing'].standard, recorder: 'keep' })
  const front = await openFront(t, () => world.origin)
  const station = await openStation(t, { origin: front.origin, token: world.dock.token, signingKey: world.dock.key })
  const { model } = station.agent
  const device = (serial: string, batteryPercent: number) =>
    makeDevice(serial, [{ name: `${serial}.MP4`, bytes: footage(20_000, serial) }], {
      facts: { ...facts, serial, batteryPercent, clockOffsetMs: 1500 },
      // What it says when it is asked again, once everything is read.
      condition: async () => ({ batteryPercent: batteryPercent + 5, clockOffsetMs: 900, freeBytes: null }),
    })
  const tired = station.source.plugIn(device('DSJ0001', 27), 1)
  station.source.plugIn(device('DSJ0002', 60), 2)
  station.source.plugIn(device('DSJ0003', 91), 3)
  await world.until(() => [1, 2, 3].every((slot) => model.slot(slot).card.check !== null))
  const check = { unfit: ['battery'], freePercent: 87, clockOffsetMs: 900, instead: { slot: 3, serial: 'DSJ0003' } }
  t.match(model.slot(1).card, { batteryPercent: 32, check }, 'the fullest that is free')
  t.same(model.slot(3).card.check!.unfit, [])

  t.equal(model.peopleFor(1)[0]?.id, personId, 'its keeper is the likeliest')
  await t.rejects(model.take(1, { personId: 'nobody' }), { code: 'not_found' })
  await model.take(1, { personId })
  t.match(model.slot(1).card.check?.taker, { name: '张伟' })
  station.source.pull(tired.id)
  await world.until(() => model.slot(1).card.word === 'taken')
  t.match(model.slot(1).card.check, { instead: { slot: 3 } }, 'it is offered still while somebody stands there')
  const reports = () => front.saidAt(/reports$/).filter(({ status }) => status === 204)
  await world.until(() => reports().length === 2)
  t.match(
    reports().map(({ body }) => body),
    [
      { kind: 'device_checked', serial: 'DSJ0001', batteryPercent: 32, freePercent: 87, clockOffsetMs: 900 },
      { kind: 'device_taken', serial: 'DSJ0001', by: { personId, grade: 'slot' } },
    ],
  )
  const events = await world.db.selectFrom('event').where('kind', 'like', 'station.%').select('kind').execute()
  t.same(events.map(({ kind }) => kind).sort(), ['station.device_checked', 'station.device_taken'])
  t.same(front.refused(), [])
})

t.test('a card that is to be kept asks for its seal, also after it was taken out', async (t) => {
  const world = await openIngestWorld(t)
  await decideSetting(world, 'dock.clearing', { ...dockSettings['dock.clearing'].standard, recorder: 'seal_card' })
  const front = await openFront(t, () => world.origin)
  const station = await openStation(t, { origin: front.origin, token: world.dock.token, signingKey: world.dock.key })
  const { model } = station.agent
  const device = makeDevice('DSJ0001', [{ name: 'a.MP4', bytes: footage(50_000, 'a') }])
  const volume = station.source.plugIn(device, 2)
  const kept = { sealNumber: 'A0012873', keeper: '资料管理员', place: '资料室保险柜' }
  await world.until(() => model.slot(2).card.attention?.word === 'card_to_seal')
  t.match(model.slot(2), { policy: 'seal_card', keptCard: null })
  await t.rejects(model.keepCard(1, kept), { code: 'conflict' })
  await world.until(() => volume.released)
  station.source.pull(volume.id)
  t.equal(model.slot(2).card.attention?.word, 'card_to_seal', 'the card is out to be sealed')
  await station.restart()
  const { model: next } = station.agent
  t.equal(next.slot(2).card.attention?.word, 'card_to_seal', 'also for the next agent')
  t.match(next.state().recent, [{ serial: 'DSJ0001', files: 1 }], 'what left before is in its lists')
  t.match(await next.handIns({ fromMs: 0, untilMs: Date.now() + 86_400_000 }), [{ serial: 'DSJ0001', files: 1 }])
  await next.keepCard(2, kept)
  t.not(next.slot(2).card.word, 'attention')
  await t.rejects(next.keepCard(2, kept), { code: 'conflict' }, 'once')
  const report = await world.until(() => front.saidAt(/reports$/).find(({ body }) => body.kind === 'card_kept'))
  await world.until(() => report.status === 204)
  t.match(report.body, { serial: 'DSJ0001', ...kept })
  const { body } = await world.db
    .selectFrom('event')
    .where('kind', '=', 'device.card_kept')
    .select('body')
    .executeTakeFirstOrThrow()
  t.match(JSON.parse(body).details, { ...kept, by: { grade: 'slot' }, identified: false })
  t.equal(device.files.length, 1, 'nothing is cleared')

  await station.restart()
  station.source.plugIn(device, 2)
  t.match(await world.until(() => station.agent.model.slot(2).keptCard), kept, 'it is known after a restart')
  t.same(front.refused(), [])
})
