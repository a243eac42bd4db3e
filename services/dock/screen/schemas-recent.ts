import { type Static, Type } from 'typebox'

/** What came to its end at a slot: a line of the last ones, and of the list of a day. */
export const RecentHandIn = Type.Object({
  /** When it left, in milliseconds since 1970. */
  at: Type.Integer(),
  person: Type.Union([Type.String(), Type.Null()]),
  serial: Type.Union([Type.String(), Type.Null()]),
  files: Type.Integer({ minimum: 0 }),
  result: Type.Enum(['receipts', 'provisional', 'no_receipt', 'attention', 'pulled_out', 'picked_up']),
})
export type RecentHandIn = Static<typeof RecentHandIn>
