import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { addInventory } from '../../support/inventory.ts'
import { publishedSize } from '../../support/witness-loop.ts'
import { addFootage } from '../access/footage.ts'
import { jobOf, never, packageHandler } from '../package/making.ts'
import type { CallOptions } from './caller.ts'
import type { Desk, Office, Who } from './desk.ts'
import { callHandIns } from './hand-in-calls.ts'
import { callCustodian, callDeputies, callDevices, callPeople, callSettings, callSpares } from './register-calls.ts'

/** A case with a recording, and one without: the recording's bytes and seal are not real, so no package is made of it. */
interface Filed {
  readonly caseId: string
  readonly recordingId: string
  readonly emptyCaseId: string
}

/** Calls each route of access. What is refused to somebody who is not signed in is tested for all routes alike. */
export async function callAccess(office: Office): Promise<void> {
  await callBeforeTheFirstCheckpoint(office)
  office.bureau.startSequencer()
  const tokens = await signInAll(office)
  const desk: Desk = { ...office, by: (who, ...rest) => office.server.call(tokens.get(who)!, ...rest) }
  await callPeople(desk)
  await callDevices(desk)
  await callCustodian(desk)
  await callSettings(desk)
  await callDeputies(desk)
  await callSpares(desk)
  await callHandIns(desk)
  const filed = await callCases(desk)
  await callViewings(desk, filed.recordingId)
  await callQuarantine(desk)
  await callSupplied(desk)
  await callPackages(desk, filed.emptyCaseId)
  await callLedger(desk)
  await callTimestamps(desk)
  await desk.by('custodian', 'DELETE /recordings/{recordingId}/cases/{caseId}', 204, {
    with: { caseId: filed.caseId, recordingId: filed.recordingId },
    query: `reason=${encodeURIComponent('归错了案卷')}`,
  })
  await callSession(desk)
}

async function callBeforeTheFirstCheckpoint({ server }: Office): Promise<void> {
  const anyone = (name: string, status: number, options?: CallOptions) => server.call(null, name, status, options)
  await anyone('GET /healthz', 200)
  await anyone('GET /readyz', 200)
  for (const path of ['/checkpoint', '/checkpoint/witnessed']) {
    await anyone(`GET ${path}`, 404)
    await anyone(`HEAD ${path}`, 404)
  }
  await anyone('GET /tile/{*}', 404, { with: { '*': '0/000' } })
  await anyone('HEAD /tile/{*}', 404, { with: { '*': '0/000' } })
  await anyone('GET /ledger/keys', 200)
  await anyone('HEAD /ledger/keys', 200)
  await anyone('GET /ledger/proofs/{index}', 404, { with: { index: 0 } })
  await anyone('GET /ledger/consistency', 400, { query: 'from=2&to=1' })
  await anyone('GET /ledger/timestamps', 400, { query: 'limit=0' })
  await anyone('GET /ledger/timestamps/{size}', 404, { with: { size: 1 } })
  await anyone('GET /ledger/timestamps/{size}/{authority}', 404, { with: { size: 1, authority: 'tsa' } })
}

async function signInAll({ bureau, server }: Office): Promise<ReadonlyMap<Who, string>> {
  const tokens = new Map<Who, string>()
  for (const [who, { account, password }] of Object.entries(bureau.people)) {
    const { body } = await server.call(null, 'POST /session', 201, { body: { account, password } })
    tokens.set(who as Who, body.token)
  }
  await server.call(null, 'POST /session', 401, { body: { account: 'officer', password: 'wrong' } })
  return tokens
}

