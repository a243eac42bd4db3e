import type { EventBody } from '../../../ledger/format/entry.ts'

/** An event by its place in the ledger. */
export interface PlacedBody {
  readonly index: number
  readonly body: EventBody
}
