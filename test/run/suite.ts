import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type FileResult, type FileRun, runFile } from './file.ts'

/** Beside others, or alone at the end. */
export type Run = 'first' | 'second'

export interface SuiteOptions extends FileRun {
  readonly files: readonly string[]
  /** How many files run at once. */
  readonly jobs: number
  /** Where the outputs of files that failed are kept. Made when the first one fails. */
  readonly keptDirectory: string
  /** Hears of each run of a file as it ends. */
  readonly onResult: (result: FileResult, run: Run) => void
}

/** A file that failed in the first round. */
export interface RedFile {
  readonly first: FileResult
  /** Its run at the end, alone; null when there was none. */
  readonly second: FileResult | null
  /** Paths of its outputs, one for each run. */
  readonly kept: readonly string[]
}

export interface SuiteResult {
  /** One for each file: its last run. */
  readonly results: readonly FileResult[]
  readonly red: readonly RedFile[]
}

/** When more files fail than this, something is broken, and running them all again would only hide it for longer. */
export const rerunFilesMax = 20

/**
 * Runs test files, `jobs` at once. What failed is run once more when all others have ended, each file alone, so that a
 * machine that was merely busy makes no file red. More than `rerunFilesMax` failed files are not run again.
 */
export async function runSuite(options: SuiteOptions): Promise<SuiteResult> {
  const first = await firstRound(options)
  const failed = first.filter((result) => !result.isGreen)
  const red: RedFile[] = []
  for (const result of failed) {
    const kept = [keep(options.keptDirectory, result, 'first')]
    const second = failed.length > rerunFilesMax ? null : await runFile(result.file, options)
    if (second) {
      kept.push(keep(options.keptDirectory, second, 'second'))
      options.onResult(second, 'second')
    }
    red.push({ first: result, second, kept })
  }
  const lastRuns = new Map(red.map(({ first, second }) => [first.file, second ?? first]))
  return { results: first.map((result) => lastRuns.get(result.file) ?? result), red }
}

async function firstRound({ files, jobs, onResult, ...run }: SuiteOptions): Promise<FileResult[]> {
  const results: FileResult[] = []
  const waiting = [...files]
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const result = await runFile(file, run)
      results.push(result)
      onResult(result, 'first')
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
  return results
}

function keep(directory: string, { file, output }: FileResult, run: Run): string {
  const path = join(directory, `${file}.${run}-run.log`)
  mkdirSync(dirname(path), { recursive: true, mode: 0o711 })
  writeFileSync(path, output)
  return path
}
