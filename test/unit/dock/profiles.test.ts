import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { chooseProfile, type VolumeLook } from '../../../services/dock/profiles/choose-profile.ts'
import { ownProfiles, readProfile, readProfiles } from '../../../services/dock/profiles/read-profiles.ts'

const profiles = await readProfiles([ownProfiles])
const generic = JSON.parse(
  JSON.stringify({ ...profiles.find(({ name }) => name === 'generic'), names: ['{running:4}'] }),
)

const look = (paths: readonly string[], label: string | null = null): VolumeLook => ({
  label,
  has: async (path, what) =>
    paths.some((one) => (what === 'file' ? one === path : one === path || one.startsWith(`${path}/`))),
  samples: async () => paths.map((path) => Buffer.from(path)),
})
const chosen = async (...args: Parameters<typeof look>) => (await chooseProfile(profiles, look(...args)))?.name ?? null

t.test('a volume is looked at, and the profile with most signs is taken', async (t) => {
  t.equal(await chosen(['DSJ/a.MP4', 'ZFYINFO.DAT']), 'recorder-zfy')
  t.equal(await chosen(['VIDEO/a.MP4', 'SYSTEM/DEVICE.BIN']), 'recorder-cam')
  t.equal(await chosen(['RECORD/a.MP4'], 'BWC_0001'), 'recorder-locked')
  t.equal(await chosen(['MOVIE/a', 'PHOTO/b']), 'recorder-plain')
  t.equal(await chosen(['DCIM/100CANON/MVI_0001.MOV']), 'camera-dcim')
  t.equal(await chosen(['DCIM/100MEDIA/DJI_0001.MP4']), 'drone-dji')
  t.equal(await chosen(['RECORD/REC001.WAV', 'VOICE/x']), 'audio-pen')
  t.equal(await chosen(['ZJ00001_P00231_20261126140322_0001.MP4']), 'generic')
  t.equal(await chosen(['DCIM/Camera/IMG_0001.MP4', 'Android/data/x']), 'phone')
  t.equal(await chosen(['holiday.jpg']), null, 'a private card')
  const recorder = ['DSJ/a.MP4', 'ZFYINFO.DAT']
  for (const planted of [
    ['DCIM/100MEDIA/a.MP4'],
    ['DCIM/a', 'Android/a'],
    ['MOVIE/a', 'PHOTO/b', 'RECORD/a', 'VOICE/x'],
  ]) {
    t.equal(await chosen([...planted, ...recorder]), 'recorder-zfy', `beside ${planted[0]}`)
  }
  t.equal(await chosen([]), null)
})

t.test('a recorder that is built like a telephone leaves no footage behind', async (t) => {
  const of = (name: string) => new Set(profiles.find((one) => one.name === name)!.footage)
  t.same(
    [...of('generic'), ...of('camera-dcim')].filter((suffix) => !of('phone').has(suffix)),
    ['CR2', 'CR3', 'NEF', 'ARW', 'THM'],
    'but the raw pictures of cameras',
  )
})

t.test('a bureau’s own folder adds profiles and replaces those of the same name', async (t) => {
  const own = t.testdir({
    'mine.json': JSON.stringify({ ...generic, name: 'mine' }),
    'generic.json': JSON.stringify({ ...generic, words: '改过的' }),
    'README.txt': 'no profile',
  })
  const both = await readProfiles([ownProfiles, own])
  t.equal(both.length, profiles.length + 1)
  t.equal(both.find(({ name }) => name === 'generic')?.words, '改过的')
})

t.test('profiles that are wrong are all named at once', async (t) => {
  const own = t.testdir({})
  await mkdir(join(own, 'more'))
  await writeFile(join(own, 'a.json'), '{')
  await writeFile(join(own, 'b.json'), JSON.stringify({ ...generic, kind: 'weapon' }))
  await writeFile(join(own, 'c.json'), JSON.stringify({ ...generic, names: ['{nothing:1}'] }))
  await writeFile(join(own, 'd.json'), JSON.stringify({ ...generic, folders: ['../up', '/etc'] }))
  await t.rejects(readProfiles([own]), { code: 'bad_config', message: /a\.json.*b\.json.*c\.json.*d\.json/s })
  t.match(readProfile(Buffer.from(JSON.stringify({ ...generic, more: 1 }))), /more|additional/i)
  t.match(readProfile(Buffer.from(JSON.stringify({ ...generic, folders: ['/etc'] }))), /folders/)
  t.match(readProfile(Buffer.alloc(70_000, 0x20)), /longer/)
  t.match(readProfile(Buffer.from(JSON.stringify({ ...generic, unlock: { argv: 'rm -r /' } }))), /unlock/)
})
