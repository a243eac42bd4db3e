import {
  type LedgerRecording,
  type PlayableKind,
  type RenditionTrack,
  recordingsOf,
} from '../../ledger/format/recordings.ts'
import { eventOf, type KnownEvent } from '../events/read.ts'
import type { Closure } from './closure.ts'

/** A recording of the case, by the disclosed events alone. */
export interface PackageRecording {
  readonly id: string
  /** What its one event `recording.sealed` or `recording.quarantined` says. */
  readonly sealed: KnownEvent<'recording.sealed' | 'recording.quarantined'>
  readonly bytes: number
  readonly sha256: string
  readonly sm3: LedgerRecording['sm3']
  readonly name: string
  /** `.mp4` and the like, in lower case; empty when the name has none. */
  readonly extension: string
  readonly withheld: LedgerRecording['withheld']
  readonly playable: {
    readonly renditionId: string
    /** All that the rendition has, ascending. */
    readonly tracks: readonly PackageTrack[]
  } | null
}

export type PackageTrack = RenditionTrack & { readonly kind: PlayableKind }

/**
 * The recordings of a closure, in the order in which they were sealed. One that no event seals yet, or none that can be
 * read, is left out.
 */
export function packageRecordings({ caseNumber, events, recordingIds }: Closure): PackageRecording[] {
  const known = recordingsOf(caseNumber, events)
  return recordingIds
    .flatMap((id) => known.get(id) ?? [])
    .flatMap((recording) => packageRecording(recording) ?? [])
    .sort((a, b) => (a.sealed.at < b.sealed.at ? -1 : Number(a.sealed.at > b.sealed.at)))
}

function packageRecording(recording: LedgerRecording): PackageRecording | null {
  const sealed = recording.sealings.flatMap(
    (body) => eventOf(body, 'recording.sealed', 'recording.quarantined') ?? [],
  )[0]
  if (!sealed) return null
  const { bytes, sha256, name } = sealed.details
  return {
    id: recording.id,
    sealed,
    bytes,
    sha256,
    sm3: recording.sm3,
    name: name.text,
    extension: /\.[A-Za-z0-9]{1,8}$/.exec(name.text)?.[0].toLowerCase() ?? '',
    withheld: recording.withheld,
    playable: playableOf(recording, sha256),
  }
}

/** The rendition that became ready last, unless a file of it is damaged or it was made from another original. */
function playableOf(recording: LedgerRecording, sealedSha256: string): PackageRecording['playable'] {
  const renditionId = recording.readyRenditions.at(-1)
  if (renditionId === undefined || recording.isRenditionDamaged) return null
  if (recording.inputs(renditionId).some((input) => input !== sealedSha256)) return null
  const all = recording.tracks(renditionId) ?? []
  const tracks = all.flatMap(({ kind, ...track }) => (kind && track.pieces.length > 0 ? [{ ...track, kind }] : []))
  return tracks.length > 0 && tracks.length === all.length ? { renditionId, tracks } : null
}
