import type { EventKind } from '../events.ts'
import { textOf } from './details.ts'
import type { Rule } from './replay.ts'

/** What events tell of receipts for docks, and of orders of time-stamps. How far an order is with an authority is progress. */
export const receiptRules: Partial<Record<EventKind, Rule>> = {
  'receipt.issued': (event, replay) => {
    replay.set('receipt', textOf(event.subject('recording')), { event_id: event.id, issued_at: event.at })
  },
  'timestamp.requested': (event, replay) => {
    replay.set('timestamp_order', textOf(event.subject('timestamp_order')), {
      size: event.details.size ?? null,
      reason: event.details.reason ?? null,
      requested_by: event.subject('person'),
      requested_at: event.at,
    })
  },
}