async function callCases({ bureau, by }: Desk): Promise<Filed> {
  const { officer, officer2 } = bureau.people
  const officerIds = [officer.id, officer2.id]
  const party = { kind: 'shop', name: '便民超市' }
  const { id: partyId } = (await by('officer', 'POST /parties', 201, { body: party })).body
  await by('officer', 'GET /parties', 200)
  await by('officer', 'GET /parties/named', 200, { query: `name=${encodeURIComponent('便民超市')}` })
  const opening = { number: '综执检〔2026〕1号', kind: 'inspection', title: '检查', departments: ['综合执法局'] }
  const { id: caseId } = (await by('officer', 'POST /cases', 201, { body: { ...opening, partyId, officerIds } })).body
  await by('officer', 'POST /cases', 409, { body: { ...opening, partyId, officerIds } })
  const another = { ...opening, number: '综执检〔2026〕2号', partyId, officerIds }
  const { id: emptyCaseId } = (await by('officer', 'POST /cases', 201, { body: another })).body
  await by('officer', 'GET /parties/{partyId}', 200, { with: { partyId } })
  await by('officer', 'GET /cases', 200)

  const { recordingId } = await addFootage(bureau, { officerId: officer.id })
  await by('officer', 'GET /recordings', 200)
  await by('officer', 'GET /recordings/{recordingId}', 200, { with: { recordingId } })
  await by('officer', 'GET /recordings/{recordingId}/inventory', 404, { with: { recordingId } })
  await addInventory(bureau.world, { id: recordingId, deviceSerial: 'ZJ00001' })
  await by('officer', 'GET /recordings/{recordingId}/inventory', 200, { with: { recordingId } })
  await by('officer', 'GET /recordings/{recordingId}', 200, { with: { recordingId } })
  await by('officer2', 'GET /recordings/{recordingId}', 404, { with: { recordingId } })
  await by('officer2', 'GET /recordings/{recordingId}/inventory', 404, { with: { recordingId } })
  await by('officer', 'GET /recordings/{recordingId}/receipt', 200, { with: { recordingId } })
  await by('officer', 'GET /recordings/{recordingId}/receipt.html', 200, { with: { recordingId } })
  await by('officer2', 'GET /recordings/{recordingId}/receipt.html', 404, { with: { recordingId } })
  const filing = { caseId, stage: 'investigation', officerIds }
  await by('officer', 'POST /recordings/{recordingId}/cases', 204, { with: { recordingId }, body: filing })
  await by('officer', 'GET /cases/{caseId}', 200, { with: { caseId } })
  await by('auditor', 'GET /cases/{caseId}/chain', 200, { with: { caseId } })
  return { caseId, recordingId, emptyCaseId }
}

async function callViewings({ bureau, by }: Desk, recordingId: string): Promise<void> {
  const open = async (id: string) => {
    const opening = { with: { recordingId: id }, body: { purpose: '核查执法过程' } }
    const { viewingId } = (await by('custodian', 'POST /recordings/{recordingId}/viewings', 201, opening)).body
    return { viewingId } as { viewingId: string }
  }
  const viewing = await open(recordingId)
  await by('officer', 'POST /recordings/{recordingId}/viewings', 403, { with: { recordingId }, body: {} })
  const renewal = { with: viewing, body: { positionMs: 6000 } }
  await by('custodian', 'POST /viewings/{viewingId}/renewals', 201, renewal)
  await by('custodian', 'GET /viewings/{viewingId}/playlist.m3u8', 200, { with: viewing })
  const main = { ...viewing, track: 0 }
  await by('custodian', 'GET /viewings/{viewingId}/tracks/{track}/playlist.m3u8', 200, { with: main })
  await by('custodian', 'GET /viewings/{viewingId}/tracks/{track}/playlist.m3u8', 404, {
    with: { ...viewing, track: 9 },
  })
  await by('custodian', 'GET /viewings/{viewingId}/tracks/{track}/init', 200, { with: main })
  await by('custodian', 'GET /viewings/{viewingId}/tracks/{track}/segments/{number}', 200, {
    with: { ...main, number: 0 },
  })
  await by('custodian', 'GET /viewings/{viewingId}/tracks/{track}/segments/{number}', 404, {
    with: { ...main, number: 999 },
  })
  await by('custodian', 'GET /viewings/{viewingId}/thumbnails/{number}', 200, { with: { ...viewing, number: 0 } })
  await by('supervisor', 'GET /viewings', 200)
  await by('custodian', 'DELETE /viewings/{viewingId}', 204, { with: viewing })
  const still = await addFootage(bureau, { kind: 'still', deviceSerial: 'ZJ00002' })
  await by('custodian', 'GET /viewings/{viewingId}/still', 200, { with: await open(still.recordingId) })
}

