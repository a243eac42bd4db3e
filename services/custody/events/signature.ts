import { type Static, Type } from 'typebox'
import { Count, closed, Id, wordOf } from './shapes.ts'
import { Statement } from './statement.ts'
import { sharedSeats } from './words.ts'

/**
 * Says that another person acted on the same matter from the same seat shortly before (同机签署): who, what the two had in
 * common, and within how many minutes (rounded up).
 */
export const SameSeat = closed({ with: Id, by: wordOf(sharedSeats), minutesApart: Count })
export type SameSeat = Static<typeof SameSeat>

/** What the event of a person's signature says besides; events of before these members existed have neither. */
export const signatureMembers = { statement: Type.Optional(Statement), sameSeat: Type.Optional(SameSeat) }
