import type { EventBody } from '../../ledger/format/entry.ts'
import { isReadable } from './check.ts'
import type { EventDefinition } from './event.ts'
import { type DetailsOf, type EventKind, eventKinds, isEventKind } from './kinds.ts'
import { type Replay, type RowRule, replayedEvent } from './replay.ts'

/** A stored body whose kind is known and whose details have that kind's shape. */
export type KnownEvent<Kind extends EventKind = EventKind> = {
  [One in Kind]: Omit<EventBody, 'kind' | 'details'> & { readonly kind: One; readonly details: DetailsOf<One> }
}[Kind]

/**
 * Reads a stored body as an event of one of these kinds; members that the kind does not declare are passed over. Null for
 * any other kind, and for details that do not have the kind's shape: the database was changed, or whoever wrote the event went past `recordEvent`.
 */
export function eventOf<Kind extends EventKind>(body: EventBody, ...kinds: readonly Kind[]): KnownEvent<Kind> | null {
  const known = knownEvent(body)
  return known && (kinds as readonly EventKind[]).includes(known.kind) ? (known as KnownEvent<Kind>) : null
}

/** Reads a stored body as an event of whatever kind it is; null as with `eventOf`. */
export function knownEvent(body: EventBody): KnownEvent | null {
  const { kind } = body
  if (!isEventKind(kind)) return null
  const { fromOlder } = eventKinds[kind] as EventDefinition<never>
  const details = fromOlder?.(body.details) ?? body.details
  return isReadable(kind, details) ? ({ ...body, kind, details } as unknown as KnownEvent) : null
}

/** The details of a stored body as an event of this kind; null as with `eventOf`. */
export function detailsOf<Kind extends EventKind>(kind: Kind, body: EventBody): DetailsOf<Kind> | null {
  return (eventOf(body, kind)?.details as DetailsOf<Kind> | undefined) ?? null
}

/** The kinds that leave rows behind. */
export const kindsWithRows = Object.keys(eventKinds)
  .filter(isEventKind)
  .filter((kind) => eventKinds[kind].rows !== null)

/** Adds the rows that a stored event leaves behind. One that cannot be read leaves none; fsck names it. */
export function replay(body: EventBody, id: string, rows: Replay): void {
  const known = knownEvent(body)
  if (!known) return
  // The rule and the details are of the same kind, which the compiler cannot follow through the table.
  const rule = eventKinds[known.kind].rows as RowRule<unknown> | null
  rule?.(replayedEvent(known, id, known.details), rows)
}
