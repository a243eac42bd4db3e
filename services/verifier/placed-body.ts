import type { EventBody } from '../ledger/format/entry.ts'
import { subjectText } from '../ledger/format/links.ts'

/** An event with the leaf that the package gives it. */
export interface PlacedBody {
  readonly index: number
  readonly body: EventBody
}

/** The event `package.contents` that counts: the last one of this package. */
export function countingContents(packageId: string, events: readonly PlacedBody[]): PlacedBody | null {
  const own = events.filter(
    ({ body }) =>
      body.kind === 'package.contents' && body.subjects.some((one) => subjectText(one) === `package:${packageId}`),
  )
  return own.reduce<PlacedBody | null>((last, one) => (last && last.index > one.index ? last : one), null)
}
