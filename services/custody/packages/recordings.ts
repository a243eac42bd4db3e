import { eventOf, type KnownEvent, knownEvent } from '../events/read.ts'
import type { Closure } from './closure.ts'

/** A piece of a playable form, as the ledger entered it. */
export interface PlayablePiece {
  readonly kind: 'init' | 'segment' | 'still'
  readonly number: number
  readonly bytes: number
  readonly sha256: string
}

/** A recording of the case, by the disclosed events alone. */
export interface CaseRecording {
  readonly id: string
  /** What its one event `recording.sealed` or `recording.quarantined` says. */
  readonly sealed: KnownEvent<'recording.sealed' | 'recording.quarantined'>
  readonly bytes: number
  readonly sha256: string
  /** Of `recording.verified`; null when that has not come yet. */
  readonly sm3: string | null
  readonly name: string
  /** `.mp4` and the like, in lower case; empty when the name has none. */
  readonly extension: string
  /** Why its bytes are not in a package with footage: it waits in quarantine, or was taken out of the case. */
  readonly withheld: 'quarantined' | 'not_in_case' | null
  readonly playable: {
    readonly renditionId: string
    readonly kind: string
    readonly pieces: readonly PlayablePiece[]
  } | null
}

/**
 * The recordings of a closure, in the order in which they were sealed. One that no event seals yet, or none that can be
 * read, is left out.
 */
export function recordingsOf(closure: Closure): CaseRecording[] {
  const byRecording = new Map(closure.recordingIds.map((id) => [id, [] as KnownEvent[]]))
  for (const { body } of closure.events) {
    const known = knownEvent(body)
    if (!known) continue
    for (const { type, id } of body.subjects) if (type === 'recording') byRecording.get(id)?.push(known)
  }
  return [...byRecording]
    .flatMap(([id, events]) => recordingOf(closure.caseNumber, id, events) ?? [])
    .sort((a, b) => (a.sealed.at < b.sealed.at ? -1 : Number(a.sealed.at > b.sealed.at)))
}

function recordingOf(caseNumber: string, id: string, events: readonly KnownEvent[]): CaseRecording | null {
  const sealed = events.flatMap((event) => eventOf(event, 'recording.sealed', 'recording.quarantined') ?? [])[0]
  if (!sealed) return null
  const { bytes, sha256, name } = sealed.details
  const verified = events.find((event) => event.kind === 'recording.verified')
  return {
    id,
    sealed,
    bytes,
    sha256,
    sm3: verified?.details.sm3 ?? null,
    name: name.text,
    extension: /\.[A-Za-z0-9]{1,8}$/.exec(name.text)?.[0].toLowerCase() ?? '',
    withheld: withheldOf(caseNumber, sealed, events),
    playable: playableOf(events, sha256),
  }
}

/** As with viewings: what lies in quarantine is shown to nobody until two people have accepted it. */
function withheldOf(
  caseNumber: string,
  sealed: CaseRecording['sealed'],
  events: readonly KnownEvent[],
): 'quarantined' | 'not_in_case' | null {
  const accepted = events.some(
    ({ kind, details }) => kind === 'quarantine.resolved' && details.confirmed && details.outcome === 'accept',
  )
  if (sealed.kind === 'recording.quarantined' && !accepted) return 'quarantined'
  const last = events.findLast(
    ({ kind, subjects }) =>
      (kind === 'recording.attached' || kind === 'recording.detached') &&
      subjects.some((one) => one.type === 'case' && one.id === caseNumber),
  )
  return last?.kind === 'recording.attached' ? null : 'not_in_case'
}

function playableOf(events: readonly KnownEvent[], sealedSha256: string): CaseRecording['playable'] {
  const ready = events.findLast((event) => event.kind === 'rendition.ready')
  if (!ready || hasAlarm(events)) return null
  const { renditionId, renditionKind } = ready.details
  const published = events
    .flatMap((event) => (event.kind === 'rendition.published' ? [event.details] : []))
    .filter((details) => details.renditionId === renditionId)
  if (published.some(({ inputSha256 }) => inputSha256 !== sealedSha256)) return null
  const pieces = published
    .flatMap(({ files }) => files)
    .flatMap(({ kind, number, bytes, sha256 }) => (kind === 'thumbnail' ? [] : [{ kind, number, bytes, sha256 }]))
    .sort((a, b) => Number(b.kind === 'init') - Number(a.kind === 'init') || a.number - b.number)
  return pieces.length > 0 ? { renditionId, kind: renditionKind, pieces } : null
}

/** A file of the rendition was found to be another than the committed one: it is not handed on any more. */
function hasAlarm(events: readonly KnownEvent[]): boolean {
  return events.some(({ kind, details }) => kind === 'alarm.raised' && details.alarm === 'rendition_bytes_differ')
}
