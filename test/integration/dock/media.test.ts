import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ownProfiles, readProfiles } from '../../../services/dock/profiles/read-profiles.ts'
import { stationFolder } from '../../../services/dock/sources/station-folder.ts'
import { openLog } from '../../../services/foundation/log.ts'
import { footage, openIngestWorld } from '../../support/ingest.ts'
import { openFront } from './front.ts'
import { openStation, type StationOptions } from './station.ts'
import { makeDevice } from './test-volume.ts'

// A device may have several media: days in the store of a vendor's station, cards that are changed.

async function openPlace(t: Test, options: Partial<StationOptions> = {}) {
  const world = await openIngestWorld(t)
  const front = await openFront(t, () => world.origin)
  const { token, key: signingKey } = world.dock
  const station = await openStation(t, { origin: front.origin, token, signingKey, ...options })
  const sealedAre = (count: number) =>
    world.until(async () => {
      const rows = await world.db.selectFrom('upload').where('state', '=', 'sealed').select('name').execute()
      return rows.length === count
    })
  return { world, front, station, sealedAre }
}

t.test('days of one device in a station’s store are handed in one by one, and a late file alone', async (t) => {
  const store = await mkdtemp(join(tmpdir(), 'store-'))
  t.teardown(() => rm(store, { recursive: true }))
  const add = async (day: string, number: string) => {
    const folder = join(store, day, 'P00231_DSJ0001')
    await mkdir(folder, { recursive: true })
    const name = `DSJ0001_P00231_${day.replaceAll('-', '')}140000_${number}.MP4`
    await writeFile(join(folder, name), footage(70_000, day + number))
  }
  for (const day of ['2026-11-24', '2026-11-25']) await add(day, '0001')
  const log = openLog({ service: 'dock', level: 'silent' })
  const source = stationFolder({
    settings: {
      ...{ name: '华安采集站', folder: store, profile: 'generic', folders: '{date}/{officer:6}_{serial:7}' },
      ...{ unfinished: ['tmp'], restMs: 50, pollMs: 20, listTimeMs: 20_000 },
    },
    profile: (await readProfiles([ownProfiles])).find(({ name }) => name === 'generic')!,
    clock: { now: () => new Date() },
    log,
  })
  const { world, front, station, sealedAre } = await openPlace(t, { sources: [source] })
  await sealedAre(2)
  await add('2026-11-26', '0001')
  await sealedAre(3)
  await add('2026-11-24', '0002')
  await sealedAre(4)
  const lists = await world.db
    .selectFrom('hand_in')
    .innerJoin('hand_in_file', 'hand_in.id', 'hand_in_id')
    .groupBy('hand_in.id')
    .orderBy('hand_in.opened_at')
    .select((row) => row.fn.countAll<string>().as('files'))
    .execute()
  t.same(
    lists.map(({ files }) => Number(files)),
    [1, 1, 1, 2],
    'each day in its turn; the late file beside what is known',
  )
  t.equal(front.asked.filter((what) => what === 'POST /uploads').length, 4, 'nothing is sent twice')
  const gaps = await world.db.selectFrom('gap').select('kind').execute()
  t.same(gaps, [], 'a day is no gap of another one')
  const cards = [1, 2, 3, 4, 5, 6].map((slot) => station.agent.model.slot(slot).card)
  t.ok(cards.every(({ attention }) => attention === null))
})

t.test('what lies on one card of a camera says nothing of what lies on another', async (t) => {
  const { world, front, station, sealedAre } = await openPlace(t)
  const cardOf = (uuid: string, name: string) =>
    makeDevice('DSJ0001', [{ name, bytes: footage(90_000, name) }], { uuid })
  const [one, other] = [cardOf('1111-1111', 'one.MP4'), cardOf('2222-2222', 'other.MP4')]
  for (const card of [one, other]) card.canRemove = false
  for (const device of [one, other, one, other]) {
    const volume = station.source.plugIn(device)
    await world.until(() => volume.released)
    station.source.pull(volume.id)
  }
  await sealedAre(2)
  t.equal(front.asked.filter((what) => what === 'POST /uploads').length, 2)
  t.equal(front.asked.filter((what) => what === 'POST /hand-ins').length, 2, 'each card keeps its list')
})

t.test('a device that gives no times of its files makes one hand-in while it is not taken away', async (t) => {
  let nowMs = Date.now()
  const { world, front, station, sealedAre } = await openPlace(t, { now: () => nowMs })
  const device = makeDevice('DSJ0001', [{ name: 'a.MP4', bytes: footage(90_000, 'a'), modifiedMs: null }])
  device.canRemove = false
  const lists = () => front.asked.filter((what) => what === 'POST /hand-ins').length
  const dock = async () => {
    const volume = station.source.plugIn(device)
    await world.until(() => volume.released)
    station.source.pull(volume.id)
    await world.until(() => station.agent.model.slot(1).card.word === 'taken')
  }
  for (let reset = 0; reset < 3; reset++) await dock()
  await sealedAre(1)
  t.equal(lists(), 1)
  nowMs += 16 * 60_000
  await dock()
  t.equal(lists(), 2, 'taken away and brought back, the file may be another one')
})
