import { randomBytes } from 'node:crypto'
import t from 'tap'
import { supply } from '../supplied/supplying.ts'
import { signInAs } from './accounts.ts'
import { type Answer, type Bureau, openBureau, type Session } from './bureau.ts'
import { addFootage } from './footage.ts'

const names = ['administrator', 'supervisor', 'auditor', 'custodian', 'custodian_waiting', 'officer'] as const
type Name = (typeof names)[number]
type People = Record<Name, Session>

/** A matter that one person puts up and another decides: who is told what of it. */
interface Matter {
  readonly what: string
  readonly kind: string
  /** Puts it up; returns how it is turned down. */
  put(bureau: Bureau, people: People): Promise<() => Promise<Answer>>
  readonly waitsFor: readonly Name[]
  readonly waitsText: RegExp
  readonly refused: string
  readonly asker: readonly Name[]
  readonly refusedText: RegExp
}

const reason = '理由不充分'

const matters: readonly Matter[] = [
  {
    what: 'a package with footage',
    kind: 'package_waits',
    put: async (_, { custodian, supervisor }) => {
      const caseId = (await custodian.call('GET', '/cases')).body.cases[0].id
      const recipient = { name: '刘律师', organisation: '县人民法院' }
      const order = { withFootage: true, purpose: '移送法院', recipient }
      const { id } = created(await custodian.call('POST', `/cases/${caseId}/packages`, order))
      return () => supervisor.call('POST', `/packages/${id}/decision`, { approve: false, reason })
    },
    waitsFor: ['supervisor'],
    waitsText: /custodian 同志申请“综执检〔2026〕1号”的举证材料.*移送法院.*县人民法院 刘律师/,
    refused: 'package_refused',
    asker: ['custodian'],
    refusedText: /综执检〔2026〕1号.*supervisor 同志未同意，理由：理由不充分/,
  },
  {
    what: 'a recording in quarantine',
    kind: 'quarantine_waits',
    put: async (bureau, { custodian, supervisor }) => {
      const { recordingId } = await addFootage(bureau, { quarantineReason: 'unknown_device', segments: 1 })
      const proposal = { outcome: 'keep_apart', reason: '来源待查' }
      created(await custodian.call('POST', `/quarantine/${recordingId}/proposals`, proposal))
      return () => supervisor.call('POST', `/quarantine/${recordingId}/decision`, { confirmed: false })
    },
    waitsFor: ['supervisor'],
    waitsText: /设备ZJ00001的待核实文件“ZJ00001_20260102030405.MP4”另存备查（来源待查）/,
    refused: 'quarantine_refused',
    asker: ['custodian'],
    refusedText: /ZJ00001_20260102030405.MP4.*supervisor 同志未同意/,
  },
  {
    what: 'a whole card in quarantine',
    kind: 'quarantine_card_waits',
    put: async (bureau, { custodian, supervisor }) => {
      const deviceSerial = 'ZJ00002'
      for (const name of ['A.MP4', 'B.MP4'])
        await addFootage(bureau, { quarantineReason: 'not_listed', deviceSerial, name, segments: 1 })
      const proposal = { deviceSerial, outcome: 'accept', reason: '与出勤登记一致' }
      const batch = `/quarantine/batches/${created(await custodian.call('POST', '/quarantine/batches', proposal)).id}`
      const { sha256 } = (await supervisor.call('GET', batch)).body
      return () => supervisor.call('POST', `${batch}/decision`, { confirmed: false, sha256: sha256.refused })
    },
    waitsFor: ['supervisor'],
    waitsText: /设备ZJ00002一张卡的2个待核实文件.*与出勤登记一致/,
    refused: 'quarantine_card_refused',
    asker: ['custodian'],
    refusedText: /设备ZJ00002一张卡的2个待核实文件.*supervisor 同志未同意/,
  },
  {
    what: 'a supplied film',
    kind: 'supply_waits',
    put: async (bureau, { custodian, supervisor }) => {
      const { recordingId } = await addFootage(bureau, { rendition: 'not_playable', name: 'ENC.DAT' })
      const { id } = (await supply(bureau, custodian, recordingId, randomBytes(1000))).body
      const path = `/recordings/${recordingId}/supplied-renditions/${id}/decision`
      return () => supervisor.call('POST', path, { confirm: false, reason })
    },
    waitsFor: ['supervisor'],
    waitsText: /“ENC.DAT”提供了由海康执法仪播放器 5.2.1转出的影片/,
    refused: 'supply_refused',
    asker: ['custodian'],
    refusedText: /ENC.DAT.*supervisor 同志未同意，理由：理由不充分/,
  },
  {
    what: "the hand-over of the custodian's office",
    kind: 'handover_waits',
    put: async ({ people }, { custodian, supervisor }) => {
      const proposal = { toPersonId: people.custodian_waiting.id, reason: '岗位轮换', absent: false }
      const { id } = created(await custodian.call('POST', '/custodian/handovers', proposal))
      return () => supervisor.call('DELETE', `/custodian/handovers/${id}`)
    },
    waitsFor: ['custodian', 'custodian_waiting', 'supervisor'],
    waitsText: /custodian 同志移交custodian2 同志，岗位轮换/,
    refused: 'handover_withdrawn',
    asker: ['custodian', 'custodian_waiting'],
    refusedText: /已撤回/,
  },
  {
    what: 'an account that is to be shut',
    kind: 'shutting_waits',
    put: async ({ people }, { auditor, supervisor }) => {
      const path = `/people/${people.officer2.id}/shutting`
      created(await auditor.call('POST', path, { reason: '已调离' }))
      return () => supervisor.call('POST', `${path}/decision`, { confirm: false, reason })
    },
    waitsFor: ['supervisor'],
    waitsText: /auditor 同志申请停用officer2 同志（officer2）的账号（已调离）/,
    refused: 'shutting_refused',
    asker: ['auditor'],
    refusedText: /停用officer2 同志的账号：supervisor 同志未同意，理由：理由不充分/,
  },
  {
    what: 'another keeper of a device',
    kind: 'keeper_waits',
    put: async ({ people }, { administrator, officer }) => {
      await administrator.call('POST', '/devices', { serial: 'ZJ09001', kind: 'recorder' })
      const change = { holderId: people.officer.id, note: '领用' }
      created(await administrator.call('POST', '/devices/ZJ09001/keeper', change))
      return () => officer.call('POST', '/devices/ZJ09001/keeper/decision', { confirm: false })
    },
    waitsFor: ['supervisor', 'officer'],
    waitsText: /ZJ09001拟变更保管人/,
    refused: 'keeper_refused',
    asker: ['administrator'],
    refusedText: /设备ZJ09001变更保管人：officer 同志未同意/,
  },
  {
    what: 'a setting',
    kind: 'setting_waits',
    put: async (_, { custodian, supervisor }) => {
      const path = '/settings/account.new_days/proposals'
      const { id } = created(await custodian.call('POST', path, { value: 45, source: '局务会纪要' }))
      return () => supervisor.call('POST', `${path}/${id}/decision`, { accept: false, reason })
    },
    waitsFor: ['supervisor', 'auditor'],
    waitsText: /提议更改设置/,
    refused: 'setting_refused',
    asker: ['custodian'],
    refusedText: /更改设置“新账号.*supervisor 同志未同意，理由：理由不充分/,
  },
]

