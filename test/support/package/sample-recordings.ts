import { createHash } from 'node:crypto'
import { type PlayableKind, playableExtensions } from '../../../services/ledger/format/recordings.ts'
import { seededBytes } from './sample-log.ts'

export interface SampleRecording {
  readonly id: string
  readonly uploadId: string
  readonly renditionId: string
  readonly device: string
  readonly extension: string
  readonly original: Buffer
  /** The tracks of its rendition, 0 first. */
  readonly tracks: readonly SampleTrack[]
  /** Whether the event that its rendition is ready names the tracks; events written before there were tracks do not. */
  readonly namesTracks: boolean
}

export interface SampleTrack {
  readonly track: number
  readonly kind: PlayableKind
  /** In the order in which they make the playable form. */
  readonly pieces: readonly Buffer[]
}

/** The two recordings of the case: a film with a second microphone and an attached picture, and a sound track. */
export function sampleRecordings(seed: string): SampleRecording[] {
  const film = [
    ['video', 4],
    ['audio', 6],
    ['still', 0],
  ] as const
  return [
    { name: 'film', device: 'CAM-0017', extension: 'mp4', kinds: film, namesTracks: true },
    { name: 'sound', device: 'PEN-0003', extension: 'wav', kinds: [['audio', 12]] as const, namesTracks: false },
  ].map(({ name, kinds, ...rest }) => {
    const random = seededBytes(seed, name)
    return {
      ...rest,
      id: sampleId(seed, `${name} recording`),
      uploadId: sampleId(seed, `${name} upload`),
      renditionId: sampleId(seed, `${name} rendition`),
      original: random(5_000 + kinds.length),
      tracks: kinds.map(([kind, segments], track) => ({
        track,
        kind,
        pieces: [random(700 + track), ...Array.from({ length: segments }, (_, at) => random(300 + at))],
      })),
    }
  })
}

export function playablePath(recording: SampleRecording, track = 0): string {
  return `data/playable/${recording.id}-${track}.${playableExtensions[recording.tracks[track]!.kind]}`
}

/** A UUID-shaped id: the same for the same seed and name. */
export function sampleId(seed: string, name: string): string {
  const hex = createHash('sha256').update(`${seed}\nid\n${name}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export function hexOf(algorithm: 'sha256' | 'sm3', bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest('hex')
}
