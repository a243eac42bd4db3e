import t from 'tap'
import { shiftFiles } from '../../../deploy/local/devices/footage-files.ts'
import { identityBlock } from '../../../deploy/local/devices/gbk.ts'
import { VolumeDamaged, VolumeGone } from '../../../services/dock/sources/source.ts'
import { wallSettings } from '../../support/devices/watch-source.ts'
import { rejectsAs, watchedWall } from '../../support/devices/watched-wall.ts'

const shift = { serial: 'ZJ00001', begun: new Date('2026-11-26T06:00:00Z'), count: 2, bytes: 300_001 }
const recorder = shiftFiles('recorder-zfy', shift)

for (const how of ['endless', 'hanging'] as const) {
  t.test(`a folder whose table of names is ${how} is named as damage`, async (t) => {
    const { seen, make } = await watchedWall(t, 'system', {
      settings: { listTimeMs: how === 'hanging' ? 1000 : 20_000 },
    })
    const files = [...recorder, { path: 'DSJ/MORE.MP4', bytes: Buffer.alloc(1) }]
    const broken = await make({ fs: 'fat32', files, broken: { folder: 'DSJ', how } })
    await broken.plugIn(1)
    const volume = await seen.next()
    await rejectsAs(t, VolumeDamaged, volume.list(), 'the list does not go on for ever')
    const other = await make({ fs: 'fat32', files: recorder })
    await other.plugIn(2)
    t.equal((await (await seen.next()).list()).length, 2, 'the device beside it is read meanwhile')
    await broken.pull(how === 'hanging' ? 'dead' : 'gone')
  })
}

t.test('a device that claims the serial of another is a claim, no more', async (t) => {
  const { seen, make } = await watchedWall(t, 'system')
  const one = await make({ fs: 'fat32', files: recorder })
  const liar = await make({ fs: 'fat32', files: shiftFiles('recorder-zfy', { ...shift, count: 1 }) })
  await one.plugIn(1)
  await liar.plugIn(2)
  const volumes = [await seen.next(), await seen.next()]
  t.same(
    volumes.map(({ facts }) => facts.serial),
    ['ZJ00001', 'ZJ00001'],
  )
  t.not(volumes[0]!.uuid, volumes[1]!.uuid, 'the file systems are two')
})

t.test('what cannot be mounted is shown, and says why', async (t) => {
  const fail = { argv: ['false', '{device}'], timeLimitMs: 5000 }
  const { wall, seen, make } = await watchedWall(t, 'agent')
  const settings = wallSettings(wall, 'agent').mounting!
  const broken = await watchedWall(t, 'agent', { settings: { mounting: { ...settings, mount: fail } } })
  const device = await make({ fs: 'fat32', files: recorder })
  await device.plugIn(4, 'agent')
  t.equal((await seen.next()).profile, 'recorder-zfy')
  const volume = await broken.seen.next()
  t.equal(volume.slot, 4)
  await rejectsAs(t, VolumeDamaged, volume.list(), 'cannot be mounted')
  await device.pull()
  await broken.seen.whenGone(volume)
})

t.test('cards of cameras, drones and pens say no serial; a reader makes them cards', async (t) => {
  const { seen, make } = await watchedWall(t, 'system', { settings: { kind: 'card' } })
  for (const [index, profile] of (['camera-dcim', 'drone-dji', 'audio-pen', 'recorder-plain'] as const).entries()) {
    const device = await make({ fs: 'fat32', files: shiftFiles(profile, { ...shift, firstNumber: 9999, bytes: 1000 }) })
    await device.plugIn(index + 1)
    const volume = await seen.next()
    t.match(volume, { profile, origin: { kind: 'card', from: `存储卡 ${volume.uuid}` }, facts: { serial: null } })
    const numbers = (await volume.list()).map(({ runningNumber }) => runningNumber)
    t.same(numbers.sort(), [1, 9999], `${profile}: after 9999 comes 1`)
    await volume.release()
    await rejectsAs(t, VolumeGone, volume.list(), 'released')
  }
})

t.test(
  'what the vendor’s program says of a device stands in its facts; one that fails costs nothing else',
  async (t) => {
    let asked = 0
    const askDevice = async () => {
      if (++asked > 1) throw new Error('E_BUSY')
      return { batteryPercent: 71, clockOffsetMs: 37_000 }
    }
    const { seen, make } = await watchedWall(t, 'system', { askDevice })
    const files = [
      { path: 'RECORD/ID.DAT', bytes: identityBlock({ serial: 'ZJ00001' }) },
      { path: 'RECORD/DSJ-ZJ00001-P00231-20261126140322-0001.MP4', bytes: Buffer.alloc(1000) },
    ]
    const device = await make({ fs: 'exfat', files, label: 'BWC_0001' })
    await device.plugIn(1)
    const volume = await seen.next()
    t.match(volume, {
      profile: 'recorder-locked',
      facts: { serial: 'ZJ00001', batteryPercent: 71, clockOffsetMs: 37_000 },
    })
    await device.pull('lazy')
    await device.plugIn(1)
    const again = await seen.next()
    t.match(again.facts, { serial: 'ZJ00001', batteryPercent: null, clockOffsetMs: null })
    t.equal((await again.list()).length, 1)
  },
)
