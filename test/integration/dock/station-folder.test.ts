import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { type DeviceFile, writeFiles } from '../../../deploy/local/devices/fill-image.ts'
import { shiftFiles } from '../../../deploy/local/devices/footage-files.ts'
import { ownProfiles, readProfiles } from '../../../services/dock/profiles/read-profiles.ts'
import { ReadFailed, VolumeGone } from '../../../services/dock/sources/source.ts'
import { stationFolder } from '../../../services/dock/sources/station-folder.ts'
import { openLog } from '../../../services/foundation/log.ts'
import { until, type WatchedSource, watchSource } from '../../support/devices/watch-source.ts'
import { rejectsAs } from '../../support/devices/watched-wall.ts'

const profile = (await readProfiles([ownProfiles])).find(({ name }) => name === 'generic')!
const begun = new Date('2026-11-26T06:00:00Z')
const folderOf = (serial: string) => `2026-11-26/P00231_${serial}`
const never = new AbortController().signal

/** What a vendor's collector has copied from one recorder. */
function collected(serial: string, count: number): DeviceFile[] {
  const files = shiftFiles('recorder-zfy', { serial, begun, count, bytes: 100_000 })
  return files.slice(0, count).map((file) => ({ ...file, path: `${folderOf(serial)}/${String(file.path).slice(4)}` }))
}

async function followed(t: Test) {
  const parent = await mkdtemp(join(tmpdir(), 'station-'))
  const store = join(parent, 'store')
  let nowMs = begun.getTime()
  let looks = 0
  const clock = {
    now: () => {
      looks++
      return new Date(nowMs)
    },
  }
  const source = stationFolder({
    settings: {
      ...{ name: '华安采集站', folder: store, profile: 'generic', folders: '{date}/{officer:6}_{serial:7}' },
      ...{ unfinished: ['tmp', 'downloading'], restMs: 60_000, pollMs: 10, listTimeMs: 20_000 },
    },
    profile,
    clock,
    log: openLog({ service: 'dock', level: 'silent' }),
  })
  let seen: WatchedSource | null = null
  t.teardown(async () => {
    await source.stop()
    for (const volume of seen?.volumes ?? []) await volume.release()
    await rm(parent, { recursive: true })
  })
  return {
    store,
    parent,
    async watch() {
      seen = await watchSource(source)
      return seen
    },
    trouble: () => source.trouble!(),
    pass(ms: number) {
      nowMs += ms
    },
    /** Lets time pass in which the store has been looked at before and after. */
    async wait(ms: number) {
      const seen = async () => {
        const before = looks
        await until(() => looks >= before + 2, 'two looks at the store')
      }
      await seen()
      nowMs += ms
      await seen()
    },
  }
}

t.test('each device and day is offered once its files stand still', async (t) => {
  const { store, watch, wait } = await followed(t)
  await writeFiles(store, [...collected('ZJ00001', 2), ...collected('ZJ00002', 1)])
  await writeFile(join(store, folderOf('ZJ00002'), 'next.MP4.downloading'), 'half')
  const seen = await watch()
  await wait(59_999)
  t.equal(seen.volumes.length, 0)
  const growing = join(store, String(collected('ZJ00001', 2)[1]!.path))
  await appendFile(growing, 'more')
  await wait(1)
  t.same(
    seen.volumes.map(({ facts }) => facts.serial),
    ['ZJ00002'],
    'the other one has grown',
  )
  await wait(60_000)
  await until(() => seen.volumes.length === 2, 'the device that had grown')

  const volume = seen.volumes[1]!
  t.match(volume, {
    slot: null,
    uuid: '华安采集站/ZJ00001/2026-11-26',
    origin: { kind: 'station_folder', from: '华安采集站' },
    facts: { serial: 'ZJ00001', officerNumber: 'P00231' },
    remove: null,
  })
  const files = await volume.list()
  t.same(
    files.map(({ runningNumber, bytes }) => [runningNumber, bytes]),
    [
      [1, 100_000],
      [2, 100_004],
    ],
  )
  t.ok((await buffer(volume.read(files[0]!, 0, never))).equals(collected('ZJ00001', 2)[0]!.bytes))
  await appendFile(growing, 'again')
  await rejectsAs(t, ReadFailed, buffer(volume.read(files[1]!, 0, never)), 'it changed after it was listed')
})

t.test('what was handed in is not offered again; more files are, under the same key', async (t) => {
  const { store, watch, wait } = await followed(t)
  await writeFiles(store, collected('ZJ00001', 1))
  const seen = await watch()
  await wait(60_000)
  const first = await seen.next()
  await writeFiles(store, collected('ZJ00001', 2).slice(1))
  await wait(60_000)
  t.equal(seen.volumes.length, 1, 'not while the first is open')
  t.equal((await first.list()).length, 1, 'and a volume’s list does not change')
  await first.release()
  await rejectsAs(t, VolumeGone, first.list(), 'released')
  const second = await seen.next()
  t.equal(second.uuid, first.uuid)
  t.not(second.id, first.id)
  t.equal((await second.list()).length, 2)
  await second.release()
  await wait(600_000)
  t.equal(seen.volumes.length, 2, 'nothing new, nothing offered')
  t.same(seen.gone, [first.id], 'the first is over, for the second holds all of it')
})

t.test('a share that goes away and comes back', async (t) => {
  const { store, parent, watch, wait, pass, trouble } = await followed(t)
  await writeFiles(store, collected('ZJ00001', 1))
  const seen = await watch()
  await wait(60_000)
  const volume = await seen.next()
  const [file] = await volume.list()
  await rename(store, join(parent, 'away'))
  await rejectsAs(t, VolumeGone, volume.list(), 'the store is not at its place')
  await seen.whenGone(volume)
  t.equal(trouble(), null, 'a share that was just lost is no trouble yet')
  pass(10 * 60_000)
  t.same(trouble(), { word: 'store_unreadable', store: '华安采集站' })
  await rename(join(parent, 'away'), store)
  await wait(60_000)
  const again = await seen.next()
  t.equal(again.uuid, volume.uuid)
  t.equal(trouble(), null)
  t.ok((await buffer(again.read(file!, 0, never))).equals(collected('ZJ00001', 1)[0]!.bytes))
})
