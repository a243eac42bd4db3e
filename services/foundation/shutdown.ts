import type { Logger } from './log.ts'
import { endSignals } from './platform.ts'

/** One step of an orderly end, e.g. "stop taking requests", "finish jobs", "close the database". */
export interface ShutdownPhase {
  readonly name: string
  readonly timeoutMs: number
  run(): Promise<unknown>
}

/**
 * Runs `phases` in order at SIGTERM or SIGINT (on Windows SIGBREAK) and ends the process: code 0, or 1 when a phase failed or outlived its time
 * (the next phases run all the same). A second signal ends the process at once. An error that nobody handled is logged
 * and ends the process with 1 at once: its state is unknown, and everything that matters survives a kill.
 *
 * Returns a function that begins the same end without a signal; calling it again waits for the one under way.
 */
export function onSignals(log: Logger, phases: readonly ShutdownPhase[]): (reason: string) => Promise<void> {
  let ending: Promise<void> | null = null
  const end = (reason: string): Promise<void> => {
    ending ??= runPhases(log, phases, reason).then((clean) => process.exit(clean ? Number(process.exitCode ?? 0) : 1))
    return ending
  }
  for (const signal of endSignals(process.platform)) {
    process.on(signal, () => {
      if (ending) process.exit(1)
      void end(signal)
    })
  }
  process.on('uncaughtException', (error, origin) => {
    log.fatal({ err: error, origin }, 'an error that nobody handled ends the process')
    process.exit(1)
  })
  return end
}

/** Runs the phases; true when each ended within its time and without an error. */
export async function runPhases(log: Logger, phases: readonly ShutdownPhase[], reason: string): Promise<boolean> {
  log.info({ reason }, 'shutting down')
  let clean = true
  for (const phase of phases) {
    try {
      await withinTime(phase)
    } catch (error) {
      clean = false
      log.error({ err: error, phase: phase.name }, 'a phase of the shutdown failed')
    }
  }
  log.info({ clean }, 'shut down')
  return clean
}

async function withinTime(phase: ShutdownPhase): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${phase.timeoutMs} ms`)), phase.timeoutMs)
  })
  try {
    await Promise.race([phase.run(), tooLate])
  } finally {
    clearTimeout(timer)
  }
}
