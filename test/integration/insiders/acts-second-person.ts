import { randomBytes } from 'node:crypto'
import type { Act, Office } from './office.ts'

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
      const withFootage = { ...asked, body: { ...asked.body, withFootage: true, recipient } }
      const notHis = {
        by: 'auditor',
        asked: withFootage,
        status: 403,
        message: /is the custodian’s to ask for/,
      } as const
      return { by: office.one(['auditor', office.custodian()]), asked, otherwise: [notHis] }
    },
  },
  'package.sign': {
    event: 'package.signed',
    async ready(office) {
      const { path, body } = await order(office)
      const asked = { ...body, withFootage: true, recipient }
      const { id } = await office.must(office.custodian(), 'POST', path, asked)
      const decision = { approve: true, reason }
      return { by: 'supervisor', asked: { method: 'POST', path: `/packages/${id}/decision`, body: decision } }
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
