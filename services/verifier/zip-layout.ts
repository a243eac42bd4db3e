import type { Entry } from '@zip.js/zip.js'
import { type BytesSource, containerFault } from './source.ts'

const headerBytes = 30
const windowBytes = 256 * 1024
const hasDescriptorFlag = 1 << 3
const unicodePathField = 0x7075
const [anyType, regularType, folderType] = [0, 8, 4]
const folderAttribute = 0x10

/** DESIGN.md §6: a name with `/` at its end is a folder, and nothing else is one. */
export function isFolderName(name: string): boolean {
  return name.endsWith('/')
}

/**
 * What an entry's attributes make of it where it is unpacked: a file or a folder, as its name says, and no link.
 *
 * @throws malformed for a container
 */
export function checkAttributes({ filename, externalFileAttributes: attributes }: Entry): void {
  const isFolder = isFolderName(filename)
  const type = attributes >>> 28
  const isOther = type !== anyType && type !== (isFolder ? folderType : regularType)
  const isMarkedFolder = (attributes & folderAttribute) !== 0
  if (isOther || (isMarkedFolder && !isFolder)) {
    throw containerFault(`${JSON.stringify(filename)} is by its attributes neither the file nor the folder of its name`)
  }
}

/**
 * Holds that entries follow each other from the first byte to the central directory: what lies between them, programs that
 * read a zip file from its start would take for files.
 *
 * @throws malformed for a container
 */
export async function checkLayout(source: BytesSource, entries: readonly Entry[], directoryAt: number): Promise<void> {
  const readAt = windowedReader(source)
  const inOrder = [...entries].sort((a, b) => a.offset - b.offset)
  for (const [at, entry] of inOrder.entries()) {
    const next = inOrder[at + 1]?.offset ?? directoryAt
    const shown = JSON.stringify(entry.filename)
    const header = view(await readAt(entry.offset, headerBytes))
    if (header.byteLength < headerBytes) throw containerFault(`${shown} has no local header`)
    const [nameBytes, extraBytes] = [header.getUint16(26, true), header.getUint16(28, true)]
    const extraAt = entry.offset + headerBytes + nameBytes
    const dataEnd = extraAt + extraBytes + entry.compressedSize
    if (dataEnd > next) throw containerFault(`${shown} shares bytes with what follows it`)
    if (hasUnicodePath(view(await readAt(extraAt, extraBytes))) || entry.extraField?.has(unicodePathField)) {
      throw containerFault(`${shown} has two names`)
    }
    const rest = next - dataEnd
    const mayHaveDescriptor = (header.getUint16(6, true) & hasDescriptorFlag) !== 0
    const isFilled = mayHaveDescriptor
      ? rest <= 24 && isDescriptor(view(await readAt(dataEnd, rest)), entry)
      : rest === 0
    if (!isFilled) throw containerFault(`there are bytes behind ${shown} that belong to no entry`)
  }
}

/** APPNOTE 4.3.9: an optional signature, CRC-32 and both sizes, of 4 bytes each, or 8 in zip64. */
function isDescriptor(bytes: DataView, entry: Entry): boolean {
  const [hasSignature, isWide] = [[16, 24].includes(bytes.byteLength), [20, 24].includes(bytes.byteLength)]
  if (!hasSignature && ![12, 20].includes(bytes.byteLength)) return false
  if (hasSignature && bytes.getUint32(0, true) !== 0x08074b50) return false
  const start = hasSignature ? 4 : 0
  const size = (at: number) =>
    isWide ? Number(bytes.getBigUint64(start + 4 + at * 8, true)) : bytes.getUint32(start + 4 + at * 4, true)
  return (
    bytes.getUint32(start, true) === entry.signature &&
    size(0) === entry.compressedSize &&
    size(1) === entry.uncompressedSize
  )
}

function hasUnicodePath(extra: DataView): boolean {
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) === unicodePathField) return true
  }
  return false
}

/** Headers of small entries lie close together: one read serves many. */
function windowedReader(source: BytesSource): (offset: number, length: number) => Promise<Uint8Array> {
  let [start, bytes] = [0, new Uint8Array(0)]
  return async (offset, length) => {
    if (offset < start || offset + length > start + bytes.length) {
      start = offset
      const wanted = Math.max(length, windowBytes)
      bytes = Uint8Array.from(await source.readAt(offset, Math.max(0, Math.min(wanted, source.bytes - offset))))
    }
    return bytes.subarray(offset - start, offset - start + length)
  }
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
