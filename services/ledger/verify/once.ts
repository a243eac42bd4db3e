import { onceKeys } from '../format/once.ts'
import type { ReadEvent } from './events.ts'
import type { LedgerFinding } from './finding.ts'

/** `event_repeated`: what happens once is in the ledger twice. Each event that repeats an earlier one of the list is found. */
export function checkOnce(events: readonly ReadEvent[]): LedgerFinding[] {
  const first = new Map<string, string>()
  return events.flatMap(({ body, where }): LedgerFinding[] => {
    const keys = body ? onceKeys(body) : []
    const repeated = keys.flatMap(({ key, subject }) => {
      const earlier = first.get(key)
      if (earlier === undefined) first.set(key, where)
      return earlier === undefined ? [] : [`${body!.kind} of ${subject} after ${earlier}`]
    })
    return repeated.length === 0 ? [] : [{ code: 'event_repeated', where, what: repeated.join('; ') }]
  })
}
