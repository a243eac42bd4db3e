import { open, stat } from 'node:fs/promises'
import { heldPath, type Platform } from '../../foundation/platform.ts'
import { ReadFailed, VolumeGone } from './source.ts'

/**
 * A folder that is held open, so that its path means this file system for as long as it is used, whatever is mounted at its
 * place meanwhile: nobody clears a file of the card that was put in a moment later.
 */
export interface PinnedFolder {
  /** Device number of its file system: what has another number is another volume. */
  readonly device: number
  /** Whether the file system is still in its place. */
  readonly isAttached: () => Promise<boolean>
  /**
   * Does something with the folder's path. Errors of the system become VolumeGone or ReadFailed, with `what` in their text.
   *
   * @throws VolumeGone also when it was let go
   */
  use<T>(what: string, act: (path: Buffer) => Promise<T>): Promise<T>
  /** Holds the folder for longer than one act; the end that it gives must be called. */
  hold(): { readonly path: Buffer; readonly end: () => Promise<void> }
  /** Lets go of it as soon as nothing uses it any more. */
  letGo(): Promise<void>
  /** What an error of the system means for who reads here. */
  meaningOf(what: string, error: unknown): Promise<Error>
}

/**
 * @param died is told once when the file system is found dead
 * @throws Error of the system when the folder cannot be opened
 */
export async function pinFolder(
  folder: string,
  isAttached: () => Promise<boolean>,
  died: () => void,
  platform: Platform = process.platform,
): Promise<PinnedFolder> {
  const handle = await open(folder, 'r')
  const { dev } = await handle.stat()
  const held = heldPath(handle.fd, platform)
  const path = Buffer.from(held ?? folder)
  let uses = 0
  let isLetGo = false
  let isDead = false

  const hold = () => {
    if (isLetGo) throw new VolumeGone(`${folder} is not attached any more`)
    uses++
    let isOver = false
    const end = async () => {
      if (isOver) return
      isOver = true
      uses--
      if (isLetGo && uses === 0) await handle.close()
    }
    return { path, end }
  }

  const meaningOf = async (what: string, error: unknown): Promise<Error> => {
    if (!isSystemError(error)) return error as Error
    if ((await isAttached()) && (await answers(path))) return new ReadFailed(`${what}: ${error.code}`, { cause: error })
    if (!isDead) died()
    isDead = true
    return new VolumeGone(`${what}: ${error.code}, and ${folder} is gone`, { cause: error })
  }

  return {
    device: dev,
    isAttached,
    hold,
    meaningOf,
    async use(what, act) {
      const { end } = hold()
      try {
        // Its path may lead to another card by now.
        if (held === null && !(await isAttached())) throw new VolumeGone(`${folder} is not attached any more`)
        return await act(path)
      } catch (error) {
        throw await meaningOf(what, error)
      } finally {
        await end()
      }
    },
    async letGo() {
      if (isLetGo) return
      isLetGo = true
      if (uses === 0) await handle.close()
    },
  }
}

async function answers(path: Buffer): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false // ENOTCONN, ENODEV, EIO: the root itself does not answer
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string'
}
