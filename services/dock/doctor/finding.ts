/** What an examination of the station found: `well` needs nobody, `warning` should be mended, `fault` keeps footage out. */
export type Grade = 'well' | 'warning' | 'fault' | 'unknown'

/** One result. `code` names its words (words.ts); `values` fill them. */
export interface Finding<Code extends string = string> {
  readonly code: Code
  readonly grade: Grade
  readonly values: Readonly<Record<string, string | number>>
}

/** Where the computer shows itself: `/` on a real one. */
export interface Surroundings {
  /** Folder that holds `sys`, `proc` and `etc`. */
  readonly root: string
  /** Runs a program without a shell; null when there is none of this name. */
  readonly run: (argv: readonly string[]) => Promise<{ readonly status: number; readonly out: string } | null>
}
