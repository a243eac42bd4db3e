import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { parseMountTable } from '../../../services/dock/sources/mount-table.ts'
import { isRemovable } from '../../../services/dock/sources/removable.ts'
import { makeSlots } from '../../../services/dock/sources/slots.ts'
import { namesVolume } from '../../../services/dock/sources/volume-identity.ts'

t.test('lines of a mount table', async (t) => {
  const card = String.raw`36 35 8:17 / /media/a\040b\134c rw,relatime shared:1 master:2 - vfat /dev/sdb1 rw,utf8`
  t.same(parseMountTable(`${card}\n`), [
    { id: 36, device: '8:17', mountPoint: '/media/a b\\c', fileSystem: 'vfat', source: '/dev/sdb1' },
  ])
  const withoutOptionalFields = '40 35 0:39 / /m ro - fuse.exfat /dev/sdc1 ro'
  t.match(parseMountTable(withoutOptionalFields), [{ id: 40, fileSystem: 'fuse.exfat' }])
  const chinese = Buffer.from('41 35 0:40 / /media/重点 rw - exfat /dev/sdd1 rw').toString('latin1')
  t.equal(parseMountTable(chinese)[0]?.mountPoint, '/media/重点')
})

t.test('the mount on top counts, and lines that say nothing are left out', async (t) => {
  const below = '36 35 8:17 / /m rw - vfat /dev/sdb1 rw'
  const above = '37 36 8:33 / /m rw - vfat /dev/sdc1 rw'
  t.match(parseMountTable(`${below}\n${above}\n`), [{ id: 37, source: '/dev/sdc1' }])
  t.same(parseMountTable('\ngarbage\n36 35\n - vfat\n36 35 8:17 / /m rw -\n'), [])
})

t.test('removable is what the kernel calls so, of a disk or of its partition', async (t) => {
  const folder = t.testdir({ devices: { sdb: { removable: '1\n', sdb1: {} }, sda: { removable: '0\n', sda1: {} } } })
  const blockClass = join(folder, 'class')
  await mkdir(blockClass)
  for (const name of ['sda', 'sdb']) {
    await symlink(join(folder, 'devices', name), join(blockClass, name))
    await symlink(join(folder, 'devices', name, `${name}1`), join(blockClass, `${name}1`))
  }
  for (const [name, isSo] of [
    ['sdb', true],
    ['sdb1', true],
    ['sda1', false],
    ['sdz', false],
  ] as const) {
    t.equal(await isRemovable(name, blockClass), isSo, name)
  }
})

t.test('a number that stands on every copied card names no volume', async (t) => {
  for (const uuid of ['0000-0000', 'FFFF-FFFF', '0000000000000000']) t.notOk(namesVolume(uuid), uuid)
  for (const uuid of ['12AB-34CD', '0000-0001', 'FFFF-FFFE', '0123456789ABCDEF']) t.ok(namesVolume(uuid), uuid)
})

t.test('places are kept while something holds them', async (t) => {
  const slots = makeSlots(3, new Set([2]))
  t.equal(slots.take('/dev/sda1', undefined), 1)
  t.equal(slots.take('/dev/sdb1', undefined), 3, 'the second is named by the configuration')
  t.equal(slots.take('/dev/sdc1', undefined), null)
  t.equal(slots.take('/dev/by-path/x', 2), 2)
  t.equal(slots.take('/dev/sda1', undefined), 1, 'the same device again')
  slots.free('/dev/sdb1')
  t.equal(slots.take('/dev/sdc1', undefined), 3)
})
