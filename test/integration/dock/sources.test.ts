import { mkdir, mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import t from 'tap'
import { command } from '../../../deploy/local/devices/commands.ts'
import { contentOf, shiftFiles } from '../../../deploy/local/devices/footage-files.ts'
import { makeWall } from '../../../deploy/local/devices/make-volume.ts'
import { isMounted } from '../../../deploy/local/devices/mounts.ts'
import { mountTable, parseMountTable } from '../../../services/dock/sources/mount-table.ts'
import { mountedVolume } from '../../../services/dock/sources/mounted-volume.ts'
import { ReadFailed, type SeenFile, type Volume, VolumeGone } from '../../../services/dock/sources/source.ts'
import { openLog } from '../../../services/foundation/log.ts'
import { until, wallSettings } from '../../support/devices/watch-source.ts'
import { rejectsAs, watchedWall } from '../../support/devices/watched-wall.ts'

const begun = new Date('2026-11-26T06:00:00Z')
const shift = { serial: 'ZJ00001', begun, count: 3, bytes: 3_000_001, marked: [1] }
const never = new AbortController().signal
const log = openLog({ service: 'dock', level: 'silent' })

const bytesOf = (volume: Volume, file: SeenFile, from = 0) => buffer(volume.read(file, from, never))
const named = (files: readonly SeenFile[], part: string) => files.find(({ path }) => path.toString().includes(part))!

/** Changes a byte of a file on its medium, as a transfer that went wrong the first time leaves it there. */
async function alterBehind(image: string, words: string): Promise<void> {
  const medium = await open(image, 'r+')
  const { buffer: head } = await medium.read(Buffer.alloc(32 * 1024 * 1024), 0, 32 * 1024 * 1024, 0)
  const at = head.indexOf(contentOf(words, 64))
  await medium.write(Buffer.of(0), 0, 1, at)
  await medium.sync()
  await medium.close()
}

for (const fs of ['fat32', 'exfat'] as const) {
  t.test(`a recorder on ${fs}: seen, listed, read, cleared, released`, async (t) => {
    const { seen, make } = await watchedWall(t, 'agent')
    const files = shiftFiles('recorder-zfy', shift)
    const device = await make({ fs, files, label: 'DSJ' })
    const folder = await device.plugIn(3, 'agent')
    const volume = await seen.next()
    t.match(volume, { slot: 3, profile: 'recorder-zfy', origin: { kind: 'mass_storage', from: '槽位 3' } })
    t.match(volume.uuid, /^[0-9A-F]{4}-[0-9A-F]{4}$/)
    t.match(volume.facts, { serial: 'ZJ00001', officerNumber: 'P00231', officerName: '张三', batteryPercent: null })
    t.ok(volume.sizeBytes > volume.freeBytes && volume.freeBytes > 200_000_000)

    const list = await volume.list()
    t.same(
      list.map(({ name, bytes, runningNumber, mark, deviceTime }) => ({
        name: `${name}`,
        bytes,
        runningNumber,
        mark,
        deviceTime,
      })),
      [0, 1, 2].map((index) => ({
        name: `ZJ00001_P00231_2026112614${index}000_000${index + 1}${index === 1 ? '_IMP' : ''}.MP4`,
        bytes: 3_000_001,
        runningNumber: index + 1,
        mark: index === 1,
        deviceTime: `2026-11-26T14:${index}0:00+08:00`,
      })),
    )
    t.equal(list[0]!.modifiedMs, begun.getTime())
    for (const file of list) {
      const made = files.find(({ path }) => path === file.path.toString())!
      t.ok((await bytesOf(volume, file)).equals(made.bytes), `${file.name} byte for byte`)
      t.ok((await bytesOf(volume, file, 1_234_567)).equals(made.bytes.subarray(1_234_567)))
    }

    await alterBehind(device.image, `ZJ00001 ${list[2]!.path}`)
    await volume.renew!()
    t.same(seen.gone, [], 'it is the same volume, mounted anew')
    t.same(await volume.list(), list)
    const original = files.find(({ path }) => path === list[2]!.path.toString())!
    const again = await bytesOf(volume, list[2]!)
    t.notOk(again.equals(original.bytes), 'what is read now comes from the device')
    t.equal(again.length, original.bytes.length)
    await t.rejects(writeFile(`${folder}/x`, ''), { code: 'EROFS' })
    await volume.remove!(list[0]!)
    await rejectsAs(t, ReadFailed, volume.remove!(list[0]!), 'it is gone already')
    await volume.release()
    t.notOk(await isMounted(folder))
    t.same(await device.holds(), [...list.slice(1).map(({ path }) => path.toString()), 'ZFYINFO.DAT'].sort())
    t.same(seen.gone, [], 'what was released has not vanished')
    await rejectsAs(t, VolumeGone, volume.list(), 'the volume is gone')
  })
}

t.test('until something is cleared, nothing can be written to a device that the agent mounts', async (t) => {
  const { seen, make } = await watchedWall(t, 'agent')
  const device = await make({ fs: 'fat32', files: shiftFiles('recorder-zfy', shift) })
  const folder = await device.plugIn(1, 'agent')
  const volume = await seen.next()
  await t.rejects(writeFile(`${folder}/x`, ''), { code: 'EROFS' })
  const [file] = await volume.list()
  await volume.remove!(file!)
  t.equal((await volume.list()).length, 2)
})

t.test('what others mount is read past the memory of this computer, or never cleared', async (t) => {
  const place = await mkdtemp(join(tmpdir(), 'others-'))
  const [image, folder] = [join(place, 'image'), join(place, 'card')]
  const film = contentOf('a film', 3_000_001)
  await writeFile(image, '')
  await truncate(image, 8 * 1024 * 1024)
  await mkdir(folder)
  await command('mkfs.ext4', '-q', image)
  await command('mount', '-o', 'loop', image, folder)
  t.teardown(async () => {
    await command('umount', folder)
    await rm(place, { recursive: true })
  })
  await writeFile(join(folder, 'a.MP4'), film)
  await command('sync', '-f', folder)
  const mounts = parseMountTable(await readFile(mountTable, 'latin1'))
  const mount = mounts.find(({ mountPoint }) => mountPoint === folder)!
  const deps = { settings: wallSettings(await makeWall(place), 'system'), profiles: [], log }
  const acts = { died: () => undefined, mountAnew: null, release: async () => undefined }
  // No kernel of a test machine need have the drivers of cards: this one's direct reads are those of any disk.
  const { volume, letGo } = await mountedVolume(deps, { ...mount, fileSystem: 'vfat' }, 1, acts)
  const file = named(await volume.list(), 'a.MP4')
  t.ok((await bytesOf(volume, file)).equals(film))
  await alterBehind(image, 'a film')
  t.ok((await bytesOf(volume, file)).equals(film), 'memory says what it said before')
  await volume.renew!()
  const onMedium = Buffer.concat([Buffer.of(0), film.subarray(1)])
  t.ok((await bytesOf(volume, file)).equals(onMedium), 'the device says what it holds')
  for (const from of [1, 1_048_577, 2_999_999]) {
    t.ok((await bytesOf(volume, file, from)).equals(onMedium.subarray(from)), `from ${from}`)
  }
  await letGo()
  for (const fileSystem of ['fuseblk', 'fuse.exfat', 'ntfs3']) {
    const other = await mountedVolume(deps, { ...mount, fileSystem }, 1, acts)
    t.match(other.volume, { remove: null, renew: undefined, isReadFromMemory: true }, fileSystem)
    await other.letGo()
  }
})

t.test('a cable is pulled while a file is read', async (t) => {
  const { seen, make } = await watchedWall(t, 'system')
  const device = await make({ fs: 'fat32', files: shiftFiles('recorder-zfy', { ...shift, bytes: 8_000_000 }) })
  await device.plugIn(1)
  const volume = await seen.next()
  const [first, second] = await volume.list()
  let bytes = 0
  const reading = async () => {
    for await (const piece of volume.read(first!, 0, never)) {
      if (bytes === 0) await device.pull('gone')
      bytes += piece.length
    }
  }
  await rejectsAs(t, VolumeGone, reading, 'the file ends')
  t.ok(bytes > 0 && bytes < 8_000_000, 'in the middle')
  await seen.whenGone(volume)
  await rejectsAs(t, VolumeGone, bytesOf(volume, second!), 'the volume is gone')
  await rejectsAs(t, VolumeGone, volume.list(), 'the volume is gone')
  await rejectsAs(t, VolumeGone, volume.remove!(second!), 'the volume is gone')

  await device.plugIn(1)
  const again = await seen.next()
  t.not(again.id, volume.id, 'plugged in again it is another volume')
  t.equal(again.uuid, volume.uuid)
  t.equal(again.slot, 1)
  t.equal((await bytesOf(again, (await again.list())[0]!)).length, 8_000_000)
})

t.test('a mount that goes lazily lets what is open end, and gives no shorter list', async (t) => {
  const { seen, make } = await watchedWall(t, 'system')
  const device = await make({ fs: 'fat32', files: shiftFiles('recorder-zfy', shift) })
  await device.plugIn(2)
  const volume = await seen.next()
  const [first] = await volume.list()
  const reading = volume.read(first!, 0, never)[Symbol.asyncIterator]()
  await reading.next()
  await device.pull('lazy')
  await seen.whenGone(volume)
  await rejectsAs(t, VolumeGone, volume.list(), 'never the empty folder below the mount')
  let rest = 0
  for await (const piece of { [Symbol.asyncIterator]: () => reading }) rest += piece.length
  t.equal(rest, 3_000_001 - 1024 * 1024)
})

t.test('another card in the same place is never taken for the first', async (t) => {
  const { seen, make } = await watchedWall(t, 'system')
  const one = await make({ fs: 'fat32', files: shiftFiles('recorder-zfy', shift) })
  const other = await make({ fs: 'fat32', files: shiftFiles('recorder-zfy', shift) })
  await one.plugIn(1)
  const volume = await seen.next()
  const [file] = await volume.list()
  await one.pull('lazy')
  await other.plugIn(1)
  await rejectsAs(t, VolumeGone, volume.remove!(file!), 'the volume is gone')
  const second = await seen.next()
  t.not(second.uuid, volume.uuid)
  t.equal((await second.list()).length, 3, 'the second card has lost nothing')
})

t.test('a driver that dies while its mount stays behind', async (t) => {
  const { seen, make } = await watchedWall(t, 'system')
  const device = await make({ fs: 'fat32', files: shiftFiles('recorder-zfy', shift) })
  await device.plugIn(1)
  const volume = await seen.next()
  await device.pull('dead')
  await rejectsAs(t, VolumeGone, volume.list(), 'the volume is gone')
  await seen.whenGone(volume)
})

t.test('places on the wall', async (t) => {
  const { seen, make } = await watchedWall(t, 'agent')
  const devices = await Promise.all(
    ['ZJ00001', 'ZJ00002'].map((serial) =>
      make({ fs: 'fat32', files: shiftFiles('recorder-zfy', { ...shift, serial }) }),
    ),
  )
  for (const [index, device] of devices.entries()) await device.plugIn(5 + index, 'agent')
  const volumes = [await seen.next(), await seen.next()]
  t.same(volumes.map(({ slot, facts }) => [slot, facts.serial]).sort(), [
    [5, 'ZJ00001'],
    [6, 'ZJ00002'],
  ])
  const first = volumes.find(({ slot }) => slot === 5)!
  await first.release()
  t.equal(seen.volumes.length, 2, 'a released device is not mounted again while it stays')
  await devices[0]!.pull()
  await devices[0]!.plugIn(5, 'agent')
  await until(() => seen.volumes.length === 3, 'the device that was taken out and put back')
  t.equal(seen.volumes[2]!.slot, 5)
  await devices[1]!.pull('lazy')
  await seen.whenGone(volumes.find(({ slot }) => slot === 6)!)
  t.notOk(named(await seen.volumes[2]!.list(), 'nothing'))
})