t.test('what waits for a second person is work of his, and whoever asked learns that it was turned down', async (t) => {
  const bureau = await openBureau(t)
  const people = await signInAs(bureau, ...names)
  const party = created(await people.officer.call('POST', '/parties', { kind: 'shop', name: '便民超市' }))
  const officerIds = [bureau.people.officer.id, bureau.people.officer2.id]
  const opening = { number: '综执检〔2026〕1号', kind: 'inspection', title: '检查', departments: ['综合执法局'] }
  created(await people.officer.call('POST', '/cases', { ...opening, partyId: party.id, officerIds }))

  for (const { what, kind, put, waitsFor, waitsText, refused, asker, refusedText } of matters) {
    const told = async (wanted: string) => {
      const found: Partial<Record<Name, { waits: boolean; text: { zh: string; en: string } }>> = {}
      for (const name of names) {
        const { notices } = (await people[name].call('GET', '/session')).body
        const [own] = notices.filter((notice: { kind: string }) => notice.kind === wanted)
        if (own) found[name] = own
      }
      return found
    }
    const refuse = await put(bureau, people)
    const waiting = await told(kind)
    t.same(Object.keys(waiting).sort(), [...waitsFor].sort(), `${what} waits for them`)
    for (const one of Object.values(waiting)) t.match(one, { waits: true, text: { zh: waitsText, en: /\S/ } })
    t.same(await told(refused), {})
    const answer = await refuse()
    t.ok(answer.status < 300, `${what} is turned down: ${JSON.stringify(answer.body)}`)
    t.same(await told(kind), {}, `${what} waits no more`)
    const after = await told(refused)
    t.same(Object.keys(after).sort(), [...asker].sort(), `who asked for ${what} is told`)
    for (const one of Object.values(after)) t.match(one, { waits: false, text: { zh: refusedText, en: /\S/ } })
  }
})

function created({ status, body }: Answer) {
  if (status >= 300) throw new Error(JSON.stringify(body))
  return body
}
