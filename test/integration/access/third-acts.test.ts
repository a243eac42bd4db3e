import { generateKeyPairSync } from 'node:crypto'
import t, { type Test } from 'tap'
import { sha256 } from '../../../services/foundation/hash.ts'
import { openAccount, signInAs } from './accounts.ts'
import { type Answer, type Bureau, openBureau, type Session } from './bureau.ts'

const reason = '按局务会决定'
const dependent = { status: 409, body: { error: { message: /has been in use for less than 30 days/ } } }
const staff = ['administrator', 'auditor', 'supervisor', 'custodian', 'custodian_waiting'] as const

interface Third {
  readonly act: string
  readonly subjectId: string
  readonly matter?: string
}

/** The act is refused for its names, and done once a third signature stands under it. */
async function needsThird(
  t: Test,
  adder: Session,
  one: Third & { sign: () => Promise<Answer>; done: number },
): Promise<void> {
  const { sign, done, ...third } = one
  t.match(await sign(), dependent, third.act)
  const scanSha256 = sha256(third.subjectId + third.act).toString('hex')
  const sheet = { ...third, name: '周敏', office: '区司法局', scanSha256 }
  t.match(await adder.call('POST', '/signatures/third', sheet), { status: 201 }, `${third.act}: a sheet is added`)
  t.match(await sign(), { status: done }, `${third.act}, with a third signature`)
}

async function someone(bureau: Bureau, by: { maker: Session; releaser: Session }, role: 'supervisor' | 'auditor') {
  const person = await openAccount(bureau, by, { role, account: `${role}2` })
  return { ...person, session: await bureau.signIn(person) }
}

t.test(
  'what a supervisor and the auditor who opened that account would do alone takes a third signature',
  async (t) => {
    const bureau = await openBureau(t)
    const { people } = bureau
    const { administrator, auditor, custodian_waiting: adder, custodian } = await signInAs(bureau, ...staff)
    const { session: invented } = await someone(bureau, { maker: administrator, releaser: auditor }, 'supervisor')

    const key = 'account.new_days'
    const proposal = await invented.call('POST', `/settings/${key}/proposals`, { value: 1, source: '局务会纪要' })
    const decision = `/settings/${key}/proposals/${proposal.body.id}/decision`
    await needsThird(t, adder, {
      ...{ act: 'setting.changed', subjectId: key, matter: proposal.body.id, done: 200 },
      sign: () => auditor.call('POST', decision, { accept: true }),
    })
    t.match((await bureau.eventsOf('setting.changed')).at(-1)?.details.third, { name: '周敏' })
    await bureau.world.db.updateTable('setting_version').set({ value: '30' }).where('key', '=', key).execute()

    const shutting = `/people/${people.officer2.id}/shutting`
    t.equal((await invented.call('POST', shutting, { reason })).status, 204)
    await needsThird(t, adder, {
      ...{ act: 'person.disabled', subjectId: people.officer2.id, done: 204 },
      sign: () => auditor.call('POST', `${shutting}/decision`, { confirm: true, reason }),
    })
    t.match((await bureau.eventsOf('person.disabled')).at(-1)?.details.third, { name: '周敏' })

    const path = `/people/${people.officer.id}/spare`
    const sealNumber = 'FT-0201'
    const spare = await auditor.call('POST', path, { sealNumber, place: '保险柜', withPersonId: people.custodian.id })
    t.equal((await custodian.call('POST', `${path}/confirmation`, { sealNumber })).status, 204)
    t.equal((await invented.call('POST', `${path}/opening-request`, { sealNumber, reason })).status, 204)
    await needsThird(t, adder, {
      ...{ act: 'spare.opened', subjectId: people.officer.id, matter: spare.body.id, done: 200 },
      sign: () => auditor.call('POST', `${path}/opening`, { sealNumber }),
    })
  },
)

t.test('so do a dock, and an account, of an administrator whom that auditor opened', async (t) => {
  const bureau = await openBureau(t)
  const { administrator, auditor, supervisor, custodian_waiting: adder } = await signInAs(bureau, ...staff)
  const by = { maker: administrator, releaser: auditor }
  const invented = await bureau.signIn(
    await openAccount(bureau, by, { role: 'administrator', account: 'administrator2' }),
  )
  const publicKey = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  const registered = { name: '三号采集站', publicKey: publicKey.toString('base64') }
  const dock = await invented.call('POST', '/docks', registered)
  t.equal(dock.status, 201)
  await needsThird(t, adder, {
    ...{ act: 'dock.released', subjectId: dock.body.id, done: 204 },
    sign: () => auditor.call('POST', `/docks/${dock.body.id}/release`),
  })

  const made = await invented.call('POST', '/people', { name: '新同志', role: 'officer', account: 'officer3' })
  const release = `/people/${made.body.id}/release`
  t.equal((await supervisor.call('POST', release)).status, 200)
  await needsThird(t, adder, {
    ...{ act: 'person.released', subjectId: made.body.id, done: 200 },
    sign: () => auditor.call('POST', release),
  })
})

t.test('so do a deputyship and the hand-over of an absent custodian, with a supervisor’s own auditor', async (t) => {
  const bureau = await openBureau(t)
  const { people, world } = bureau
  const { administrator, auditor, supervisor, custodian_waiting } = await signInAs(bureau, ...staff)
  const { session: invented } = await someone(bureau, { maker: administrator, releaser: supervisor }, 'auditor')

  const endsAt = new Date(world.clock.now().getTime() + 24 * 60 * 60_000).toISOString()
  const named = await supervisor.call('POST', '/deputyships', { deputyId: people.deputy.id, reason, endsAt })
  await needsThird(t, auditor, {
    ...{ act: 'deputyship.signed', subjectId: people.deputy.id, matter: named.body.id, done: 200 },
    sign: () => invented.call('POST', `/deputyships/${named.body.id}/decision`, { approve: true }),
  })

  const proposal = { toPersonId: people.custodian_waiting.id, reason: '病假一个月', absent: true }
  const { id } = (await supervisor.call('POST', '/custodian/handovers', proposal)).body
  const signing = (by: Session) => by.call('POST', `/custodian/handovers/${id}/signatures`)
  const matter = { act: 'custodian.handover_signed', subjectId: people.custodian.id, matter: id }
  const sheet = { ...matter, name: '吴磊', office: '区司法局', scanSha256: 'b'.repeat(64) }
  t.equal((await custodian_waiting.call('POST', '/signatures/third', sheet)).status, 201, 'he has not signed yet')
  for (const by of [supervisor, custodian_waiting]) t.match(await signing(by), { status: 201 })
  t.match(
    await signing(invented),
    { status: 409, body: { error: { message: /of 吴磊 was added by somebody who signs the act/ } } },
    'the successor’s own name makes no two offices of one, nor does his sheet',
  )
  await needsThird(t, auditor, { ...matter, done: 201, sign: () => signing(invented) })
  t.match((await bureau.eventsOf('custodian.handed_over')).length, 1)
})
