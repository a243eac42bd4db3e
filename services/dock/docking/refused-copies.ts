import type { Book } from '../spool/book.ts'
import type { FileRecord, HandInRecord } from '../spool/records.ts'
import type { StationDeps } from './deps.ts'

/** Files that the bureau refuses, alone or with their list, while a copy of each is kept here: it may be the only one. */
export function refusedCopies(book: Pick<Book, 'open'>): FileRecord[] {
  return book.open().flatMap((handIn) => handIn.files.filter((file) => isRefusedCopy(handIn, file)))
}

function isRefusedCopy({ state }: HandInRecord, { keptCopy, sending }: FileRecord): boolean {
  return keptCopy !== null && (state === 'refused' || sending === 'refused')
}

/**
 * Offers them to the bureau once more: what it refused may have been put right there, and nothing else would bring in a file
 * whose device is gone. A list goes by the very bytes that were signed, and what waited behind it goes after it. Bytes whose
 * digest differs there would differ again.
 */
export async function offerRefusedAgain(deps: Pick<StationDeps, 'book' | 'log' | 'wake'>): Promise<void> {
  const { book, log, wake } = deps
  for (const handIn of book.open()) {
    const files = handIn.files.filter((file) => isRefusedCopy(handIn, file))
    if (files.length === 0) continue
    log.warn({ handIn: handIn.id, files: files.length }, 'kept copies that the bureau refused are offered again')
    const changes = files
      .filter(({ sending, refusal }) => sending === 'refused' && refusal !== 'digest_differs')
      .map((file) => ({ file, change: { sending: 'waiting', refusal: null } as const }))
    if (changes.length > 0) await book.saveFiles(handIn, changes)
    if (handIn.state === 'refused') {
      const posts = {
        sql: "update post set state = 'waiting', refusal = null where hand_in = ? and state = 'refused'",
        values: [handIn.id],
      }
      await book.saveHandIn(handIn, { state: 'signed', refusal: null }, [posts])
    }
    wake()
  }
}

/** Copies of a refused list whose files a later list of the same device has handed in: with its witnessed receipt they go. */
export async function dropHandedInElsewhere(
  { book, copies, database }: Pick<StationDeps, 'book' | 'copies' | 'database'>,
  handIn: HandInRecord,
): Promise<void> {
  for (const file of handIn.files) {
    if (handIn.state !== 'refused' || file.keptCopy === null) continue
    const found = await database.read(
      "select 1 from file join hand_in on hand_in.id = file.hand_in where hand_in.serial = ? and file.sha256 = ? and file.receipt = 'witnessed' limit 1",
      [handIn.serial, file.sha256],
    )
    if (found.length === 0) continue
    await copies.remove(file.keptCopy)
    await book.saveFile(handIn, file, { keptCopy: null })
  }
}
