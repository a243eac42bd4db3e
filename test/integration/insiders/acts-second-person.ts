import { randomBytes } from 'node:crypto'
import { newDevice } from './acts-register.ts'
import type { Act, Insider, Office } from './office.ts'

const reason = '经核对属实'
const facts = new URLSearchParams({ tool: '厂商播放器', toolVersion: '5.2.1', how: '用单位密码解密后另存为 MP4' })
const recipient = { name: '赵法官', organisation: '某某区人民法院' }
const outcome = { outcome: 'keep_apart', reason }

async function proposed(office: Office): Promise<string> {
  const path = `/quarantine/${await office.recording({ quarantineReason: 'digest_differs' })}`
  await office.must(office.custodian(), 'POST', `${path}/proposals`, outcome)
  return path
}

async function supplyPath(office: Office): Promise<string> {
  return `/recordings/${await office.recording({ rendition: 'not_playable', why: 'encrypted' })}/supplied-renditions`
}

async function order(office: Office) {
  const path = `/cases/${(await office.caseOf()).id}/packages`
  return { path, body: { withFootage: false, purpose: '证明检查经过' } }
}

async function orderOfFootage(office: Office) {
  const { path, body } = await order(office)
  return { path, body: { ...body, withFootage: true, recipient } }
}

async function packageThatWaits(office: Office): Promise<string> {
  const { path, body } = await orderOfFootage(office)
  return (await office.must(office.custodian(), 'POST', path, body)).id
}

const paper = () => ({ name: '周敏', office: '区司法局', scanSha256: randomBytes(32).toString('hex') })

/** A sheet that somebody of another office signed: whoever is to keep the device is new, and made by the one who asks. */
async function third(office: Office) {
  const officer = { name: office.name(), role: 'officer', account: `new${office.name().replace(/\D/g, '')}` }
  const { id: holderId } = await office.must('administrator', 'POST', '/people', officer)
  const subjectId = await newDevice(office)
  const asked = { holderId, note: '领用' }
  const { id } = await office.must('administrator', 'POST', `/devices/${subjectId}/keeper`, asked)
  return { act: 'device.keeper_changed', subjectId, matter: id, ...paper() }
}

const addThird = async (office: Office, by: Insider): Promise<string> =>
  (await office.must(by, 'POST', '/signatures/third', await third(office))).id

/** What one proposes and another signs. */
export const actsOfTwo = {
  'quarantine.read': {
    event: null,
    ready: async (office) => ({
      by: office.one(['supervisor', 'auditor', office.custodian()]),
      asked: { method: 'GET', path: '/quarantine' },
    }),
  },
  'quarantine.propose': {
    event: 'quarantine.proposed',
    async ready(office) {
      const path = `/quarantine/${await office.recording({ quarantineReason: 'digest_differs' })}/proposals`
      return { by: office.custodian(), asked: { method: 'POST', path, body: outcome } }
    },
  },
  'quarantine.decide': {
    event: 'quarantine.resolved',
    async ready(office) {
      const path = `${await proposed(office)}/decision`
      return { by: 'supervisor', asked: { method: 'POST', path, body: { confirmed: true } } }
    },
  },
  'rendition.supply': {
    event: 'rendition.supply_proposed',
    ready: async (office) => ({
      by: office.custodian(),
      asked: { method: 'POST', path: `${await supplyPath(office)}?${facts}`, bytes: randomBytes(1000) },
    }),
  },
  'rendition.decide_supply': {
    event: 'rendition.supply_refused',
    async ready(office) {
      const path = await supplyPath(office)
      const { id } = await office.must(office.custodian(), 'POST', `${path}?${facts}`, randomBytes(1000))
      const asked = { method: 'POST', path: `${path}/${id}/decision`, body: { confirm: false, reason } }
      return { by: 'supervisor', asked }
    },
  },
  'rendition.read_supplies': {
    event: null,
    ready: async (office) => ({
      by: office.one(['supervisor', 'auditor', office.custodian()]),
      asked: { method: 'GET', path: '/supplied-renditions' },
    }),
  },
  'package.request': {
    event: 'package.requested',
    async ready(office) {
      const asked = { method: 'POST', ...(await order(office)) }
      return { by: office.one(['auditor', office.custodian()]), asked }
    },
  },
  'package.request_footage': {
    event: 'package.requested',
    // The route of `package.request` lets the auditor in, and yet this order is refused for his role.
    async ready(office) {
      const asked = { method: 'POST', ...(await orderOfFootage(office)) }
      const notHis = { by: 'auditor', status: 403, message: /is the custodian’s to ask for/ } as const
      return { by: office.custodian(), asked, otherwise: [notHis] }
    },
  },
  'package.sign': {
    event: 'package.signed',
    async ready(office) {
      const id = await packageThatWaits(office)
      const decision = { approve: true, reason }
      return { by: 'supervisor', asked: { method: 'POST', path: `/packages/${id}/decision`, body: decision } }
    },
  },
  'third_signature.add': {
    event: 'signature.third_added',
    async ready(office) {
      const by = office.one<Insider>(['supervisor', 'auditor', office.waiting()])
      const asked = { method: 'POST', path: '/signatures/third', body: await third(office) }
      const nobodys = { ...asked, body: { ...asked.body, subjectId: 'ZJ-unknown' } }
      const unknown = { by, asked: nobodys, status: 404, message: /no matter of this act is about/ }
      const ofPackage = { act: 'package.signed', subjectId: await packageThatWaits(office), ...paper() }
      const own = {
        by: office.custodian(),
        asked: { ...asked, body: ofPackage },
        status: 409,
        message: /is added by somebody who does not sign the act/,
      }
      return { by, asked, otherwise: [office.one([unknown, own])] }
    },
  },
  'third_signature.confirm': {
    event: 'signature.third_confirmed',
    async ready(office) {
      const decisionOn = (id: string) => `/signatures/third/${id}/decision`
      const added = await addThird(office, office.one<Insider>(['supervisor', office.waiting()]))
      const asked = { method: 'POST', path: decisionOn(added), body: { confirm: true } }
      const own = {
        by: 'auditor',
        asked: { ...asked, path: decisionOn(await addThird(office, 'auditor')) },
        status: 409,
        message: /nobody signs what he put up for signature himself/,
      } as const
      return { by: 'auditor', asked, otherwise: [own] }
    },
  },
  'package.read': {
    event: null,
    ready: async (office) => ({
      by: office.one(['supervisor', 'auditor', office.custodian()]),
      asked: { method: 'GET', path: `/packages/${office.packages.auditor}` },
    }),
  },
  'package.download': {
    event: 'package.downloaded',
    async ready(office) {
      const by = office.custodian() === 'custodian' ? office.one(['auditor', 'custodian'] as const) : 'auditor'
      const asked = { method: 'GET', path: `/packages/${office.packages[by]}/file` }
      const another = by === 'auditor' ? office.custodian() : 'auditor'
      return { by, asked, otherwise: [{ by: another, status: 404, message: /there is no package/ }] }
    },
  },
} as const satisfies Record<string, Act>
