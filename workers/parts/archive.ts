import { lockFirstDays } from '../../services/custody/copies/object-lock.ts'
import { ageRecipient, integer, text } from '../../services/foundation/config.ts'
import { logKeysOfSetting } from '../../services/ledger/format/log-keys.ts'
import { watchArchive } from '../archive/watch.ts'
import { runArchive } from '../archive.ts'
import { leasedLoop } from '../leased-loop.ts'
import { observeArchive } from '../metrics.ts'
import { part } from '../part.ts'

export const archivePart = part({
  name: 'archive',
  shape: {
    origin: text('LEDGER_ORIGIN'),
    verifierKey: text('LEDGER_VERIFIER_KEY'),
    /** Without it nobody could read the archive after the database is lost: the part does not start. */
    recoveryRecipient: ageRecipient('ARCHIVE_RECOVERY_RECIPIENT'),
    lockFirstDays: integer('LOCK_FIRST_DAYS', { min: 1, max: 90, fallback: lockFirstDays }),
  },
  check({ origin, verifierKey }) {
    logKeysOfSetting(verifierKey, origin)
  },
  start(deps, settings) {
    observeArchive(deps.db, deps.registry)
    const archiveDeps = { ...deps, ...settings }
    const loop = leasedLoop(deps, 'archive', (signal) => runArchive(archiveDeps, signal))
    const watch = watchArchive(archiveDeps)
    return {
      ready: watch.late,
      close: async () => {
        watch.end()
        await loop.close()
      },
    }
  },
})
