// Runs families one after the other, each in a process of its own, and makes a result of every row, come what may.

import { resolve } from 'node:path'
import type { Family, RunOptions } from './family.ts'
import type { FamilyWork } from './family-process.ts'
import { type Measured, notRun, type RowResult, type RowSpec, resultOf } from './harness.ts'
import { inOwnProcess } from './own-process.ts'

const repository = resolve(import.meta.dirname, '../..')
const limitMinutesUsual = 20
/** Of a limit, for a short run. */
const shortShare = 3 / 4
/** Rounds of a full run, which the limits are made for. */
export const roundsUsual = 3

export interface Measurement extends Pick<RunOptions, 'rounds' | 'profile' | 'isShort' | 'say'> {
  /** Address of the module that exports `families`: each family's process reads it anew. */
  readonly list: URL
  readonly families: readonly Family[]
  /** Names of rows, or their beginnings (`ingest`); empty for all. */
  readonly wanted: readonly string[]
  /** Interrupts what runs; what has not begun then is not begun. */
  readonly signal: AbortSignal
  /** Hears of every result as soon as it is there. */
  readonly onResult?: (result: RowResult) => void
}

/** Gives every wanted row a result: figures, or the reason why there are none. */
export async function measureAll(measurement: Measurement): Promise<RowResult[]> {
  const results: RowResult[] = []
  for (const family of measurement.families) {
    const rows = family.rows.filter(({ name }) => isWanted(name, measurement.wanted))
    if (rows.length === 0) continue
    for (const result of await measureFamily(measurement, family, rows)) {
      results.push(result)
      measurement.onResult?.(result)
    }
  }
  return results
}

/** The names among `wanted` that no row has. */
export function unknownNames(families: readonly Family[], wanted: readonly string[]): string[] {
  return wanted.filter((name) => !rowNames(families).some((row) => isWanted(row, [name])))
}

export function rowNames(families: readonly Family[]): string[] {
  return families.flatMap(({ rows }) => rows.map(({ name }) => name))
}

function isWanted(row: string, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.some((name) => row === name || row.startsWith(`${name}/`))
}

async function measureFamily(measurement: Measurement, family: Family, rows: readonly RowSpec[]): Promise<RowResult[]> {
  const { signal, say } = measurement
  if (signal.aborted) return rows.map((row) => notRun(row, `interrupted by ${signal.reason}`))
  say(`${rows.map(({ name }) => name).join(', ')} …`)
  const startMs = Date.now()
  try {
    const measured = await runFamily(measurement, family)
    const shortened = measurement.isShort && family.short !== undefined ? { shortened: family.short } : {}
    return rows.map((row) => {
      const figures = measured[row.name]
      return isMeasured(figures) ? { ...resultOf(row, figures), ...shortened } : notRun(row, 'it gave no figure')
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    say(`  failed: ${reason}`)
    return rows.map((row) => notRun(row, reason))
  } finally {
    say(`  ${((Date.now() - startMs) / 1000).toFixed(0)} s`)
  }
}

function runFamily(measurement: Measurement, family: Family): Promise<Record<string, Measured>> {
  const { list, rounds, profile, isShort, signal, say } = measurement
  const row = family.rows[0]!.name
  const directory = resolve(repository, `.stack/bench-${process.pid}-${row.replace('/', '-')}`)
  const work: FamilyWork = { list: list.href, row, options: { rounds, profile, isShort, directory } }
  const moreRounds = Math.max(1, rounds / roundsUsual)
  const limitMinutes = (family.limitMinutes ?? limitMinutesUsual) * moreRounds * (isShort ? shortShare : 1)
  return inOwnProcess({
    script: new URL('./family-process.ts', import.meta.url),
    ...{ work, directory, signal },
    limitMs: limitMinutes * 60_000,
    say: (line) => say(`  ${line}`),
  })
}

function isMeasured(figures: Measured | undefined): figures is Measured {
  const all = figures ? [...figures.ours, ...(figures.theirs ?? [])] : []
  // JSON, in which a process hands its figures over, turns NaN and Infinity into null.
  return all.length > 0 && all.every((figure) => Number.isFinite(figure))
}
