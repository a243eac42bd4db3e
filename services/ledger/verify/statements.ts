import { type CommittedBody, statementFaults } from '../format/statement.ts'
import type { ReadEvent } from './events.ts'
import type { LedgerFinding } from './finding.ts'

/** `statement_differs`: what people signed against their events, and against those that put the matter up. */
export function checkStatements(events: readonly ReadEvent[]): LedgerFinding[] {
  const readable = events.flatMap(({ shown, body, where }) => (body ? [{ text: shown.body, body, where }] : []))
  const shown: readonly CommittedBody[] = readable
  return readable.flatMap((event): LedgerFinding[] => {
    const faults = statementFaults(event, shown)
    return faults.length === 0 ? [] : [{ code: 'statement_differs', where: event.where, what: faults.join('; ') }]
  })
}
