import type { JsonValue } from '../ledger/canonical.ts'
import type { EventBody } from '../ledger/entry.ts'
import type { Closure } from './package-closure.ts'
import { listOf, membersOf, textOf } from './replay/details.ts'

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
  readonly sealed: EventBody
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

const pieceKinds: readonly string[] = ['init', 'segment', 'still']

/** The recordings of a closure, in the order in which they were sealed. One that no event seals yet is left out. */
export function recordingsOf(closure: Closure): CaseRecording[] {
  const byRecording = new Map(closure.recordingIds.map((id) => [id, [] as EventBody[]]))
  for (const { body } of closure.events) {
    for (const { type, id } of body.subjects) if (type === 'recording') byRecording.get(id)?.push(body)
  }
  return [...byRecording]
    .flatMap(([id, bodies]) => recordingOf(closure.caseNumber, id, bodies) ?? [])
    .sort((a, b) => (a.sealed.at < b.sealed.at ? -1 : Number(a.sealed.at > b.sealed.at)))
}

function recordingOf(caseNumber: string, id: string, bodies: readonly EventBody[]): CaseRecording | null {
  const sealed = bodies.find(({ kind }) => kind === 'recording.sealed' || kind === 'recording.quarantined')
  if (!sealed) return null
  const { bytes, sha256, name } = sealed.details
  const shownName = textOf(membersOf(name).text) || textOf(name)
  const verified = bodies.find(({ kind }) => kind === 'recording.verified')
  return {
    id,
    sealed,
    bytes: numberOf(bytes),
    sha256: textOf(sha256),
    sm3: textOf(verified?.details.sm3) || null,
    name: shownName,
    extension: /\.[A-Za-z0-9]{1,8}$/.exec(shownName)?.[0].toLowerCase() ?? '',
    withheld: withheldOf(caseNumber, sealed, bodies),
    playable: playableOf(bodies, textOf(sha256)),
  }
}

/** As with viewings: what lies in quarantine is shown to nobody until two people have accepted it. */
function withheldOf(
  caseNumber: string,
  sealed: EventBody,
  bodies: readonly EventBody[],
): 'quarantined' | 'not_in_case' | null {
  const accepted = bodies.some(
    ({ kind, details }) => kind === 'quarantine.resolved' && details.confirmed === true && details.outcome === 'accept',
  )
  if (sealed.kind === 'recording.quarantined' && !accepted) return 'quarantined'
  const last = bodies.findLast(
    ({ kind, subjects }) =>
      (kind === 'recording.attached' || kind === 'recording.detached') &&
      subjects.some((one) => one.type === 'case' && one.id === caseNumber),
  )
  return last?.kind === 'recording.attached' ? null : 'not_in_case'
}

function playableOf(bodies: readonly EventBody[], sealedSha256: string): CaseRecording['playable'] {
  const ready = bodies.findLast(({ kind }) => kind === 'rendition.ready')
  const renditionId = textOf(ready?.details.renditionId)
  const published = bodies.filter(
    ({ kind, details }) => kind === 'rendition.published' && details.renditionId === renditionId,
  )
  if (!ready || hasAlarm(bodies)) return null
  if (published.some(({ details }) => details.inputSha256 !== sealedSha256)) return null
  const pieces = published
    .flatMap(({ details }) => listOf(details.files))
    .map((file) => pieceOf(membersOf(file)))
    .filter(({ kind }) => pieceKinds.includes(kind))
    .sort((a, b) => Number(b.kind === 'init') - Number(a.kind === 'init') || a.number - b.number)
  return pieces.length > 0 ? { renditionId, kind: textOf(ready.details.renditionKind), pieces } : null
}

/** A file of the rendition was found to be another than the committed one: it is not handed on any more. */
function hasAlarm(bodies: readonly EventBody[]): boolean {
  return bodies.some(({ kind, details }) => kind === 'alarm.raised' && details.alarm === 'rendition_bytes_differ')
}

function pieceOf(file: Readonly<Record<string, JsonValue>>): PlayablePiece {
  return {
    kind: textOf(file.kind) as PlayablePiece['kind'],
    number: numberOf(file.number),
    bytes: numberOf(file.bytes),
    sha256: textOf(file.sha256),
  }
}

function numberOf(value: JsonValue | undefined): number {
  return typeof value === 'number' ? value : 0
}
