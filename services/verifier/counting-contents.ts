import { names, type PlacedBody } from '../ledger/verify/placed-body.ts'

/** The event `package.contents` that counts: the last one of this package. */
export function countingContents(packageId: string, events: readonly PlacedBody[]): PlacedBody | null {
  const own = events.filter(({ body }) => body.kind === 'package.contents' && names(body, `package:${packageId}`))
  return own.reduce<PlacedBody | null>((last, one) => (last && last.index > one.index ? last : one), null)
}
