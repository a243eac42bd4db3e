import type { Db, Trx } from '../../foundation/db/database.ts'

/** Runs reads in one snapshot of the database that changes nothing (repeatable read, read only). */
export function inSnapshot<T>(db: Db, read: (snapshot: Trx) => Promise<T>): Promise<T> {
  if (db.isTransaction) return read(db as Trx)
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read)
}
