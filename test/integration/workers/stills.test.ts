// Stills of every kind are made upright and in their own size, which is checked against the original.

import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { checkStill } from '../../../workers/transcode/check/check-still.ts'
import { inputFlags } from '../../../workers/transcode/input-flags.ts'
import { upright } from '../../../workers/transcode/inventory/orientation.ts'
import { footageLimits } from '../../../workers/transcode/look-into.ts'
import { makeRunDirectory } from '../../../workers/transcode/sandbox.ts'
import { openDockForFilms } from '../../field/dock.ts'
import { openWorld } from '../../support/world.ts'
import { inventoryOf, pictureTrack } from '../../unit/workers/inventories.ts'
import { never } from './handlers.ts'

t.setTimeout(240_000)
const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'custody-stills-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))
const world = await openWorld(t)
const dock = await openDockForFilms(t, world)

async function ffmpeg(name: string, ...flags: string[]): Promise<string> {
  const path = join(folder, name)
  await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...flags, path])
  return path
}

const still = (name: string, filter = 'null') =>
  ffmpeg(name, '-f', 'lavfi', '-i', `testsrc2=s=320x180,${filter}`, '-frames:v', '1', '-update', '1')

/** A grey TIFF whose pages grow lighter to the right, and whose first says how it lies. */
function tiff({ pages, orientation }: { pages: number; orientation: number }): Buffer {
  const [width, height, entries] = [64, 32, 9]
  const pageBytes = 2 + entries * 12 + 4 + width * height
  const bytes = Buffer.alloc(8 + pages * pageBytes)
  bytes.write('II*\0', 'latin1')
  bytes.writeUInt32LE(8, 4)
  for (let page = 0; page < pages; page++) {
    const at = 8 + page * pageBytes
    const pixelsAt = at + pageBytes - width * height
    const said = [
      ...[
        [256, width],
        [257, height],
        [258, 8],
        [259, 1],
        [262, 1],
        [273, pixelsAt],
        [274, orientation],
      ],
      ...[
        [278, height],
        [279, width * height],
      ],
    ]
    bytes.writeUInt16LE(entries, at)
    for (const [number, [tag, value]] of said.entries()) {
      bytes.writeUInt16LE(tag!, at + 2 + number * 12)
      bytes.writeUInt16LE(4, at + 4 + number * 12)
      bytes.writeUInt32LE(1, at + 6 + number * 12)
      bytes.writeUInt32LE(value!, at + 10 + number * 12)
    }
    bytes.writeUInt32LE(page + 1 < pages ? at + pageBytes : 0, pixelsAt - 4)
    for (let pixel = 0; pixel < width * height; pixel++) bytes[pixelsAt + pixel] = (pixel % width) * 3
  }
  return bytes
}

async function made(path: string) {
  const docked = await dock(path)
  if (docked.state !== 'still') throw new Error(`is ${docked.state}: ${'reason' in docked ? docked.reason : ''}`)
  const out = join(folder, 'made.jpg')
  await writeFile(out, docked.content)
  const size = ['-v', 'error', '-show_entries', 'stream=width,height', '-of', 'csv=p=0', out]
  const { stdout } = await run('ffprobe', size)
  return { size: stdout.trim(), differences: (docked.told.differences ?? []).map(({ what }) => what) }
}

for (const name of ['photo.jpg', 'screen.png', 'old.bmp', 'scan.tiff', 'chat.webp', 'one.gif', 'photo.jp2']) {
  t.test(`${name} is shown as it is, and nothing is said of it`, async (t) => {
    t.same(await made(await still(name)), { size: '320,180', differences: [] })
  })
}

t.test('a large picture is made smaller and is no other one for that', async (t) => {
  t.same(await made(await still('large.png', 'scale=4000:2250')), { size: '1920,1080', differences: [] })
})

t.test('a scan that lies on its side is turned, and pages that are not shown are mentioned', async (t) => {
  const path = join(folder, 'lying.tif')
  await writeFile(path, tiff({ pages: 1, orientation: 6 }))
  t.same(await made(path), { size: '32,64', differences: [] })
  const several = join(folder, 'pages.tif')
  await writeFile(several, tiff({ pages: 3, orientation: 1 }))
  t.same(await made(several), { size: '64,32', differences: ['one_of_several'] })
})

t.test('of two pictures in a HEIC the main one is shown, and that there are two is said', async (t) => {
  const sample = (name: string) => new URL(`../../field/samples/${name}`, import.meta.url).pathname
  t.same((await made(sample('photo-second-is-main.heic'))).differences, ['one_of_several'])
  t.same(await made(sample('photo-turned.heic')), { size: '180,320', differences: [] })
})

t.test('a picture that is cut lacks its lower part, and one that is broken inside is damaged', async (t) => {
  const path = await still('cut.jpg')
  const whole = await readFile(path)
  const cut = whole.subarray(0, Math.floor((whole.length * 2) / 3))
  await writeFile(path, cut)
  t.same((await made(path)).differences, ['lower_part_missing'])
  await writeFile(path, Buffer.concat([cut, Buffer.from([0xff, 0xd9])]))
  t.same((await made(path)).differences, ['damaged'])
})

t.test('a moving PNG is a film', async (t) => {
  const path = await ffmpeg('moving.png', '-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=5:d=2', '-f', 'apng')
  const docked = await dock(path)
  t.equal(docked.state, 'film')
})

t.test('a still that is turned, squeezed or another one is found', async (t) => {
  const directory = join(folder, 'check')
  await makeRunDirectory(directory, footageLimits)
  const picture = { width: 320, height: 180, sizes: [{ width: 320, height: 180 }] }
  const inventory = inventoryOf(pictureTrack({}, picture))
  await writeFile(join(directory, 'in', 'source'), await readFile(await still('source.png')))
  const found = async (filter: string, size: { width: number; height: number }) => {
    await writeFile(join(directory, 'in', 'made.jpg'), await readFile(await still('other.jpg', filter)))
    const source = { inputFlags: inputFlags('png_pipe'), path: '/in/source', orientation: upright }
    const other = { inputFlags: inputFlags('jpeg_pipe'), path: '/in/made.jpg', ...size }
    const check = { directory, timeoutMs: 60_000, signal: never }
    return checkStill(check, { source, made: other, inventory, sideMax: 1920 })
  }
  const size = { width: 320, height: 180 }
  t.same(await found('null', size), [])
  t.same(await found('hflip,vflip', size), ['not_upright'])
  t.same(await found('hflip', size), ['not_upright'])
  t.same(await found('transpose=clock', { width: 180, height: 320 }), ['not_upright'])
  t.same(await found('scale=180:180', { width: 180, height: 180 }), ['picture_differs'])
  t.same(await found('drawbox=c=red:t=fill', size), ['picture_differs'])
})
