import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'

/** What differs between Linux and Windows, where a station's agent runs too, each as one function of the platform. */
export type Platform = NodeJS.Platform

/** Signals that ask a process to end. Windows knows no SIGTERM; it sends SIGBREAK when a console or service is closed. */
export function endSignals(platform: Platform): readonly NodeJS.Signals[] {
  return platform === 'win32' ? ['SIGINT', 'SIGBREAK'] : ['SIGTERM', 'SIGINT']
}

/**
 * Whether the mode of a file lets others than its owner read it. On Windows a mode says nothing: who may read a file is the
 * folder's access list, which whoever installs the station sets.
 */
export function mayOthersRead(mode: number, platform: Platform): boolean {
  return platform !== 'win32' && (mode & 0o077) !== 0
}

/** Whether a text names a place in the file system, and not a plain name. */
export function namesPath(text: string, platform: Platform): boolean {
  return text.includes('/') || (platform === 'win32' && text.includes('\\'))
}

/** Where programs are looked for, whatever this process was started with. */
export function searchPathOf(platform: Platform): string {
  if (platform === 'win32') {
    return 'C:\\Windows\\System32;C:\\Windows;C:\\Windows\\System32\\WindowsPowerShell\\v1.0'
  }
  return '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
}

/**
 * The path by which a folder that is held open is reached: on Linux by its descriptor, so that it is this very folder whatever
 * is mounted there meanwhile. Null where there is no such path: whoever uses it compares the folder itself each time.
 */
export function heldPath(fd: number, platform: Platform): string | null {
  return platform === 'linux' ? `/proc/self/fd/${fd}` : null
}

/** Makes sure that a folder's names are on the disk. Windows writes them with the file and lets nobody sync a folder. */
export async function syncFolder(path: string | Buffer, platform: Platform): Promise<void> {
  if (platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/**
 * Ends a program that was started `detached`, with everything that it has started. One that has ended already is let be.
 * Windows has no groups of processes: there taskkill follows the tree, and only to its end.
 */
export function endGroup(pid: number, signal: 'SIGINT' | 'SIGKILL', platform: Platform): void {
  const [program, ...args] = endGroupCommand(pid, signal, platform) ?? []
  if (program !== undefined) {
    // It says itself when there is no such process any more.
    spawn(program, args, { stdio: 'ignore', windowsHide: true }).on('error', () => undefined)
    return
  }
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** The command that ends a tree of processes; null where a signal to the group does it. */
export function endGroupCommand(pid: number, signal: 'SIGINT' | 'SIGKILL', platform: Platform): string[] | null {
  if (platform !== 'win32') return null
  return ['taskkill', '/PID', String(pid), '/T', ...(signal === 'SIGKILL' ? ['/F'] : [])]
}
