import { isJsonObject, type JsonValue } from '../ledger/format/canonical.ts'
import type { EventBody } from '../ledger/format/entry.ts'
import { subjectText } from '../ledger/format/links.ts'
import { unknownClearings, unprovenClearings } from '../ledger/verify/clearings.ts'
import type { PlacedBody } from '../ledger/verify/placed-body.ts'
import { listingsOf } from '../ledger/verify/sealings.ts'
import type { ShownHandIn } from '../ledger/verify/shown-hand-in.ts'
import { utcText } from './moments.ts'
import { type Remark, type RemarkCode, remarksInOrder } from './remarks.ts'
import type { CheckedCheckpoint, Witnessing } from './stage-checkpoint.ts'
import type { CheckedTimestamp } from './stage-timestamps.ts'
import { thirdSignatures } from './third-signatures.ts'

/** What remarks are made from: all of it was checked, and the package is accepted. */
export interface Remarkable {
  /** The disclosed ones, `type:id`. */
  readonly subjects: readonly string[]
  readonly handIns: readonly ShownHandIn[]
  readonly checked: CheckedCheckpoint
  readonly timestamps: readonly CheckedTimestamp[]
  /** The disclosed events, ascending by index. */
  readonly events: readonly EventBody[]
  /** The same, with their leaves. */
  readonly placed: readonly PlacedBody[]
  /** The events that entered contents of the package before those that count. */
  readonly earlierContents: readonly PlacedBody[]
  /** Leaves of the loose events. */
  readonly looseIndexes: readonly number[]
  /** Clock of the computer that verifies. */
  readonly now: Date
}

const eventLeewayMs = 5_000
const futureLeewayMs = 10 * 60_000

/** The remarks on an accepted package, DESIGN.md §7, in its order. */
export function remarksOn(given: Remarkable): Remark[] {
  const { checked, timestamps, events, subjects, handIns } = given
  const { unlisted, byName } = listingsOf(handIns, subjects, events)
  const thirds = thirdSignatures(events)
  const cosigned = (isOdd: (seconds: number) => boolean) => cosignaturesWith(checked.witnesses, isOdd)
  const places: Record<RemarkCode, readonly string[] | null> = {
    witness_not_asked: checked.needsWitnesses ? null : [],
    timestamp_missing: timestamps.length > 0 ? null : [],
    cosignature_before_event: cosigned((seconds) => isBeforeEvents(given, seconds)),
    cosignature_in_future: cosigned((seconds) => isInFuture(given, seconds)),
    recording_not_listed: orNull(unlisted),
    recording_listed_by_name: orNull(byName),
    clearing_unproven: orNull(unprovenClearings(given.placed)),
    clearing_outcome_unknown: orNull(unknownClearings(given.placed)),
    third_signature_unconfirmed: orNull(thirds.unconfirmed),
    third_signature: orNull(thirds.confirmed),
    contents_entered_again: orNull(given.earlierContents.map(({ index, body }) => `leaf ${index}, ${body.at}`)),
    loose_events: orNull(given.looseIndexes.map((index) => `leaf ${index}`)),
    copies_on_one_host: orNull(recordingsOnOneHost(events)),
    viewing_unwitnessed: orNull(unwitnessedViewings(events)),
  }
  return remarksInOrder.flatMap((code) => {
    const about = places[code]
    return about === null ? [] : [{ code, places: about }]
  })
}

/** Whether a time, in POSIX seconds, lies before one of the events by more than clocks may differ. */
export function isBeforeEvents({ events }: Pick<Remarkable, 'events'>, seconds: number): boolean {
  return events.some(({ at }) => seconds * 1000 < Date.parse(at) - eventLeewayMs)
}

/** Whether a time, in POSIX seconds, is one that this computer's clock has still before it. */
export function isInFuture({ now }: Pick<Remarkable, 'now'>, seconds: number): boolean {
  return seconds * 1000 > now.getTime() + futureLeewayMs
}

function cosignaturesWith(witnesses: readonly Witnessing[], isOdd: (seconds: number) => boolean): string[] | null {
  const odd = witnesses.filter(({ timestampSeconds }) => isOdd(timestampSeconds))
  return orNull(odd.map(({ name, timestampSeconds }) => `${name} ${utcText(timestampSeconds)}`))
}

/** Recordings of which all copies that the events name lie on one host: by the last `recording.secured`, else by each copy's event. */
function recordingsOnOneHost(events: readonly EventBody[]): string[] {
  const hosts = new Map<string, Set<string>>()
  for (const { kind, details, subjects } of events) {
    const named = hostsIn(kind, details)
    for (const subject of subjects.filter(({ type }) => type === 'recording').map(subjectText)) {
      const known = kind === 'recording.secured' ? new Set<string>() : (hosts.get(subject) ?? new Set())
      hosts.set(subject, new Set([...known, ...named]))
    }
  }
  return [...hosts].filter(([, names]) => names.size === 1).map(([subject]) => subject)
}

function hostsIn(kind: string, details: EventBody['details']): string[] {
  if (kind === 'recording.sealed' || kind === 'recording.quarantined') return hostOf(details.copy)
  if (kind === 'recording.copied') return hostOf(details)
  if (kind !== 'recording.secured' || !Array.isArray(details.copies)) return []
  return (details.copies as readonly JsonValue[]).flatMap(hostOf)
}

function hostOf(copy: JsonValue | undefined): string[] {
  return copy !== undefined && isJsonObject(copy) && typeof copy.host === 'string' ? [copy.host] : []
}

function unwitnessedViewings(events: readonly EventBody[]): string[] {
  return events
    .filter(({ kind, details }) => kind === 'viewing.opened' && typeof details.unwitnessedSince === 'string')
    .flatMap(({ subjects }) => subjects.filter(({ type }) => type === 'viewing').map(subjectText))
}

function orNull(places: string[]): string[] | null {
  return places.length > 0 ? places : null
}
