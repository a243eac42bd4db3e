// Nothing is said of plain files: ordinary recordings, made playable by plain flags of ffmpeg, show no difference.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { kindNames, makeRecordings, type Recording } from './recordings.ts'
import { checked, inventoryOf, makePieces, planOf } from './renditions.ts'

t.setTimeout(240_000)
const seed = 20_261_127
const perKind = 7
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

async function differencesOf(folder: string, recording: Recording) {
  const inventory = await inventoryOf(recording.path, recording.format)
  const source = { ...recording, inventory }
  const plan = planOf(inventory, recording.name.startsWith('mp4') ? 'copy' : 'encode')
  const pieces = await makePieces(source, plan)
  return { ...(await checked(folder, source, plan, pieces)), hasPicture: plan.picture !== null }
}
