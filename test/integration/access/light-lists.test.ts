import { randomBytes } from 'node:crypto'
import t from 'tap'
import { signInAs, signListed, useSecrets } from './accounts.ts'
import { openBureau, type Session } from './bureau.ts'
import { findingsOf, run, tamper } from './by-command.ts'

const refusal = (status: number, message: RegExp) => ({ status, body: { error: { message } } })

t.test('officers’ accounts, keepers and docks are signed in lists, an event each', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const { administrator, supervisor, auditor } = await signInAs(bureau, 'administrator', 'supervisor', 'auditor')
  const sign = (by: Session, act: string, items: { id: string; proposalId: string }[], confirmed = true) =>
    signListed(
      by,
      items.map((item) => ({ act, ...item })),
      confirmed,
    )
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

t.test('custody sign-list shows each item in words and signs the digest that it showed', async (t) => {
  const bureau = await openBureau(t)
  const { administrator } = await signInAs(bureau, 'administrator')
  const person = { name: '新人', role: 'officer', account: 'xin.ren' }
  const { id } = (await administrator.call('POST', '/people', person)).body
  const { openings } = (await administrator.call('GET', '/people/openings')).body
  const list = ['sign-list', 'person.released', `${id}/${openings[0].id}`]
  const shown = await run(bureau, 'auditor', ...list)
  t.match(shown, {
    code: 0,
    out: /^1 {2}新人（xin.ren，执法人员）新建账号；经办人administrator 同志\n--list [0-9a-f]{64}$/,
  })
  t.same(await bureau.eventsOf('person.released'), [], 'looking signs nothing')
  const digest = /--list ([0-9a-f]{64})/.exec(shown.out)![1]!
  t.match(await run(bureau, 'auditor', ...list, '--list', 'f'.repeat(64)), { code: 2, err: /look at it again/ })
  const signed = await run(bureau, 'auditor', ...list, '--list', digest)
  t.match(signed, {
    code: 0,
    out: new RegExp(`^已签署清单 ${digest}\\n新人（xin.ren.*复核码 [A-Z2-9-]{19}（仅显示一次）$`),
  })
})

t.test('what is signed is the list that was shown', async (t) => {
  const bureau = await openBureau(t)
  const { administrator, auditor } = await signInAs(bureau, 'administrator', 'auditor')
  const items: { act: string; id: string; proposalId: string }[] = []
  for (const name of ['一站', '二站']) {
    const publicKey = randomBytes(32).toString('base64')
    const { id } = (await administrator.call('POST', '/docks', { name, publicKey })).body
    items.push({ act: 'dock.released', id, proposalId: id })
  }
  const look = async (ticked: typeof items) =>
    (await auditor.call('POST', '/signatures/lists?preview=true', { confirmed: true, items: ticked })).body
  const shown = await look(items)
  t.match(shown.items, [{ zh: /采集站“一站”，公钥[0-9a-f]{64}/ }, { en: /the dock “二站”/ }])
  t.same(await look(items), shown, 'the same list each time it is looked at')
  const sign = (body: object) => auditor.call('POST', '/signatures/lists', { confirmed: true, ...body })
  t.match(await sign({ items }), refusal(400, /look at the list first/))
  t.match(await sign({ items: items.slice(1), sha256: shown.sha256 }), refusal(409, /look at it again/))
  t.same(await bureau.eventsOf('dock.released'), [])
  t.match(await sign({ items, sha256: shown.sha256 }), { status: 201, body: { listId: shown.listId } })
})
