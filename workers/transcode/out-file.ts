import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { Fault, isFault } from '../../services/foundation/errors.ts'
import { beyondLimit } from './not-playable.ts'

/** No file of a rendition is larger: a segment is some seconds of film, and is held in memory. */
export const fileBytesMax = 64 * 1024 * 1024

/** No line of a list that a program of ours writes is longer; of a longer one nothing is read. */
const lineCharsMax = 4096

/**
 * Reads a file that the sandbox wrote. It may be anything: only a regular file without a second name is taken, and no link is
 * followed, so that nothing of this machine can leave through it. Null: there is no such file (yet).
 *
 * @throws bad_request when it is something else or too large
 */
export async function readOutFile(path: string): Promise<Buffer | null> {
  return withOutFile(path, async (file) => {
    const { size } = await file.stat()
    if (size > fileBytesMax) throw beyondLimit(`a file of the rendition is larger than ${fileBytesMax} bytes`)
    return file.readFile()
  })
}

/**
 * Gives the lines of a text file that the sandbox wrote, however many, one by one and in flat memory. False: there is no such
 * file.
 *
 * @throws bad_request when it is something else than a plain file
 */
export async function readOutLines(path: string, onLine: (line: string) => void): Promise<boolean> {
  const isRead = await withOutFile(path, async (file) => {
    let rest = ''
    for await (const chunk of file.createReadStream({ encoding: 'latin1', autoClose: false })) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()!.slice(0, lineCharsMax + 1)
      for (const line of lines) if (line.length <= lineCharsMax) onLine(line)
    }
    if (rest !== '' && rest.length <= lineCharsMax) onLine(rest)
    return true
  })
  return isRead ?? false
}

async function withOutFile<T>(path: string, read: (file: FileHandle) => Promise<T>): Promise<T | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const info = await file.stat()
      // None: ffmpeg replaced it by a newer one just now (it renames its playlist into place).
      if (!info.isFile() || info.nlink > 1)
        throw new Fault('bad_request', 'the sandbox left something that is no plain file')
      return await read(file)
    } finally {
      await file.close()
    }
  } catch (error) {
    if (isFault(error)) throw error
    if ((error as { code?: unknown }).code === 'ENOENT') return null
    throw new Fault('bad_request', 'the sandbox left something that cannot be read', { cause: error })
  }
}
