import { isJsonObject, isWhole, type JsonValue } from './canonical.ts'
import type { EventBody } from './entry.ts'
import { subjectText } from './links.ts'

/** The bytes of an original or of a part of a rendition, as the ledger committed them. `sha256` is hex. */
export interface CommittedBytes {
  readonly bytes: number
  readonly sha256: string
}

/** A file of a rendition that is part of a playable form. */
export interface RenditionPiece extends CommittedBytes {
  readonly kind: 'init' | 'segment' | 'still'
  readonly number: number
}

export type PlayableKind = 'video' | 'audio' | 'still'

/** The ending of a playable form's path, by its kind. */
export const playableExtensions = {
  video: 'mp4',
  audio: 'm4a',
  still: 'jpg',
} as const satisfies Record<PlayableKind, string>

/** A picture or sound of a rendition that can be watched by itself: one playable form. */
export interface RenditionTrack {
  /** 0 is the main one. */
  readonly track: number
  /** Null while no event says that the rendition is ready. */
  readonly kind: PlayableKind | null
  /** In the order in which they make the playable form. */
  readonly pieces: readonly RenditionPiece[]
}

/** What the events of a case say about one of its recordings: the rules of DESIGN.md §6, after `recordings.jsonl`. */
export interface LedgerRecording {
  readonly id: string
  /** The events that seal it: one in a sound ledger. */
  readonly sealings: readonly EventBody[]
  /** Of its first `recording.verified`; null before that. */
  readonly sm3: string | null
  /** Why its bytes may be left out of a package with footage. */
  readonly withheld: 'quarantined' | 'not_in_case' | null
  /** Ids of the renditions that became ready, in that order. */
  readonly readyRenditions: readonly string[]
  /** A file of a rendition turned out to be other than the committed one: the playable forms may be left out. */
  readonly isRenditionDamaged: boolean
  /** The tracks of a rendition, ascending; null when an event about them is not as described. */
  tracks(renditionId: string): readonly RenditionTrack[] | null
  /** The SHA-256 digests of the originals that a rendition says it was made from. */
  inputs(renditionId: string): readonly JsonValue[]
}

interface PlacedEvent {
  readonly index: number
  readonly body: EventBody
}

const sealingKinds: readonly string[] = ['recording.sealed', 'recording.quarantined']
const pieceKinds: readonly JsonValue[] = ['init', 'segment', 'still'] satisfies RenditionPiece['kind'][]

/**
 * What the disclosed events of a case say about each recording that they name, by its id.
 *
 * @param events in any order; `index` is their leaf
 */
export function recordingsOf(caseNumber: string, events: readonly PlacedEvent[]): Map<string, LedgerRecording> {
  const bodiesById = new Map<string, EventBody[]>()
  for (const { body } of [...events].sort((a, b) => a.index - b.index)) {
    const ids = body.subjects.filter(({ type }) => type === 'recording').map(({ id }) => id)
    for (const id of new Set(ids)) {
      const bodies = bodiesById.get(id) ?? []
      bodiesById.set(id, bodies)
      bodies.push(body)
    }
  }
  return new Map([...bodiesById].map(([id, bodies]) => [id, describeRecording(id, bodies, caseNumber)]))
}

/** @param bodies the events that name it, in the order of the ledger */
function describeRecording(id: string, bodies: readonly EventBody[], caseNumber: string): LedgerRecording {
  const ofKind = (...kinds: string[]) => bodies.filter(({ kind }) => kinds.includes(kind))
  const ofRendition = (kind: string, renditionId: string) =>
    ofKind(kind).filter(({ details }) => details.renditionId === renditionId)
  return {
    id,
    sealings: ofKind(...sealingKinds),
    sm3: textOrNull(ofKind('recording.verified')[0]?.details.sm3),
    withheld: liesInQuarantine(bodies) ? 'quarantined' : isInCase(bodies, caseNumber) ? null : 'not_in_case',
    readyRenditions: ofKind('rendition.ready').flatMap(({ details }) => textOrNull(details.renditionId) ?? []),
    isRenditionDamaged: ofKind('alarm.raised').some(({ details }) => details.alarm === 'rendition_bytes_differ'),
    tracks: (renditionId) =>
      tracksOf(ofRendition('rendition.published', renditionId), ofRendition('rendition.ready', renditionId).at(-1)),
    inputs: (renditionId) =>
      ofRendition('rendition.published', renditionId).map(({ details }) => details.inputSha256 ?? null),
  }
}

