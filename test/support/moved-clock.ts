// Loaded before a program whose clock a test moves: node --import ./test/support/moved-clock.ts …
// Every time that the program takes is off by the milliseconds in the file CLOCK_OFFSET_FILE, read again as it changes.

import { readFileSync } from 'node:fs'

const path = process.env.CLOCK_OFFSET_FILE
const readEveryMs = 50
const Real = Date
let offsetMs = 0
let readAtMs = Number.NEGATIVE_INFINITY

function now(): number {
  if (path !== undefined && performance.now() - readAtMs > readEveryMs) {
    offsetMs = Number(readFileSync(path, 'utf8'))
    readAtMs = performance.now()
  }
  return Real.now() + offsetMs
}

globalThis.Date = class extends Real {
  constructor(...given: unknown[]) {
    super(...((given.length === 0 ? [now()] : given) as [number]))
  }
  static override now = now
} as DateConstructor
