// Rounds, medians, spread and ratios: what every row of the bench has in common.

/** How long a row waits for one step of the product before it fails and names it. Its family has a limit for the whole. */
export const stepLimitMs = 5 * 60_000

/** What a row must reach: a bound on ours ÷ theirs, or on our own figure where nobody else has one. */
export interface Goal {
  readonly of: 'ratio' | 'ours'
  readonly atLeast?: number
  readonly atMost?: number
}

export interface RowSpec {
  readonly name: string
  readonly goal: Goal
  readonly unit: string
  /** What is compared with what, in a few words. */
  readonly what: string
}

/** One figure a round, both sides in the same order; `theirs` is null where the goal is a bound on ours. */
export interface Measured {
  readonly ours: readonly number[]
  readonly theirs: readonly number[] | null
  readonly note?: string
}

export interface RowResult {
  readonly row: string
  /** Medians; null when the row could not run. */
  readonly ours: number | null
  readonly theirs: number | null
  /** Median of the rounds' own ratios: what disturbs a machine disturbs both sides of a round. */
  readonly ratio: number | null
  readonly goal: string
  readonly unit: string
  readonly rounds: number
  readonly spread: Readonly<Record<'ours' | 'theirs' | 'ratio', readonly [number, number] | null>>
  readonly met: boolean | null
  readonly what: string
  readonly note?: string
  /** How this run was shorter than a full one. */
  readonly shortened?: string
  /** Why the row could not run. */
  readonly reason?: string
}

/** Runs both sides in turn, `rounds` times, the first side changing each round; a round 0 that does not count comes first. */
export async function inTurn(
  rounds: number,
  ours: (round: number) => Promise<number>,
  theirs: (round: number) => Promise<number>,
): Promise<{ ours: number[]; theirs: number[] }> {
  const figures = { ours: [] as number[], theirs: [] as number[] }
  for (let round = 0; round <= rounds; round++) {
    const sides = round % 2 === 0 ? (['theirs', 'ours'] as const) : (['ours', 'theirs'] as const)
    for (const side of sides) {
      const figure = await (side === 'ours' ? ours(round) : theirs(round))
      if (round > 0) figures[side].push(figure)
    }
  }
  return figures
}

/** Runs one side `rounds` times. */
export async function repeated<T>(rounds: number, once: (round: number) => Promise<T>): Promise<T[]> {
  const figures: T[] = []
  for (let round = 1; round <= rounds; round++) figures.push(await once(round))
  return figures
}

export function resultOf(spec: RowSpec, measured: Measured): RowResult {
  const { ours, theirs, note } = measured
  const ratios = theirs && ours.map((figure, round) => figure / theirs[round]!)
  const figures = { ours: median(ours), theirs: theirs && median(theirs), ratio: ratios && median(ratios) }
  return {
    row: spec.name,
    ours: rounded(figures.ours),
    theirs: figures.theirs === null ? null : rounded(figures.theirs),
    ratio: figures.ratio === null ? null : rounded(figures.ratio),
    goal: goalText(spec),
    unit: spec.unit,
    rounds: ours.length,
    spread: { ours: rangeOf(ours), theirs: theirs && rangeOf(theirs), ratio: ratios && rangeOf(ratios) },
    met: isMet(spec.goal, spec.goal.of === 'ours' ? figures.ours : (figures.ratio ?? Number.NaN)),
    what: spec.what,
    ...(note === undefined ? {} : { note }),
  }
}

/** A row that could not run, with its reason. */
export function notRun(spec: RowSpec, reason: string): RowResult {
  return {
    row: spec.name,
    ours: null,
    theirs: null,
    ratio: null,
    goal: goalText(spec),
    unit: spec.unit,
    rounds: 0,
    spread: { ours: null, theirs: null, ratio: null },
    met: null,
    what: spec.what,
    reason,
  }
}

/** The results as a table for people. */
export function tableOf(results: readonly RowResult[]): string {
  const head = ['row', 'ours', 'theirs', 'ratio', 'goal', 'met', 'unit', 'rounds', 'spread']
  const lines = results.map((result) => [
    result.row,
    textOf(result.ours),
    textOf(result.theirs),
    textOf(result.ratio),
    result.goal,
    result.met === null ? '-' : result.met ? 'yes' : 'NO',
    result.unit,
    String(result.rounds),
    spreadText(result),
  ])
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]!.length)))
  const print = (line: readonly string[]) => line.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')
  const remarks = results.flatMap(({ row, note, shortened, reason }) => [
    ...(reason === undefined ? [] : [`${row}: failed: ${reason}`]),
    ...(note === undefined ? [] : [`${row}: ${note}`]),
    ...(shortened === undefined ? [] : [`${row}: shortened: ${shortened}`]),
  ])
  return [print(head), ...lines.map(print), '', ...remarks].map((line) => `${line.trimEnd()}\n`).join('')
}

export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The smallest figure that `share` (0 to 1) of all figures do not exceed. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

function isMet(goal: Goal, figure: number): boolean {
  return figure >= (goal.atLeast ?? Number.NEGATIVE_INFINITY) && figure <= (goal.atMost ?? Number.POSITIVE_INFINITY)
}

function goalText({ goal, unit }: RowSpec): string {
  const bound = goal.atLeast === undefined ? `<= ${goal.atMost}` : `>= ${goal.atLeast}`
  return goal.of === 'ours' ? `${bound} ${unit}` : bound
}

function rangeOf(figures: readonly number[]): [number, number] {
  return [rounded(Math.min(...figures)), rounded(Math.max(...figures))]
}

function spreadText({ spread }: RowResult): string {
  const range = spread.ratio ?? spread.ours
  return range ? `${textOf(range[0])}..${textOf(range[1])}${spread.ratio ? ' (ratio)' : ''}` : '-'
}

/** Four digits are more than a machine repeats. */
function rounded(figure: number): number {
  return Number(figure.toPrecision(4))
}

function textOf(figure: number | null): string {
  return figure === null ? '-' : String(figure)
}
