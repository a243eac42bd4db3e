import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { sha256 } from '../../foundation/hash.ts'
import { newId } from '../../foundation/id.ts'
import type { Actor } from '../events/actor.ts'
import type { EventKind } from '../events/kinds.ts'
import { recordEvent } from '../events/record.ts'
import { keepProposersSeat, type Signer } from '../signing/seat.ts'
import { type InList, signatureOf } from '../signing/signature.ts'
import { requireSecondName } from '../signing/third-signature.ts'

export interface Dock {
  readonly id: string
  readonly name: string
  /** Ed25519, raw 32 bytes. */
  readonly publicKey: Buffer
}

/** Whether a dock's token counts: not before a second person has released the dock, and not after it was revoked. */
export type DockStanding = 'in_service' | 'not_released' | 'revoked'

/** The dock that holds or held this token, and how it stands; null when no dock ever did. Asked anew for every request. */
export async function dockByToken(db: Db, token: string): Promise<(Dock & { standing: DockStanding }) | null> {
  const row = await db
    .selectFrom('dock')
    .select(['id', 'name', 'public_key', 'released_at', 'revoked_at'])
    .where('token_hash', '=', sha256(token))
    .executeTakeFirst()
  if (!row) return null
  const open = row.released_at === null ? 'not_released' : 'in_service'
  const standing = row.revoked_at === null ? open : 'revoked'
  return { id: row.id, name: row.name, publicKey: row.public_key, standing }
}

/** The key of a dock, whether revoked or not: what it signed stays signed. Undefined for an unknown id. */
export async function dockPublicKey(db: Db, dockId: string): Promise<Buffer | undefined> {
  const row = await db.selectFrom('dock').select('public_key').where('id', '=', dockId).executeTakeFirst()
  return row?.public_key
}

/**
 * Registers a docking station by its Ed25519 public key (32 bytes). The token is answered once; only its SHA-256 is
 * stored. It opens nothing before a second person has released the dock: whoever registers a dock alone could seal footage
 * that no device ever recorded.
 */
export async function registerDock(
  trx: Trx,
  clock: Clock,
  actor: Signer,
  dock: {
    name: string
    publicKey: Buffer
    /** Of a dock that enrols itself: the id that its code was made for, and the version of its program. */
    enrolled?: { id: string; version: string }
  },
): Promise<{ dockId: string; token: string; registeredAt: Date }> {
  if (dock.publicKey.length !== 32) {
    throw new Fault(
      'bad_request',
      `publicKey: an Ed25519 public key has 32 bytes, this one has ${dock.publicKey.length}`,
    )
  }
  const { enrolled } = dock
  const dockId = enrolled?.id ?? newId(clock.now())
  const token = randomBytes(32).toString('base64url')
  const registered = await recordEvent(trx, 'dock.registered', {
    clock,
    by: actor,
    subjects: dockSubjects(dockId),
    details: {
      name: dock.name,
      publicKey: dock.publicKey.toString('hex'),
      ...(enrolled && { version: enrolled.version }),
    },
  })
  await trx
    .insertInto('dock')
    .values({
      id: dockId,
      name: dock.name,
      token_hash: sha256(token),
      public_key: dock.publicKey,
      registered_at: registered.at,
    })
    .execute()
  await keepProposersSeat(trx, actor, registered)
  return { dockId, token, registeredAt: registered.at }
}

/**
 * The second person's word that a dock may be used: that its key is the one which stands in the dock itself. Releasing it
 * again does nothing.
 *
 * @throws not_found; conflict for a revoked dock, and for whoever registered it
 */
export async function releaseDock(db: Db, clock: Clock, actor: Signer, dockId: string): Promise<void> {
  await db.transaction().execute((trx) => releaseDockWithin(trx, clock, actor, { dockId }))
}

/** `releaseDock` in the caller's transaction. */
export async function releaseDockWithin(
  trx: Trx,
  clock: Clock,
  actor: Signer,
  release: { dockId: string; inList?: InList },
): Promise<void> {
  const { dockId, inList } = release
  const dock = await lockDock(trx, dockId)
  if (dock.revoked_at) throw new Fault('conflict', 'this dock was revoked: register it again with a new key')
  if (dock.released_at) return
  const matter = { subjectId: dockId, memberValue: null }
  const third = await requireSecondName(trx, clock, actor, { act: 'dock.released', matter })
  // Of a dock that enrolled itself the seat is kept with the act by which its code was made.
  const seatsOf = await enrolmentEventsOf(trx, dockId)
  const signature = await signatureOf(trx, clock, actor, { kind: 'dock.released', ...matter, inList, third, seatsOf })
  const act = { clock, by: actor, subjects: dockSubjects(dockId) }
  const event = await recordEvent(trx, 'dock.released', { ...act, details: signature.details })
  await signature.keepSeat(event)
  const released = { released_by: actor.id, released_at: event.at }
  await trx.updateTable('dock').set(released).where('id', '=', dockId).execute()
}

/** Locks a dock that waits for its release. @throws not_found; conflict when it was released or revoked */
export async function requireWaitingDock(trx: Trx, dockId: string): Promise<void> {
  const dock = await lockDock(trx, dockId)
  if (dock.released_at || dock.revoked_at) throw new Fault('conflict', 'this dock waits for no release')
}

/** From now on this dock's token opens nothing. Revoking it again does nothing. */
export async function revokeDock(db: Db, clock: Clock, actor: Actor, dockId: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const dock = await lockDock(trx, dockId)
    if (dock.revoked_at) return
    const { at } = await recordEvent(trx, 'dock.revoked', {
      clock,
      by: actor,
      subjects: dockSubjects(dockId),
      details: {},
    })
    await trx.updateTable('dock').set({ revoked_at: at }).where('id', '=', dockId).execute()
  })
}

export interface DockRow {
  readonly id: string
  readonly name: string
  readonly publicKey: string
  readonly registeredAt: Date
  readonly releasedAt: Date | null
  readonly releasedBy: string | null
  readonly revokedAt: Date | null
}

export async function listDocks(db: Db): Promise<DockRow[]> {
  const rows = await db.selectFrom('dock').selectAll().orderBy('registered_at').orderBy('id').execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    publicKey: row.public_key.toString('hex'),
    registeredAt: row.registered_at,
    releasedAt: row.released_at,
    releasedBy: row.released_by,
    revokedAt: row.revoked_at,
  }))
}

async function enrolmentEventsOf(trx: Trx, dockId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from event where subjects @> array[${`dock:${dockId}`}]
      and kind = ${'dock.enrolment_made' satisfies EventKind}`.execute(trx)
  return rows.map(({ id }) => id)
}

async function lockDock(trx: Trx, dockId: string) {
  const dock = await trx.selectFrom('dock').where('id', '=', dockId).selectAll().forUpdate().executeTakeFirst()
  if (!dock) throw new Fault('not_found', `there is no dock ${dockId}`)
  return dock
}

/** What every act of a dock's register is about. */
export function dockSubjects(dockId: string) {
  return [
    { type: 'dock', id: dockId },
    { type: 'dock-register', id: dockId },
  ]
}
