import type { FileResult } from './file.ts'
import { rerunFilesMax, type SuiteResult } from './suite.ts'

const slowestShown = 10
/** Of one file. */
const explanationLinesMax = 60

/** The figures of a run. `failedChecks` are of types and lint: no run of a test makes up for them. */
export function figuresOf({ results }: SuiteResult, failedChecks: number): { passed: number; failed: number } {
  const sum = (of: (result: FileResult) => number) => results.reduce((total, result) => total + of(result), 0)
  const failed = sum((result) => result.failed) + failedChecks
  const passed = sum((result) => result.passed)
  return { passed, failed: passed === 0 && failed === 0 ? 1 : failed }
}

/** The end of a run: the slowest files, what failed and why, which files are flaky, and last `N passed, N failed`. */
export function endOfRun(suite: SuiteResult, failedChecks: number): string {
  const { passed, failed } = figuresOf(suite, failedChecks)
  const checks = failedChecks > 0 ? ['', 'types or lint are wrong: see the beginning'] : []
  const lines = [...slowest(suite), ...nothingChecked(suite), ...whatFailed(suite), ...checks, ...flaky(suite)]
  return `${lines.join('\n')}\n\n${passed} passed, ${failed} failed\n`
}

function slowest({ results }: SuiteResult): string[] {
  const sorted = results.toSorted((one, other) => other.seconds - one.seconds).slice(0, slowestShown)
  return ['', 'slowest files:', ...sorted.map(({ file, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${file}`)]
}

function whatFailed({ red }: SuiteResult): string[] {
  const failed = red.filter(({ second }) => !second?.isGreen)
  if (failed.length === 0) return []
  const wasRerun = failed.some(({ second }) => second !== null)
  return [
    '',
    wasRerun
      ? 'what failed, twice:'
      : `what failed (more than ${rerunFilesMax} files, so something is broken and none was run again):`,
    ...failed.flatMap(({ first, kept }) => [`  ${first.file}`, ...outputsOf(kept)]),
    '',
    ...failed.flatMap(({ first, second }) => shortened(explanationOf(second ?? first))),
  ]
}

/** The first lines of one file's explanation: a long one hides no other file. */
function shortened(lines: readonly string[]): string[] {
  const left = lines.length - explanationLinesMax
  return left > 0 ? [...lines.slice(0, explanationLinesMax), `  … ${left} more lines, see the output`] : [...lines]
}

/** Files that pass without having checked anything: what they need is missing, or every test in them is left out. */
function nothingChecked({ results }: SuiteResult): string[] {
  const files = results.filter(({ isGreen, passed }) => isGreen && passed === 0).map(({ file }) => `  ${file}`)
  return files.length === 0 ? [] : ['', 'passed without a single assertion:', ...files]
}

function flaky({ red }: SuiteResult): string[] {
  const passedLater = red.filter(({ second }) => second?.isGreen)
  if (passedLater.length === 0) return []
  return [
    '',
    'flaky: failed beside others, passed alone at the end. The test or the product depends on luck; mend it:',
    ...passedLater.flatMap(({ first, kept }) => [`  ${first.file}`, ...outputsOf(kept)]),
  ]
}

const outputsOf = (kept: readonly string[]) => kept.map((path) => `    output: ${path}`)

/** The assertions that failed, each with the lines that explain it, or the end of the output when there is none. */
function explanationOf({ file, output }: FileResult): string[] {
  const lines: string[] = []
  let explainedBelow = -1
  for (const line of output.split('\n')) {
    const indent = line.search(/\S/)
    if (/^\s*not ok\b/.test(line) && !/# (TODO|SKIP)/.test(line)) {
      lines.push(`${file}: ${line.trim()}`)
      explainedBelow = indent
    } else if (explainedBelow >= 0 && indent > explainedBelow && !/^\s*(ok \d+|# )/.test(line)) {
      lines.push(line)
    } else if (indent >= 0) {
      explainedBelow = -1
    }
  }
  return lines.length > 0 ? lines : [`${file}: it ended without a result`, ...output.trimEnd().split('\n').slice(-20)]
}
