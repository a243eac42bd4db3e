import type { UsableSpare } from '../people/spare-hands.ts'
import type { ActingRole } from '../roles/permissions.ts'
import type { Role } from '../roles/roles.ts'
import type { NewAccount } from '../signing/new-accounts.ts'
import type { Name } from '../signing/one-person.ts'

/** Somebody in service, who may be there or away. */
export interface Seat {
  readonly id: string
  readonly name: string
  readonly account: string
  readonly role: Role
  readonly canSignIn: boolean
  /** Holds the custodian's open term. */
  readonly inOffice: boolean
}

/** An envelope with a spare code: whose account it would open, and who had its code in hand. */
export type SealedFor = Pick<UsableSpare, 'personId' | 'hands'>

/** Whose deputyships are in force from this time on: supervisors by their deputies. */
export interface Moment {
  readonly at: Date
  readonly principals: ReadonlyMap<string, string>
}

/** Everything that the rules about second persons look at. */
export interface SeatFacts {
  readonly seats: readonly Seat[]
  readonly newAccounts: readonly NewAccount[]
  /** Envelopes with spare codes that would open an account. */
  readonly spares: readonly SealedFor[]
  /** From now, in their order; another whenever a deputyship begins or ends. */
  readonly moments: readonly [Moment, ...Moment[]]
  readonly until: Date
}

/** Somebody who is there, in the role that counts then. */
export interface Present extends Name {
  readonly role: ActingRole
}

/** The bureau at one moment, with whoever is away left out of `present`. */
export interface Room {
  readonly seats: readonly Seat[]
  readonly present: readonly Present[]
  readonly newAccounts: readonly NewAccount[]
  readonly spares: readonly SealedFor[]
  readonly deputyshipInForce: boolean
}

/** What somebody does in an act. */
export const parts = [
  'proposes',
  'decides',
  'confirms',
  'outgoing',
  'incoming',
  'supervisor',
  'legal_office',
  'first_password',
  'releases',
  'opens_spare',
  'acts',
] as const
export type Part = (typeof parts)[number]

/** One way in which an act comes about: who does which part of it. */
export type Way = readonly { readonly part: Part; readonly who: string }[]

/** The person whom an act is about, where he is none of the seats: an officer, or the holder of an account that is new. */
export const concerned = 'concerned'
export const newcomer = 'newcomer'
