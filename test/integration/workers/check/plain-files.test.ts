// Nothing is said of plain files: ordinary recordings, made playable by plain flags of ffmpeg, show no difference.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { inFull } from '../../../support/in-full.ts'
import { kindNames, makeRecordings, type Recording } from './recordings.ts'
import { checked, ffmpeg, inventoryOf, makePieces, planOf } from './renditions.ts'

t.setTimeout(240_000)
const seed = 20_261_127
const perKind = inFull ? 7 : 2
const atOnce = 3

t.test(`no difference is claimed of ${kindNames.length * perKind} ordinary recordings (seed ${seed})`, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'custody-check-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const waiting = kindNames.map((kind, place) => ({ kind, seed: seed + place }))
  const workers = Array.from({ length: atOnce }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      for (const recording of await makeRecordings(folder, next.kind, perKind, next.seed)) {
        const found = await differencesOf(folder, recording)
        t.same(found.differences, [], recording.name)
        t.equal(found.thumbnails.length, found.hasPicture ? 1 : 0, `${recording.name} has its small picture`)
      }
    }
  })
  await Promise.all(workers)
})

const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-x264-params']
const x265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-tag:v', 'hvc1', '-x265-params']
/** Films whose key frames do not stand alone: pictures before them refer to both sides, or parts are refreshed in turn. */
const dependent: readonly (Omit<Recording, 'path'> & { readonly coder: readonly string[] })[] = [
  { name: 'h264-open.ts', format: 'mpegts', coder: [...x264, 'open-gop=1:keyint=50'] },
  { name: 'h264-open.mp4', format: 'mov', coder: [...x264, 'open-gop=1:keyint=50'] },
  { name: 'h264-refresh.ts', format: 'mpegts', coder: [...x264, 'intra-refresh=1:keyint=50:ref=1'] },
  { name: 'h264-refresh.mp4', format: 'mov', coder: [...x264, 'intra-refresh=1:keyint=50:ref=1'] },
  { name: 'hevc-open.mp4', format: 'mov', coder: [...x265, 'open-gop=1:keyint=50:log-level=none:pools=1'] },
  { name: 'mpeg2-open.ts', format: 'mpegts', coder: ['-c:v', 'mpeg2video', '-bf', '2', '-g', '15', '-q:v', '4'] },
]

t.test('no difference is claimed of films whose key frames need the pictures before them', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'custody-check-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const made = dependent.map((one) => ({ ...one, path: join(folder, one.name) }))
  const outputs = made.flatMap(({ coder, path }) => [...coder, path])
  await ffmpeg(['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=25:d=14,noise=alls=8:allf=t', ...outputs])
  for (const recording of made) {
    const found = await differencesOf(folder, recording)
    t.same({ differences: found.differences, holes: found.holes }, { differences: [], holes: [] }, recording.name)
  }
})

async function differencesOf(folder: string, recording: Recording) {
  const inventory = await inventoryOf(recording.path, recording.format)
  const source = { ...recording, inventory }
  const plan = planOf(inventory, recording.name.startsWith('mp4-') ? 'copy' : 'encode')
  const pieces = await makePieces(source, plan)
  return { ...(await checked(folder, source, plan, pieces)), hasPicture: plan.picture !== null }
}
