import type { StationDeps } from '../docking/deps.ts'
import type { DockedFile } from '../docking/docked-files.ts'
import type { Reading } from '../docking/take-in.ts'
import { freshDigest } from '../reading/read-once.ts'
import type { ReceiptAnswer } from '../receipts/check.ts'
import { checkOwnAnswer } from '../receipts/own-file.ts'
import { ReadFailed, type SeenFile, type Volume, VolumeDamaged } from '../sources/source.ts'
import { keptCopyHolds } from '../spool/kept-copies.ts'
import type { ClearingBasis, ClearingFile, ClearingRecord, SaidBy } from '../spool/records.ts'
import { changeOf } from '../spool/rows.ts'
import { type ClearingCase, mayClearDevice } from './policy.ts'

/** A device that is there, with the files on it. */
export interface ClearableDevice {
  readonly serial: string
  /** As in its lists. */
  readonly medium: string | null
  readonly files: readonly DockedFile[]
  readonly reading: Reading
  /** Asked anew before each file: somebody may say [本次保留] in between. */
  readonly situation: () => ClearingCase
  /** Who tapped [清空] in this docking; null where nobody did, or nobody was asked. */
  readonly askedBy: () => SaidBy | null
}

/**
 * Removes one file that was announced, when its bytes on the device are still those of its receipt.
 *
 * @param renewed makes sure that they come from the device (Volume.renew)
 * @throws VolumeGone, VolumeDamaged
 */
export async function clearFile(
  deps: StationDeps,
  { reading, situation }: ClearableDevice,
  clearing: ClearingRecord,
  { file, docked, renewed }: { file: ClearingFile; docked: DockedFile; renewed: () => Promise<void> },
): Promise<void> {
  const { volume, signal } = reading
  const { handIn, file: record } = docked
  const leave = async (outcome: 'digest_differs' | 'not_removed' | 'kept') => {
    await deps.clearings.outcome(clearing, file, outcome)
    // Another file lies there by now: it is a new one, and gets a line of its own.
    const cleared = outcome === 'digest_differs' ? ('changed' as const) : ('failed' as const)
    if (outcome !== 'kept') await deps.book.saveFile(handIn, record, { cleared })
  }
  const isWanted = () => mayClearDevice(situation()) && volume.remove !== null
  if (!isWanted()) return leave('kept')
  let isRemoving = false
  try {
    await renewed()
    const sha256 = await freshDigest(volume, docked.seen, { digests: deps.digests.begin(), signal })
    if (sha256 !== file.sha256) return await leave('digest_differs')
    if (!(await holds(deps, docked, file.basis, sha256))) return await leave('not_removed')
    // Reading took its time: what was said meanwhile counts.
    if (!isWanted()) return await leave('kept')
    await deps.clearings.outcome(clearing, file, 'removing')
    isRemoving = true
    deps.onStep('file_removing')
    await volume.remove!(docked.seen)
    deps.onStep('file_removed')
  } catch (error) {
    if (!(error instanceof ReadFailed) || error instanceof VolumeDamaged) throw error
    deps.log.error({ handIn: handIn.id, number: file.number, reason: error.message }, 'a file could not be cleared')
    // It may have gone although its removal failed: what the device says now is what is told.
    if (!isRemoving || (await isListed(volume, docked.seen))) return await leave('not_removed')
  }
  await settleCleared(deps, clearing, file)
}

/** @throws VolumeGone, VolumeDamaged, ReadFailed: nobody knows yet, and the next docking finds out */
async function isListed(volume: Volume, { path }: SeenFile): Promise<boolean> {
  return (await volume.list()).some((file) => file.path.equals(path))
}

/** A file that is not on the device any more: removed by us when we had begun to, else by somebody else. */
export async function settleAbsent(deps: StationDeps, clearing: ClearingRecord, file: ClearingFile): Promise<void> {
  if (file.outcome === 'removing') return await settleCleared(deps, clearing, file)
  await deps.clearings.outcome(clearing, file, 'gone')
}

async function settleCleared(deps: StationDeps, clearing: ClearingRecord, file: ClearingFile): Promise<void> {
  const handIn = deps.book.byId(clearing.handIn)!
  const cleared = file.basis === 'witnessed' ? ('yes' as const) : ('before_witness' as const)
  const { set, values } = changeOf({ cleared })
  await deps.clearings.outcome(clearing, file, 'cleared', [
    { sql: `update file set ${set} where hand_in = ? and number = ?`, values: [...values, handIn.id, file.number] },
  ])
  await deps.book.saveFile(handIn, handIn.files[file.number]!, { cleared })
}

/** Verifies the stored receipt once more, against what the device holds now, and the copy on the spool where it must stand in. */
async function holds(
  deps: StationDeps,
  { handIn, file }: DockedFile,
  basis: ClearingBasis,
  sha256: string,
): Promise<boolean> {
  const { database, trust } = deps
  const [row] = await database.read<{ text: string }>('select text from receipt where hand_in = ? and number = ?', [
    handIn.id,
    file.number,
  ])
  if (!row) return false
  const answer = JSON.parse(row.text) as ReceiptAnswer
  const { receipt } = checkOwnAnswer(answer, { handIn, file, sha256 }, trust)
  if (receipt === 'witnessed') return true
  if (basis !== 'before_witness' || receipt !== 'provisional' || file.keptCopy === null) return false
  if (await keptCopyHolds(deps, file.keptCopy, sha256)) return true
  deps.log.error({ handIn: handIn.id, number: file.number, copy: file.keptCopy }, 'a kept copy is not what was read')
  await deps.copies.remove(file.keptCopy)
  await deps.book.saveFile(handIn, file, { keptCopy: null })
  return false
}
