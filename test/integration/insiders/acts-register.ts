import { recordEvent } from '../../../services/custody/events/record.ts'
import { wrongCodesADayMax } from '../../../services/custody/people/dock-codes.ts'
import type { World } from '../../support/world.ts'
import { dockDevice } from '../access/docked.ts'
import { type Act, type Insider, newKey, type Office, type RefusedOtherwise } from './office.ts'
import { releasedDock } from './released-dock.ts'

export async function newDevice(office: Office): Promise<string> {
  const serial = office.name().replace(' ', '-')
  await office.must('administrator', 'POST', '/devices', { serial, kind: 'recorder' })
  return serial
}

async function newDock(office: Office): Promise<string> {
  return (await office.must('administrator', 'POST', '/docks', { name: office.name(), publicKey: newKey() })).id
}

/** Twenty wrong codes of today, as this dock entered them. */
export async function tooManyWrongCodes({ clock, dbFor }: World, dockId: string): Promise<void> {
  const by = { id: dockId, role: 'dock' }
  const at = clock.now()
  await dbFor('ingest')
    .transaction()
    .execute(async (trx) => {
      for (let count = 1; count <= wrongCodesADayMax; count += 1) {
        const event = await recordEvent(trx, 'identity.refused', {
          ...{
            clock,
            by,
            subjects: [
              { type: 'dock', id: dockId },
              { type: 'device', id: 'ZJ00001' },
            ],
          },
          details: { means: 'code', count, since: at.toISOString() },
        })
        const row = { event_id: event.id, dock_id: dockId, device_serial: 'ZJ00001', hand_in_id: null }
        await trx
          .insertInto('dock_identification')
          .values({ ...row, means: 'code', person_id: null, at: event.at })
          .execute()
      }
    })
}

/** A device of which a listed file never came. */
async function deviceWithMissingFile(office: Office): Promise<string> {
  const serial = await newDevice(office)
  await dockDevice(office.bureau.world, { serial, dock: await releasedDock(office) })
  return serial
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
  'device.ask_keeper': {
    event: 'device.keeper_asked',
    async ready(office) {
      const by = office.one(['administrator', 'supervisor'] as const)
      const body = { holderId: office.id('officer'), note: '领用' }
      const asked = { method: 'POST', path: `/devices/${await newDevice(office)}/keeper`, body }
      const back = { ...asked, body: { ...body, holderId: null } }
      return { by, asked, otherwise: [{ by, asked: back, status: 409, message: /nobody keeps this device/ }] }
    },
  },
  'device.confirm_keeper': {
    event: 'device.keeper_changed',
    async ready(office) {
      const path = `/devices/${await newDevice(office)}/keeper`
      const asker = office.one(['administrator', 'supervisor'] as const)
      await office.must(asker, 'POST', path, { holderId: office.id('officer'), note: '领用' })
      const asked = { method: 'POST', path: `${path}/decision`, body: { confirm: true } }
      const another = {
        by: office.one(['officer2', 'assistant'] as const),
        status: 404,
        message: /no change of who keeps .* waits for you/,
      }
      const own = { by: asker, status: 409, message: /nobody signs what he put up for signature himself/ }
      // The supervisor stands for whoever is to keep it, unless he asked for it himself.
      return asker === 'supervisor'
        ? { by: 'officer', asked, otherwise: [office.one<RefusedOtherwise>([own, another])] }
        : { by: office.one(['officer', 'supervisor'] as const), asked, otherwise: [another] }
    },
  },
  'device.decide_act': {
    event: 'device.changed',
    async ready(office) {
      const path = `/devices/${await deviceWithMissingFile(office)}`
      await office.must('administrator', 'POST', `${path}/repair`, { note: '屏幕损坏', cardTakenOut: true })
      const asked = { method: 'POST', path: `${path}/act/decision`, body: { confirm: true } }
      return { by: office.one(['supervisor', 'auditor'] as const), asked }
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
  'dock.lift_code_limit': {
    event: 'identity.limit_lifted',
    async ready(office) {
      const path = `/docks/${await newDock(office)}/code-limit/lift`
      const by = office.one(['administrator', 'supervisor'] as const)
      const asked = { method: 'POST', path, body: { reason: '已核实，练习输码' } }
      const open = { ...asked, path: `/docks/${await newDock(office)}/code-limit/lift` }
      await tooManyWrongCodes(office.bureau.world, path.split('/')[2]!)
      return { by, asked, otherwise: [{ by, asked: open, status: 409, message: /takes dock codes/ }] }
    },
  },
  'clearing.read': reading('/clearings/open', offices),
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
