import type { ClearingPolicy } from '../screen/schemas.ts'
import type { ClearingBasis, FileRecord } from '../spool/records.ts'

/** When a provisional receipt may be acted on, from the bureau's settings. */
export interface LateRule {
  readonly lateMs: number
  readonly lateMsWhenFull: number
  readonly fullPercent: number
}

export interface ClearingCase {
  readonly policy: ClearingPolicy
  /** Somebody said [清空] for a device whose policy is to ask. */
  readonly isAsked: boolean
  /** Somebody said [本次保留]. */
  readonly isKept: boolean
  /** The source can remove files at all. */
  readonly canRemove: boolean
  /** A whole number, rounded down. */
  readonly usedPercent: number
  readonly nowMs: number
  readonly late: LateRule
}

/** Whether anything may be cleared from this device now, whatever the receipts say. */
export function mayClearDevice({ policy, isAsked, isKept, canRemove }: ClearingCase): boolean {
  return canRemove && !isKept && (policy === 'clear' || (policy === 'ask' && isAsked))
}

/**
 * On what ground a file may go, or null. `before_witness` needs its bytes on the spool besides, and the bureau decides by its
 * own clock once more. What failed in this docking is not tried again in it.
 */
export function clearingBasis(
  file: Pick<FileRecord, 'receipt' | 'receiptMs' | 'cleared' | 'sha256'>,
  situation: ClearingCase,
): ClearingBasis | null {
  if (!mayClearDevice(situation) || file.sha256 === null || file.cleared !== 'no') return null
  if (file.receipt === 'witnessed') return 'witnessed'
  if (file.receipt !== 'provisional' || file.receiptMs === null) return null
  const { late, usedPercent, nowMs } = situation
  const lateMs = usedPercent >= late.fullPercent ? late.lateMsWhenFull : late.lateMs
  return nowMs - file.receiptMs >= lateMs ? 'before_witness' : null
}
