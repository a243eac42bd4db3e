import { integer } from '../../services/foundation/config.ts'
import { authoritiesSetting } from '../../services/ledger/authority/authorities.ts'
import { leasedLoop } from '../leased-loop.ts'
import { part } from '../part.ts'
import { runTimestamp } from '../timestamp.ts'

const hourMs = 60 * 60_000

export const timestampPart = part({
  name: 'timestamp',
  shape: {
    /** Without any, nobody is asked and orders wait. */
    authorities: authoritiesSetting('TIMESTAMP_AUTHORITIES'),
    everyHours: integer('TIMESTAMP_EVERY_HOURS', { min: 1, max: 24 * 31, fallback: 24 }),
  },
  start(deps, { authorities, everyHours }) {
    const timestampDeps = { ...deps, authorities, everyMs: everyHours * hourMs }
    return leasedLoop(deps, 'timestamp', (signal) => runTimestamp(timestampDeps, signal))
  },
})
