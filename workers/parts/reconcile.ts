import { integer } from '../../services/foundation/config.ts'
import { leasedLoop } from '../leased-loop.ts'
import { part } from '../part.ts'
import { runReconcile } from '../reconcile.ts'

export const reconcilePart = part({
  name: 'reconcile',
  shape: { graceSeconds: integer('RECONCILE_GRACE_SECONDS', { min: 1, max: 86_400, fallback: 300 }) },
  start(deps, { graceSeconds }) {
    const reconcileDeps = { ...deps, graceMs: graceSeconds * 1000 }
    return leasedLoop(deps, 'reconcile', (signal) => runReconcile(reconcileDeps, signal))
  },
})
