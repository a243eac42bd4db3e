import { sql } from 'kysely'
import t from 'tap'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import { makeFirstAccounts } from '../../../services/custody/people/first-accounts.ts'
import { createPerson, resetPassword } from '../../../services/custody/people/opening.ts'
import { releasePerson } from '../../../services/custody/people/release.ts'
import { askShutting } from '../../../services/custody/people/shutting.ts'
import { roles } from '../../../services/foundation/db/words.ts'
import { makeTestLog, startSequencer } from '../../support/sequencer.ts'
import { openWorld } from '../../support/world.ts'
import { settled } from './tampered-world.ts'

t.test('whoever holds the database changes who people are, or who opened their accounts', async (t) => {
  const world = await openWorld(t)
  const { db, clock } = world
  const log = await makeTestLog(t)
  t.teardown(startSequencer(world, log))
  const list = roles.map((role) => ({ name: `某${role}`, role, account: role, officerNumber: '990001' }))
  const { made } = await makeFirstAccounts(db, clock, { id: 'setup', role: 'service' }, list)
  const actorOf = (role: (typeof roles)[number]) => ({ id: made.find((one) => one.account === role)!.id, role })
  const administrator = actorOf('administrator')
  const auditor = actorOf('auditor')
  const newcomer = await createPerson(db, clock, administrator, { name: '新人', role: 'supervisor', account: 'xinren' })
  await releasePerson(db, clock, auditor, newcomer.id)
  await askShutting(db, clock, administrator, { personId: newcomer.id, reason: '调离' })
  await resetPassword(db, clock, actorOf('supervisor'), actorOf('officer').id)
  await settled(world)
  const check = async (by: typeof db) =>
    (await fsck({ db: by, stores: null, verifierKey: log.verifierKeys })).map(
      ({ check, subject }) => `${check} ${subject}`,
    )
  t.same(await check(world.dbFor('worker')), [], 'the nightly check reads all that it compares')

  const opening = await db
    .selectFrom('account_opening')
    .where('person_id', '=', newcomer.id)
    .select('id')
    .executeTakeFirstOrThrow()
  const openingRow = `account_opening ${newcomer.id}/${opening.id}`
  const zhang = actorOf('officer').id
  const changes: readonly [string, string, string][] = [
    [
      'finding 7: an officer is renamed',
      `update person set name = '李四' where id = '${zhang}'`,
      `row_differs person ${zhang}`,
    ],
    [
      'his number is changed',
      `update person set officer_number = 'X' where id = '${zhang}'`,
      `row_differs person ${zhang}`,
    ],
    [
      'the account is said to be released by somebody else',
      `update account_opening set released_by = '${zhang}' where id = '${opening.id}'`,
      `row_differs ${openingRow}`,
    ],
    [
      'both offices are said to have released it',
      `update account_opening set confirmed_by = '${zhang}', confirmed_at = now() where id = '${opening.id}'`,
      `row_differs ${openingRow}`,
    ],
    [
      'its first password is made to hold longer',
      `update account_opening set expires_at = now() + interval '1 year' where id = '${opening.id}'`,
      `row_differs ${openingRow}`,
    ],
    ['its opening is deleted', `delete from account_opening where id = '${opening.id}'`, `row_missing ${openingRow}`],
    [
      'the request to shut it is deleted',
      'delete from account_shutting',
      `row_missing account_shutting ${newcomer.id}`,
    ],
    [
      'an opening is invented',
      `insert into account_opening (id, person_id, cause, made_by, made_at, expires_at)
        values ('00000000-0000-7000-8000-000000000000', '${zhang}', 'reset', '${auditor.id}', now(), now())`,
      `row_without_event account_opening ${zhang}/00000000-0000-7000-8000-000000000000`,
    ],
  ]
  for (const [name, statement, expected] of changes) {
    const undone = new Error('taken back')
    let found: string[] = []
    const tampering = world.asSuperuser((held) =>
      held.transaction().execute(async (trx) => {
        await sql.raw(statement).execute(trx)
        found = await check(trx)
        throw undone
      }),
    )
    await t.rejects(tampering, undone)
    t.equal(found.length, 1, name)
    t.ok(found[0]!.startsWith(`rows.${expected}`), `${name}: ${found[0]}`)
  }
})

t.test('the database itself lets nobody release what is his, or change who made an opening', async (t) => {
  const world = await openWorld(t)
  const { db, clock } = world
  const list = roles.map((role) => ({ name: `某${role}`, role, account: role }))
  const { made } = await makeFirstAccounts(db, clock, { id: 'setup', role: 'service' }, list)
  const idOf = (role: string) => made.find(({ account }) => account === role)!.id
  const administrator = { id: idOf('administrator'), role: 'administrator' }
  const { id } = await createPerson(db, clock, administrator, { name: '新人', role: 'officer', account: 'xinren' })
  const access = world.dbFor('access')
  const now = clock.now()
  const release = (releasedBy: string) =>
    access
      .updateTable('account_opening')
      .set({ released_by: releasedBy, released_at: now, office: 'auditor', effective_from: now })
      .set({ code_hash: Buffer.alloc(32), code_expires_at: now })
      .where('person_id', '=', id)
      .execute()
  for (const own of [administrator.id, id]) await t.rejects(release(own), { message: /account_opening_check/ })
  await t.rejects(access.updateTable('account_opening').set({ used_at: now }).execute(), { message: /check/ })
  const denied = { message: /permission denied/ }
  await t.rejects(
    access
      .updateTable('account_opening')
      .set({ made_by: idOf('auditor') })
      .execute(),
    denied,
  )
  await t.rejects(access.deleteFrom('account_opening').execute(), denied)
  await t.rejects(world.dbFor('worker').selectFrom('account_opening').select('code_hash').execute(), denied)
  await t.rejects(world.dbFor('ingest').selectFrom('account_opening').select('id').execute(), denied)
  await release(idOf('auditor'))
})
