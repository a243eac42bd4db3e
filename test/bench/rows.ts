import type { Family } from './family.ts'
import { checkpointRows } from './rows/checkpoint.ts'
import { copyRows } from './rows/copy.ts'
import { crowdRows } from './rows/crowd.ts'
import { dockRows } from './rows/dock.ts'
import { eventRows } from './rows/events.ts'
import { idleRows } from './rows/idle.ts'
import { memoryRows } from './rows/memory.ts'
import { millionRows } from './rows/million.ts'
import { packageRows } from './rows/package.ts'
import { playableRows } from './rows/playable.ts'
import { remuxRows } from './rows/remux.ts'
import { renditionCheckRows } from './rows/rendition-check.ts'
import { sequenceSubjectsRows } from './rows/sequence-subjects.ts'
import { streamRows } from './rows/stream.ts'
import { weakLineRows } from './rows/weak-line.ts'

export const families: readonly Family[] = [
  streamRows,
  crowdRows,
  memoryRows,
  weakLineRows,
  dockRows,
  copyRows,
  remuxRows,
  renditionCheckRows,
  playableRows,
  eventRows,
  checkpointRows,
  sequenceSubjectsRows,
  millionRows,
  packageRows,
  idleRows,
]
