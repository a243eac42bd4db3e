// Lines of text in a film make no further picture of it, and a person is told of them; of a plain film nothing is said.

import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
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
const folder = await mkdtemp(join(tmpdir(), 'custody-never-shown-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))
const world = await openWorld(t)
const dock = await openDockForFilms(t, world)

async function watched(name: string, ...flags: string[]) {
  const path = join(folder, name)
  await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...flags, '-t', '8', path])
  const docked = await dock(path)
  if (docked.state !== 'film') throw new Error(`${name} is ${docked.state}`)
  return { tracks: docked.tracks.length, notes: renditionNotes(docked.told, false) }
}

const film = [...picture('160x120', 25), ...sound()]
const codecs = [...h264, '-c:a', 'aac']
const lines = join(folder, 'line.srt')
await writeFile(lines, '1\n00:00:01,000 --> 00:00:04,000\n30.1 120.2\n\n')

t.test('of a plain film nothing is said', async (t) => {
  t.same(await watched('plain.mp4', ...film, ...codecs), { tracks: 1, notes: { zh: [], en: [] } })
})

for (const [name, text] of [
  ['lines.mp4', 'mov_text'],
  ['lines.mkv', 'srt'],
] as const) {
  t.test(`${name} has one track and says that its text is not shown`, async (t) => {
    const maps = ['-i', lines, '-map', '0', '-map', '1', '-map', '2']
    t.same(await watched(name, ...film, ...maps, ...codecs, '-c:s', text), {
      tracks: 1,
      notes: {
        zh: ['原始文件另有 1 条文字（字幕）轨，播放件中不显示。'],
        en: ['The original also has a text (subtitle) track, which the rendition does not show.'],
      },
    })
  })
}
