import { appendFile, readFile, symlink, writeFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import t from 'tap'
import { contentOf, shiftFiles } from '../../../deploy/local/devices/footage-files.ts'
import { ReadFailed, type SeenFile, type Volume } from '../../../services/dock/sources/source.ts'
import { rejectsAs, watchedWall } from '../../support/devices/watched-wall.ts'

const shift = { serial: 'ZJ00001', begun: new Date('2026-11-26T06:00:00Z'), count: 2, bytes: 3_000_001 }
const recorder = shiftFiles('recorder-zfy', shift)
const never = new AbortController().signal
const bytesOf = (volume: Volume, file: SeenFile) => buffer(volume.read(file, 0, never))

t.test('a bad sector costs its file, and nothing else', async (t) => {
  const { seen, make } = await watchedWall(t, 'system')
  const device = await make({ fs: 'fat32', files: recorder })
  await device.plugIn(1)
  const volume = await seen.next()
  const [bad, good] = await volume.list()
  await device.setFaults({ badSectors: [{ path: bad!.path.toString(), from: 2_000_000, to: 2_000_512 }] })
  let read = 0
  const reading = async () => {
    for await (const piece of volume.read(bad!, 0, never)) read += piece.length
  }
  await rejectsAs(t, ReadFailed, reading, 'the file cannot be read')
  t.equal(read, 1024 * 1024, 'what came before the sector was given')
  t.ok((await bytesOf(volume, good!)).equals(recorder[1]!.bytes))
  await device.setFaults({})
  t.ok((await bytesOf(volume, bad!)).equals(recorder[0]!.bytes), 'a second reading may do')
  t.same(seen.gone, [])
})

t.test('short and slow reads give the same bytes; a reading that nobody wants any more ends', async (t) => {
  const { seen, make } = await watchedWall(t, 'system')
  const device = await make({ fs: 'fat32', files: recorder })
  await device.plugIn(1)
  const volume = await seen.next()
  const [file] = await volume.list()
  await device.setFaults({ readBytesMax: 65_537 })
  t.ok((await bytesOf(volume, file!)).equals(recorder[0]!.bytes))
  const aborting = new AbortController()
  let read = 0
  const reading = async () => {
    for await (const piece of volume.read(file!, 0, aborting.signal)) {
      read += piece.length
      aborting.abort()
    }
  }
  await t.rejects(reading(), { name: 'AbortError' })
  t.equal(read, 65_537)
})

t.test('files that change between listing and reading have no digest', async (t) => {
  const { seen, make } = await watchedWall(t, 'system')
  const device = await make({ fs: 'folder', files: recorder })
  await device.plugIn(1)
  const volume = await seen.next()
  const [growing, rewritten] = await volume.list()
  const lower = (file: SeenFile) => `${device.image}/${file.path}`
  const reading = volume.read(growing!, 0, never)[Symbol.asyncIterator]()
  await reading.next()
  await appendFile(lower(growing!), 'more')
  const rest = async () => {
    for await (const _ of { [Symbol.asyncIterator]: () => reading });
  }
  await rejectsAs(t, ReadFailed, rest, 'it grew while it was read')
  await writeFile(lower(rewritten!), contentOf('other bytes', shift.bytes))
  await rejectsAs(t, ReadFailed, bytesOf(volume, rewritten!), 'same size, other time')
  await rejectsAs(t, ReadFailed, volume.remove!(rewritten!), 'what is not as it was seen is never taken away')
  t.equal((await readFile(lower(rewritten!))).length, shift.bytes)
  t.equal((await volume.list()).length, 2, 'listed anew it can be read')
})

t.test('a file counts as cleared only when it is gone', async (t) => {
  const { seen, make } = await watchedWall(t, 'system')
  const device = await make({ fs: 'fat32', files: recorder })
  await device.plugIn(1)
  const volume = await seen.next()
  const [file] = await volume.list()
  await device.setFaults({ unlinkFails: 'EIO' })
  await rejectsAs(t, ReadFailed, volume.remove!(file!), 'the card refuses')
  await device.setFaults({ unlinkLies: true })
  await rejectsAs(t, ReadFailed, volume.remove!(file!), 'the card says yes and does nothing')
  await device.setFaults({ unlinkFails: 'EROFS' })
  await rejectsAs(t, ReadFailed, volume.remove!(file!), 'a card whose lock is set')
  t.equal((await device.holds()).length, 3)
})

t.test('links, names of any bytes, and the same name in two folders', async (t) => {
  const { seen, make } = await watchedWall(t, 'system')
  const names = [
    Buffer.from('d1a7d0a32e6d7034', 'hex'),
    Buffer.from('93fa967b8cea2e4d5034', 'hex'),
    Buffer.from('fffe80c0', 'hex'),
    Buffer.from('line\nbreak.MP4'),
    Buffer.from('\u202e4PM.exe'),
    Buffer.from('... '),
    Buffer.alloc(255, 0x41),
  ]
  const files = names.map((path) => ({ path, bytes: contentOf(path.toString('hex'), 1000) }))
  const twice = ['a/SAME.MP4', 'b/SAME.MP4'].map((path) => ({ path, bytes: contentOf(path, 1000) }))
  const device = await make({ fs: 'folder', files: [...files, ...twice] })
  await symlink('/etc/passwd', `${device.image}/passwd.MP4`)
  await symlink('/etc', `${device.image}/etc`)
  await symlink('a/SAME.MP4', `${device.image}/again.MP4`)
  await device.plugIn(1)
  const volume = await seen.next()
  t.equal(volume.profile, null)
  t.match(volume.facts, { serial: null })
  const list = await volume.list()
  const paths = [...names, ...twice.map(({ path }) => Buffer.from(path))].sort(Buffer.compare)
  t.same(
    list.map(({ path }) => path.toString('hex')),
    paths.map((path) => path.toString('hex')),
    'every plain file, byte for byte, and no link',
  )
  for (const file of list) t.equal((await bytesOf(volume, file)).length, 1000)
  await rejectsAs(
    t,
    ReadFailed,
    bytesOf(volume, { ...list[0]!, path: Buffer.from('passwd.MP4') }),
    'a link is not read',
  )
})
