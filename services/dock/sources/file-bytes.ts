import { constants } from 'node:fs'
import { type FileHandle, lstat, open, unlink } from 'node:fs/promises'
import { syncFolder } from '../../foundation/platform.ts'
import type { PinnedFolder } from './pinned-folder.ts'
import { ReadFailed, type SeenFile } from './source.ts'
import { joined } from './walk.ts'

const pieceBytes = 1024 * 1024
/** Of what direct reads begin at: no block of a card is larger. */
const blockBytes = 4096

/** `direct` (open(2), O_DIRECT): past the memory of this computer, as far as the driver of the file system obeys. */
export type ReadingWay = 'cached' | 'direct'

/**
 * The bytes of a file from `from` on, in pieces of up to 1 MiB. The file must be as it was seen, before the first byte and
 * after the last: one that changes while it is read has no digest.
 *
 * @throws VolumeGone, ReadFailed
 */
export async function* readBytes(
  folder: PinnedFolder,
  file: SeenFile,
  from: number,
  signal: AbortSignal,
  way: ReadingWay = 'cached',
): AsyncGenerator<Buffer> {
  const what = `reading ${file.path.toString('latin1')}`
  const { path, end } = folder.hold()
  try {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | (way === 'direct' ? constants.O_DIRECT : 0)
    const handle = await open(joined(path, file.path), flags)
    const readPiece = way === 'direct' ? directly(handle) : plainly(handle)
    try {
      requireSame(file, await handle.stat(), folder.device)
      for (let at = from; at < file.bytes; ) {
        signal.throwIfAborted()
        const piece = await readPiece(at, file.bytes)
        if (piece.length === 0) throw new ReadFailed(`${what}: it ends at ${at} of ${file.bytes} bytes`)
        at += piece.length
        yield piece
      }
      requireSame(file, await handle.stat(), folder.device)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw await folder.meaningOf(what, error)
  } finally {
    await end()
  }
}

type ReadPiece = (at: number, end: number) => Promise<Buffer>

function plainly(handle: FileHandle): ReadPiece {
  return async (at, end) => {
    const length = Math.min(pieceBytes, end - at)
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, at)
    return buffer.subarray(0, bytesRead)
  }
}

/** Direct reads want whole blocks, and memory that begins at a page: of Node's, that which may grow does. */
function directly(handle: FileHandle): ReadPiece {
  const aligned = new Uint8Array(new ArrayBuffer(pieceBytes, { maxByteLength: pieceBytes }))
  return async (at, end) => {
    const skipped = at % blockBytes
    const { bytesRead } = await handle.read(aligned, 0, pieceBytes, at - skipped)
    return Buffer.from(aligned.subarray(skipped, Math.min(bytesRead, end - at + skipped)))
  }
}

/**
 * Takes a file away and makes sure that it is gone and that the folder on the card says so.
 *
 * @throws VolumeGone, ReadFailed when it is not as it was seen, or did not go
 */
export async function removeFile(folder: PinnedFolder, file: SeenFile): Promise<void> {
  const what = `taking away ${file.path.toString('latin1')}`
  await folder.use(what, async (root) => {
    const path = joined(root, file.path)
    requireSame(file, await lstat(path), folder.device)
    await unlink(path)
    await syncFolder(path.subarray(0, path.lastIndexOf(0x2f)), process.platform)
    if (await isThere(path)) throw new ReadFailed(`${what}: it is still there`)
  })
}

async function isThere(path: Buffer): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** @throws ReadFailed */
function requireSame(
  file: SeenFile,
  stat: { isFile(): boolean; size: number; mtimeMs: number; dev: number },
  device: number,
): void {
  const name = file.path.toString('latin1')
  if (!stat.isFile() || stat.dev !== device) throw new ReadFailed(`${name} is no plain file of this volume any more`)
  if (stat.size !== file.bytes || (file.modifiedMs !== null && Math.floor(stat.mtimeMs) !== file.modifiedMs)) {
    throw new ReadFailed(`${name} has changed since it was listed`)
  }
}