async function callQuarantine({ bureau, by }: Desk): Promise<void> {
  const { recordingId } = await addFootage(bureau, { quarantineReason: 'unknown_device' })
  const proposal = { outcome: 'keep_apart', reason: '设备未登记' }
  await by('custodian', 'POST /quarantine/{recordingId}/proposals', 201, { with: { recordingId }, body: proposal })
  await by('custodian', 'GET /quarantine', 200)
  const decision = { with: { recordingId }, body: { confirmed: true } }
  await by('supervisor', 'POST /quarantine/{recordingId}/decision', 200, decision)

  const listed = await addFootage(bureau, { quarantineReason: 'unknown_device', deviceSerial: 'ZJ00004' })
  const again = { with: { recordingId: listed.recordingId }, body: proposal }
  const { id: proposalId } = (await by('custodian', 'POST /quarantine/{recordingId}/proposals', 201, again)).body
  const items = [{ act: 'quarantine.resolved', id: listed.recordingId, proposalId }]
  const list = { confirmed: true, items }
  const shown = await by('supervisor', 'POST /signatures/lists', 200, { query: 'preview=true', body: list })
  await by('supervisor', 'POST /signatures/lists', 201, { body: { ...list, sha256: shown.body.sha256 } })
  await by('supervisor', 'POST /signatures/lists', 400, { body: { confirmed: true, items: [] } })
  await addFootage(bureau, { quarantineReason: 'not_listed', deviceSerial: 'ZJ00005' })
  const card = { body: { deviceSerial: 'ZJ00005', ...proposal } }
  const { id: batchId } = (await by('custodian', 'POST /quarantine/batches', 201, card)).body
  await by('custodian', 'POST /quarantine/batches', 404, card)
  const { sha256 } = (await by('supervisor', 'GET /quarantine/batches/{batchId}', 200, { with: { batchId } })).body
  const batch = { with: { batchId }, body: { confirmed: true, sha256: sha256.confirmed } }
  await by('supervisor', 'POST /quarantine/batches/{batchId}/decision', 200, batch)
  await by('supervisor', 'POST /quarantine/batches/{batchId}/decision', 404, batch)
  await by('supervisor', 'GET /quarantine/batches/{batchId}', 404, { with: { batchId } })
}

async function callSupplied({ bureau, by }: Desk): Promise<void> {
  const { recordingId } = await addFootage(bureau, { rendition: 'not_playable', deviceSerial: 'ZJ00003' })
  const film = {
    with: { recordingId },
    query: new URLSearchParams({ tool: '厂家播放器', toolVersion: '5.2', how: '解密后另存' }).toString(),
    headers: { 'content-type': 'application/octet-stream' },
    body: randomBytes(100),
  }
  const path = '/recordings/{recordingId}/supplied-renditions'
  const { id: supplyId } = (await by('custodian', `POST ${path}`, 201, film)).body
  await by('custodian', `POST ${path}`, 409, film)
  await by('supervisor', `GET ${path}`, 200, { with: { recordingId } })
  await by('supervisor', 'GET /supplied-renditions', 200)
  const decision = { with: { recordingId, supplyId }, body: { confirm: false, reason: '导出时段不全' } }
  await by('supervisor', `POST ${path}/{supplyId}/decision`, 200, decision)
  await by('supervisor', `POST ${path}/{supplyId}/decision`, 409, decision)
}

