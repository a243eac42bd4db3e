// Files that are read beside ffmpeg, outside its sandbox: whatever they claim, little memory and a bounded number of reads.

import { execFileSync } from 'node:child_process'
import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { bytesBehindBoxes } from '../../../workers/transcode/inventory/behind-boxes.ts'
import { mp3StatedMs } from '../../../workers/transcode/inventory/mp3-length.ts'
import { isCutJpeg } from '../../../workers/transcode/make/cut-jpeg.ts'
import { inFull } from '../../support/in-full.ts'

const folder = t.testdir()
const made = (name: string, ...flags: string[]): Promise<Buffer> => {
  const path = join(folder, name)
  execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', '-f', 'lavfi', ...flags, path])
  return readFile(path)
}
/** In full, more than Node reads of a file in one go. */
const hugeBytes = inFull ? 2 ** 31 + 1000 : 2 ** 25

t.test('a JPEG is cut when its scan has no end, however much follows', async (t) => {
  const jpeg = await made('photo.jpg', '-i', 'testsrc2=s=320x240', '-frames:v', '1')
  const path = join(folder, 'file')
  const isCut = async (bytes: Buffer, skipBytes = 0): Promise<boolean> => {
    await writeFile(path, bytes)
    return isCutJpeg(path, skipBytes)
  }
  t.equal(await isCut(jpeg), false)
  const cut = jpeg.subarray(0, jpeg.length / 2)
  t.equal(await isCut(cut), true)
  t.equal(await isCut(Buffer.concat([Buffer.alloc(64), cut]), 64), true, 'behind what a device wrote')
  t.equal(await isCut(Buffer.concat([Buffer.alloc(64), jpeg]), 64), false)
  t.equal(await isCut(jpeg.subarray(0, 20)), false, 'no scan begins in it')
  // The two bytes of the end lie in different chunks of the stream.
  const scanAt = jpeg.indexOf(Buffer.from([0xff, 0xda]))
  const split = Buffer.concat([jpeg.subarray(0, scanAt + 20), Buffer.alloc(64 * 1024 - 21), Buffer.from([0xff, 0xd9])])
  t.equal(await isCut(split), false)
  await writeFile(path, cut)
  await truncate(path, hugeBytes)
  t.equal(await isCutJpeg(path, 0), true, 'zeros behind it')
})

t.test('an MP3 that is nothing but tags states no length', async (t) => {
  const path = join(folder, 'tags.mp3')
  const tag = Buffer.from([...Buffer.from('ID3'), 4, 0, 0, 0, 0, 0, 0])
  const mp3 = await made('pen.mp3', '-i', 'sine=d=2', '-c:a', 'libmp3lame', '-id3v2_version', '0')
  await writeFile(path, Buffer.concat([tag, tag, mp3]))
  const stated = await mp3StatedMs(path, 0)
  t.ok(stated !== null && Math.abs(stated - 2000) < 100, `${stated} ms`)
  await writeFile(path, Buffer.concat([...Array.from({ length: 100_000 }, () => tag), mp3]))
  t.equal(await mp3StatedMs(path, 0), null)
})

t.test('zeros behind the boxes of a film are named, and other bytes', async (t) => {
  const path = join(folder, 'behind.mp4')
  const film = await made('film.mp4', '-i', 'testsrc2=s=64x64:d=0.2', '-c:v', 'mpeg4')
  await writeFile(path, film)
  t.equal(await bytesBehindBoxes(path, 0), null)
  await truncate(path, film.length + 3_000_000)
  t.equal(await bytesBehindBoxes(path, 0), '3,000,000 zero bytes behind the end of the film, of no known box')
  await writeFile(path, Buffer.concat([film, Buffer.alloc(2_999_999), Buffer.from([1])]))
  t.equal(await bytesBehindBoxes(path, 0), '3,000,000 bytes behind the end of the film, of no known box')
})
