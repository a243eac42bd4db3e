import { randomBytes } from 'node:crypto'
import { dockDevice, leaveClearing } from '../access/docked.ts'
import { addMissingFile } from '../access/missing-file.ts'
import { tooManyWrongCodes } from '../insiders/acts-register.ts'
import type { Desk } from './desk.ts'

export async function callPeople({ bureau, by }: Desk): Promise<void> {
  const body = { name: '新领导', role: 'supervisor', account: 'xinlingdao' }
  const { id: personId } = (await by('administrator', 'POST /people', 201, { body })).body
  const one = { with: { personId } }
  await by('administrator', 'POST /people', 409, { body })
  await by('administrator', 'GET /people', 200)
  await by('supervisor', 'POST /people/{personId}/release', 409, one)
  await by('auditor', 'POST /people/{personId}/release', 200, one)
  await by('custodian', 'GET /people/openings', 200)
  const reason = { ...one, body: { reason: '本人不知情' } }
  await by('custodian', 'POST /people/{personId}/release/stop', 409, reason)
  const later = new Date(bureau.world.clock.now().getTime() + 60_000)
  await bureau.world.db.updateTable('account_opening').set({ effective_from: later }).execute()
  await by('custodian', 'POST /people/{personId}/release/stop', 204, reason)
  await by('administrator', 'POST /people/{personId}/password-reset', 200, one)
  await by('administrator', 'POST /people/{personId}/disable', 409, one)
  await by('administrator', 'POST /people/{personId}/shutting', 204, reason)
  await by('administrator', 'POST /people/{personId}/shutting', 409, reason)
  const decision = { ...one, body: { confirm: true, reason: '已核实' } }
  await by('auditor', 'POST /people/{personId}/shutting/decision', 204, decision)
  const leaving = { with: { personId: bureau.people.legal_reviewer.id } }
  await by('administrator', 'POST /people/{personId}/disable', 204, leaving)
}

export async function callDevices(desk: Desk): Promise<void> {
  const { bureau, by } = desk
  await by('administrator', 'POST /devices', 201, { body: { serial: 'ZJ09999', kind: 'recorder' } })
  await by('administrator', 'GET /devices', 200)
  const change = { with: { serial: 'ZJ09999' }, body: { state: 'retired', note: '报废' } }
  await by('administrator', 'POST /devices/{serial}/state', 204, change)
  const keeper = { body: { holderId: bureau.people.officer.id, note: '领用' }, with: { serial: 'ZJ09999' } }
  await by('administrator', 'POST /devices/{serial}/keeper', 201, keeper)
  await by('officer', 'POST /devices/{serial}/keeper/decision', 204, {
    body: { confirm: true },
    with: { serial: 'ZJ09999' },
  })
  await callDeviceActs(desk)
  await callGivingUp(desk)
  await by('administrator', 'POST /docks/enrolments', 201, { body: { name: '二大队采集站' } })
  await by('administrator', 'POST /docks/enrolments', 400, { body: {} })
  await by('auditor', 'GET /docks/enrolments', 200)
  await by('custodian', 'GET /clearings/open', 200)
  const dock = { name: '采集站', publicKey: randomBytes(32).toString('base64') }
  const { id: dockId } = (await by('administrator', 'POST /docks', 201, { body: dock })).body
  await by('administrator', 'GET /docks', 200)
  await by('supervisor', 'POST /docks/{dockId}/release', 204, { with: { dockId } })
  const lift = { with: { dockId }, body: { reason: '已核实，练习输码' } }
  await by('supervisor', 'POST /docks/{dockId}/code-limit/lift', 409, lift)
  await tooManyWrongCodes(bureau.world, dockId)
  await by('supervisor', 'POST /docks/{dockId}/code-limit/lift', 204, lift)
  await by('administrator', 'POST /docks/{dockId}/revoke', 204, { with: { dockId } })
  await by('administrator', 'GET /storage', 200)
}

async function callDeviceActs({ bureau, by }: Desk): Promise<void> {
  const serial = 'ZJ09996'
  const one = { with: { serial } }
  await by('administrator', 'POST /devices', 201, { body: { serial, kind: 'recorder' } })
  await by('administrator', 'POST /devices/{serial}/issue', 201, {
    ...one,
    body: { toId: bureau.people.officer.id, note: '领用' },
  })
  await by('officer', 'POST /devices/{serial}/keeper/decision', 204, { ...one, body: { confirm: true } })
  await by('administrator', 'POST /devices/{serial}/return', 201, { ...one, body: { note: '归还' } })
  const leaving = { note: '屏幕损坏', cardTakenOut: true }
  const back = { ...one, body: { note: '收回' } }
  for (const [act, body] of [
    ['repair', leaving],
    ['loan', { ...leaving, lentTo: '县应急管理局' }],
    ['loss', { note: '遗失', toldTo: '分管领导' }],
    ['retire', leaving],
  ] as const) {
    await by('administrator', `POST /devices/{serial}/${act}`, 200, { ...one, body })
    await by('administrator', `POST /devices/{serial}/${act}`, 409, { ...one, body })
    await by('administrator', 'POST /devices/{serial}/taking-back', 200, back)
  }
  const dock = { name: '三大队采集站', publicKey: randomBytes(32).toString('base64') }
  const { id: dockId } = (await by('administrator', 'POST /docks', 201, { body: dock })).body
  await addMissingFile(bureau, { serial, dockId })
  await by('administrator', 'POST /devices/{serial}/repair', 200, { ...one, body: leaving })
  await by('supervisor', 'POST /devices/{serial}/act/decision', 204, { ...one, body: { confirm: false } })
  await by('auditor', 'GET /devices/{serial}', 200, one)
  await by('auditor', 'GET /devices/{serial}/history', 200, one)
  await by('auditor', 'GET /devices/{serial}/clock', 200, one)
  await by('auditor', 'GET /devices/{serial}/checks', 200, one)
}

