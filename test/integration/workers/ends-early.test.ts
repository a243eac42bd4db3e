// A film that is cut off is called incomplete; one whose second half is there and broken is called damaged.

import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { renditionNotes } from '../../../services/custody/viewing/rendition-notes.ts'
import { openDockForFilms } from '../../field/dock.ts'
import { openWorld } from '../../support/world.ts'
import { h264, picture, sound } from './inventory-clips.ts'

t.setTimeout(240_000)
const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'custody-ends-early-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))
const world = await openWorld(t)
const dock = await openDockForFilms(t, world)

async function saidOf(name: string, bytes: Buffer): Promise<string[]> {
  await writeFile(join(folder, name), bytes)
  const docked = await dock(join(folder, name))
  if (docked.state !== 'film') throw new Error(`${name} is ${docked.state}`)
  return renditionNotes(docked.told, false).zh
}

async function made(name: string, ...flags: string[]): Promise<Buffer> {
  await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...flags, '-t', '8', join(folder, name)])
  return readFile(join(folder, name))
}

const incomplete = /^文件不完整：文件头标明时长 8\.\d 秒，后 [345]\.\d 秒的数据缺失。$/

t.test('a film of which the second half is not there, and one of which it is zeros', async (t) => {
  const flags = [...picture('160x120', 25), ...sound(), ...h264, '-c:a', 'aac', '-movflags', '+faststart']
  const whole = await made('whole.mp4', ...flags)
  const samples = whole.indexOf('mdat') + 4
  const half = samples + Math.floor((whole.length - samples) / 2)
  const [cut, ...others] = await saidOf('cut.mp4', whole.subarray(0, half))
  t.match(cut, incomplete)
  t.same(others, [])
  const zeros = await saidOf('zeros.mp4', Buffer.from(whole).fill(0, half))
  t.match(zeros[0], /^文件头标明时长 8\.0 秒，其中 .*可以播放；.*数据已损坏，无法解码。$/)
  t.notMatch(zeros.join(), '缺失')
})

t.test('an MP3 of which the second half is not there', async (t) => {
  const whole = await made('whole.mp3', ...sound(), '-c:a', 'libmp3lame', '-b:a', '32k')
  t.same(await saidOf('same.mp3', whole), [])
  const [cut, ...others] = await saidOf('cut.mp3', whole.subarray(0, Math.floor(whole.length / 2)))
  t.match(cut, incomplete)
  t.same(others, [])
})
