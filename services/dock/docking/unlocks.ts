import { deviceOf } from '../ingest/register.ts'
import type { UnlockBook } from '../sources/source.ts'
import type { StationDeps } from './deps.ts'

/**
 * Each use of a vendor's command, kept before the command runs. One that was cut off by the end of this process is told as a
 * use by which nobody saw the device open. No device gets a secret of ours before it is known to be one of ours: one whose serial the
 * register lacks, or has for retired, gets none.
 */
export function openUnlockBook(deps: StationDeps): UnlockBook {
  return {
    isReady: () => deps.register.current() !== null,
    async begin({ serial, profile }) {
      const device = deviceOf(deps.register.current(), serial)
      if (device === null || device.state === 'retired') return null
      const saidAt = new Date(deps.now()).toISOString()
      const report = { id: deps.newId(), saidAt, kind: 'unlocked', serial, profile, ok: false }
      await deps.answers.intend(report)
      return async (ok) => {
        await deps.answers.settleIntended(report.id, { ...report, ok })
        deps.wake()
      }
    },
  }
}
