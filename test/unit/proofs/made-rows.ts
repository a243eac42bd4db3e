// Rows that end in every way a row can end, for proofs.test.ts.

import { spawn } from 'node:child_process'
import type { Family, RunOptions } from '../../bench/family.ts'
import type { Measured, RowSpec } from '../../bench/harness.ts'

type Run = (options: RunOptions) => Promise<Record<string, Measured>>

const forever = () => new Promise<never>(() => undefined)

function family(name: string, run: Run, more: Partial<Family> = {}): Family {
  const row: RowSpec = { name, goal: { of: 'ratio', atLeast: 0.8 }, unit: 'MB/s', what: 'made for a test' }
  return { rows: [row], run, ...more }
}

export const families: readonly Family[] = [
  family('made/works', async () => ({ 'made/works': { ours: [3, 2, 1], theirs: [2, 2, 2] } }), {
    short: '1 instead of 2',
  }),
  family('made/slow', async () => ({ 'made/slow': { ours: [1], theirs: [2] } })),
  family('made/fails', async () => {
    throw new Error('the store said\nno')
  }),
  family('made/breaks', () => {
    setImmediate(() => {
      throw new Error('thrown where nobody waits')
    })
    return forever()
  }),
  family('made/dies', () => {
    process.kill(process.pid, 'SIGKILL')
    return forever()
  }),
  family('made/hangs', forever, { limitMinutes: 0.01 }),
  family('made/silent', async () => ({})),
  // Runs until it is interrupted, with a process of its own beside it.
  family('made/waits', ({ say }) => {
    const child = spawn('sleep', ['1000'], { stdio: 'ignore' })
    say(`processes ${process.pid} ${child.pid}`)
    return forever()
  }),
  family('made/later', async () => ({ 'made/later': { ours: [1], theirs: [1] } })),
]
