import type { Db } from '../../foundation/db/database.ts'
import { Fault, isFault } from '../../foundation/errors.ts'
import type { LogKeys } from '../format/log-keys.ts'
import { openCheckpoint } from '../format/signed-checkpoint.ts'
import { newestPublished } from '../log/witnessed.ts'

/**
 * Checks the place at which the newest key set begins, before the log signs with it: everybody else expects the earlier keys
 * below that size, and these from it on.
 *
 * @throws bad_config when it begins beyond the next checkpoint, or below one that the earlier keys signed
 */
export async function requireKeySetFits(db: Db, log: LogKeys): Promise<void> {
  const { from } = log.sets.at(-1)!
  if (from === 0) return
  const newest = await newestPublished(db)
  const size = newest?.size ?? 0
  const rule = `the newest checkpoint has ${size} leaves, so the new key set begins at "from ${size + 1}"`
  if (from > size + 1) throw new Fault('bad_config', `LEDGER_VERIFIER_KEY: "from ${from}" is too far: ${rule}`)
  if (newest === null || from > size) return
  try {
    openCheckpoint(newest.note, log)
  } catch (cause) {
    if (!isFault(cause, 'unproven')) throw cause
    const what = `"from ${from}" lies below a checkpoint that these keys did not sign`
    throw new Fault('bad_config', `LEDGER_VERIFIER_KEY: ${what}: ${rule}`, { cause })
  }
}
