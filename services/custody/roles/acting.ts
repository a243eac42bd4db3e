import type { ActingRole } from './permissions.ts'
import type { Role } from './roles.ts'

/** The role that counts now: a custodian without the open term is `custodian_waiting`, a deputy who acts a `supervisor`. */
export function actingIn(person: {
  readonly role: Role
  /** Holds the custodian's open term. */
  readonly inOffice: boolean
  /** Of a deputy: whose deputyship is in force. */
  readonly principalId: string | null
}): { readonly role: ActingRole; readonly onBehalfOf?: string } {
  const { role, inOffice, principalId } = person
  if (role === 'deputy' && principalId !== null) return { role: 'supervisor', onBehalfOf: principalId }
  return { role: role === 'custodian' && !inOffice ? 'custodian_waiting' : role }
}
