import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Family } from '../bench/family.ts'
import { measureAll, rowNames, unknownNames } from '../bench/measure.ts'
import { blockHead, blockText, pageWith } from './page.ts'

const repository = resolve(import.meta.dirname, '../..')
/** Enough to see that a row runs and about where it stands; `npm run bench` takes the median of three. */
const rounds = 1

export interface ProofRun {
  /** Address of the module that exports `families`. */
  readonly list: URL
  readonly families: readonly Family[]
  /** Names of rows, or their beginnings; empty for all. */
  readonly wanted: readonly string[]
  /** File that gets the lines of this run; null for none. */
  readonly page: string | null
  readonly signal: AbortSignal
  /** Hears of the progress. */
  readonly say: (line: string) => void
  /** Gets the block of lines at the end. */
  readonly print: (text: string) => void
}

/** Returns the exit code: 1 when a row could not run or a proof failed, 2 for a name that no row has. */
export async function runProofs(run: ProofRun): Promise<0 | 1 | 2> {
  const { list, families, wanted, signal, say } = run
  const unknown = unknownNames(families, wanted)
  if (unknown.length > 0) {
    say(`no row is named ${unknown.join(' or ')}; there are: ${rowNames(families).join(' ')}`)
    return 2
  }
  const head = blockHead(new Date(), repository, rounds)
  const startMs = Date.now()
  const results = await measureAll({
    ...{ list, families, wanted, signal, say },
    ...{ rounds, isShort: true, profile: null },
  })
  const failed = results.filter(({ reason }) => reason !== undefined)
  const block = blockText(head, results)
  run.print(`\n${block}`)
  if (run.page !== null && !signal.aborted) {
    writePage(run.page, wanted.length === 0 ? block : pageWith(existingPage(run.page), block))
    say(`written to ${run.page}`)
  }
  const minutes = ((Date.now() - startMs) / 60_000).toFixed(1)
  say(`${results.length - failed.length} rows ran, ${failed.length} failed, in ${minutes} minutes`)
  return failed.length === 0 ? 0 : 1
}

function existingPage(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

function writePage(path: string, text: string): void {
  writeFileSync(`${path}.new`, text)
  renameSync(`${path}.new`, path)
}
