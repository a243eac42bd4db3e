import { openAccount, passwordOf, signInAs, useSecrets } from './accounts.ts'
import type { Bureau, Person } from './bureau.ts'

const dayMs = 24 * 60 * 60_000

/** The only auditor after `openInPlace`; a month after that began his account is new no more. */
export async function lateAuditor(bureau: Bureau): Promise<Person> {
  const row = await bureau.world.db
    .selectFrom('person')
    .where('account', '=', 'auditor2')
    .select('id')
    .executeTakeFirstOrThrow()
  return { id: row.id, account: 'auditor2', password: passwordOf('auditor2'), role: 'auditor' }
}

/**
 * A new custodian's account that the supervisor released in the auditors' place: the only auditor in service is new himself,
 * and the same administrator made his account.
 */
export async function openInPlace(bureau: Bureau): Promise<Person> {
  const { people, world } = bureau
  const first = await signInAs(bureau, 'administrator', 'supervisor')
  const by = { maker: first.administrator, releaser: first.supervisor }
  await openAccount(bureau, by, { role: 'auditor', account: 'auditor2' })
  const leaving = `/people/${people.auditor.id}/shutting`
  await first.administrator.call('POST', leaving, { reason: '调离' })
  await first.supervisor.call('POST', `${leaving}/decision`, { confirm: true, reason: '已核实' })
  world.clock.advance(20 * dayMs)
  const { administrator, supervisor } = await signInAs(bureau, 'administrator', 'supervisor')
  const wanted = { name: '新管理员', role: 'custodian', account: 'custodian3' } as const
  const made = await administrator.call('POST', '/people', wanted)
  const released = await supervisor.call('POST', `/people/${made.body.id}/release`)
  world.clock.set(new Date(Date.parse(released.body.effectiveFrom) + 60_000))
  return useSecrets(bureau, { id: made.body.id, ...wanted }, made.body.firstPassword, released.body.code)
}

/** The custodian in office hands over to him: with the old custodian's own name the hand-over stands. */
export async function takeOffice(bureau: Bureau, successor: Person) {
  const { custodian, supervisor } = await signInAs(bureau, 'custodian', 'supervisor')
  const incoming = await bureau.signIn(successor)
  const proposal = { toPersonId: successor.id, reason: '岗位轮换', absent: false }
  const { id } = (await custodian.call('POST', '/custodian/handovers', proposal)).body
  for (const signer of [custodian, supervisor, incoming]) {
    const signed = await signer.call('POST', `/custodian/handovers/${id}/signatures`)
    if (signed.status !== 201) throw new Error(JSON.stringify(signed.body))
  }
  return incoming
}

export async function openCase(bureau: Bureau): Promise<string> {
  const officer = await bureau.signIn(bureau.people.officer)
  const party = await officer.call('POST', '/parties', { kind: 'shop', name: '便民超市' })
  const opened = await officer.call('POST', '/cases', {
    number: '综执检〔2027〕1号',
    kind: 'inspection',
    title: '检查',
    partyId: party.body.id,
    departments: ['综合执法局'],
    officerIds: [bureau.people.officer.id, bureau.people.officer2.id],
  })
  return opened.body.id
}