/** As with viewings: what lies in quarantine is shown to nobody until two people have accepted it. */
function liesInQuarantine(bodies: readonly EventBody[]): boolean {
  const isAccepted = ({ kind, details }: EventBody) =>
    kind === 'quarantine.resolved' && details.confirmed === true && details.outcome === 'accept'
  return bodies.some(({ kind }) => kind === 'recording.quarantined') && !bodies.some(isAccepted)
}

function isInCase(bodies: readonly EventBody[], caseNumber: string): boolean {
  const last = bodies.findLast(
    ({ kind, subjects }) =>
      (kind === 'recording.attached' || kind === 'recording.detached') &&
      subjects.some((subject) => subjectText(subject) === `case:${caseNumber}`),
  )
  return last?.kind === 'recording.attached'
}

/** @param ready its last event `rendition.ready` */
function tracksOf(published: readonly EventBody[], ready: EventBody | undefined): RenditionTrack[] | null {
  const pieces = piecesByTrack(published)
  const kinds = pieces && kindsByTrack([...pieces.keys()], ready)
  if (!kinds) return null
  return [...kinds]
    .sort(([one], [other]) => one - other)
    .map(([track, kind]) => ({ track, kind, pieces: pieces.get(track) ?? [] }))
}

/** "ordered with `init` first, then by ascending `number`"; `track` is 0 where an entry does not say. */
function piecesByTrack(published: readonly EventBody[]): Map<number, RenditionPiece[]> | null {
  const pieces = new Map<number, RenditionPiece[]>()
  for (const { details } of published) {
    if (!Array.isArray(details.files)) return null
    for (const file of details.files as readonly JsonValue[]) {
      if (!isJsonObject(file)) return null
      const { kind, number, track = 0 } = file
      if (!pieceKinds.includes(kind ?? null)) continue
      const committed = committedBytes(file)
      if (!committed || !isWhole(number) || !isWhole(track)) return null
      const ofTrack = pieces.get(track) ?? []
      pieces.set(track, ofTrack)
      ofTrack.push({ ...committed, kind: kind as RenditionPiece['kind'], number })
    }
  }
  for (const ofTrack of pieces.values())
    ofTrack.sort((a, b) => Number(b.kind === 'init') - Number(a.kind === 'init') || a.number - b.number)
  return pieces
}

/** The tracks that the event names; where it names none, those that files were published of, all of one kind. */
function kindsByTrack(
  published: readonly number[],
  ready: EventBody | undefined,
): Map<number, RenditionTrack['kind']> | null {
  if (!ready) return new Map(published.map((track) => [track, null]))
  const { tracks, renditionKind } = ready.details
  if (tracks === undefined) {
    return isPlayableKind(renditionKind) ? new Map(published.map((track) => [track, renditionKind])) : null
  }
  if (!Array.isArray(tracks)) return null
  const kinds = new Map<number, PlayableKind>()
  for (const one of tracks as readonly JsonValue[]) {
    if (!isJsonObject(one)) return null
    const { track, kind } = one
    if (!isWhole(track) || !isPlayableKind(kind) || kinds.has(track)) return null
    kinds.set(track, kind)
  }
  return kinds
}

export function isPlayableKind(value: JsonValue | undefined): value is PlayableKind {
  return typeof value === 'string' && Object.hasOwn(playableExtensions, value)
}

/** Length and digest of what an event or a file of a rendition commits; null when they are missing or malformed. */
export function committedBytes({ bytes, sha256 }: { readonly [name: string]: JsonValue }): CommittedBytes | null {
  const isDigest = typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256)
  return isWhole(bytes) && isDigest ? { bytes, sha256 } : null
}

function textOrNull(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null
}
