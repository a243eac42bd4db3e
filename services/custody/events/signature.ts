import { type Static, Type } from 'typebox'
import { Count, closed, Digest, Id, Text, wordOf } from './shapes.ts'
import { Statement } from './statement.ts'
import { sharedSeats } from './words.ts'

/**
 * Says that another person acted on the same matter from the same seat shortly before (同机签署): who, what the two had in
 * common, and within how many minutes (rounded up).
 */
export const SameSeat = closed({ with: Id, by: wordOf(sharedSeats), minutesApart: Count })
export type SameSeat = Static<typeof SameSeat>

/** A signature from outside the bureau's accounts that an act rests on. `scanSha256`: of the sheet, where it is on paper. */
export const ThirdSigner = closed({ id: Id, name: Text, office: Text, scanSha256: Type.Optional(Digest) })
export type ThirdSigner = Static<typeof ThirdSigner>

/**
 * What the event of a person's signature says besides; events of before these members existed have none. `third`: without it
 * the names under the act would not have been enough.
 */
export const signatureMembers = {
  statement: Type.Optional(Statement),
  sameSeat: Type.Optional(SameSeat),
  third: Type.Optional(ThirdSigner),
}
