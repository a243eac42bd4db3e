// A film made and checked by the real parts, without a database.

import { copyFile, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import type { TrackFindings } from '../../../../workers/transcode/check/findings.ts'
import { startCheck } from '../../../../workers/transcode/check/track-check.ts'
import { takeInventory } from '../../../../workers/transcode/inventory/take-inventory.ts'
import { makeTrack } from '../../../../workers/transcode/make/track.ts'
import { chooseTracks } from '../../../../workers/transcode/plan/choose.ts'
import { commandsOf, openFlags, type TrackCommands } from '../../../../workers/transcode/plan/commands.ts'
import { planWays } from '../../../../workers/transcode/plan/ways.ts'
import { makeRunDirectory } from '../../../../workers/transcode/sandbox.ts'
import type { Way } from '../../../../workers/transcode/track-plan.ts'
import { never } from '../handlers.ts'

const limits = { cpuSeconds: 60, fileBytes: 10_000_000, memoryBytes: 2 ** 32 }
const timeoutMs = 120_000

/** Makes the main track of a film in one way and checks it. `spoil` may change the commands, to make a mistake. */
export async function madeAndChecked(
  folder: string,
  film: { readonly path: string; readonly format: string },
  method: Way['method'],
  spoil: (commands: TrackCommands) => TrackCommands = (commands) => commands,
): Promise<TrackFindings & { lengthMs: number; isMs: number }> {
  const directory = await mkdtemp(join(folder, 'run-'))
  await makeRunDirectory(directory, limits)
  await copyFile(film.path, join(directory, 'in/source'))
  const looked = await takeInventory({
    directory,
    fileName: 'source',
    format: film.format,
    skipBytes: 0,
    signal: never,
  })
  if ('reason' in looked) throw new Error(looked.reason)
  const { inventory } = looked
  const [plan] = planWays(chooseTracks(inventory, new Map())).find((way) => way.method === method)!.tracks
  const run = { directory, limits, timeoutMs, signal: never }
  const check = startCheck({ ...run, inventory, plan: plan!, inputFlags: openFlags(inventory, plan!) })
  const lengthMs = await makeTrack(run, plan!, spoil(commandsOf(inventory, plan!)), (piece) =>
    check.piece(piece.kind, piece.content, piece),
  )
  return { ...(await check.end()), lengthMs, isMs: inventory.foundMs }
}
