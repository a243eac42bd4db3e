import { readdir } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { sql } from 'kysely'
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration'
import { Fault } from '../errors.ts'
import type { Db } from './database.ts'
import { requireEventTimeRule } from './event-time.ts'

const folder = fileURLToPath(new URL('../../../migrations', import.meta.url))

/**
 * Brings the schema up to this version and returns the names of the migrations that ran. Runs as the owner's role; two
 * at once wait for each other, and all run in one transaction.
 *
 * @throws conflict when the database has migrations that this version does not know: it is newer, or not ours.
 */
export async function migrate(db: Db): Promise<string[]> {
  await refuseUnknown(db)
  const migrator = new Migrator({ db, provider: folderProvider() })
  const { error, results } = await migrator.migrateToLatest()
  if (error) {
    const failed = results?.find(({ status }) => status === 'Error')?.migrationName
    throw new Fault('internal', `migration ${failed ?? ''} failed: nothing of it was kept`, { cause: error })
  }
  return (results ?? []).map(({ migrationName }) => migrationName)
}

/**
 * Services and commands call this at their start: they do not run on another schema than their own, nor where events may
 * have any time.
 *
 * @throws not_ready when migrations are missing; conflict when there are unknown ones, or the rule for the time of events
 * was changed.
 */
export async function requireSchemaVersion(db: Db): Promise<void> {
  const known = await migrationNames()
  await refuseUnknown(db)
  const applied = new Set(await appliedNames(db))
  const missing = known.filter((name) => !applied.has(name))
  if (missing.length > 0) {
    throw new Fault('not_ready', `the database lacks ${missing.join(', ')}: run \`custody migrate\` as its owner`)
  }
  await requireEventTimeRule(db)
}

/** Names of the migrations of this version, in order: the file names without extension. */
export async function migrationNames(): Promise<string[]> {
  const files = await readdir(folder)
  return files
    .filter((file) => /^\d{4}_\w+\.ts$/.test(file))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort()
}

async function refuseUnknown(db: Db): Promise<void> {
  const known = new Set(await migrationNames())
  const unknown = (await appliedNames(db)).filter((name) => !known.has(name))
  if (unknown.length > 0) {
    const message = `the database has migrations that this version does not know (${unknown.join(', ')}): use the version that made them, or a newer one`
    throw new Fault('conflict', message, { details: { unknown } })
  }
}

async function appliedNames(db: Db): Promise<string[]> {
  const table = await sql<{ name: string | null }>`select to_regclass('public.kysely_migration')::text as name`.execute(
    db,
  )
  if (!table.rows[0]?.name) return []
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  return rows.map(({ name }) => name)
}

function folderProvider(): MigrationProvider {
  return {
    async getMigrations() {
      const names = await migrationNames()
      const modules = names.map((name) => import(pathToFileURL(`${folder}/${name}.ts`).href) as Promise<Migration>)
      const loaded = await Promise.all(modules)
      return Object.fromEntries(names.map((name, n) => [name, { up: loaded[n]!.up }]))
    },
  }
}
