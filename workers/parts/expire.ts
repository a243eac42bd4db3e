import { runExpire } from '../expire.ts'
import { leasedLoop } from '../leased-loop.ts'
import { part } from '../part.ts'

export const expirePart = part({
  name: 'expire',
  shape: {},
  start(deps) {
    const expireDeps = { ...deps, primary: deps.stores.primary }
    return leasedLoop(deps, 'expire', (signal) => runExpire(expireDeps, signal))
  },
})