async function callPackages({ bureau, by }: Desk, caseId: string): Promise<void> {
  const ask = async (order: object) => {
    const asked = { with: { caseId }, body: { purpose: '证明检查经过', ...order } }
    return (await by('custodian', 'POST /cases/{caseId}/packages', 201, asked)).body.id as string
  }
  const recipient = { name: '王法官', organisation: '某某区人民法院' }
  const waiting = { packageId: await ask({ withFootage: true, recipient }) }
  await by('custodian', 'GET /packages/{packageId}/file', 409, { with: waiting })
  const paper = { name: '周敏', office: '区司法局', scanSha256: 'a'.repeat(64) }
  const officer = { name: '新同志', role: 'officer', account: 'xintongzhi' }
  const { id: holderId } = (await by('administrator', 'POST /people', 201, { body: officer })).body
  const serial = 'ZJ09998'
  await by('administrator', 'POST /devices', 201, { body: { serial, kind: 'recorder' } })
  const asked = { with: { serial }, body: { holderId, note: '领用' } }
  const { id: matter } = (await by('administrator', 'POST /devices/{serial}/keeper', 201, asked)).body
  const third = { body: { act: 'device.keeper_changed', subjectId: serial, matter, ...paper } }
  const { id: thirdId } = (await by('custodian', 'POST /signatures/third', 201, third)).body
  await by('custodian', 'POST /signatures/third', 409, third)
  await by('supervisor', 'GET /signatures/third', 200)
  const confirmed = { with: { thirdId }, body: { confirm: true } }
  await by('auditor', 'POST /signatures/third/{thirdId}/decision', 204, confirmed)
  await by('auditor', 'POST /signatures/third/{thirdId}/decision', 409, confirmed)
  const refusal = { with: waiting, body: { approve: false, reason: '理由不足' } }
  await by('supervisor', 'POST /packages/{packageId}/decision', 200, refusal)
  const ready = { packageId: await ask({ withFootage: false }) }
  await packageHandler(bureau.world)(await jobOf(bureau.world, ready.packageId), never)
  await by('custodian', 'GET /cases/{caseId}/packages', 200, { with: { caseId } })
  await by('custodian', 'GET /packages/{packageId}', 200, { with: ready })
  await by('custodian', 'GET /packages', 200, { query: 'state=ready' })
  await by('custodian', 'GET /packages/{packageId}/file', 200, { with: ready })
  await by('custodian', 'GET /packages/{packageId}/file', 206, { with: ready, headers: { range: 'bytes=0-99' } })
  await by('custodian', 'GET /packages/{packageId}/file', 416, { with: ready, headers: { range: 'bytes=999999999-' } })
}

async function callLedger({ bureau, server, witness, folder, by }: Desk): Promise<void> {
  const { world } = bureau
  const size = await world.until(() => publishedSize(world))
  const anyone = (name: string, options?: CallOptions) => server.call(null, name, 200, options)
  await anyone('GET /checkpoint')
  await anyone('HEAD /checkpoint')
  await anyone('GET /tile/{*}', { with: { '*': '0/000.p/1' } })
  await anyone('HEAD /tile/{*}', { with: { '*': 'entries/000.p/1' } })
  await anyone('GET /ledger/proofs/{index}', { with: { index: 0 } })
  await anyone('GET /ledger/consistency', { query: `from=${size}&to=${size}` })
  const event = await world.db.selectFrom('event').where('leaf_index', '=', 0).select('id').executeTakeFirstOrThrow()
  await by('auditor', 'GET /events/{eventId}/proof', 200, { with: { eventId: event.id } })
  await by('auditor', 'GET /ledger/state', 200)

  const export_ = { body: { witness: witness.name } }
  const { text } = await by('auditor', 'POST /ledger/courier/exports', 201, export_)
  await writeFile(`${folder}/out`, text)
  const signing = await witness.command('sign', `${folder}/out`, '--out', `${folder}/back`)
  if (signing.code !== 0) throw new Error(signing.err)
  const note = await readFile(`${folder}/back`, 'utf8')
  await by('auditor', 'POST /ledger/courier/imports', 200, { body: { note } })
  await by('auditor', 'POST /ledger/courier/imports', 400, { body: { note: 'no note' } })
  await anyone('GET /checkpoint/witnessed')
  await anyone('HEAD /checkpoint/witnessed')
}

async function callTimestamps({ bureau, server, by }: Desk): Promise<void> {
  const { size } = (await by('custodian', 'POST /ledger/timestamps', 202)).body as { size: number }
  await by('administrator', 'GET /ledger/timestamps/orders', 200)
  const now = bureau.world.clock.now()
  const token = { size, authority: 'tsa', response: randomBytes(100), stamped_at: now, received_at: now }
  await bureau.world.db.insertInto('timestamp_token').values(token).execute()
  await server.call(null, 'GET /ledger/timestamps', 200)
  await server.call(null, 'GET /ledger/timestamps/{size}', 200, { with: { size } })
  await server.call(null, 'GET /ledger/timestamps/{size}/{authority}', 200, { with: { size, authority: 'tsa' } })
}

async function callSession({ bureau, by }: Desk): Promise<void> {
  await by('officer', 'GET /session', 200)
  const change = { old: bureau.people.officer.password, new: 'another-long-password' }
  await by('officer', 'PUT /session/password', 204, { body: change })
  await by('officer', 'DELETE /session', 204)
}
