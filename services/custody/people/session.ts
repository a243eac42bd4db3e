import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import type { DownloadEnd } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { inForceAt } from '../bureau/deputyship-list.ts'
import { actingIn } from '../roles/acting.ts'
import type { ActingRole } from '../roles/permissions.ts'
import type { Role } from '../roles/roles.ts'
import type { Seat } from '../signing/seat.ts'
import { endSessionsOf } from './session-end.ts'

export interface SessionLimits {
  /** Without a request for this long it ends. */
  readonly idleMs: number
  /** And in any case after this long. */
  readonly totalMs: number
}

export const defaultSessionLimits: SessionLimits = { idleMs: 30 * 60_000, totalMs: 10 * 60 * 60_000 }

/** Who a session's token stands for at this instant. */
export interface SignedIn {
  readonly id: string
  readonly name: string
  readonly account: string
  readonly role: Role
  /** The role that counts now: a custodian without the open term is `custodian_waiting`, a deputy who acts a `supervisor`. */
  readonly actingRole: ActingRole
  /** Of a deputy who acts: the supervisor by whose commission. */
  readonly onBehalfOf: { readonly id: string; readonly name: string } | null
  readonly mustChangePassword: boolean
  readonly sessionHash: Buffer
  /** Where the session was opened. */
  readonly seat: Seat | null
  readonly expiresAt: Date
}

/** Only this is stored of a token, so that a copy of the database opens no session. */
export function sessionHashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

const touchMs = 15_000

/**
 * Whose session it is; null for a token nobody ever had. The last request's time is noted at most every 15 s. A session that
 * ran out ends here, with its event.
 *
 * @throws not_signed_in when the session has ended or its person's account is shut.
 */
export async function identify(
  db: Db,
  clock: Clock,
  token: string,
  limits: SessionLimits = defaultSessionLimits,
): Promise<SignedIn | null> {
  const sessionHash = sessionHashOf(token)
  const row = await sessionRow(db, sessionHash, clock.now())
  if (!row) return null
  if (row.ended_at || row.disabled_at) throw new Fault('not_signed_in', 'this session has ended: sign in again')
  if (await endIfRunOut(db, clock, { ...row, sessionHash }, limits)) {
    throw new Fault('not_signed_in', 'this session has run out: sign in again')
  }
  await touch(db, clock, { ...row, sessionHash })
  return {
    id: row.id,
    name: row.name,
    account: row.account,
    role: row.role,
    ...actingAs(row),
    mustChangePassword: row.must_change_password,
    sessionHash,
    seat: row.address === null ? null : { address: row.address, browserMark: row.browser_mark },
    expiresAt: row.expires_at,
  }
}

/** What a person may have lost while an answer to him is still going out. */
export type StandingLost = Extract<DownloadEnd, 'session_ended' | 'account_shut' | 'not_in_office'>

/**
 * Whether a person to whom a long answer is going out may still be given it: his session goes on, his account is open, and
 * he acts in the role in which he asked. `inUse`: bytes are moving, which keeps the session from ending as idle. Null when
 * all is as it was.
 */
export async function standingLost(
  db: Db,
  clock: Clock,
  asked: { role: string; sessionHash: Buffer; inUse: boolean },
  limits: SessionLimits,
): Promise<StandingLost | null> {
  const { sessionHash } = asked
  const row = await sessionRow(db, sessionHash, clock.now())
  if (row?.disabled_at) return 'account_shut'
  if (!row || row.ended_at || (await endIfRunOut(db, clock, { ...row, sessionHash }, limits))) return 'session_ended'
  if (asked.inUse) await touch(db, clock, { ...row, sessionHash })
  return actingAs(row).actingRole === asked.role ? null : 'not_in_office'
}

interface OpenSession {
  readonly sessionHash: Buffer
  readonly id: string
  readonly role: Role
  readonly last_seen_at: Date
  readonly expires_at: Date
}

/** Ends a session that was idle for too long or is too old, with its event. True when it did. */
async function endIfRunOut(db: Db, clock: Clock, session: OpenSession, limits: SessionLimits): Promise<boolean> {
  const now = clock.now()
  const idleUntil = session.last_seen_at.getTime() + limits.idleMs
  if (now.getTime() < Math.min(idleUntil, session.expires_at.getTime())) return false
  const reason = now >= session.expires_at ? 'too_old' : 'idle'
  const { id: personId, sessionHash: tokenHash } = session
  const actor = { id: personId, role: session.role }
  await db.transaction().execute((trx) => endSessionsOf(trx, clock, { personId, reason, actor, tokenHash }))
  return true
}

function actingAs(row: {
  role: Role
  in_office: boolean
  principal_id: string | null
  principal_name: string | null
}): Pick<SignedIn, 'actingRole' | 'onBehalfOf'> {
  const { role, onBehalfOf } = actingIn({ role: row.role, inOffice: row.in_office, principalId: row.principal_id })
  return { actingRole: role, onBehalfOf: onBehalfOf ? { id: onBehalfOf, name: row.principal_name ?? '' } : null }
}

function sessionRow(db: Db, sessionHash: Buffer, now: Date) {
  return db
    .selectFrom('session')
    .innerJoin('person', 'person.id', 'session.person_id')
    .leftJoin('deputyship', (join) => join.onRef('deputyship.deputy_id', '=', 'person.id').on(inForceAt(now)))
    .leftJoin('person as principal', (join) =>
      join.onRef('principal.id', '=', 'deputyship.supervisor_id').on('principal.disabled_at', 'is', null),
    )
    .where('session.token_hash', '=', sessionHash)
    .select([
      'person.id',
      'person.name',
      'person.account',
      'person.role',
      'person.must_change_password',
      'person.disabled_at',
      'principal.id as principal_id',
      'principal.name as principal_name',
      'session.last_seen_at',
      'session.expires_at',
      'session.ended_at',
      'session.address',
      'session.browser_mark',
      sql<boolean>`exists (
        select from custodian_term where custodian_term.person_id = person.id and custodian_term.ended_at is null
      )`.as('in_office'),
    ])
    .executeTakeFirst()
}

async function touch(db: Db, clock: Clock, { sessionHash, last_seen_at }: OpenSession): Promise<void> {
  const now = clock.now()
  if (now.getTime() - last_seen_at.getTime() <= touchMs) return
  await db
    .updateTable('session')
    .set({ last_seen_at: now })
    .where('token_hash', '=', sessionHash)
    .where('last_seen_at', '<', now)
    .execute()
}
