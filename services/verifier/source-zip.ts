import { configure, type Entry, type FileEntry, Reader, ZipReader } from '@zip.js/zip.js'
import { isFault } from '../foundation/errors.ts'
import { crc32 } from './crc32.ts'
import { type BytesSource, checkPaths, containerFault, isPackagePath, type PackageSource } from './source.ts'
import { checkAttributes, checkLayout, isFolderName } from './zip-layout.ts'

// One thread, and the inflater that comes with it: the same bytes are refused on every machine.
configure({ useWebWorkers: false, useCompressionStream: false })

const stored = 0
const deflated = 8
/** Of a name in the central directory: more files than any case has, and few enough for any machine. */
const entriesMax = 4_000_000

/**
 * A package in a zip file, read strictly: whatever another program could read differently is refused (DESIGN.md §6, _Zip
 * file_). Entries are checked against their size while they are read, so `read` may fail late; one of another CRC-32 is read to
 * its end all the same, for its bytes are judged by their SHA-256, and is among `damaged` then.
 *
 * @throws malformed for a zip file that is none of a package
 */
export async function openZip(source: BytesSource): Promise<PackageSource> {
  const archive = new ZipReader(new SourceReader(source), { strictness: 'strict', filenameValidation: 'tolerant' })
  const listed = await asContainer('the zip file cannot be read', () => readEntries(archive, source))
  await checkLayout(source, listed, archive.directoryOffset ?? 0)
  const files = new Map<string, FileEntry>()
  const [top] = (listed[0]?.filename ?? '').split('/')
  const prefix = `${top}/`
  for (const entry of listed) {
    checkEntry(entry, prefix)
    if (entry.directory) continue
    const path = entry.filename.slice(prefix.length)
    if (files.has(path)) throw containerFault(`the path ${path} is there twice`)
    files.set(path, entry)
  }
  if (files.size === 0) throw containerFault('the zip file holds no file')
  checkPaths([...files.keys()])
  checkFolders(listed)
  const readBefore = new Set<string>()
  const damaged = new Set<string>()
  return {
    paths: [...files.keys()],
    bytes: [...files.values()].reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0),
    read: (path) => {
      const isFirst = !readBefore.has(path)
      readBefore.add(path)
      return readEntry(files.get(path)!, path, isFirst, () => damaged.add(path))
    },
    damaged,
    close: () => archive.close(),
  }
}

async function readEntries(archive: ZipReader<unknown>, source: BytesSource): Promise<Entry[]> {
  // The shortest end record has 22 bytes.
  if (source.bytes < 22) throw containerFault(`a zip file has at least 22 bytes, not ${source.bytes}`)
  const entries: Entry[] = []
  for await (const entry of archive.getEntriesGenerator()) {
    entries.push(entry)
    if (entries.length > entriesMax) throw containerFault(`the zip file has more than ${entriesMax} entries`)
  }
  if (archive.comment.length > 0) throw containerFault('the zip file has a comment')
  if (archive.digitalSignature) throw containerFault('the central directory has a record that is no entry')
  return entries
}

/** A folder is there for its files: the name of another would be anybody's to choose. */
function checkFolders(entries: readonly Entry[]): void {
  const used = new Set<string>()
  for (const { directory, filename } of entries) {
    if (directory) continue
    for (let at = filename.indexOf('/'); at >= 0; at = filename.indexOf('/', at + 1))
      used.add(filename.slice(0, at + 1))
  }
  const empty = entries.find(({ directory, filename }) => directory && !used.has(filename))
  if (empty) throw containerFault(`${JSON.stringify(empty.filename)} is a folder without a file`)
}

function checkEntry(entry: Entry, prefix: string): void {
  const { filename } = entry
  const shown = JSON.stringify(filename)
  checkAttributes(entry)
  const name = isFolderName(filename) ? filename.slice(0, -1) : filename
  // The library takes names from an extra field where there is one; other programs do not.
  if (Buffer.from(entry.rawFilename).toString('latin1') !== filename) throw containerFault(`${shown} has two names`)
  if (!isPackagePath(name)) throw containerFault(`the name ${shown} is not allowed`)
  if (!`${name}/`.startsWith(prefix)) throw containerFault(`${shown} is not below the top folder ${prefix}`)
  if (!entry.directory && name.length < prefix.length) throw containerFault(`${shown} is not below a top folder`)
  if (entry.encrypted) throw containerFault(`${shown} is encrypted`)
  if (entry.directory && entry.uncompressedSize > 0) throw containerFault(`the folder ${shown} has bytes`)
  if (entry.compressionMethod !== stored && entry.compressionMethod !== deflated) {
    throw containerFault(`${shown} is compressed by method ${entry.compressionMethod}`)
  }
}

/** The bytes of an entry; a failure of the library, that is of the zip file, comes out as a fault of the container. */
async function* readEntry(
  entry: FileEntry,
  path: string,
  isFirst: boolean,
  onDamaged: () => void,
): AsyncGenerator<Uint8Array> {
  let fail: (error: unknown) => void = () => {}
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({
    start: (controller) => {
      fail = (error) => controller.error(error)
    },
  })
  const written = entry.getData(writable, { checkCrc32: false, checkOverlappingEntry: isFirst }).catch((error) => {
    // The library may fail before it has begun to write, and leaves the reader waiting then.
    fail(error)
    return error as unknown
  })
  const reader = readable.getReader()
  let failure: unknown
  try {
    let bytes = 0
    let crc = 0
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      bytes += value.length
      // Before the library notices: an entry that says little and inflates to much.
      if (bytes > entry.uncompressedSize) throw containerFault(`${path} has more bytes than its entry says`)
      crc = crc32(value, crc)
      yield value
    }
    if (bytes < entry.uncompressedSize) throw containerFault(`${path} has fewer bytes than its entry says`)
    if (crc !== entry.crc32) onDamaged()
  } catch (error) {
    failure = error
  } finally {
    await reader.cancel(failure).catch(() => undefined)
    const late = await written
    failure ??= late instanceof Error ? late : undefined
  }
  if (failure !== undefined) await asContainer(`${path} cannot be read`, () => Promise.reject(failure))
}

/** What the library throws is about the zip file, unless it passes on that bytes could not be read. */
async function asContainer<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (isFault(error)) throw error
    if (error instanceof ReadFailure) throw error.cause
    throw containerFault(`${what}: ${error instanceof Error ? error.message : String(error)}`, error)
  }
}

/** Marks what is no fault of the zip file: a disk that fails. */
class ReadFailure extends Error {}

class SourceReader extends Reader<BytesSource> {
  readonly #source: BytesSource

  constructor(source: BytesSource) {
    super(source)
    this.#source = source
    this.size = source.bytes
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.#source.bytes - index))
    try {
      return await this.#source.readAt(index, wanted)
    } catch (cause) {
      throw new ReadFailure('the zip file cannot be read', { cause })
    }
  }
}
