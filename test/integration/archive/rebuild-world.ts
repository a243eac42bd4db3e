import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { postgresBin } from '../../../deploy/local/install/programs.mjs'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import type { Db } from '../../../services/foundation/db/database.ts'
import type { Store, StoreName } from '../../../services/foundation/store/store.ts'
import { parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { type Rebuilt, rebuildEvents } from '../../../services/ledger/rebuild/rebuild-events.ts'
import type { Teardown } from '../../support/stack.ts'
import type { World } from '../../support/world.ts'
import { type ArchiveWorld, openArchiveWorld } from './archive-world.ts'

const run = promisify(execFile)
const tables = ['event', 'leaf', 'link', 'subject_secret', 'tile', 'archive_key'] as const

/** Every row of the ledger's tables as text, by table: what must be the same afterwards. */
export async function rowsOf(db: Db): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {}
  for (const table of tables) {
    const { rows } = await sql<{
      row: string
    }>`select row(t.*)::text as row from ${sql.table(table)} t order by 1`.execute(db)
    // When a key was made is not archived.
    all[table] = rows.map(({ row }) => (table === 'archive_key' ? row.replace(/,"[^"]*"\)$/, ')') : row))
  }
  return all
}

/** A ledger of two levels of tiles in several batches, archived on all stores; nothing runs any more. */
export async function archivedLedger(t: Teardown): Promise<ArchiveWorld> {
  const archive = await openArchiveWorld(t)
  const stop = archive.startArchive()
  for (const [name, count] of [
    ['first', 200],
    ['second', 100],
    ['third', 3],
  ] as const) {
    await archive.write(name, count)
    await archive.archived()
  }
  await stop()
  await archive.stopSequencer()
  return archive
}

export function rebuild(
  archive: ArchiveWorld,
  db: Db,
  options: { store?: StoreName | Store; check?: boolean; identity?: string; vrfSecretKey?: Buffer } = {},
): Promise<Rebuilt> {
  const { log, world, identity } = archive
  const { store = 'primary', check = false, vrfSecretKey = log.vrfSecretKey } = options
  const keys = { log: parseLogKeys(log.verifierKeys), vrfSecretKey, identity: options.identity ?? identity }
  const deps = {
    db,
    store: typeof store === 'string' ? world.storesFor('auditor')[store] : store,
    clock: world.clock,
    ...keys,
  }
  return rebuildEvents(deps, { check })
}

/** What fsck calls an error in the ledger of this database, the stores apart. */
export async function errorsIn(archive: ArchiveWorld, db: Db): Promise<string[]> {
  const { verifierKeys, vrfPublicKey } = archive.log
  const found = await fsck({ db, stores: null, verifierKey: verifierKeys, vrfPublicKey: vrfPublicKey.toString('hex') })
  return found.filter(({ severity }) => severity === 'error').map(({ check, subject }) => `${check} ${subject}`)
}

/** What events are brought back into: these tables of a dump are left out (deploy/RUNBOOK.md). */
export const rebuiltTables = [
  'event',
  'leaf',
  'link',
  'subject_secret',
  'tile',
  'archive_key',
  'event_archive_batch',
  'ledger_copy',
  'archive_progress',
]

/** What the migrations fill, and `openWorld`. */
const filledBySetup = ['kysely*', 'event_writer', 'event_time_rule']

/**
 * Copies the rows of one world's database into another that is empty but migrated: a dump, put back. `without` are tables that
 * are left out.
 */
export async function putBackDump(from: World, to: World, without: readonly string[] = []): Promise<void> {
  const programs = postgresBin()!
  const dump = await run(
    join(programs, 'pg_dump'),
    [
      '--data-only',
      ...[...filledBySetup, ...without].map((table) => `--exclude-table=${table}`),
      from.databaseUrl('superuser'),
    ],
    {
      maxBuffer: 256 * 1024 * 1024,
    },
  )
  const restoring = run(
    join(programs, 'psql'),
    ['--no-psqlrc', '-q', '-v', 'ON_ERROR_STOP=1', to.databaseUrl('superuser')],
    {
      env: { ...process.env, PGOPTIONS: '-c session_replication_role=replica' },
    },
  )
  restoring.child.stdin!.end(dump.stdout)
  await restoring
}
