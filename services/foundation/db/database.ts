import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import { Fault } from '../errors.ts'
import type { Database } from './schema.ts'

/** Any connection: the function opens its own transaction or needs none. */
export type Db = Kysely<Database>
/** An open transaction: the function must be part of the caller's. */
export type Trx = Transaction<Database>

export interface DatabaseOptions {
  readonly url: string
  /** Shown in pg_stat_activity, so that an operator sees which service holds a lock. */
  readonly applicationName: string
  readonly connectionsMax: number
  readonly statementTimeoutMs?: number
  /** Told of errors of idle and checked-out connections; the pool replaces them by itself. */
  readonly onConnectionError: (error: Error) => void
}

/**
 * Opens a pool. int8 arrives as a number and throws beyond 2^53; a restart of the server breaks the queries under way,
 * never the process.
 */
export function openDatabase(options: DatabaseOptions): Db {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.connectionsMax,
    connectionTimeoutMillis: 10_000,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    idle_in_transaction_session_timeout: 30_000,
    maxLifetimeSeconds: 1800,
    keepAlive: true,
    types: { getTypeParser },
  })
  pool.on('error', options.onConnectionError)
  // A checked-out client without a listener would take the process down with it when the server restarts.
  pool.on('connect', (client) => {
    client.on('error', options.onConnectionError)
  })
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
}

/** Resolves when the database answers a query; rejects with the driver's error otherwise. */
export async function requireAnswer(db: Db): Promise<void> {
  await sql`select 1`.execute(db)
}

const int8Oid = 20
const getTypeParser = ((oid: number, format?: 'text' | 'binary') => {
  if (oid === int8Oid && format !== 'binary') return safeInteger
  return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text')
}) as typeof pg.types.getTypeParser

function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new Fault('internal', `a bigint of the database is beyond 2^53: ${text}`)
  return value
}
