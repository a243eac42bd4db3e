import { runExpire } from '../expire.ts'
import { leasedLoop } from '../leased-loop.ts'
import { part } from '../part.ts'

export const expirePart = part({
  name: 'expire',
  shape: {},
  start(deps) {
    const { db, clock, log, stores } = deps
    const expireDeps = { db, clock, log, primary: stores.primary }
    return leasedLoop(deps, 'expire', (signal) => runExpire(expireDeps, signal))
  },
})
