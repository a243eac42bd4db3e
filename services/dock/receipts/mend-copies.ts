import type { StationDeps } from '../docking/deps.ts'
import { copyName } from '../spool/kept-copies.ts'
import type { FileRecord, HandInRecord } from '../spool/records.ts'

type CopyDeps = Pick<StationDeps, 'copies' | 'book' | 'log'>

/** Cleared before it was witnessed, with a copy here that is not here any more: it lies in three places and not in four. */
export function isCopyMissing({ cleared, receipt, keptCopy }: FileRecord): boolean {
  return cleared === 'before_witness' && receipt !== 'witnessed' && keptCopy === null
}

/**
 * Brings the records and the folder of kept copies together: a copy that is not there any more, whole, does not count, so that
 * its file is read from the device again; one that is not needed any more goes.
 */
export async function mendCopies(deps: CopyDeps): Promise<void> {
  const { copies, book, log } = deps
  await copies.lookAgain()
  for (const handIn of book.open()) {
    const missing = handIn.files.filter(({ keptCopy }) => keptCopy !== null && !copies.has(keptCopy))
    for (const file of missing) {
      log.error({ handIn: handIn.id, number: file.number, copy: file.keptCopy }, 'a kept copy is not on the spool')
      await book.saveFile(handIn, file, { keptCopy: null })
    }
    await dropWitnessed(deps, handIn)
  }
}

/**
 * Of a file whose receipt is witnessed, the ledger outside vouches for the three copies: ours goes, also one that could not be
 * read and does not count any more.
 */
export async function dropWitnessed({ copies, book }: CopyDeps, handIn: HandInRecord): Promise<void> {
  for (const file of handIn.files) {
    if (file.receipt !== 'witnessed') continue
    const name = file.keptCopy ?? copyName(handIn, file)
    if (file.keptCopy !== null || copies.has(name)) await copies.remove(name)
    if (file.keptCopy !== null) await book.saveFile(handIn, file, { keptCopy: null })
  }
}
