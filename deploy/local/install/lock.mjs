import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { say } from './progress.mjs'
import { startTicksOf } from './start-ticks.mjs'

/**
 * Runs `work` while holding a lock directory (mkdir is atomic), so that two installers started at once do not build or
 * install the same thing twice. A lock whose owner is gone is taken over.
 */
export async function withLock(directory, what, work) {
  mkdirSync(dirname(directory), { recursive: true })
  let told = false
  while (!take(directory)) {
    if (!told) say(`    another run is at work on ${what}; waiting for it`)
    told = true
    await wait(500)
  }
  try {
    return await work()
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function take(directory) {
  try {
    mkdirSync(directory)
    writeFileSync(join(directory, 'start-ticks'), startTicksOf(process.pid))
    writeFileSync(join(directory, 'pid'), String(process.pid))
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  if (ownerIsGone(directory)) rmSync(directory, { recursive: true, force: true })
  return false
}

function ownerIsGone(directory) {
  try {
    const pid = Number(readFileSync(join(directory, 'pid'), 'utf8'))
    // The pid alone may be another program's by now, above all after a restart of the machine.
    return startTicksOf(pid) !== readFileSync(join(directory, 'start-ticks'), 'utf8')
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  // Between the owner's mkdir and its writes, or it died there; or it is gone by now.
  const made = statSync(directory, { throwIfNoEntry: false })
  return made !== undefined && Date.now() - made.mtimeMs > 10_000
}
