// The process that runs one family's rows for measure.ts.

import type { Family, RunOptions } from './family.ts'
import { answerParent } from './own-process.ts'

export interface FamilyWork {
  /** Address of a module that exports `families`. */
  readonly list: string
  /** Name of one of the family's rows. */
  readonly row: string
  readonly options: Omit<RunOptions, 'say'>
}

answerParent<FamilyWork>(async ({ list, row, options }, say) => {
  const { families } = (await import(list)) as { families: readonly Family[] }
  const family = families.find(({ rows }) => rows.some(({ name }) => name === row))
  if (!family) throw new Error(`${list} has no row ${row}`)
  return family.run({ ...options, say })
})
