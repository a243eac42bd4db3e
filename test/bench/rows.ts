import type { Measured, RowSpec } from './harness.ts'
import { checkpointRows } from './rows/checkpoint.ts'
import { copyRows } from './rows/copy.ts'
import { crowdRows } from './rows/crowd.ts'
import { eventRows } from './rows/events.ts'
import { idleRows } from './rows/idle.ts'
import { memoryRows } from './rows/memory.ts'
import { millionRows } from './rows/million.ts'
import { packageRows } from './rows/package.ts'
import { playableRows } from './rows/playable.ts'
import { remuxRows } from './rows/remux.ts'
import { sequenceSubjectsRows } from './rows/sequence-subjects.ts'
import { streamRows } from './rows/stream.ts'

export interface RunOptions {
  readonly rounds: number
  readonly say: (line: string) => void
  /** Folder for CPU profiles of our processes, or null. */
  readonly profile: string | null
  /** A quick look, with inputs as small as the family's `short` says. */
  readonly isShort: boolean
  /** Path of a folder for these rows alone, still to be made. Files, and stacks in it or in its folders, go afterwards. */
  readonly directory: string
}

/** Rows that come out of the same rounds. `run` gives figures by row name; it throws when they cannot be had. */
export interface Family {
  readonly rows: readonly RowSpec[]
  /** What a short run makes smaller, such as "256 MiB instead of 1 GiB". Left out where there is nothing. */
  readonly short?: string
  /** When three rounds count as hung, on a busy machine too; in a short run, three quarters of it. Default 20. */
  readonly limitMinutes?: number
  run(options: RunOptions): Promise<Record<string, Measured>>
}

export const families: readonly Family[] = [
  streamRows,
  crowdRows,
  memoryRows,
  copyRows,
  remuxRows,
  playableRows,
  eventRows,
  checkpointRows,
  sequenceSubjectsRows,
  millionRows,
  packageRows,
  idleRows,
]
