import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import t from 'tap'
import { onPath, postgresBin } from '../../../deploy/local/install/programs.mjs'
import { migrate } from '../../../services/foundation/db/migrate.ts'
import { declaredColumns, differences, storedColumns } from '../../support/declared-schema.ts'
import { compareGolden } from '../../support/golden.ts'
import { openWorld, type World } from '../../support/world.ts'

const run = promisify(execFile)

/**
 * The schema as SQL with grants and without what depends on the server or its version: comments, settings of the session,
 * the key that newer versions of pg_dump put around their output.
 */
async function dumpSchema(world: World): Promise<string> {
  const programs = postgresBin()
  const program = programs ? join(programs, 'pg_dump') : onPath('pg_dump')
  if (!program) throw new Error('pg_dump was not found; node deploy/local/install.mjs')
  const { stdout } = await run(program, ['--schema-only', `--dbname=${world.databaseUrl('superuser')}`], {
    maxBuffer: 16 * 1024 * 1024,
  })
  const lines = stdout
    .split('\n')
    .filter((line) => !/^(--|SET |SELECT pg_catalog\.set_config|\\(un)?restrict )/.test(line))
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`
}

t.test('migrating again changes nothing, and the schema is the one that was agreed', async (t) => {
  const world = await openWorld(t)
  const once = await dumpSchema(world)
  t.same(await migrate(world.db), [])
  t.equal(await dumpSchema(world), once)
  compareGolden(t, new URL('./schema.golden.sql', import.meta.url), once)
})

t.test('the types of the tables are those of the database, with the words that its columns may hold', async (t) => {
  const world = await openWorld(t)
  const declared = declaredColumns()
  t.ok(declared.size > 300, `${declared.size} columns are declared`)
  t.same(differences(declared, await storedColumns(world.db)), [])
})

t.test('each way in which a table can differ from its type is named', async (t) => {
  const world = await openWorld(t)
  const declared = declaredColumns()
  const changes: [change: string, told: string[]][] = [
    ['alter table person add column nickname text', ['person.nickname: in the database, but not declared']],
    ['alter table lease drop column until', ['lease.until: declared, but not in the database']],
    ['create table extra (id uuid primary key)', ['extra.id: in the database, but not declared']],
    [
      'alter table person alter column name drop not null',
      ['person.name: isNullable is declared as false, and is true in the database'],
    ],
    [
      'alter table receipt alter column issued_at set default now()',
      ['receipt.issued_at: hasDefault is declared as false, and is true in the database'],
    ],
    [
      'alter table hand_in_file alter column bytes type text',
      ['hand_in_file.bytes: type is declared as "number", and is "string" in the database'],
    ],
    [
      `alter table party drop constraint party_kind_check, add check (kind in ('shop', 'farm'))`,
      [
        'party.kind: words is declared as ["company","household","person","shop"], and is ["farm","shop"] in the database',
      ],
    ],
    [
      'alter table job drop constraint job_state_check',
      ['job.state: words is declared as ["done","pending"], and is null in the database'],
    ],
    [
      `alter table dock add check (name in ('one', 'two'))`,
      ['dock.name: words is declared as null, and is ["one","two"] in the database'],
    ],
  ]
  for (const [change, told] of changes) {
    const undone = new Error('undone')
    const changed = world.db.transaction().execute(async (trx) => {
      await sql.raw(change).execute(trx)
      t.same(differences(declared, await storedColumns(trx)), told, change)
      throw undone
    })
    await t.rejects(changed, undone)
  }
})
