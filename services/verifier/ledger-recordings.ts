import { isJsonObject, type JsonValue } from '../ledger/format/canonical.ts'
import { isHex, isWhole } from './json-files.ts'
import type { ShownEvent } from './stage-events.ts'

/** A file of a rendition as the ledger committed it. */
export interface Piece {
  readonly bytes: number
  readonly sha256: string
}

/** What the disclosed events say of a recording (DESIGN.md §6, after recordings.jsonl). */
export interface LedgerRecording {
  readonly id: string
  /** One each for every event that seals it; null for one without a digest. */
  readonly sealings: readonly (Piece | null)[]
  readonly sm3: string | null
  /** Why its bytes may be left out. */
  readonly withheld: 'quarantined' | 'not_in_case' | null
  readonly readyRenditions: ReadonlySet<string>
  readonly renditionIsDamaged: boolean
  /** Its pieces in the order in which they make the playable form; null when an entry is not as described. */
  pieces(renditionId: string): readonly Piece[] | null
  /** The originals that the rendition says it is made of. */
  inputs(renditionId: string): readonly JsonValue[]
}

type Details = { readonly [name: string]: JsonValue }

interface OwnEvent {
  readonly index: number
  readonly kind: string
  readonly details: Details
  readonly subjects: readonly string[]
}

const playableKinds: readonly JsonValue[] = ['init', 'segment', 'still']

/** Gathers what the events say of each recording that one of them names. */
export function ledgerRecordings(events: readonly ShownEvent[], caseNumber: string): Map<string, LedgerRecording> {
  const own = new Map<string, OwnEvent[]>()
  for (const { line, body, subjects } of events) {
    if (!body) continue
    for (const subject of subjects) {
      if (!subject.startsWith('recording:')) continue
      const id = subject.slice('recording:'.length)
      const list = own.get(id) ?? []
      list.push({ index: line.index, kind: body.kind, details: body.details, subjects })
      own.set(id, list)
    }
  }
  return new Map([...own].map(([id, list]) => [id, recordingOf(id, list, `case:${caseNumber}`)]))
}

function recordingOf(id: string, events: readonly OwnEvent[], caseSubject: string): LedgerRecording {
  const ofKind = (...kinds: string[]) => events.filter(({ kind }) => kinds.includes(kind))
  const published = (renditionId: string) =>
    ofKind('rendition.published').filter(({ details }) => details.renditionId === renditionId)
  const [verified] = ofKind('recording.verified').sort((a, b) => a.index - b.index)
  const sm3 = verified?.details.sm3
  return {
    id,
    sealings: ofKind('recording.sealed', 'recording.quarantined').map(({ details }) => pieceOf(details)),
    sm3: typeof sm3 === 'string' ? sm3 : null,
    withheld: liesInQuarantine(events) ? 'quarantined' : isInCase(events, caseSubject) ? null : 'not_in_case',
    readyRenditions: new Set(
      ofKind('rendition.ready').flatMap(({ details }) =>
        typeof details.renditionId === 'string' ? [details.renditionId] : [],
      ),
    ),
    renditionIsDamaged: ofKind('alarm.raised').some(({ details }) => details.alarm === 'rendition_bytes_differ'),
    pieces: (renditionId) => piecesOf(published(renditionId).map(({ details }) => details)),
    inputs: (renditionId) => published(renditionId).map(({ details }) => details.inputSha256 ?? null),
  }
}

function liesInQuarantine(events: readonly OwnEvent[]): boolean {
  const isAccepted = ({ kind, details }: OwnEvent) =>
    kind === 'quarantine.resolved' && details.confirmed === true && details.outcome === 'accept'
  return events.some(({ kind }) => kind === 'recording.quarantined') && !events.some(isAccepted)
}

function isInCase(events: readonly OwnEvent[], caseSubject: string): boolean {
  const moves = events
    .filter(({ kind, subjects }) => /^recording\.(attached|detached)$/.test(kind) && subjects.includes(caseSubject))
    .sort((a, b) => a.index - b.index)
  return moves.at(-1)?.kind === 'recording.attached'
}

/** "ordered with `init` first, then by ascending `number`" */
function piecesOf(published: readonly Details[]): Piece[] | null {
  const entries: { rank: number; number: number; piece: Piece }[] = []
  for (const { files } of published) {
    if (!Array.isArray(files)) return null
    for (const file of files as readonly JsonValue[]) {
      if (!isJsonObject(file)) return null
      if (!playableKinds.includes(file.kind ?? null)) continue
      const piece = pieceOf(file)
      if (!piece || !isWhole(file.number)) return null
      entries.push({ rank: file.kind === 'init' ? 0 : 1, number: file.number as number, piece })
    }
  }
  return entries.sort((a, b) => a.rank - b.rank || a.number - b.number).map(({ piece }) => piece)
}

function pieceOf({ bytes, sha256 }: Details): Piece | null {
  return isWhole(bytes) && isHex(32)(sha256) ? { bytes: bytes as number, sha256: sha256 as string } : null
}
