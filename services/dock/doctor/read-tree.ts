import { readdir, readFile, readlink } from 'node:fs/promises'

/** Whether an error says that something is not there, or not for us to see. */
function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return (
    code !== undefined && ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ESRCH', 'EINVAL', 'ENODEV', 'EIO'].includes(code)
  )
}

/** The trimmed text of a small file of the system; null when it is not there or may not be read. */
export async function textAt(path: string): Promise<string | null> {
  return readFile(path, 'utf8').then(
    (text) => text.trim(),
    (error) => (isAbsent(error) ? null : Promise.reject(error)),
  )
}

/** The names in a folder, in order; none when it is not there. */
export async function namesIn(path: string): Promise<string[]> {
  return readdir(path).then(
    (names) => names.sort(),
    (error) => (isAbsent(error) ? [] : Promise.reject(error)),
  )
}

/** Where a symbolic link leads; null when there is none or it may not be read. */
export async function linkAt(path: string): Promise<string | null> {
  return readlink(path).catch((error) => (isAbsent(error) ? null : Promise.reject(error)))
}
