import type { PlannedEvent } from './sample-log.ts'

/** The events with the first one of this kind changed. */
export function changed(events: PlannedEvent[], kind: string, change: Partial<PlannedEvent>): PlannedEvent[] {
  const at = events.findIndex((one) => one.kind === kind)
  return events.with(at, { ...events[at]!, ...change })
}

/** The events with members of the details of the first one of this kind changed. */
export function changedDetails(events: PlannedEvent[], kind: string, change: PlannedEvent['details']): PlannedEvent[] {
  const { details } = events.find((one) => one.kind === kind)!
  return changed(events, kind, { details: { ...details, ...change } })
}
