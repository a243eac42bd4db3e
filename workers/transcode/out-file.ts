import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { Fault, isFault } from '../../services/foundation/errors.ts'
import { beyondLimit } from './not-playable.ts'

/** No file of a rendition is larger: a segment is some seconds of film, and is held in memory. */
export const fileBytesMax = 64 * 1024 * 1024

/**
 * Reads a file that the sandbox wrote. It may be anything: only a regular file without a second name is taken, and no link is
 * followed, so that nothing of this machine can leave through it. Null: there is no such file (yet).
 *
 * @throws bad_request when it is something else or too large
 */
export async function readOutFile(path: string): Promise<Buffer | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const info = await file.stat()
      // None: ffmpeg replaced it by a newer one just now (it renames its playlist into place).
      if (!info.isFile() || info.nlink > 1)
        throw new Fault('bad_request', 'the sandbox left something that is no plain file')
      if (info.size > fileBytesMax) throw beyondLimit(`a file of the rendition is larger than ${fileBytesMax} bytes`)
      return await file.readFile()
    } finally {
      await file.close()
    }
  } catch (error) {
    if (isFault(error)) throw error
    if ((error as { code?: unknown }).code === 'ENOENT') return null
    throw new Fault('bad_request', 'the sandbox left something that cannot be read', { cause: error })
  }
}
