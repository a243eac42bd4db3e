import { sql } from 'kysely'
import type { Db, Trx } from '../../../foundation/db/database.ts'
import { type StoredSecret, type SubjectSecret, secretMac } from './secret-mac.ts'

/** Reads the rows of these subjects, whose MACs the caller must check. Subjects without a row are left out. */
export async function readSecrets(db: Db, subjects: readonly string[]): Promise<StoredSecret[]> {
  const { rows } = await sql<StoredSecret>`
    select subject, secret, proof, mac from subject_secret where subject = any(${subjects}::text[])`.execute(db)
  return rows
}

/**
 * Writes secrets that the VRF gave, with their MACs. A row that has the same secret and proof gets its MAC. One that has
 * others was altered, and stays as it is: it is the evidence of that, which fsck reports.
 */
export async function writeSecrets(trx: Trx, macKey: Uint8Array, secrets: readonly SubjectSecret[]): Promise<void> {
  if (secrets.length === 0) return
  await sql`
    insert into subject_secret (subject, secret, proof, mac)
    select * from unnest(${secrets.map((row) => row.subject)}::text[], ${secrets.map((row) => row.secret)}::bytea[],
      ${secrets.map((row) => row.proof)}::bytea[], ${secrets.map((row) => secretMac(macKey, row))}::bytea[])
    on conflict (subject) do update set mac = excluded.mac
      where subject_secret.secret = excluded.secret and subject_secret.proof = excluded.proof`.execute(trx)
}
