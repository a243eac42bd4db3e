// A film of clips that were joined without making them anew: at each join times jump a little, and the sound begins anew with
// the packet that its coder warmed up with. All of it is there, so nothing is said of it.

import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { TrackFindings } from '../../../../workers/transcode/check/findings.ts'
import { startCheck } from '../../../../workers/transcode/check/track-check.ts'
import { takeInventory } from '../../../../workers/transcode/inventory/take-inventory.ts'
import { makeTrack } from '../../../../workers/transcode/make/track.ts'
import { chooseTracks } from '../../../../workers/transcode/plan/choose.ts'
import { commandsOf, openFlags } from '../../../../workers/transcode/plan/commands.ts'
import { planWays } from '../../../../workers/transcode/plan/ways.ts'
import { makeRunDirectory } from '../../../../workers/transcode/sandbox.ts'
import type { Way } from '../../../../workers/transcode/track-plan.ts'
import { never } from '../handlers.ts'
import { ffmpeg } from './renditions.ts'

t.setTimeout(240_000)
const limits = { cpuSeconds: 60, fileBytes: 10_000_000, memoryBytes: 2 ** 32 }
const timeoutMs = 120_000
const folder = await mkdtemp(join(tmpdir(), 'custody-joined-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))

/** Makes the main track of a film in one way and checks it. */
async function made(path: string, method: Way['method']): Promise<TrackFindings & { lengthMs: number; isMs: number }> {
  const directory = await mkdtemp(join(folder, 'run-'))
  await makeRunDirectory(directory, limits)
  await copyFile(path, join(directory, 'in/source'))
  const looked = await takeInventory({ directory, fileName: 'source', format: 'mov', skipBytes: 0, signal: never })
  if ('reason' in looked) throw new Error(looked.reason)
  const { inventory } = looked
  const [plan] = planWays(chooseTracks(inventory, new Map())).find((way) => way.method === method)!.tracks
  const run = { directory, limits, timeoutMs, signal: never }
  const check = startCheck({ ...run, inventory, plan: plan!, inputFlags: openFlags(inventory, plan!) })
  const lengthMs = await makeTrack(run, plan!, commandsOf(inventory, plan!), (piece) =>
    check.piece(piece.kind, piece.content, piece),
  )
  return { ...(await check.end()), lengthMs, isMs: inventory.foundMs }
}

async function joined(clip: { seconds: number; rate: number; sampleRate: number; bFrames: number }): Promise<string> {
  const name = `${clip.seconds}-${clip.bFrames}`
  const path = join(folder, `clip-${name}.mp4`)
  await ffmpeg([
    ...['-f', 'lavfi', '-i', `testsrc2=s=160x120:r=${clip.rate}:d=${clip.seconds}`],
    ...['-f', 'lavfi', '-i', `sine=frequency=330:sample_rate=${clip.sampleRate}:duration=${clip.seconds}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '25', '-bf', String(clip.bFrames)],
    ...['-c:a', 'aac', '-b:a', '64k', path],
  ])
  const film = join(folder, `film-${name}.mp4`)
  await ffmpeg(['-stream_loop', '14', '-i', path, '-c', 'copy', film])
  return film
}

t.test('repacked, with the very packets of its sound', async (t) => {
  const film = await joined({ seconds: 2, rate: 25, sampleRate: 48_000, bFrames: 0 })
  const { differences, lengthMs, isMs } = await made(film, 'remux')
  t.same(differences, [])
  t.ok(Math.abs(lengthMs - isMs) <= 40, `${lengthMs} ms instead of ${isMs}`)
})

t.test('with its sound made anew, which is no longer than it was', async (t) => {
  const film = await joined({ seconds: 1.3, rate: 30, sampleRate: 44_100, bFrames: 2 })
  const { differences, lengthMs, isMs } = await made(film, 'transcode_sound')
  t.same(differences, [])
  t.ok(lengthMs - isMs >= 0 && lengthMs - isMs <= 22, `${lengthMs} ms instead of ${isMs}`)
})
