import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Runs a program of the system. The error says its name and what it printed, and where it comes from when it is missing. */
export async function command(program: string, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8', MTOOLS_SKIP_CHECK: '1' }
  try {
    const { stdout } = await execute(program, args, { env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
    return stdout
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new Error(`${program} is missing: apt-get install dosfstools mtools exfatprogs exfat-fuse`, { cause: error })
  }
}
