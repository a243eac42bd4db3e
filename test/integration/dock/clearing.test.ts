import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { dockSettings } from '../../../services/custody/settings/docks.ts'
import { footage, hex } from '../../support/ingest.ts'
import { startSequencer } from '../../support/sequencer.ts'
import { witnessNow } from '../receipts/place.ts'
import { clearedFiles, openReceiptPlace } from './cleared-place.ts'
import { openStation, strangersTrust } from './station.ts'
import { makeDevice } from './test-volume.ts'
import { decideSetting } from './told.ts'

const serials = ['DSJ0001', 'DSJ0002', 'DSJ0003', 'DSJ0004']

t.test('a device is cleared by witnessed receipts, and by nothing less', async (t) => {
  const { place, front, trust, secure } = await openReceiptPlace(t, serials)
  const { until } = place.archive.world
  const { dock } = place.ingest
  const { world } = place.archive
  await decideSetting(world, 'dock.clearing', { ...dockSettings['dock.clearing'].standard, camera: 'keep' })
  await world.db.updateTable('device').set({ kind: 'camera' }).where('serial', '=', 'DSJ0003').execute()
  const options = { origin: front.origin, token: dock.token, signingKey: dock.key, trust }
  const station = await openStation(t, options)
  const stranger = await openStation(t, { ...options, trust: strangersTrust() })
  const content = (name: string) => footage(60_000, name)
  const plain = makeDevice('DSJ0001', [
    { name: 'a.MP4', bytes: content('a') },
    { name: 'b.MP4', bytes: content('b') },
  ])
  const altered = makeDevice('DSJ0002', [{ name: 'c.MP4', bytes: content('c') }])
  const kept = makeDevice('DSJ0003', [{ name: 'd.MP4', bytes: content('d') }])
  const elsewhere = makeDevice('DSJ0004', [{ name: 'e.MP4', bytes: content('e') }])
  station.source.plugIn(plain, 1)
  station.source.plugIn(altered, 2)
  station.source.plugIn(kept, 3)
  stranger.source.plugIn(elsewhere, 1)
  await secure(['a', 'b', 'c', 'd', 'e'].map(content))
  const { model } = station.agent
  await until(() => model.slot(1).card.files.provisional === 2 && model.slot(2).card.files.provisional === 1)
  t.equal(model.slot(1).card.word, 'provisional')
  await until(() => stranger.agent.model.slot(1).card.attention?.word === 'receipt_wrong')
  t.same(front.saidAt(/clearings/), [], 'a provisional receipt clears nothing')
  const other = content('other')
  altered.files[0]!.bytes = other

  await witnessNow(place)
  await until(() => plain.files.length === 0)
  await until(() => front.saidAt(/POST \/clearings\/.*\/end/).length === 2)
  const announced = front.saidAt(/POST \/hand-ins\/.*\/clearings/)
  const ofPlain = announced.find(({ body }) => (body.files as unknown[]).length === 2)!
  t.match(ofPlain.body.files, [
    { number: 0, sha256: hex(content('a')), basis: 'witnessed' },
    { number: 1, sha256: hex(content('b')), basis: 'witnessed' },
  ])
  const ends = front.saidAt(/\/end$/).map(({ body }) => body)
  t.match(
    ends.find(({ cleared }) => (cleared as number[]).length === 2),
    { cleared: [0, 1], left: [] },
  )
  t.match(
    ends.find(({ cleared }) => (cleared as number[]).length === 0),
    { left: [{ number: 0, why: 'digest_differs' }] },
  )
  t.equal(altered.files[0]!.bytes, other, 'a file that is another one now stays')
  const entered = await until(async () => {
    const rows = await clearedFiles(place.archive.world.db)
    return rows.every(({ outcome }) => outcome !== null) ? rows : null
  })
  t.same(
    entered,
    ['cleared', 'cleared', 'digest_differs'].map((outcome) => ({ outcome, basis: 'witnessed' })),
    'the bureau has entered what became of each',
  )
  await until(() => model.slot(2).card.attention?.word === 'changed_after_list')
  t.equal(model.slot(2).card.files.total, 1, 'it stands in a list of its own')
  await until(() => model.slot(3).card.files.receipts === 1)
  t.equal(kept.files.length, 1, 'what the policy keeps stays')
  // After a minute the card says that it charges.
  await until(() => ['ready', 'charging'].includes(model.slot(1).card.word) && model.slot(1).card.files.cleared === 2)
  t.match(stranger.agent.model.slot(1).files, [{ receipt: 'wrong', cleared: 'no' }])
  t.equal(elsewhere.files.length, 1, 'receipts that its own keys do not hold for clear nothing')
  t.equal(announced.length, 2)
  t.same(front.refused(), [], 'the bureau took all that was said')
})

