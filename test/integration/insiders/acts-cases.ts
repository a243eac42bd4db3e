import type { Act, Insider, Office } from './office.ts'

const purpose = '核查当日执法过程是否完整'
const own = ['officer'] as const satisfies readonly Insider[]

/** Refused as what does not exist: existence is secret. */
const anothers = (by: Insider, what: string) => ({ by, status: 404, message: new RegExp(`there is no ${what}`) })

function everyReader(office: Office): Insider {
  return office.one(['supervisor', 'auditor', office.custodian()])
}

/** Reading what is one's own: of `officer`, who is refused what is of the other one, and the other way round. */
const readingOwn = (
  what: 'recording' | 'case' | 'party',
  route: Act['route'],
  path: (office: Office) => Promise<string>,
): Act => ({
  event: null,
  route,
  async ready(office) {
    const asked = { method: 'GET', path: await path(office) }
    return { by: 'officer', asked, otherwise: [anothers('officer2', what)] }
  },
})

const readingAll = (route: Act['route'], path: (office: Office) => Promise<string>): Act => ({
  event: null,
  route,
  ready: async (office) => ({ by: everyReader(office), asked: { method: 'GET', path: await path(office) } }),
})

const recordingPath = async (office: Office) =>
  `/recordings/${await office.recording({ officerId: office.id('officer') })}`
const receiptPath = async (office: Office) => `${await recordingPath(office)}/receipt`
const casePath = async (office: Office) => `/cases/${(await office.caseOf(own)).id}`
const partyPath = async (office: Office) => `/parties/${(await office.caseOf(own)).partyId}`

async function filing(office: Office, officerId: string | null) {
  const file = await office.caseOf()
  const path = `/recordings/${await office.recording({ officerId })}/cases`
  const officerIds = [office.id('officer'), office.id('officer2')]
  return { file, path, body: { caseId: file.id, stage: 'investigation', officerIds } }
}

const recordings = ['recording.read_own', 'recording.read_all'] as const
const cases = ['case.read_own', 'case.read_all'] as const
const parties = ['party.read_own', 'party.read_all'] as const
const receipts = ['receipt.read_own', 'receipt.read_all'] as const
const attaching = ['recording.attach_own', 'recording.attach_all'] as const

/** Parties, cases, and which recordings belong to them. */
export const actsOfCases = {
  'party.create': {
    event: 'party.created',
    ready: async (office) => ({
      by: office.one(['officer', office.custodian()]),
      asked: { method: 'POST', path: '/parties', body: { kind: 'shop', name: office.name() } },
    }),
  },
  'party.find': {
    event: null,
    ready: async (office) => ({
      by: office.one(['officer', 'officer2', office.custodian()]),
      asked: { method: 'GET', path: `/parties/named?name=${encodeURIComponent(office.name())}` },
    }),
  },
  'party.read_own': readingOwn('party', parties, partyPath),
  'party.read_all': readingAll(parties, partyPath),
  'case.open': {
    event: 'case.opened',
    async ready(office) {
      const { partyId } = await office.caseOf()
      const file = { number: office.name(), kind: 'inspection', title: '检查', partyId, departments: ['综合执法局'] }
      const body = { ...file, officerIds: [office.id('officer'), office.id('officer2')] }
      return { by: office.one(['officer', office.custodian()]), asked: { method: 'POST', path: '/cases', body } }
    },
  },
  'case.read_own': readingOwn('case', cases, casePath),
  'case.read_all': readingAll(cases, casePath),
  'case.chain': {
    event: 'chain.read',
    ready: async (office) => ({
      by: everyReader(office),
      asked: { method: 'GET', path: `${await casePath(office)}/chain` },
    }),
  },
  'recording.read_own': readingOwn('recording', recordings, recordingPath),
  'recording.read_all': readingAll(recordings, recordingPath),
  'recording.attach_own': {
    event: 'recording.attached',
    route: attaching,
    async ready(office) {
      const { path, body } = await filing(office, office.id('officer'))
      return { by: 'officer', asked: { method: 'POST', path, body }, otherwise: [anothers('officer2', 'recording')] }
    },
  },
  'recording.attach_all': {
    event: 'recording.attached',
    route: attaching,
    async ready(office) {
      const { path, body } = await filing(office, null)
      return { by: office.custodian(), asked: { method: 'POST', path, body } }
    },
  },
  'recording.detach': {
    event: 'recording.detached',
    async ready(office) {
      const { file, path, body } = await filing(office, null)
      await office.must(office.custodian(), 'POST', path, body)
      const asked = { method: 'DELETE', path: `${path}/${file.id}?reason=${encodeURIComponent('归错了案卷')}` }
      return { by: office.custodian(), asked }
    },
  },
  'receipt.read_own': readingOwn('recording', receipts, receiptPath),
  'receipt.read_all': readingAll(receipts, receiptPath),
  'viewing.open': {
    event: 'viewing.opened',
    async ready(office) {
      const path = `/recordings/${await office.recording()}/viewings`
      return { by: office.custodian(), asked: { method: 'POST', path, body: { purpose } } }
    },
  },
  'viewing.watch': {
    event: 'viewing.renewed',
    async ready(office) {
      const path = `/recordings/${await office.recording()}/viewings`
      const { viewingId } = await office.must(office.custodian(), 'POST', path, { purpose })
      const asked = { method: 'POST', path: `/viewings/${viewingId}/renewals`, body: { positionMs: 0 } }
      return { by: office.custodian(), asked }
    },
  },
  'viewing.list': readingAll(undefined, async () => '/viewings'),
} as const satisfies Record<string, Act>
