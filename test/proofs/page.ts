// test/proofs.txt: blocks of lines, one block a run, the newest last. A block begins with date, commit and machine; then
// comes a line for each row.

import { execFileSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import type { RowResult } from '../bench/harness.ts'

const reasonLettersMax = 300

interface Block {
  readonly head: string
  /** By the row's name. */
  readonly lines: ReadonlyMap<string, string>
}

/** The first line of a block, to be taken before the run: its own load is not of interest. */
export function blockHead(now: Date, repository: string, rounds: number): string {
  const load = loadavg().map((average) => average.toFixed(2))
  const machine = `${cpus().length} processors, load average ${load.join(' ')} at the start`
  const shortened = `${rounds} ${rounds === 1 ? 'round' : 'rounds'} of each row`
  return `${now.toISOString().replace(/\.\d+Z$/, 'Z')}, commit ${commitOf(repository)}, ${machine}, ${shortened}`
}

/** The lines of the results below `head`: name, figure, goal, met or not, what was shortened. */
export function blockText(head: string, results: readonly RowResult[]): string {
  const lines = results.map((result) => [result.row, ...cellsOf(result)])
  // The last cell of a line may be long and widens no column.
  const widthOf = (column: number) => Math.max(...lines.map((cells) => cells.slice(0, -1)[column]?.length ?? 0))
  const texts = lines.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widthOf(column)))
      .join('  ')
      .trimEnd(),
  )
  return [head, ...texts].map((line) => `${line}\n`).join('')
}

/** `page` with a run's block at its end and without what older blocks say of the same rows. */
export function pageWith(page: string, block: string): string {
  const newest = parsePage(block)
  const renewed = new Set(newest.flatMap(({ lines }) => [...lines.keys()]))
  const kept = parsePage(page).map(({ head, lines }) => ({
    head,
    lines: new Map([...lines].filter(([name]) => !renewed.has(name))),
  }))
  return [...kept.filter(({ lines }) => lines.size > 0), ...newest]
    .map(({ head, lines }) => [head, ...lines.values()].map((line) => `${line}\n`).join(''))
    .join('\n')
}

/** @throws Error when a line belongs to no block */
export function parsePage(page: string): Block[] {
  const blocks: { head: string; lines: Map<string, string> }[] = []
  for (const line of page.split('\n').filter((line) => line !== '')) {
    if (/^\d{4}-\d\d-\d\dT/.test(line)) blocks.push({ head: line, lines: new Map() })
    else if (blocks.length === 0) throw new Error(`a page of proofs begins with the head of a run, not with "${line}"`)
    else blocks.at(-1)!.lines.set(line.split(' ', 1)[0]!, line)
  }
  return blocks
}

/** Whether a line says that its row could not run, or that its proof failed. */
export function isFailedLine(line: string): boolean {
  return /^\S+ +FAILED: /.test(line)
}

function cellsOf(result: RowResult): string[] {
  if (result.reason !== undefined) {
    return [`FAILED: ${result.reason.replace(/\s+/g, ' ').trim().slice(0, reasonLettersMax)}`]
  }
  const goal = `goal ${result.goal}: ${result.met ? 'met' : 'not met'}`
  return [figureOf(result), goal, result.shortened === undefined ? 'in full' : `shortened: ${result.shortened}`]
}

function figureOf({ ours, theirs, ratio, unit }: RowResult): string {
  return ratio === null ? `${ours} ${unit}` : `${ratio} (${ours} ÷ ${theirs} ${unit})`
}

function commitOf(repository: string): string {
  try {
    const git = (args: string[]) => execFileSync('git', args, { cwd: repository, encoding: 'utf8', stdio: 'pipe' })
    const changed = git(['status', '--porcelain', '--', '.', ':!test/proofs.txt']).trim() !== ''
    return `${git(['rev-parse', '--short=12', 'HEAD']).trim()}${changed ? ' with uncommitted changes' : ''}`
  } catch {
    return 'unknown' // an unpacked archive has no history
  }
}
