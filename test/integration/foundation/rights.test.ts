import { sql } from 'kysely'
import t from 'tap'
import type { Db } from '../../../services/foundation/db/database.ts'
import { compareGolden } from '../../support/golden.ts'
import { openWorld } from '../../support/world.ts'

const logins = ['ingest', 'access', 'worker', 'sequencer'] as const

/** Each table with what each login may do with it; columns in brackets where it is not the whole table. */
async function rightsText(db: Db): Promise<string> {
  const { rows } = await sql<{ table: string; role: string; right: string; columns: string[] | null }>`
    with every as (
      select c.relname as "table", a.grantee::regrole::text as role, a.privilege_type as "right", null::text as "column"
      from pg_class c, aclexplode(c.relacl) a where c.relnamespace = 'public'::regnamespace
      union all
      select c.relname, a.grantee::regrole::text, a.privilege_type, k.attname::text
      from pg_class c join pg_attribute k on k.attrelid = c.oid, aclexplode(k.attacl) a
      where c.relnamespace = 'public'::regnamespace)
    select "table", role, lower("right") as "right",
      case when bool_or("column" is null) then null else array_agg("column" order by "column") end as columns
    from every where role = any(${logins.map((name) => `custody_${name}`)}) group by 1, 2, 3 order by 1, 2, 3`.execute(
    db,
  )
  const lines: string[] = []
  for (const [table, ofTable] of Map.groupBy(rows, (row) => row.table)) {
    lines.push(table)
    for (const [role, rights] of Map.groupBy(ofTable, (row) => row.role)) {
      const words = rights.map(({ right, columns }) => (columns ? `${right} (${columns.join(', ')})` : right))
      lines.push(`  ${role.replace('custody_', '')}: ${words.join(', ')}`)
    }
  }
  return `${lines.join('\n')}\n`
}

t.test('what each login may do with each table is what was agreed', async (t) => {
  const world = await openWorld(t)
  compareGolden(t, new URL('./rights.golden.txt', import.meta.url), await rightsText(world.db))
})

t.test('no login reads what is not its business', async (t) => {
  const world = await openWorld(t)
  const refused = {
    ingest: [
      'select body from event',
      'select salt from event',
      'select * from event',
      'select * from subject_secret',
      'select * from link',
      // A dock shows the name of whoever stands at it, and nothing else of him.
      'select account from person',
      'select given_by from dock_pass',
      'select reason from hand_in_correction',
      'select password_hash from person',
      'select * from session',
      'select * from viewing',
      'select * from case_file',
      'select * from party',
      'select * from package',
      'select body from receipt',
    ],
    access: ['select * from archive_key', 'select * from lease', 'select * from store_read'],
    worker: ['select password_hash from person', 'select * from session', 'select * from kysely_migration_lock'],
    sequencer: [
      'select body from event',
      'select salt from event',
      'select kind from event',
      'select id from person',
      'select * from session',
      'select * from recording',
      'select * from archive_key',
    ],
  } as const
  for (const login of logins) {
    for (const statement of refused[login]) {
      const code = statement.includes('from receipt') ? '42703' : '42501'
      await t.rejects(sql.raw(statement).execute(world.dbFor(login)), { code }, `${login}: ${statement}`)
    }
  }
})

t.test('of events the login of ingest reads bodies and salts of receipts, by whatever trick', async (t) => {
  const world = await openWorld(t)
  const db = world.dbFor('ingest')
  const insert = (kind: string, secret: string) => {
    const id = crypto.randomUUID()
    const at = new Date()
    const body = JSON.stringify({ id, kind, at, actor: 'test', actorRole: 'service', secret })
    const rest = { salt: Buffer.alloc(32), commitment: Buffer.alloc(32), subjects: ['case:a'] }
    return world.db
      .insertInto('event')
      .values({ id, kind, at, body, ...rest })
      .execute()
  }
  await insert('receipt.issued', 'of a receipt')
  await insert('viewing.opened', 'of a viewing')
  const { rows } = await sql<{ body: string }>`select body, salt from receipt_event`.execute(db)
  t.equal(rows.length, 1)
  t.match(rows[0]!.body, /of a receipt/)
  // A cheap function would be asked before the view's own condition, if the view let it.
  const told: string[] = []
  await db.connection().execute(async (one) => {
    await sql`create function pg_temp.tell(text) returns boolean language plpgsql cost 0.0000001 as $$
      begin raise exception using message = $1, errcode = 'CT999'; end $$`.execute(one)
    await sql`select id from receipt_event where pg_temp.tell(body) and body like '%viewing%'`
      .execute(one)
      .catch((error: Error) => told.push(error.message))
  })
  t.equal(told.length, 1)
  t.match(told[0]!, /of a receipt/, 'it saw the receipt alone')
})
