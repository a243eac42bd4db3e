import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import { runProgram } from '../../../services/cli/program.ts'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import { testTerminal } from '../../support/terminal.ts'
import { settled } from '../fsck/tampered-world.ts'
import { signInAs, useSecrets } from './accounts.ts'
import { type Bureau, openBureau, type Session } from './bureau.ts'
import { addFootage } from './footage.ts'

const refusal = (status: number, message: RegExp) => ({ status, body: { error: { message } } })

/** What a command of somebody who signs in prints. */
async function run({ base, people }: Bureau, who: keyof Bureau['people'], ...args: string[]) {
  const { account, password } = people[who]
  const terminal = testTerminal({ CUSTODY_ACCESS: base, CUSTODY_ACCOUNT: account, CUSTODY_PASSWORD: password })
  const code = await runProgram(args, terminal)
  return { code, out: terminal.printed.join('\n'), err: terminal.told.join('\n') }
}

async function findingsOf({ world, log }: Bureau): Promise<string[]> {
  await settled(world)
  const keys = { verifierKey: log.verifierKeys, vrfPublicKey: log.vrfPublicKey.toString('hex') }
  const found = await fsck({ db: world.db, stores: null, ...keys })
  return found.filter(({ check }) => /^(rows|signatures)/.test(check)).map(({ check }) => check)
}

/** Changes one stored event, as only somebody with the database in his hands can. */
async function tamper(bureau: Bureau, kind: string, from: string, to: string): Promise<void> {
  await bureau.world.asSuperuser((db) =>
    db.transaction().execute(async (trx) => {
      await sql`set local session_replication_role = replica`.execute(trx)
      await sql`update event set body = replace(body, ${from}, ${to}) where kind = ${kind}`.execute(trx)
    }),
  )
}

t.test('officers’ accounts, keepers and docks are signed in lists, an event each', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const { administrator, supervisor, auditor } = await signInAs(bureau, 'administrator', 'supervisor', 'auditor')
  const sign = (by: Session, act: string, items: { id: string; proposalId: string }[], confirmed = true) =>
    by.call('POST', '/signatures/lists', { confirmed, items: items.map((item) => ({ act, ...item })) })
  const make = async (role: string, account: string) =>
    (await administrator.call('POST', '/people', { name: '新人', role, account })).body as {
      id: string
      firstPassword: string
    }
  const officer = await make('officer', 'xin.ren')
  const assistant = await make('assistant', 'xin.fuzhu')
  const leader = await make('deputy', 'xin.ling')
  const openingOf = async (id: string) => {
    const { openings } = (await supervisor.call('GET', '/people/openings')).body
    return { id, proposalId: openings.find((one: { person: { id: string } }) => one.person.id === id).id as string }
  }
  const openings = [await openingOf(officer.id), await openingOf(assistant.id)]
  const withLeader = [...openings, await openingOf(leader.id)]
  t.match(
    await sign(auditor, 'person.released', withLeader),
    refusal(400, /item 3 .*the role deputy is released singly/),
  )
  t.match(await sign(supervisor, 'person.released', openings, false), refusal(400, /is turned down singly/))
  t.match(await sign(administrator, 'person.released', openings), { status: 403 })
  const stale = [openings[0]!, { id: assistant.id, proposalId: officer.id }]
  t.match(await sign(supervisor, 'person.released', stale), refusal(409, /item 2 .*reset since.*nothing in this list/))
  t.same(await bureau.eventsOf('person.released'), [])
  const released = await sign(supervisor, 'person.released', openings)
  t.match(released, { status: 201, body: { items: [{ id: officer.id, code: /^[A-Z2-9-]{19}$/ }, { outcome: null }] } })
  const account = { id: officer.id, role: 'officer', account: 'xin.ren' } as const
  await useSecrets(bureau, account, officer.firstPassword, released.body.items[0].code)
  t.match(await bureau.eventsOf('person.released'), [
    { details: { list: { place: 1, of: 2, sha256: released.body.sha256 }, openingId: openings[0]!.proposalId } },
    { details: { list: { place: 2, of: 2 }, statement: { object: `list:${released.body.listId}` } } },
  ])
  t.match(await sign(supervisor, 'person.released', openings), refusal(409, /item 1 .*released already/))
  // What was reset after the list is another opening; the list stays what it was.
  await administrator.call('POST', `/people/${officer.id}/password-reset`)

  const changes: { id: string; proposalId: string }[] = []
  for (const serial of ['ZJ08001', 'ZJ08002']) {
    await administrator.call('POST', '/devices', { serial, kind: 'recorder' })
    const asked = { holderId: people.officer.id, note: '领用' }
    const { id } = (await administrator.call('POST', `/devices/${serial}/keeper`, asked)).body
    changes.push({ id, proposalId: id })
  }
  const another = await bureau.signIn(people.officer2)
  t.match(await sign(another, 'device.keeper_changed', changes), refusal(404, /item 1 .*waits for you/))
  t.match(await sign(supervisor, 'device.keeper_changed', changes), { status: 201 })
  t.equal((await bureau.eventsOf('device.keeper_changed')).length, 2)
  t.match(await sign(supervisor, 'device.keeper_changed', changes), refusal(404, /item 1 .*nothing in this list/))

  const docks: { id: string; proposalId: string }[] = []
  for (const name of ['一站', '二站']) {
    const publicKey = randomBytes(32).toString('base64')
    const { id } = (await administrator.call('POST', '/docks', { name, publicKey })).body
    docks.push({ id, proposalId: id })
  }
  t.match(await sign(auditor, 'dock.released', docks), { status: 201 })
  t.match(await bureau.eventsOf('dock.released'), [{ details: { list: { of: 2 } } }, { details: { list: { of: 2 } } }])
  t.match(await sign(auditor, 'dock.released', docks), refusal(409, /item 1 .*waits for no release/))

  t.same(await findingsOf(bureau), [])
  await tamper(bureau, 'dock.registered', '一站', '三站')
  t.ok((await findingsOf(bureau)).includes('signatures.list_differs'))
})

