/** A stretch of film: `[fromMs, toMs)`. */
export interface FilmRange {
  readonly fromMs: number
  readonly toMs: number
}

/** The same film as the fewest stretches, in order: what touches or overlaps becomes one. Empty stretches vanish. */
export function mergeRanges(ranges: readonly FilmRange[]): FilmRange[] {
  const merged: { fromMs: number; toMs: number }[] = []
  for (const range of ranges.filter((one) => one.toMs > one.fromMs).sort((a, b) => a.fromMs - b.fromMs)) {
    const last = merged.at(-1)
    if (last && range.fromMs <= last.toMs) last.toMs = Math.max(last.toMs, range.toMs)
    else merged.push({ fromMs: range.fromMs, toMs: range.toMs })
  }
  return merged
}

/** True when the whole of `wanted` lies in the film of `ranges`. An empty stretch lies in it when its place does. */
export function covers(ranges: readonly FilmRange[], wanted: FilmRange): boolean {
  return mergeRanges(ranges).some((range) => range.fromMs <= wanted.fromMs && wanted.toMs <= range.toMs)
}

/** How much film that is, each millisecond counted once. */
export function filmMs(ranges: readonly FilmRange[]): number {
  return mergeRanges(ranges).reduce((sum, range) => sum + range.toMs - range.fromMs, 0)
}
