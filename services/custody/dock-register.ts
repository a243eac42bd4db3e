import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '../foundation/clock.ts'
import type { Db, Trx } from '../foundation/db/database.ts'
import { Fault } from '../foundation/errors.ts'
import { newId } from '../foundation/id.ts'
import { recordEvent } from './events.ts'
import type { Actor } from './permissions.ts'

/**
 * Registers a docking station by its Ed25519 public key (32 bytes). The token is answered once; only its SHA-256 is
 * stored, and it can be revoked at once.
 */
export async function registerDock(
  trx: Trx,
  now: Date,
  actor: Actor,
  dock: { name: string; publicKey: Buffer },
): Promise<{ dockId: string; token: string }> {
  if (dock.publicKey.length !== 32) {
    throw new Fault(
      'bad_request',
      `publicKey: an Ed25519 public key has 32 bytes, this one has ${dock.publicKey.length}`,
    )
  }
  const dockId = newId(now)
  const token = randomBytes(32).toString('base64url')
  await trx
    .insertInto('dock')
    .values({
      id: dockId,
      name: dock.name,
      token_hash: createHash('sha256').update(token).digest(),
      public_key: dock.publicKey,
      registered_at: now,
    })
    .execute()
  await recordDockEvent(trx, 'dock.registered', now, actor, dockId, {
    name: dock.name,
    publicKey: dock.publicKey.toString('hex'),
  })
  return { dockId, token }
}

/** From now on this dock's token opens nothing. Revoking it again does nothing. */
export async function revokeDock(db: Db, clock: Clock, actor: Actor, dockId: string): Promise<void> {
  const now = clock.now()
  await db.transaction().execute(async (trx) => {
    const dock = await trx.selectFrom('dock').where('id', '=', dockId).selectAll().forUpdate().executeTakeFirst()
    if (!dock) throw new Fault('not_found', `there is no dock ${dockId}`)
    if (dock.revoked_at) return
    await trx.updateTable('dock').set({ revoked_at: now }).where('id', '=', dockId).execute()
    await recordDockEvent(trx, 'dock.revoked', now, actor, dockId, {})
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

async function recordDockEvent(
  trx: Trx,
  kind: 'dock.registered' | 'dock.revoked',
  now: Date,
  actor: Actor,
  dockId: string,
  details: Record<string, string>,
): Promise<void> {
  await recordEvent(trx, {
    kind,
    at: now,
    actor: actor.id,
    actorRole: actor.role,
    subjects: [{ type: 'dock', id: dockId }],
    details,
  })
}
