import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Decrypter } from 'age-encryption'
import t, { type Test } from 'tap'
import { inFull } from '../../support/in-full.ts'
import { footage, hex, registerTestDevice } from '../../support/ingest.ts'
import { openReceiptPlace } from './cleared-place.ts'
import { keepSecuring } from './keep-securing.ts'
import { openStation } from './station.ts'
import { makeDevice, type TestDevice } from './test-volume.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const recorders = inFull ? 46 : 3
const days = inFull ? 10 : 3
/** Of a recorder's space; each shift fills between a quarter and nine tenths of it. */
const capacityBytes = 400_000
const filesEach = 2
/** From the end of a shift in the evening to the next one in the morning. */
const nightMs = 14.5 * hourMs
const lateWhenFullMs = 4 * hourMs
const patience = { timeoutMs: 15 * 60_000 }

interface Recorder {
  readonly serial: string
  readonly slot: number
  readonly device: TestDevice
  readonly shiftBytes: number
}

const usedBytes = ({ files }: TestDevice) => files.reduce((sum, { bytes }) => sum + bytes.length, 0)

/** What a recorder films in a shift. @throws when it is full before the shift is over */
function film({ serial, device, shiftBytes }: Recorder, day: number): Buffer[] {
  const filmed = Array.from({ length: filesEach }, (_, number) =>
    footage(Math.floor(shiftBytes / filesEach), `${serial} ${day} ${number}`),
  )
  for (const [number, bytes] of filmed.entries())
    device.files.push({ name: `${serial}_${day}_${number}.MP4`, bytes, modifiedMs: Date.UTC(2026, 9, 1 + day) })
  if (usedBytes(device) > capacityBytes) throw new Error(`${serial} is full on day ${day}`)
  device.freeBytes = capacityBytes - usedBytes(device)
  return filmed
}

async function openHoliday(t: Test) {
  const all = Array.from({ length: recorders }, (_, index): Recorder => {
    const serial = `DSJ${String(index + 1).padStart(4, '0')}`
    const share = 0.25 + (0.65 * index) / Math.max(1, recorders - 1)
    const device = makeDevice(serial, [], { sizeBytes: capacityBytes, freeBytes: capacityBytes })
    return { serial, slot: index + 1, device, shiftBytes: Math.floor(capacityBytes * share) }
  })
  const opened = await openReceiptPlace(t, ['DSJ0001'])
  const { ingest, archive } = opened.place
  const { world } = archive
  for (const { serial } of all.slice(1)) await registerTestDevice(world, serial)
  const securing = keepSecuring(t, opened)
  securing.isWitnessThere = false
  const station = await openStation(t, {
    ...{ origin: opened.front.origin, token: ingest.dock.token, signingKey: ingest.dock.key, trust: opened.trust },
    station: {
      ...{ name: '采集站一', slots: recorders, version: '0', sounds: false },
      ...{ quietFrom: null, quietTo: null, hasPrinter: false },
    },
    now: () => world.clock.now().getTime(),
  })
  await world.until(() => station.agent.model.state().server === 'online')
  return { ...opened, all, world, securing, station, model: station.agent.model, kept: keptDigests(station) }
}
type Holiday = Awaited<ReturnType<typeof openHoliday>>

/** Digests of what really lies on the spool, as the station's own key opens it. */
function keptDigests({ folder, identity }: { folder: string; identity: string }): () => Promise<Set<string>> {
  const opened = new Map<string, string>()
  return async () => {
    const names = readdirSync(join(folder, 'copies')).filter((name) => name.endsWith('.age'))
    for (const name of names) {
      if (opened.has(name)) continue
      const decrypter = new Decrypter()
      decrypter.addIdentity(identity)
      opened.set(name, hex(await decrypter.decrypt(readFileSync(join(folder, 'copies', name)))))
    }
    return new Set(names.map((name) => opened.get(name)!))
  }
}

