import { storeNames } from '../../services/foundation/store/store.ts'
import { archiveLagMs, archiveLagMsMax } from '../../services/ledger/archive/lag.ts'
import type { RunDeps } from '../run.ts'

const lookEveryMs = 5000

/** Looks every 5 s which stores are late: what /readyz of this process says, whether or not it holds the lease. */
export function watchArchive({ db, clock, log }: RunDeps): { late(): Record<string, string>; end(): void } {
  let late: Record<string, string> = {}
  const look = async () => {
    const lag = await archiveLagMs(db, clock.now())
    const names = storeNames.filter((name) => lag[name] > archiveLagMsMax)
    late = Object.fromEntries(
      names.map((name) => [`archive on ${name}`, `the oldest event waits for ${Math.round(lag[name] / 1000)} s`]),
    )
  }
  const timer = setInterval(() => {
    look().catch((error: unknown) => log.warn({ err: error }, 'archive: its lag could not be read'))
  }, lookEveryMs)
  return { late: () => late, end: () => clearInterval(timer) }
}