t.test(
  'a whole card that stood on no signed list is proposed and accepted at once, an event for each recording',
  async (t) => {
    const bureau = await openBureau(t)
    const { custodian, supervisor } = await signInAs(bureau, 'custodian', 'supervisor')
    const add = (deviceSerial: string, quarantineReason: 'not_listed' | 'unknown_device' = 'not_listed') =>
      addFootage(bureau, { deviceSerial, quarantineReason, segments: 1 })
    const card: string[] = []
    for (let made = 0; made < 22; made += 1) card.push((await add('ZJ00001')).recordingId)
    const unknown = await add('ZJ00001', 'unknown_device')
    await add('ZJ00002')
    const batch = { deviceSerial: 'ZJ00001', outcome: 'accept', reason: '与当日出勤登记核对一致' }
    t.equal((await supervisor.call('POST', '/quarantine/batches', batch)).status, 403)
    t.match(await custodian.call('POST', '/quarantine/batches', { ...batch, deviceSerial: 'ZJ00009' }), { status: 404 })
    const singly = { outcome: 'keep_apart', reason: '另存备查' }
    t.equal((await custodian.call('POST', `/quarantine/${card[0]}/proposals`, singly)).status, 201)
    const proposed = await custodian.call('POST', '/quarantine/batches', batch)
    t.match(
      proposed,
      { status: 201, body: { recordings: 21 } },
      'one is proposed already, one is there for another reason',
    )
    t.match(await custodian.call('POST', '/quarantine/batches', batch), { status: 404 }, 'nothing is left')
    const { recordings } = (await supervisor.call('GET', '/quarantine')).body
    const waiting = recordings.filter((one: { proposal: { batchId: string | null } | null }) => one.proposal?.batchId)
    t.equal(waiting.length, 21)

    t.match(await run(bureau, 'supervisor', 'quarantine', 'list'), {
      out: new RegExp(`accept .* batch ${proposed.body.id}`),
    })
    const decision = `/quarantine/batches/${proposed.body.id}/decision`
    t.equal((await custodian.call('POST', decision, { confirmed: true })).status, 403)
    const decided = await supervisor.call('POST', decision, { confirmed: true })
    t.match(decided, { status: 200, body: { recordings: 21 } })
    const events = await bureau.eventsOf('quarantine.resolved')
    t.equal(events.length, 21)
    t.same(new Set(events.map(({ details }) => details.list.sha256)), new Set([decided.body.sha256]))
    t.notOk(events.some(({ subjects }) => subjects.includes(`recording:${unknown.recordingId}`)))
    t.match(await supervisor.call('POST', decision, { confirmed: true }), { status: 404 })
    t.equal((await bureau.eventsOf('quarantine.proposed')).filter(({ details }) => details.batchId).length, 21)
    const fits = (await findingsOf(bureau)).filter((check) => check.startsWith('signatures'))
    t.same(fits, [])
    await tamper(bureau, 'quarantine.resolved', '"place":7,', '"place":8,')
    t.ok((await findingsOf(bureau)).includes('signatures.list_differs'))
  },
)

t.test('custody quarantine and custody sign-list do the same', async (t) => {
  const bureau = await openBureau(t)
  const { administrator } = await signInAs(bureau, 'administrator')
  await addFootage(bureau, { deviceSerial: 'ZJ00001', quarantineReason: 'not_listed', segments: 1 })
  const why = ['--outcome', 'keep_apart', '--reason', '另存备查']
  const proposed = await run(bureau, 'custodian', 'quarantine', 'propose-card', 'ZJ00001', ...why)
  t.match(proposed, { code: 0, out: /^已提议 1 个文件，须由分管领导决定：[0-9a-f-]{36}$/ })
  const batch = proposed.out.slice(-36)
  t.match(await run(bureau, 'supervisor', 'quarantine', 'decide-card', batch), {
    code: 2,
    err: /--confirm and --refuse/,
  })
  t.equal((await run(bureau, 'custodian', 'quarantine', 'decide-card', batch, '--confirm')).code, 2)
  const decided = await run(bureau, 'supervisor', 'quarantine', 'decide-card', batch, '--confirm', '--lang', 'en')
  t.match(decided, { code: 0, out: /^decided on 1 recordings, list [0-9a-f]{64}$/ })

  const person = { name: '新人', role: 'officer', account: 'xin.ren' }
  const { id } = (await administrator.call('POST', '/people', person)).body
  const { openings } = (await administrator.call('GET', '/people/openings')).body
  const signed = await run(bureau, 'auditor', 'sign-list', 'person.released', `${id}/${openings[0].id}`)
  t.match(signed, { code: 0, out: new RegExp(`^已签署清单 [0-9a-f]{64}\\n${id} {2}[A-Z2-9-]{19}$`) })
})