/** Names of places that hold a file besides its recorder. */
async function placesOf({ world, kept }: Holiday, digests: readonly string[]): Promise<Map<string, number>> {
  const spool = await kept()
  const rows = await world.db
    .selectFrom('recording')
    .innerJoin('copy', 'copy.recording_id', 'recording.id')
    .where('copy.state', '=', 'verified')
    .select(['recording.sha256', 'copy.store'])
    .execute()
  const stores = Map.groupBy(rows, ({ sha256 }) => sha256.toString('hex'))
  return new Map(digests.map((digest) => [digest, (stores.get(digest)?.length ?? 0) + (spool.has(digest) ? 1 : 0)]))
}

/** An evening and a night: every recorder is docked, and taken in the morning. Returns what left the recorders. */
async function spendNight(
  t: Test,
  holiday: Holiday,
  { day, startMs }: { day: number; startMs: number },
): Promise<void> {
  const { all, world, model, station, securing } = holiday
  const evening = all.map((recorder) => film(recorder, day))
  for (const bytes of evening.flat()) securing.expect(bytes)
  world.clock.set(new Date(startMs + day * dayMs))
  const volumes = all.map(({ device, slot }) => station.source.plugIn(device, slot))
  const hasReceipts = ({ slot }: Recorder, index: number) => {
    const { card, files } = model.slot(slot)
    const mine = files.slice(-filesEach)
    return (
      card.serial === all[index]!.serial && mine.length > 0 && mine.every(({ receipt }) => receipt === 'provisional')
    )
  }
  await world.until(() => all.every(hasReceipts), patience)
  for (const [index, { device, serial }] of all.entries())
    if (!evening[index]!.every((bytes) => device.files.some((file) => file.bytes === bytes)))
      t.fail(`${serial} lost a file within 4 h`)
  const wasFull = all.filter(({ device }) => 1 - device.freeBytes / capacityBytes >= 0.5)
  world.clock.advance(lateWhenFullMs)
  await world.until(() => wasFull.every(({ device }) => device.files.length === 0), patience)
  world.clock.set(new Date(Math.max(world.clock.now().getTime(), startMs + day * dayMs + nightMs)))
  for (const { id } of volumes) station.source.pull(id)
  await world.until(() => all.every(({ slot }) => model.slot(slot).card.word === 'taken'))
}

t.test(
  `${recorders} recorders and no witness for ${days} days: none is ever full, and nothing has fewer than four places`,
  async (t) => {
    const holiday = await openHoliday(t)
    const { all, world, securing, front, kept } = holiday
    const startMs = world.clock.now().getTime() + hourMs
    let filmedBytes = 0
    for (let day = 1; day <= days; day++) {
      await spendNight(t, holiday, { day, startMs })
      filmedBytes += all.reduce((sum, { shiftBytes }) => sum + shiftBytes, 0)
      if (day === 1)
        t.ok(
          all.every(
            ({ device, shiftBytes }) => device.files.length === (shiftBytes * 2 >= capacityBytes ? 0 : filesEach),
          ),
          'the first night only those are due that are half full',
        )
      const here = new Set(all.flatMap(({ device }) => device.files.map(({ bytes }) => hex(bytes))))
      const sealed = await world.db.selectFrom('recording').select('sha256').execute()
      const gone = sealed.map(({ sha256 }) => sha256.toString('hex')).filter((digest) => !here.has(digest))
      const places = await placesOf(holiday, gone)
      t.same(
        [...places].filter(([, count]) => count < 4),
        [],
        `day ${day}: ${gone.length} files were cleared, each lies in four places`,
      )
    }
    t.ok((await kept()).size > 0, 'the spool stood in for the witness')
    const clearings = await world.db.selectFrom('clearing_file').select('basis').execute()
    t.same(new Set(clearings.map(({ basis }) => basis)), new Set(['before_witness']))

    securing.isWitnessThere = true
    await world.until(async () => (await kept()).size === 0, patience)
    t.comment(`${filmedBytes} bytes were filmed in ${days} days`)
    t.same(front.refused(), [], 'the bureau took all that was said')
  },
)
