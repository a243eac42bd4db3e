import { type KeyObject, randomBytes, sign } from 'node:crypto'
import {
  filesRootOf,
  type HandInHead,
  type HandInLine,
  handInHeadBytes,
  lineDigest,
  lineSaltBytes,
} from '../../ledger/format/hand-in-list.ts'
import type { SeenFile } from '../sources/source.ts'
import { type FileRecord, type HandInRecord, lineOf, untouched } from '../spool/records.ts'

/** A file on the device, and the line by which it is handed in. */
export interface DockedFile {
  readonly seen: SeenFile
  /** Its number on the list that holds for this docking. */
  readonly number: number
  readonly handIn: HandInRecord
  readonly file: FileRecord
}

/** A file on the device, with its line on an earlier list when this very file has one. */
export interface Matched {
  readonly seen: SeenFile
  readonly known: { readonly handIn: HandInRecord; readonly file: FileRecord } | null
}

/**
 * Finds for each file on the device the line of an earlier list that is about the same file: path, length and time of change
 * are equal, and it was not cleared. Where a device gives no times, path and length are enough as long as it was not taken
 * away; after that such a file counts as new, for it may have been written over.
 *
 * @param earlier the lists of the same medium
 */
export function matchKnown(
  seen: readonly SeenFile[],
  earlier: readonly HandInRecord[],
  isSameStay: boolean,
): Matched[] {
  const known = new Map<string, Matched['known']>()
  for (const handIn of earlier) {
    if (handIn.state === 'refused') continue
    for (const file of handIn.files) {
      const isThere = file.cleared === 'no' || file.cleared === 'failed'
      const mayBeSame = file.modifiedMs !== null || isSameStay
      if (file.home === null && isThere && mayBeSame) known.set(keyOf(file), { handIn, file })
    }
  }
  return seen.map((file) => ({ seen: file, known: known.get(keyOf(file)) ?? null }))
}

/** Lines of earlier lists of the same medium whose file is not on it any more. */
export function vanishedFiles(matched: readonly Matched[], earlier: readonly HandInRecord[]) {
  const here = new Set(matched.map(({ known }) => known?.file))
  const standing = earlier.filter(({ state }) => state !== 'refused')
  return standing.flatMap((handIn) =>
    handIn.files
      .filter((file) => file.home === null && !here.has(file) && (file.cleared === 'no' || file.cleared === 'failed'))
      .map((file) => ({ handIn, file })),
  )
}

function keyOf(file: Pick<SeenFile, 'path' | 'bytes' | 'modifiedMs'>): string {
  return `${file.modifiedMs} ${file.bytes} ${file.path.toString('latin1')}`
}

/** The record of a new list: everything that was seen, in its order; known files carry the digest of their one reading. */
export function recordOf(
  matched: readonly Matched[],
  about: Pick<HandInRecord, 'id' | 'serial' | 'medium' | 'openedMs' | 'filesRoot'>,
): HandInRecord {
  return { ...about, state: 'signed', serverId: null, refusal: null, pickedUpMs: null, files: matched.map(fileOf) }
}

function fileOf({ seen, known }: Matched, number: number): FileRecord {
  const { path, name, bytes, modifiedMs, deviceTime, runningNumber, mark } = seen
  return {
    ...untouched,
    number,
    path,
    name,
    bytes,
    modifiedMs,
    deviceTime,
    runningNumber,
    mark,
    sha256: known?.file.sha256 ?? null,
    home: known ? { handIn: known.handIn.id, number: known.file.number } : null,
  }
}

/** What a dock knows of a hand-in before it signs. */
export type SeenHead = Omit<HandInHead, 'v' | 'count' | 'filesRoot'>

/** The body of POST /hand-ins: the signed head, and each line with the salt that its digest was made with. */
export function signList(
  head: SeenHead,
  matched: readonly Matched[],
  key: KeyObject,
): { filesRoot: string; list: string } {
  const lines: HandInLine[] = matched.map((match, number) => lineOf(fileOf(match, number)))
  const salts = lines.map(() => randomBytes(lineSaltBytes))
  const filesRoot = filesRootOf(lines.map((line, number) => lineDigest(line, salts[number]!))).toString('hex')
  const signed: HandInHead = { v: 2, ...head, count: lines.length, filesRoot }
  const body = {
    ...signed,
    files: lines.map((line, number) => ({ ...line, salt: salts[number]!.toString('base64') })),
    signature: sign(null, handInHeadBytes(signed), key).toString('base64'),
  }
  return { filesRoot, list: JSON.stringify(body) }
}

/** The files of a docking, each with the line by which it is handed in. `handIn`: the list that names all of them. */
export function dockedFiles(matched: readonly Matched[], handIn: HandInRecord | null): DockedFile[] {
  if (handIn === null) return []
  const numbers = new Map(handIn.files.map((file) => [keyOf(file), file.number]))
  return matched.flatMap(({ seen, known }) => {
    const number = numbers.get(keyOf(seen))
    if (number === undefined) return []
    return [known ? { seen, number, ...known } : { seen, number, handIn, file: handIn.files[number]! }]
  })
}
