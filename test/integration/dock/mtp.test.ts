import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { ownProfiles, readProfiles } from '../../../services/dock/profiles/read-profiles.ts'
import { mtpSource } from '../../../services/dock/sources/mtp.ts'
import type { MtpSettings } from '../../../services/dock/sources/settings.ts'
import { ReadFailed, VolumeDamaged, VolumeGone } from '../../../services/dock/sources/source.ts'
import { openLog } from '../../../services/foundation/log.ts'
import { until, watchSource } from '../../support/devices/watch-source.ts'

// gphoto2's own driver for folders stands for a device: the same program, the same answers, no cable.

const model = 'Directory Browse'
interface Test {
  teardown(end: () => unknown): unknown
}

const forever = new AbortController().signal

async function openCable(t: Test, change: Partial<MtpSettings> = {}) {
  if (spawnSync('gphoto2', ['--version']).error) throw new Error('gphoto2 is missing: apt-get install gphoto2')
  const folder = await mkdtemp(join(tmpdir(), 'mtp-'))
  const camera = join(folder, 'camera')
  await mkdir(join(camera, 'DCIM/100MEDIA'), { recursive: true })
  const workFolder = join(folder, 'work')
  const settings: MtpSettings = {
    program: ['gphoto2'],
    ports: [{ port: `disk:${camera}`, model }],
    workFolder,
    pollMs: 100,
    timeLimitMs: 20_000,
    bytesPerSecondMin: 100_000,
    ...change,
  }
  const profiles = await readProfiles([ownProfiles])
  const source = mtpSource({ settings, profiles, log: openLog({ service: 'dock', level: 'silent' }) })
  t.teardown(async () => {
    await source.stop()
    await rm(folder, { recursive: true })
  })
  return { folder, camera, workFolder, watch: () => watchSource(source) }
}

