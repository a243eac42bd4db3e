import type { Db } from '../../foundation/db/database.ts'
import { sha256 } from '../../foundation/hash.ts'

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
