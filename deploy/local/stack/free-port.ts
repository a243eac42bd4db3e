import { randomInt } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTicksOf } from '../install/start-ticks.mjs'

/** One file for each port that was given out, named by it, shared by all that run on this machine. */
const claims = join(tmpdir(), `evidence-custody-ports-${process.getuid?.() ?? 'all'}`)
const owner = `${process.pid} ${startTicksOf(process.pid)}`
const own = new Set<string>()
process.once('exit', () => {
  for (const path of own) rmSync(path, { force: true })
})

/**
 * A free loopback port below the range that the kernel hands out by itself, so that nobody's outgoing connection takes it
 * before its server listens, or while it is being restarted. As long as this process lives nobody else who asks here is
 * given the same one, in this process or in another.
 */
export async function freePort(): Promise<number> {
  mkdirSync(claims, { recursive: true, mode: 0o700 })
  for (;;) {
    const port = randomInt(20_000, 32_000)
    if (claim(join(claims, String(port))) && (await isFree(port))) return port
  }
}

function claim(path: string): boolean {
  try {
    writeFileSync(path, owner, { flag: 'wx' })
    own.add(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  if (ownerIsGone(path)) rmSync(path, { force: true }) // free for the next one who happens on it
  return false
}

function ownerIsGone(path: string): boolean {
  try {
    const [pid, startTicks] = readFileSync(path, 'utf8').split(' ')
    return startTicks !== undefined && startTicksOf(Number(pid)) !== startTicks
  } catch {
    return false // given back this very moment
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
