import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { fileClockOf } from '../../../../workers/transcode/inventory/file-clock.ts'
import type { Inventory } from '../../../../workers/transcode/inventory/inventory.ts'
import { footageLimits, lookInto } from '../../../../workers/transcode/look-into.ts'
import { makeRunDirectory } from '../../../../workers/transcode/sandbox.ts'

// Stills as libheif's own encoder writes them, and the samples of the field cases.

t.setTimeout(120_000)
const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'custody-heif-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))
const samples = new URL('../../../field/samples/', import.meta.url)
const signal = new AbortController().signal

async function inventoryOf(path: string): Promise<Inventory> {
  const directory = await mkdtemp(join(folder, 'run-'))
  await makeRunDirectory(directory, footageLimits)
  await copyFile(path, join(directory, 'in', 'source'))
  const looked = await lookInto({ directory, head: await readFile(path), signal })
  if ('reason' in looked) throw new Error(looked.reason)
  t.match(looked.input, { format: 'jpeg_pipe', media: 'still' }, 'it is made of a JPEG')
  return looked.inventory
}

/** EXIF that says when the picture was taken, as a JPEG has it behind its first two bytes. */
function exif(): Buffer {
  const time = Buffer.from('2026:11:23 08:00:00\0')
  const entry = (tag: number, type: number, count: number, value: number) => {
    const bytes = Buffer.alloc(18)
    bytes.writeUInt16LE(1, 0)
    bytes.writeUInt16LE(tag, 2)
    bytes.writeUInt16LE(type, 4)
    bytes.writeUInt32LE(count, 6)
    bytes.writeUInt32LE(value, 10)
    return bytes
  }
  const tiff = [
    Buffer.from('II*\0\b\0\0\0', 'latin1'),
    entry(0x8769, 4, 1, 26),
    entry(0x9003, 2, time.length, 44),
    time,
  ]
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), ...tiff])
  const head = Buffer.from([0xff, 0xe1, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([head, body])
}

async function picture(name: string, filter: string): Promise<string> {
  const path = join(folder, name)
  const source = ['-f', 'lavfi', '-i', `testsrc2=s=320x180,${filter}`]
  await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...source, '-frames:v', '1', path])
  return path
}

t.test('a HEIC with EXIF and a thumbnail: all of it is named, and the clock is that of EXIF', async (t) => {
  const jpeg = await readFile(await picture('photo.jpg', 'null'))
  const path = join(folder, 'with-exif.jpg')
  await writeFile(path, Buffer.concat([jpeg.subarray(0, 2), exif(), jpeg.subarray(2)]))
  const heic = join(folder, 'photo.heic')
  await run('heif-enc', ['-t', '80', path, '-o', heic])
  const { format, tracks, clocks, tags, leftOut } = await inventoryOf(heic)
  t.equal(format, 'heif')
  t.match(tracks[0], { stream: 0, kind: 'picture', codec: 'hevc', picture: { width: 320, height: 180, rotation: 0 } })
  t.match(
    tracks.slice(1).map(({ kind, tag, name }) => [kind, tag, name]),
    [
      ['data', 'Exif', null],
      ['attached_picture', 'grid', 'thumbnail'],
    ],
  )
  t.equal(fileClockOf(clocks)?.toISOString(), '2026-11-23T00:00:00.000Z')
  t.match(tags, { major_brand: 'heic' })
  t.same(leftOut, [])
})

t.test('an AVIF is AV1, and its transparency is named', async (t) => {
  const avif = join(folder, 'photo.avif')
  await run('heif-enc', ['-A', await picture('clear.png', 'format=rgba,colorchannelmixer=aa=0.5'), '-o', avif])
  const { tracks } = await inventoryOf(avif)
  t.match(tracks[0], { kind: 'picture', codec: 'av1', picture: { width: 320, height: 180 } })
  t.match(tracks[1], { kind: 'attached_picture', name: /alpha/ })
})

t.test('how a still is turned, and which of several is the main one', async (t) => {
  const turned = await inventoryOf(new URL('photo-turned.heic', samples).pathname)
  t.match(turned.tracks[0]?.picture, { width: 320, height: 180, rotation: 90, isMirrored: false })
  const two = await inventoryOf(new URL('photo-second-is-main.heic', samples).pathname)
  t.same(
    two.tracks.map(({ kind, bytes }) => [kind, bytes]),
    [
      ['picture', 70],
      ['picture', 178],
    ],
  )
})

t.test('what a telephone put behind the still is named too', async (t) => {
  const path = join(folder, 'with-film.heic')
  const film = Buffer.alloc(1008)
  film.writeUInt32BE(film.length)
  film.write('mpvd', 4)
  await writeFile(path, Buffer.concat([await readFile(new URL('photo.heic', samples)), film]))
  t.match((await inventoryOf(path)).tracks.at(-1), { kind: 'data', tag: 'mpvd', bytes: 1008 })
})
