import { leasedLoop } from '../leased-loop.ts'
import { part } from '../part.ts'
import { runReceipt } from '../receipt.ts'

export const receiptPart = part({
  name: 'receipt',
  shape: {},
  start: (deps) => leasedLoop(deps, 'receipt', (signal) => runReceipt(deps, signal)),
})
