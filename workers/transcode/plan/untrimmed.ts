import type { Inventory } from '../inventory/inventory.ts'
import type { TrackPlan, Way } from '../track-plan.ts'

/** Anything shorter that an edit list hides is no scene: coders need it to start. */
const trimmedMsMin = 500

/** How much of a recording its edit lists hide, in ms; 0 when that is no more than a coder's start. Pure. */
export function trimmedMsOf(tracks: readonly Inventory['tracks'][number][]): number {
  const trimmedMs = Math.max(0, ...tracks.map((track) => track.trimmedMs))
  return trimmedMs > trimmedMsMin ? trimmedMs : 0
}

/**
 * The ways to make a film that the camera trimmed, each with a further track that shows all of it. `untrimmed` are the ways
 * to make the film as if it had no edit lists; their main picture and sound are that track. Pure.
 */
export function withUntrimmed(ways: readonly Way[], untrimmed: readonly Way[]): Way[] {
  if (ways.length === 0 || untrimmed.length === 0) return [...ways]
  const count = Math.max(ways.length, untrimmed.length)
  return Array.from({ length: count }, (_, at) => {
    const way = ways[Math.min(at, ways.length - 1)]!
    const [whole] = untrimmed[Math.min(at, untrimmed.length - 1)]!.tracks
    const further: TrackPlan = { ...whole!, track: way.tracks.length, ignoresEditList: true }
    return { method: way.method, tracks: [...way.tracks, further] }
  })
}