t.test(
  'late witnesses: cleared only what lies on the spool, which keeps it until a witnessed receipt verifies',
  async (t) => {
    const { place, front, trust, secure } = await openReceiptPlace(t, serials)
    const { until, clock, db } = place.archive.world
    const { dock } = place.ingest
    const now = () => clock.now().getTime()
    // A busy machine is no server that is away.
    const station = await openStation(t, {
      origin: front.origin,
      token: dock.token,
      signingKey: dock.key,
      trust,
      now,
      patienceMs: 60_000,
    })
    const { model } = station.agent
    const bytes = { late: footage(80_000, 'late'), soon: footage(70_000, 'soon') }
    const full = makeDevice('DSJ0001', [{ name: 'late.MP4', bytes: bytes.late }], { freeBytes: 1024 * 1024 })
    const roomy = makeDevice('DSJ0002', [{ name: 'soon.MP4', bytes: bytes.soon }])
    station.source.plugIn(full, 1)
    station.source.plugIn(roomy, 2)
    const copies = () => readdirSync(join(station.folder, 'copies'))
    t.same(copies(), [], 'nothing lies on the spool while the server is there')
    await secure([bytes.late, bytes.soon])
    await until(() => model.slot(1).card.files.provisional === 1 && model.slot(2).card.files.provisional === 1)
    t.equal(full.files.length, 1, 'witnesses may take their time')
    clock.advance(4 * 3_600_000)
    await until(() => full.files.length === 0)
    await until(() => model.slot(1).files[0]?.cleared === 'before_witness')
    t.equal(copies().length, 1, 'its bytes stay on the spool')
    t.match(front.saidAt(/\/clearings$/)[0]!.body, { fullPercent: 99, files: [{ number: 0, basis: 'before_witness' }] })
    await until(async () => (await clearedFiles(db))[0]?.outcome === 'cleared')
    t.equal(roomy.files.length, 1, 'one with room waits for the witness')

    await witnessNow(place)
    await until(() => copies().length === 0)
    await until(() => roomy.files.length === 0)
    t.ok(existsSync(join(station.folder, 'spool.sqlite')))
    t.same(front.refused(), [], 'the bureau took all that was said')
  },
)

t.test(
  'a clearing whose answer was lost, and which may not be any more, is closed; the files go by another',
  async (t) => {
    const { place, front, trust, secure } = await openReceiptPlace(t, serials)
    const { archive, ingest } = place
    const { until, clock, db } = archive.world
    const now = () => clock.now().getTime()
    const { dock } = ingest
    const station = await openStation(t, { origin: front.origin, token: dock.token, signingKey: dock.key, trust, now })
    const bytes = footage(60_000, 'lost answer')
    const device = makeDevice('DSJ0001', [{ name: 'a.MP4', bytes }])
    station.source.plugIn(device, 1)
    await secure([bytes])
    await until(() => station.agent.model.slot(1).card.files.provisional === 1)

    await archive.stopSequencer()
    clock.advance(25 * 3_600_000)
    const announced = () => front.saidAt(/\/clearings$/)
    await until(() => announced().some(({ status }) => status !== null && status >= 500))
    t.equal((await db.selectFrom('clearing').select('id').execute()).length, 1, 'entered, and not answered in time')
    // Its lines were late when they were announced, and are witnessed when the dock asks again.
    await witnessNow(place)
    t.teardown(startSequencer(archive.world, archive.log))
    await until(() => device.files.length === 0)
    await until(async () => (await db.selectFrom('clearing').where('ended_at', 'is', null).execute()).length === 0)
    t.same(
      (await clearedFiles(db)).map(({ outcome, basis }) => [outcome, basis]),
      [
        ['cleared', 'witnessed'],
        ['not_removed', 'before_witness'],
      ],
    )
  },
)
