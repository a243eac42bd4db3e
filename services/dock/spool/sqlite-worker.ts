// The one file that knows the database's library. It is synchronous, so it has a thread of its own: an fsync holds up nobody.

import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { SpoolAnswer, SpoolRequest, Statement } from './database.ts'
import { spoolVersion, spoolVersions } from './schema.ts'

const { path } = workerData as { path: string }
const port = parentPort!

/**
 * Write-ahead log with `synchronous=FULL`: a commit is one append and one fsync, and holds when the call returns. (A rollback
 * journal would need EXTRA for that: with FULL the last commit may come undone while the journal's deletion is not on disk.)
 * Locked exclusively: a second agent on one spool fails at once, and the log needs no shared memory.
 */
function open(): DatabaseSync {
  const database = new DatabaseSync(path)
  database.exec('pragma locking_mode = exclusive')
  database.exec('pragma journal_mode = wal')
  database.exec('pragma synchronous = full')
  database.exec('pragma foreign_keys = on')
  const { user_version: found } = database.prepare('pragma user_version').get() as { user_version: number }
  if (found > spoolVersion) {
    throw new Error(`the spool ${path} has version ${found}, this agent knows ${spoolVersion}: install the newer agent`)
  }
  inTransaction(database, () => {
    for (const sql of spoolVersions.slice(found)) database.exec(sql)
    database.exec(`pragma user_version = ${spoolVersion}`)
  })
  return database
}

function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec('begin immediate')
  try {
    work()
    database.exec('commit')
  } catch (error) {
    if (database.isTransaction) database.exec('rollback')
    throw error
  }
}

const prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>()

function statementOf(database: DatabaseSync, sql: string) {
  const known = prepared.get(sql)
  if (known) return known
  const made = database.prepare(sql)
  prepared.set(sql, made)
  return made
}

const valuesOf = ({ values = [] }: Statement) => values as SQLInputValue[]

function run(database: DatabaseSync, request: SpoolRequest): unknown {
  if (request.kind === 'close') return database.close()
  if (request.kind === 'read') {
    return statementOf(database, request.statement.sql).all(...valuesOf(request.statement))
  }
  return inTransaction(database, () => {
    for (const statement of request.statements) statementOf(database, statement.sql).run(...valuesOf(statement))
  })
}

const answer = (message: SpoolAnswer) => port.postMessage(message)

try {
  const database = open()
  answer({ id: 0, result: null })
  port.on('message', (request: SpoolRequest) => {
    try {
      answer({ id: request.id, result: run(database, request) })
    } catch (error) {
      answer({ id: request.id, error: error instanceof Error ? error.message : String(error) })
    }
    if (request.kind === 'close') port.close()
  })
} catch (error) {
  answer({ id: 0, error: error instanceof Error ? error.message : String(error) })
}
