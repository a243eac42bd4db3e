import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '../services/foundation/errors.ts'
import type { Logger } from '../services/foundation/log.ts'
import { warmUpFfmpeg } from './transcode/ffmpeg.ts'
import { proveSandbox } from './transcode/prove-sandbox.ts'

/** Whether footage may be opened on this machine. */
export interface SandboxProof {
  /** First line of `ffmpeg -version`. @throws not_ready until the sandbox is proven */
  requireSandbox(): string
  /** Why it is not proven; {} when it is. */
  unproven(): Record<string, string>
  /** Resolves once it is proven (never, when that does not come). */
  readonly proven: Promise<void>
}

const retryMs = 15_000

/** Proves the sandbox at once, and again until it holds: till then footage waits, and nothing is ever run without it. */
export function startSandboxProof(scratchDirectory: string, log: Logger, signal: AbortSignal): SandboxProof {
  let tool: string | null = null
  let reason = 'the sandbox for footage is being tried'
  const prove = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        const version = await proveSandbox(scratchDirectory, signal)
        await warmUpFfmpeg()
        tool = version
        log.info({ tool }, 'sandbox: proven')
        return
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        if (message !== reason && !signal.aborted) log.error({ err: error }, 'sandbox: not proven, footage waits')
        reason = message
        await delay(retryMs, undefined, { signal }).catch(() => undefined)
      }
    }
    await new Promise(() => undefined)
  }
  return {
    requireSandbox() {
      if (tool === null) throw new Fault('not_ready', reason)
      return tool
    },
    unproven(): Record<string, string> {
      return tool === null ? { sandbox: reason } : {}
    },
    proven: prove(),
  }
}
