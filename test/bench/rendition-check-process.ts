// What making a rendition costs, and what looking at its original and checking it costs, in CPU time of Node and of all
// programs. Started by keep-orphans.pl, which counts what the sandbox leaves behind.

import { appendFile, mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startCheck } from '../../workers/transcode/check/track-check.ts'
import { takeInventory } from '../../workers/transcode/inventory/take-inventory.ts'
import { type MadePiece, makeTrack } from '../../workers/transcode/make/track.ts'
import { chooseTracks } from '../../workers/transcode/plan/choose.ts'
import { commandsOf, openFlags } from '../../workers/transcode/plan/commands.ts'
import { planWays } from '../../workers/transcode/plan/ways.ts'
import type { TrackPlan } from '../../workers/transcode/track-plan.ts'
import { childrenOf, cpuSeconds } from './process-figures.ts'

/** A run directory with the film as `in/source`, and the way in which it is made. */
export interface CheckWork {
  readonly directory: string
  readonly method: 'remux' | 'transcode'
}

/** CPU time in seconds. */
export interface CheckCost {
  readonly make: number
  readonly inventory: number
  readonly check: number
}

const { directory, method } = JSON.parse(process.argv[2]!) as CheckWork
const limits = { cpuSeconds: 4 * 3600, fileBytes: 8 * 1024 ** 3, memoryBytes: 4 * 1024 ** 3 }
const signal = new AbortController().signal
const run = { directory, limits, timeoutMs: 3_600_000, signal }
const madeFile = join(directory, 'made')

const [inventory, inventoryCost] = await costOf(look)
const [way] = planWays(chooseTracks(inventory, new Map()))
if (way?.method !== method) throw new Error(`the film of the bench would be made by ${way?.method}`)
const plan = way.tracks[0]!
const [, makeCost] = await costOf(() => make(plan, async () => undefined))
const pieces: (Pick<MadePiece, 'kind' | 'startMs' | 'durationMs'> & { readonly bytes: number })[] = []
await make(plan, async ({ kind, startMs, durationMs, content }) => {
  await appendFile(madeFile, content)
  pieces.push({ kind, startMs, durationMs, bytes: content.length })
})
const [differences, checkCost] = await costOf(check)
if (differences.length > 0) throw new Error(`the check claims ${JSON.stringify(differences)}`)
await rm(madeFile)
const cost: CheckCost = { make: makeCost, inventory: inventoryCost, check: checkCost }
process.stdout.write(JSON.stringify(cost))

async function look() {
  const looked = await takeInventory({ directory, fileName: 'source', format: 'mov', skipBytes: 0, signal })
  if ('reason' in looked) throw new Error(`the film of the bench cannot be read: ${looked.reason}`)
  return looked.inventory
}

async function make(track: TrackPlan, onPiece: (piece: MadePiece) => Promise<void>): Promise<void> {
  await rm(join(directory, 'out'), { recursive: true })
  await mkdir(join(directory, 'out'))
  await makeTrack(run, track, commandsOf(inventory, track), onPiece)
}

/** The check of the pieces as they were stored. */
async function check() {
  const checking = startCheck({ ...run, inventory, plan, inputFlags: openFlags(inventory, plan) })
  const file = await open(madeFile)
  try {
    for (const { kind, bytes, startMs, durationMs } of pieces) {
      const { buffer } = await file.read({ buffer: Buffer.alloc(bytes), length: bytes })
      await checking.piece(kind, buffer, { startMs, durationMs })
    }
  } finally {
    await file.close()
  }
  return (await checking.end()).differences
}

async function costOf<Result>(work: () => Promise<Result>): Promise<[Result, number]> {
  const before = await spentSeconds()
  const result = await work()
  return [result, (await spentSeconds()) - before]
}

/** Of this process, of its children, and of those that they left to the parent; once all of them have ended. */
async function spentSeconds(): Promise<number> {
  const hasOthers = () => childrenOf(process.ppid).length > 1 || childrenOf(process.pid).length > 0
  while (hasOthers()) await delay(10)
  return cpuSeconds(process.pid) + cpuSeconds(process.ppid)
}
