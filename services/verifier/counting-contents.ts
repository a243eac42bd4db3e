import { names, type PlacedBody } from '../ledger/verify/placed-body.ts'

/** The event `package.contents` that counts: the last one of this package. */
export function countingContents(packageId: string, events: readonly PlacedBody[]): PlacedBody | null {
  return contentsOf(packageId, events).at(-1) ?? null
}

/** The others: a making that began again entered its contents again. */
export function earlierContents(packageId: string, events: readonly PlacedBody[]): PlacedBody[] {
  return contentsOf(packageId, events).slice(0, -1)
}

function contentsOf(packageId: string, events: readonly PlacedBody[]): PlacedBody[] {
  const own = events.filter(({ body }) => body.kind === 'package.contents' && names(body, `package:${packageId}`))
  return own.toSorted((one, other) => one.index - other.index)
}
