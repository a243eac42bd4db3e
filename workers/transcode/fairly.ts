/**
 * At most `max` of `all`, in their order, such that no kind is left out because of another: each kind gives its first, then
 * its second, and so on. Pure.
 */
export function fairly<T>(all: readonly T[], max: number, kindOf: (one: T) => string): T[] {
  if (all.length <= max) return [...all]
  const counts = new Map<string, number>()
  const ranked = all.map((one, index) => {
    const rank = counts.get(kindOf(one)) ?? 0
    counts.set(kindOf(one), rank + 1)
    return { index, rank }
  })
  const kept = ranked.sort((a, b) => a.rank - b.rank || a.index - b.index).slice(0, max)
  return kept.sort((a, b) => a.index - b.index).map(({ index }) => all[index]!)
}
