import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { Value } from 'typebox/value'
import { isOnMount } from '../../../services/dock/sources/mounts.ts'
import { pinFolder } from '../../../services/dock/sources/pinned-folder.ts'
import { StationFolderSettings } from '../../../services/dock/sources/settings.ts'
import { VolumeGone } from '../../../services/dock/sources/source.ts'
import { parseDrives } from '../../../services/dock/sources/windows-drives.ts'

// What a station's agent does on Windows, tried with what Windows says: nothing here was tried on a real one.

const card = {
  ...{ DeviceID: 'E:', DriveType: 2, FileSystem: 'FAT32', VolumeSerialNumber: '6BEAF925', VolumeName: '执法记录' },
}
const disk = { DeviceID: 'C:', DriveType: 3, FileSystem: 'NTFS', VolumeSerialNumber: '12AB34CD', VolumeName: '' }
const emptyReader = { DeviceID: 'F:', DriveType: 2, FileSystem: null, VolumeSerialNumber: null, VolumeName: null }

t.test('drives with a card or stick are mounts, disks and empty readers are none', async (t) => {
  t.same(parseDrives(JSON.stringify([disk, card, emptyReader])), [
    {
      ...{
        id: 0x6beaf925,
        device: '6BEAF925',
        mountPoint: 'E:\\',
        fileSystem: 'fat32',
        source: 'E:',
        isRemovable: true,
      },
      identity: { uuid: '6BEA-F925', label: '执法记录' },
    },
  ])
  t.match(parseDrives(JSON.stringify({ ...card, VolumeName: '' })), [{ identity: { label: null } }], 'one is no list')
  t.same(parseDrives(''), [])
  t.throws(() => parseDrives(JSON.stringify([{ ...card, DeviceID: 'E:\\..' }])), /not as known/)
  t.throws(() => parseDrives('Get-CimInstance : Access denied'))
})

t.test('another card in the same reader is another volume', async (t) => {
  const [mount] = parseDrives(JSON.stringify(card))
  t.equal(isOnMount(mount!, 0x6beaf925, 'win32'), true)
  t.equal(isOnMount(mount!, 2 ** 32 * 17 + 0x6beaf925, 'win32'), true, 'the serial is the lower half')
  t.equal(isOnMount(mount!, 0x6beaf926, 'win32'), false)
  t.equal(isOnMount({ device: '8:17' }, 8 * 256 + 17, 'linux'), true)
})

t.test('folders are named as Windows names them', async (t) => {
  const { folder } = StationFolderSettings.properties
  for (const path of ['/srv/station', 'D:\\station', 'd:/station', '\\\\server\\share\\station']) {
    t.ok(Value.Check(folder, path), path)
  }
  for (const path of ['station', '..\\station', 'D:station', '\\station', '\\\\', '']) {
    t.notOk(Value.Check(folder, path), path)
  }
})

t.test('a folder that cannot be held open by its descriptor is compared each time that it is used', async (t) => {
  const above = await mkdtemp(join(tmpdir(), 'held-'))
  t.teardown(() => rm(above, { recursive: true }))
  const path = join(above, 'card')
  await mkdir(path)
  const { ino } = await stat(path)
  const isAttached = async () => (await stat(path).catch(() => null))?.ino === ino
  const folder = await pinFolder(path, isAttached, () => undefined, 'win32')
  t.equal(await folder.use('asking', async (root) => root.toString()), path)
  await rename(path, join(above, 'pulled'))
  await mkdir(path)
  await writeFile(join(path, 'of another card'), 'x')
  const failure = await folder.use('asking', async () => 'read').catch((error: unknown) => error)
  t.type(failure, VolumeGone)
  await folder.letGo()
})
