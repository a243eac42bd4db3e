import type { Measured, RowSpec } from './harness.ts'

export interface RunOptions {
  readonly rounds: number
  readonly say: (line: string) => void
  /** Folder for CPU profiles of our processes, or null. */
  readonly profile: string | null
  /** A quick look, with inputs as small as the family's `short` says. */
  readonly isShort: boolean
  /** Path of a folder for these rows alone, still to be made. Files, and stacks in it or in its folders, go afterwards. */
  readonly directory: string
}

/** Rows that come out of the same rounds. `run` gives figures by row name; it throws when they cannot be had. */
export interface Family {
  readonly rows: readonly RowSpec[]
  /** What a short run makes smaller, such as "256 MiB instead of 1 GiB". Left out where there is nothing. */
  readonly short?: string
  /** When three rounds count as hung, on a busy machine too; in a short run, three quarters of it. Default 20. */
  readonly limitMinutes?: number
  run(options: RunOptions): Promise<Record<string, Measured>>
}
