/** An event with its leaf and the time that its body gives. */
export interface TimedEvent {
  readonly index: number
  /** ISO 8601. */
  readonly at: string
}

export interface TimeAgainstOrder extends TimedEvent {
  /** The event before it, by its leaf, whose time is the latest. */
  readonly before: TimedEvent
  /** How much earlier its time is than that one's. */
  readonly byMs: number
}

/** Honest events are committed within seconds of their time, in any order within them. */
export const timeOrderToleranceMs = 5_000

/**
 * The log gives leaves to events as they are committed, so their times rise with their leaves, but for a few seconds: an
 * event's time was written afterwards when it lies more than 5 s before that of an earlier leaf, or else the earlier one's
 * was ahead. Each event that goes against the order is returned with the earlier one of the latest time. Pure.
 */
export function timesAgainstOrder(events: readonly TimedEvent[]): TimeAgainstOrder[] {
  const found: TimeAgainstOrder[] = []
  let latest: { event: TimedEvent; ms: number } | null = null
  for (const event of events.toSorted((a, b) => a.index - b.index)) {
    const ms = Date.parse(event.at)
    if (latest && ms < latest.ms - timeOrderToleranceMs) {
      found.push({ ...event, before: latest.event, byMs: latest.ms - ms })
    }
    if (!latest || ms > latest.ms) latest = { event, ms }
  }
  return found
}
