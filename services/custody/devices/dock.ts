import { randomBytes } from 'node:crypto'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { sha256 } from '../../foundation/hash.ts'
import { newId } from '../../foundation/id.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'

export interface Dock {
  readonly id: string
  readonly name: string
  /** Ed25519, raw 32 bytes. */
  readonly publicKey: Buffer
}

/** The dock that holds this token, or null when none does or it was revoked. Asked anew for every request. */
export async function dockByToken(db: Db, token: string): Promise<Dock | null> {
  const row = await db
    .selectFrom('dock')
    .select(['id', 'name', 'public_key'])
    .where('token_hash', '=', sha256(token))
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return row ? { id: row.id, name: row.name, publicKey: row.public_key } : null
}

/** The id of the dock that held this token until it was revoked; null when none did. */
export async function revokedDockByToken(db: Db, token: string): Promise<string | null> {
  const row = await db
    .selectFrom('dock')
    .select('id')
    .where('token_hash', '=', sha256(token))
    .where('revoked_at', 'is not', null)
    .executeTakeFirst()
  return row?.id ?? null
}

/** The key of a dock, whether revoked or not: what it signed stays signed. Undefined for an unknown id. */
export async function dockPublicKey(db: Db, dockId: string): Promise<Buffer | undefined> {
  const row = await db.selectFrom('dock').select('public_key').where('id', '=', dockId).executeTakeFirst()
  return row?.public_key
}

/**
 * Registers a docking station by its Ed25519 public key (32 bytes). The token is answered once; only its SHA-256 is
 * stored, and it can be revoked at once.
 */
export async function registerDock(
  trx: Trx,
  clock: Clock,
  actor: Actor,
  dock: { name: string; publicKey: Buffer },
): Promise<{ dockId: string; token: string }> {
  if (dock.publicKey.length !== 32) {
    throw new Fault(
      'bad_request',
      `publicKey: an Ed25519 public key has 32 bytes, this one has ${dock.publicKey.length}`,
    )
  }
  const dockId = newId(clock.now())
  const token = randomBytes(32).toString('base64url')
  const { at } = await recordEvent(trx, 'dock.registered', {
    clock,
    by: actor,
    subjects: [{ type: 'dock', id: dockId }],
    details: { name: dock.name, publicKey: dock.publicKey.toString('hex') },
  })
  await trx
    .insertInto('dock')
    .values({
      id: dockId,
      name: dock.name,
      token_hash: sha256(token),
      public_key: dock.publicKey,
      registered_at: at,
    })
    .execute()
  return { dockId, token }
}

/** From now on this dock's token opens nothing. Revoking it again does nothing. */
export async function revokeDock(db: Db, clock: Clock, actor: Actor, dockId: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const dock = await trx.selectFrom('dock').where('id', '=', dockId).selectAll().forUpdate().executeTakeFirst()
    if (!dock) throw new Fault('not_found', `there is no dock ${dockId}`)
    if (dock.revoked_at) return
    const { at } = await recordEvent(trx, 'dock.revoked', {
      clock,
      by: actor,
      subjects: [{ type: 'dock', id: dockId }],
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
  readonly revokedAt: Date | null
}

export async function listDocks(db: Db): Promise<DockRow[]> {
  const rows = await db.selectFrom('dock').selectAll().orderBy('registered_at').orderBy('id').execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    publicKey: row.public_key.toString('hex'),
    registeredAt: row.registered_at,
    revokedAt: row.revoked_at,
  }))
}
