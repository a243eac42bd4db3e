import type { FastifyRequest } from 'fastify'
import type { SignInRules } from '../custody/people/sign-in.ts'
import type { ActingRole } from '../custody/roles/permissions.ts'
import type { Viewer } from '../custody/roles/term.ts'
import type { Signer } from '../custody/signing/seat.ts'
import type { Clock } from '../foundation/clock.ts'
import type { Db } from '../foundation/db/database.ts'
import { Fault } from '../foundation/errors.ts'
import type { Logger } from '../foundation/log.ts'
import type { Stores } from '../foundation/store/store.ts'
import type { Policy } from '../ledger/format/policy.ts'

/** Everything the service for people works with. */
export interface AccessDeps {
  readonly db: Db
  readonly stores: Stores
  readonly clock: Clock
  readonly log: Logger
  readonly settings: AccessSettings
}

export interface AccessSettings {
  /** What browsers show, and what their Origin header must say. */
  readonly origin: string
  readonly signIn: SignInRules
  readonly requestsPerMinuteMax: number
  readonly signInsPerMinuteMax: number
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | null
  readonly ledger: {
    readonly origin: string
    /** One or more, as `parseLogKeys` reads them. */
    readonly verifierKey: string | null
    readonly vrfPublicKey: string | null
    /** Whom the ledger is to be witnessed by; null when by nobody. */
    readonly policy: Policy | null
  }
  /** With which the digests of work cards and dock codes are made; null where a bureau has none. */
  readonly dockPassKey: string | null
  /** A viewing is marked when the ledger's newest part was unwitnessed for longer than this. */
  readonly witnessAgeMsMax: number
  /** Whether somebody may still be given a long answer is asked again after this long. */
  readonly askAgainMs: number
}

/** Who is signed in, for a route that only people who are signed in reach. */
export interface Caller extends Viewer, Signer {
  readonly name: string
  readonly role: ActingRole
}

export function callerOf(request: FastifyRequest): Caller {
  if (!request.signedIn) throw new Fault('not_signed_in', 'nobody is signed in')
  const { id, name, actingRole, sessionHash, seat, onBehalfOf } = request.signedIn
  return { id, name, role: actingRole, sessionHash, seat, ...(onBehalfOf && { onBehalfOf: onBehalfOf.id }) }
}