/** A clearing that a dock announced before it was revoked. */
async function callGivingUp({ bureau, by }: Desk): Promise<void> {
  const serial = 'ZJ09996'
  const docked = await dockDevice(bureau.world, { serial })
  const clearingId = await leaveClearing(bureau.world, docked, serial)
  const revoked = { revoked_at: bureau.world.clock.now() }
  await bureau.world.db.updateTable('dock').set(revoked).where('id', '=', docked.dock.id).execute()
  const asked = { with: { clearingId }, body: { reason: '采集站已烧毁' } }
  await by('custodian', 'POST /clearings/{clearingId}/giving-up', 201, asked)
  await by('custodian', 'POST /clearings/{clearingId}/giving-up', 409, asked)
  const decision = { with: { clearingId }, body: { confirm: true } }
  await by('supervisor', 'POST /clearings/{clearingId}/giving-up/decision', 200, decision)
}

export async function callCustodian({ bureau, by }: Desk): Promise<void> {
  const body = { toPersonId: bureau.people.custodian_waiting.id, reason: '岗位调整', absent: false }
  const { id: handoverId } = (await by('supervisor', 'POST /custodian/handovers', 201, { body })).body
  await by('supervisor', 'POST /custodian/handovers', 409, { body })
  await by('custodian', 'POST /custodian/handovers/{handoverId}/signatures', 201, { with: { handoverId } })
  await by('officer', 'GET /custodian', 200)
  await by('supervisor', 'DELETE /custodian/handovers/{handoverId}', 204, { with: { handoverId } })
}

export async function callSettings({ by }: Desk): Promise<void> {
  const key = 'account.new_days'
  const proposals = 'POST /settings/{key}/proposals'
  const proposal = { with: { key }, body: { value: 45, source: '局务会纪要' } }
  await by('custodian', proposals, 200, { ...proposal, query: 'preview=true' })
  const { id: withdrawn } = (await by('custodian', proposals, 201, proposal)).body
  await by('custodian', proposals, 409, proposal)
  const proposalPath = '/settings/{key}/proposals/{proposalId}'
  await by('custodian', `DELETE ${proposalPath}`, 204, { with: { key, proposalId: withdrawn } })
  const { id: proposalId } = (await by('custodian', proposals, 201, proposal)).body
  await by('supervisor', 'GET /settings', 200)
  const decision = { with: { key, proposalId }, body: { accept: true } }
  await by('supervisor', `POST ${proposalPath}/decision`, 200, decision)
  await by('supervisor', 'GET /settings/{key}/history', 200, { with: { key } })
  const seen = { with: { noticeId: `setting_changed:${proposalId}` } }
  await by('auditor', 'POST /notices/{noticeId}/seen', 204, seen)
  await by('auditor', 'POST /notices/{noticeId}/seen', 404, seen)
}

export async function callDeputies({ bureau, by }: Desk): Promise<void> {
  const endsAt = new Date(bureau.world.clock.now().getTime() + 24 * 60 * 60_000).toISOString()
  const body = { deputyId: bureau.people.deputy.id, reason: '外出学习', endsAt }
  const { id: deputyshipId } = (await by('supervisor', 'POST /deputyships', 201, { body })).body
  await by('supervisor', 'POST /deputyships', 409, { body })
  await by('auditor', 'GET /deputyships', 200)
  const path = 'POST /deputyships/{deputyshipId}'
  await by('auditor', `${path}/decision`, 200, { with: { deputyshipId }, body: { approve: true } })
  await by('supervisor', `${path}/end`, 204, { with: { deputyshipId }, body: { reason: '提前返岗' } })
}

export async function callSpares({ bureau, by }: Desk): Promise<void> {
  await by('supervisor', 'GET /seats', 200)
  const { supervisor, custodian } = bureau.people
  const sealNumber = 'FT-0017'
  const one = { with: { personId: supervisor.id }, body: { sealNumber } }
  const path = 'POST /people/{personId}/spare'
  const sealing = { ...one, body: { sealNumber, place: '镇党政办保险柜', withPersonId: custodian.id } }
  await by('auditor', path, 201, sealing)
  await by('auditor', path, 409, sealing)
  await by('custodian', `${path}/confirmation`, 204, one)
  await by('custodian', `${path}/opening-request`, 204, { ...one, body: { sealNumber, reason: '法制办外出' } })
  await by('custodian', `${path}/opening`, 409, one)
  await by('administrator', `${path}/opening`, 200, one)
  await by('auditor', 'GET /spares', 200)
}
