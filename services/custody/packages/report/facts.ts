import type { ShownHandIn } from '../../../ledger/verify/shown-hand-in.ts'
import type { Closure } from '../closure.ts'
import type { PackageRecording } from '../recordings.ts'

/**
 * Everything that the report is made of. Who acted, what was recorded, by which device and dock, where it lies and for what
 * it was asked comes from the disclosed events alone.
 */
export interface ReportFacts {
  readonly packageId: string
  readonly madeAt: Date
  /** 提取方法 */
  readonly madeHow: string
  readonly closure: Closure
  readonly recordings: readonly ReportRecording[]
  /** Of each dock's list, the lines that the package shows. */
  readonly handIns: readonly ShownHandIn[]
  /** How many entries the ledger had when this was written. The package is proven against a later checkpoint. */
  readonly reportSize: number
  /** When enough witnesses had seen the ledger so far; null when they had not. */
  readonly witnessedAt: Date | null
  /** Who had seen it. */
  readonly witnesses: readonly { readonly name: string; readonly at: Date | null }[]
  readonly timestamps: readonly { readonly name: string; readonly size: number; readonly at: Date }[]
}

export type ReportRecording = PackageRecording & { readonly hasOriginal: boolean; readonly hasPlayable: boolean }
