import { type Act, type Insider, newKey, type Office } from './office.ts'

async function newDevice(office: Office): Promise<string> {
  const serial = office.name().replace(' ', '-')
  await office.must('administrator', 'POST', '/devices', { serial, kind: 'recorder' })
  return serial
}

async function newDock(office: Office): Promise<string> {
  return (await office.must('administrator', 'POST', '/docks', { name: office.name(), publicKey: newKey() })).id
}

const reading = (path: string, by: readonly ('administrator' | 'supervisor' | 'auditor')[]): Act => ({
  event: null,
  ready: async (office) => ({ by: office.one(by), asked: { method: 'GET', path } }),
})
const offices = ['administrator', 'supervisor', 'auditor'] as const

/** Devices, docks, stores and the ledger itself. */
export const actsOfRegisters = {
  'device.manage': {
    event: 'device.registered',
    async ready(office) {
      const body = { serial: office.name().replace(' ', '-'), kind: 'recorder' }
      return { by: 'administrator', asked: { method: 'POST', path: '/devices', body } }
    },
  },
  'device.confirm_keeper': {
    event: 'device.keeper_changed',
    async ready(office) {
      const path = `/devices/${await newDevice(office)}/keeper`
      await office.must('administrator', 'POST', path, { holderId: office.id('officer'), note: '领用' })
      const asked = { method: 'POST', path: `${path}/decision`, body: { confirm: true } }
      const another = {
        by: office.one(['officer2', 'assistant'] as const),
        status: 404,
        message: /no change of who keeps .* waits for you/,
      }
      return { by: 'officer', asked, otherwise: [another] }
    },
  },
  'device.list': reading('/devices', offices),
  'dock.manage': {
    event: 'dock.registered',
    ready: async (office) => ({
      by: 'administrator',
      asked: { method: 'POST', path: '/docks', body: { name: office.name(), publicKey: newKey() } },
    }),
  },
  'dock.release': {
    event: 'dock.released',
    async ready(office) {
      const asked = { method: 'POST', path: `/docks/${await newDock(office)}/release` }
      return { by: office.one(['supervisor', 'auditor'] as const), asked }
    },
  },
  'dock.list': reading('/docks', offices),
  'storage.health': reading('/storage', offices),
  'ledger.state': reading('/ledger/state', offices),
  'timestamp.request': {
    event: 'timestamp.requested',
    ready: async (office) => ({
      by: office.one(['supervisor', 'auditor', office.custodian()]),
      asked: { method: 'POST', path: '/ledger/timestamps' },
    }),
  },
  'courier.carry': {
    event: 'courier.exported',
    ready: async (office) => ({
      by: office.one(['auditor', 'administrator'] as const),
      asked: { method: 'POST', path: '/ledger/courier/exports', body: { witness: office.witness } },
    }),
  },
  'proof.read': {
    event: 'proof.read',
    async ready(office) {
      const { db } = office.bureau.world
      const event = await db.selectFrom('event').where('leaf_index', '=', 0).select('id').executeTakeFirstOrThrow()
      const by = office.one<Insider>(['supervisor', 'auditor', office.custodian()])
      return { by, asked: { method: 'GET', path: `/events/${event.id}/proof` } }
    },
  },
} as const satisfies Record<string, Act>
