import { newAccount } from './acts-people.ts'
import type { Act, Insider, Office } from './office.ts'

const reason = '按局务会决定'
const place = '镇党政办保险柜'

/** Whose account each office releases, and whose envelope it therefore seals. */
const sealedBy = {
  supervisor: ['auditor', 'officer', 'administrator'],
  auditor: ['supervisor', 'custodian', 'officer', 'administrator'],
} as const satisfies Record<'supervisor' | 'auditor', readonly Insider[]>

const sparePath = (office: Office, of: Insider) => `/people/${office.id(of)}/spare`

/** An envelope for `officer`, sealed and confirmed. */
async function newEnvelope(office: Office): Promise<{ path: string; sealNumber: string }> {
  const path = sparePath(office, 'officer')
  const sealNumber = office.name()
  const witness = office.one<Insider>(['administrator', office.custodian()])
  const sealer = office.one(['supervisor', 'auditor'] as const)
  await office.must(sealer, 'POST', path, { sealNumber, place, withPersonId: office.id(witness) })
  await office.must(witness, 'POST', `${path}/confirmation`, { sealNumber })
  return { path, sealNumber }
}

/** Two different people of those who may. */
function two(office: Office, of: readonly Insider[]): [Insider, Insider] {
  const first = office.one(of)
  return [first, office.one(of.filter((one) => one !== first))]
}

/** Envelopes with spare codes, and accounts that are shut by two. */
export const actsOfSpares = {
  'spare.seal': {
    event: 'spare.sealed',
    async ready(office) {
      const by = office.one(['supervisor', 'auditor'] as const)
      const of = (whose: Insider) => {
        const second = whose === 'administrator' ? office.custodian() : 'administrator'
        const body = { sealNumber: office.name(), place, withPersonId: office.id(second) }
        return { method: 'POST', path: sparePath(office, whose), body }
      }
      const own = { by, asked: of(by), status: 409, message: /nobody seals a code for his own account/ }
      const wrongOffice = {
        by: 'supervisor',
        asked: of('custodian'),
        status: 409,
        message: /is sealed by an auditor, who would release/,
      } as const
      return { by, asked: of(office.one<Insider>(sealedBy[by])), otherwise: [office.one([own, wrongOffice])] }
    },
  },
  'spare.open': {
    event: 'spare.opened',
    async ready(office) {
      const { path, sealNumber } = await newEnvelope(office)
      const [asker, by] = two(office, ['administrator', 'supervisor', 'auditor', office.custodian(), office.waiting()])
      await office.must(asker, 'POST', `${path}/opening-request`, { sealNumber, reason })
      const asked = { method: 'POST', path: `${path}/opening`, body: { sealNumber } }
      return { by, asked, otherwise: [{ by: asker, status: 409, message: /is opened by two different people/ }] }
    },
  },
  'person.ask_shutting': {
    event: 'person.shut_asked',
    async ready(office) {
      const by = office.one(['administrator', 'supervisor', 'auditor'] as const)
      // The administrator shuts others at once: he asks for these only.
      const control = ['supervisor', 'auditor']
      const role = office.one(by === 'administrator' ? control : [...control, 'officer', 'custodian'])
      const asked = { method: 'POST', path: `/people/${await newAccount(office, role)}/shutting`, body: { reason } }
      const atOnce = {
        by: 'administrator',
        asked: { ...asked, path: `/people/${office.id('assistant')}/shutting` },
        status: 409,
        message: /takes no second person/,
      } as const
      return { by, asked, otherwise: [atOnce] }
    },
  },
  'person.decide_shutting': {
    event: 'person.shut_refused',
    async ready(office) {
      const id = await newAccount(office, 'supervisor')
      const asker = office.one(['administrator', 'supervisor', 'auditor'] as const)
      await office.must(asker, 'POST', `/people/${id}/shutting`, { reason })
      const asked = { method: 'POST', path: `/people/${id}/shutting/decision`, body: { confirm: false, reason } }
      const own = { by: asker, status: 409, message: /nobody decides on what he asked for himself/ }
      return {
        by: office.one((['supervisor', 'auditor'] as const).filter((one) => one !== asker)),
        asked,
        otherwise: asker === 'administrator' ? [] : [own],
      }
    },
  },
} as const satisfies Record<string, Act>