const digestOf = async (pieces: AsyncIterable<Buffer>) => {
  const hash = createHash('sha256')
  for await (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  )
const fetched = async (folder: string) => (await readdir(folder)).filter((name) => name.startsWith('fetched-'))
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

t.test('a device on a cable is listed and read byte by byte, whatever its names are', async (t) => {
  const { camera, workFolder, watch } = await openCable(t)
  const names = [
    Buffer.from('IMG_0001.JPG'),
    Buffer.concat([Buffer.from('VID '), Buffer.of(0xd6, 0xb4, 0xb7, 0xa8), Buffer.from(' 0002.MP4')]),
    Buffer.from("执法'记录.MOV"),
    Buffer.from('-3.JPG'),
    Buffer.from('$(touch x).JPG'),
  ]
  const contents = names.map((_, index) => Buffer.alloc(index === 1 ? 3_000_001 : 1000 * index, index + 1))
  for (const [index, name] of names.entries()) {
    await writeFile(Buffer.concat([Buffer.from(`${camera}/DCIM/100MEDIA/`), name]), contents[index]!)
  }
  await writeFile(join(camera, 'DCIM/100MEDIA/INDEX.DAT'), 'no footage')
  const one = await (await watch()).next()
  t.match(one, { profile: 'drone-dji', origin: { kind: 'mtp', from: model }, remove: null, slot: null })
  const files = await one.list()
  t.same(
    new Set(files.map(({ name }) => name.toString('latin1'))),
    new Set(names.map((name) => name.toString('latin1'))),
  )
  for (const [index, name] of names.entries()) {
    const file = files.find((other) => other.name.equals(name))!
    t.equal(file.bytes, contents[index]!.length)
    t.equal(await digestOf(one.read(file, 0, forever)), sha256(contents[index]!), name.toString('latin1'))
  }
  const film = files.find(({ bytes }) => bytes > 3_000_000)!
  t.equal(await digestOf(one.read(film, 3_000_000, forever)), sha256(Buffer.of(2)), 'from an offset')
  for await (const piece of one.read(film, 0, forever)) {
    t.ok(piece.length > 0)
    break
  }
  t.equal((await fetched(workFolder)).length, 1, 'what was only begun is fetched once')
  t.equal(await digestOf(one.read(film, 0, forever)), sha256(contents[1]!))
  await one.release()
  t.same(await fetched(workFolder), [], 'nothing stays on the station')
})

t.test('at its start it removes what an earlier run fetched, and nothing else of that folder', async (t) => {
  const { camera, workFolder, watch } = await openCable(t)
  await writeFile(join(camera, 'DCIM/100MEDIA/IMG_0001.JPG'), 'x')
  await mkdir(join(workFolder, 'fetched-a1b2c3'), { recursive: true })
  await writeFile(join(workFolder, 'fetched-a1b2c3', 'whole'), 'left by a killed run')
  await mkdir(join(workFolder, 'copies'))
  await writeFile(join(workFolder, 'spool.sqlite'), 'somebody named the wrong folder')
  await (await watch()).next()
  t.same((await readdir(workFolder)).filter((name) => !name.startsWith('.')).toSorted(), ['copies', 'spool.sqlite'])
})

t.test('a file that is shorter than it was listed, or gone, is a failure; a device that is gone is gone', async (t) => {
  const { camera, watch, workFolder } = await openCable(t)
  const path = join(camera, 'DCIM/100MEDIA/IMG_0001.JPG')
  await writeFile(path, Buffer.alloc(5000))
  await writeFile(join(camera, 'DCIM/100MEDIA/IMG_0002.JPG'), Buffer.alloc(2_000_000))
  const watched = await watch()
  const one = await watched.next()
  const [first, second] = await one.list()
  await writeFile(path, Buffer.alloc(4000))
  await t.rejects(digestOf(one.read(first!, 0, forever)), { name: 'Error', message: /4000 bytes came of 5000/ })
  await rm(path)
  t.type(await failureOf(digestOf(one.read(first!, 0, forever))), ReadFailed)
  const abort = new AbortController()
  abort.abort(new Error('enough'))
  await t.rejects(digestOf(one.read(second!, 0, abort.signal)), { message: 'enough' })
  const begin = async (signal: AbortSignal) => {
    for await (const _ of one.read(second!, 0, signal)) break
    t.equal((await fetched(workFolder)).length, 1)
  }
  const pulled = new AbortController()
  await begin(pulled.signal)
  pulled.abort(new Error('pulled out'))
  await until(async () => (await fetched(workFolder)).length === 0, 'an end of what nobody reads any more')
  await begin(forever)
  await rename(camera, `${camera}.away`)
  await watched.whenGone(one)
  await until(async () => (await fetched(workFolder)).length === 0, 'an end of what was begun')
  t.type(await failureOf(digestOf(one.read(second!, 0, forever))), VolumeGone)
})

t.test('a device that is being read is not asked whether it is there', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'busy-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const program = join(folder, 'one-talk')
  const script = `#!/bin/sh
case "$*" in
  *--auto-detect*) exit 0;;
esac
# Whoever comes while another talks is told that nobody is there.
mkdir '${folder}/talk' 2>/dev/null || { echo x >>'${folder}/disturbed'; exit 1; }
trap "rmdir '${folder}/talk'" EXIT
case "$*" in
  *--get-file*) sleep 2; printf 12345 >whole;;
  *--parsable*--list-files*) echo "FILENAME='/DCIM/IMG_0001.JPG' PERMS=rd FILESIZE=           5 FILETYPE=image/jpeg FILEMTIME=1795894988";;
  *--list-folders*) exit 0;;
  *) exit 1;;
esac
`
  await writeFile(program, script)
  await chmod(program, 0o755)
  const { watch } = await openCable(t, { program: [program] })
  const watched = await watch()
  const one = await watched.next()
  const [file] = await one.list()
  t.equal(await digestOf(one.read(file!, 0, forever)), sha256(Buffer.from('12345')))
  t.same([watched.gone, watched.volumes.length], [[], 1])
  t.notOk((await readdir(folder)).includes('disturbed'))
})

t.test('a device that does not answer holds nothing up', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'slow-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const program = join(folder, 'slow')
  const script = `#!/bin/sh
case "$*" in
  *--get-file*) exec sleep 600;;
  *--parsable*--list-files*) echo "FILENAME='/DCIM/IMG_0001.JPG' PERMS=rd FILESIZE=           5 FILETYPE=image/jpeg FILEMTIME=1795894988";;
  *--auto-detect*|*--list-folders*) exit 0;;
  *) exit 1;;
esac
`
  await writeFile(program, script)
  await chmod(program, 0o755)
  const { watch } = await openCable(t, { program: [program], timeLimitMs: 3000 })
  const one = await (await watch()).next()
  const [file] = await one.list()
  await t.rejects(digestOf(one.read(file!, 0, forever)), { message: /did not end within/ })
})

t.test('a listing that makes no sense is a damaged volume', async (t) => {
  const { camera, watch } = await openCable(t)
  await writeFile(join(camera, 'DCIM/100MEDIA/IMG_0001.JPG'), 'x')
  const one = await (await watch()).next()
  await writeFile(join(camera, 'DCIM/100MEDIA/IMG\n0002.JPG'), 'x')
  t.type(await failureOf(one.list()), VolumeDamaged)
})
