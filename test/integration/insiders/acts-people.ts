import { type Act, type Insider, newKey, type Office } from './office.ts'

const reason = '按局务会决定'

export async function newAccount(office: Office, role: string, by: Insider = 'administrator'): Promise<string> {
  const name = office.name()
  const made = { name, role, account: name.replace(' ', '.') }
  return (await office.must(by, 'POST', '/people', made)).id
}

/** The open hand-over, or a new one that a custodian's absence is not the reason of. */
async function handover(office: Office): Promise<{ id: string; parts: string[]; by: 'custodian' | 'supervisor' }> {
  const { handover } = await office.must('supervisor', 'GET', '/custodian')
  if (handover) {
    const by = handover.proposedBy === office.id('supervisor') ? 'supervisor' : 'custodian'
    return { id: handover.id, parts: handover.signatures.map((one: { part: string }) => one.part), by }
  }
  const by = office.one(['custodian', 'supervisor'] as const)
  const proposal = { toPersonId: office.id(office.waiting()), reason, absent: false }
  const proposer = by === 'custodian' ? office.custodian() : by
  const { id } = await office.must(proposer, 'POST', '/custodian/handovers', proposal)
  return { id, parts: [], by }
}

async function withoutHandover(office: Office): Promise<void> {
  const { handover } = await office.must('supervisor', 'GET', '/custodian')
  if (handover) await office.must('supervisor', 'DELETE', `/custodian/handovers/${handover.id}`)
}

async function proposal(office: Office, by: 'supervisor' | 'auditor' | 'administrator') {
  const key = 'account.new_days'
  const { settings } = await office.must('auditor', 'GET', '/settings')
  const open = settings.find((one: { key: string }) => one.key === key).open
  const path = `/settings/${key}/proposals`
  if (open) {
    await office.must(
      open.proposedBy.id === office.id('auditor') ? 'supervisor' : 'auditor',
      'POST',
      `${path}/${open.id}/decision`,
      {
        accept: false,
        reason,
      },
    )
  }
  const body = { value: 40 + office.one([1, 2, 3, 4]), source: '局务会纪要' }
  return { path, body, propose: async () => `${path}/${(await office.must(by, 'POST', path, body)).id}` }
}

/** Each deputyship is of a time of its own, so that none ever begins while this runs. */
const periods = new WeakMap<Office, number>()
function deputyship(office: Office) {
  const place = (periods.get(office) ?? 0) + 1
  periods.set(office, place)
  const at = (hours: number) => new Date(office.bureau.world.clock.now().getTime() + hours * 3_600_000).toISOString()
  const period = { startsAt: at(24 + 2 * place), endsAt: at(25 + 2 * place) }
  return { deputyId: office.id('deputy'), reason: '外出学习', ...period }
}

async function newDeputyship(office: Office): Promise<string> {
  return (await office.must('supervisor', 'POST', '/deputyships', deputyship(office))).id
}

export const actsOfPeople = {
  'session.own': {
    event: 'session.ended',
    async ready(office) {
      const by = office.one(['officer', 'assistant', 'legal_reviewer'] as const)
      const { id } = await office.must('administrator', 'POST', '/docks', { name: office.name(), publicKey: newKey() })
      const asked = { method: 'POST', path: `/notices/dock_waits:${id}/seen` }
      const otherwise = [{ by, asked, status: 404, message: /there is no notice .* for you/ }]
      return { by, asked: { method: 'DELETE', path: '/session' }, otherwise }
    },
    done: (office, _answer, by) => office.signIn(by),
  },
  'custodian.read': {
    event: null,
    ready: async (office) => ({
      by: office.one(['officer', 'assistant', 'auditor', 'administrator', 'legal_reviewer'] as const),
      asked: { method: 'GET', path: '/custodian' },
    }),
  },
  'custodian.propose': {
    event: 'custodian.handover_proposed',
    async ready(office) {
      await withoutHandover(office)
      const body = { toPersonId: office.id(office.waiting()), reason, absent: false }
      const asked = { method: 'POST', path: '/custodian/handovers', body }
      const absent = { by: office.custodian(), asked: { ...asked, body: { ...body, absent: true } } }
      const otherwise = [{ ...absent, status: 409, message: /stated by the supervisor/ }]
      return { by: office.one([office.custodian(), 'supervisor']), asked, otherwise }
    },
  },
  'custodian.sign': {
    event: 'custodian.handover_signed',
    async ready(office) {
      const { id, parts } = await handover(office)
      const signers = { outgoing: office.custodian(), incoming: office.waiting(), supervisor: 'supervisor' } as const
      const missing = Object.entries(signers).filter(([part]) => !parts.includes(part))
      const asked = { method: 'POST', path: `/custodian/handovers/${id}/signatures` }
      const nobodys = { by: 'auditor', status: 409, message: /not among those this hand-over needs/ } as const
      return { by: office.one(missing)[1], asked, otherwise: [nobodys] }
    },
    done: (office, { body }) => {
      if (body.completed) office.changeCustodian()
    },
  },
  'custodian.withdraw': {
    event: 'custodian.handover_withdrawn',
    async ready(office) {
      const { id, by } = await handover(office)
      const asked = { method: 'DELETE', path: `/custodian/handovers/${id}` }
      const others = { by: office.custodian(), status: 409, message: /withdrawn by whoever proposed it/ }
      return { by: 'supervisor', asked, otherwise: by === 'supervisor' ? [others] : [] }
    },
  },
  'setting.read': {
    event: null,
    ready: async (office) => ({
      by: office.one(['administrator', 'supervisor', 'auditor'] as const),
      asked: { method: 'GET', path: '/settings' },
    }),
  },
  'setting.propose': {
    event: 'setting.proposed',
    async ready(office) {
      const by = office.one(['administrator', 'supervisor', 'auditor'] as const)
      const { path, body } = await proposal(office, by)
      return { by, asked: { method: 'POST', path, body } }
    },
  },
  'setting.decide': {
    event: 'setting.refused',
    async ready(office) {
      const by = office.one(['supervisor', 'auditor'] as const)
      const path = await (await proposal(office, by)).propose()
      const asked = { method: 'POST', path: `${path}/decision`, body: { accept: false, reason } }
      const own = { by, status: 409, message: /nobody decides on his own proposal/ }
      return { by: by === 'supervisor' ? 'auditor' : 'supervisor', asked, otherwise: [own] }
    },
  },
  'seats.read': {
    event: null,
    ready: async (office) => ({
      by: office.one(['administrator', 'supervisor', 'auditor', office.custodian()]),
      asked: { method: 'GET', path: '/seats' },
    }),
  },
  'deputyship.read': {
    event: null,
    ready: async (office) => ({
      by: office.one(['supervisor', 'auditor'] as const),
      asked: { method: 'GET', path: '/deputyships' },
    }),
  },
  'deputyship.name': {
    event: 'deputyship.named',
    ready: async (office) => ({
      by: 'supervisor',
      asked: { method: 'POST', path: '/deputyships', body: deputyship(office) },
    }),
  },
  'deputyship.sign': {
    event: 'deputyship.signed',
    async ready(office) {
      const path = `/deputyships/${await newDeputyship(office)}/decision`
      return { by: 'auditor', asked: { method: 'POST', path, body: { approve: true } } }
    },
  },
  'deputyship.end': {
    event: 'deputyship.ended',
    async ready(office) {
      const id = await newDeputyship(office)
      await office.must('auditor', 'POST', `/deputyships/${id}/decision`, { approve: true })
      const asked = { method: 'POST', path: `/deputyships/${id}/end`, body: { reason } }
      return { by: office.one(['supervisor', 'auditor'] as const), asked }
    },
  },
  'person.manage': {
    event: 'person.created',
    async ready(office) {
      const name = office.name()
      const role = office.one(['officer', 'assistant', 'custodian', 'supervisor', 'auditor'])
      const asked = { method: 'POST', path: '/people', body: { name, role, account: name.replace(' ', '.') } }
      const path = `/people/${office.id('administrator')}/disable`
      const own = {
        by: 'administrator',
        asked: { method: 'POST', path },
        status: 409,
        message: /nobody shuts his own account/,
      } as const
      return { by: 'administrator', asked, otherwise: [own] }
    },
  },
  'person.reset': {
    event: 'person.password_reset',
    async ready(office) {
      const by = office.one(['administrator', 'supervisor', 'auditor'] as const)
      const asked = { method: 'POST', path: `/people/${await newAccount(office, 'officer')}/password-reset` }
      const own = { ...asked, path: `/people/${office.id(by)}/password-reset` }
      return { by, asked, otherwise: [{ by, asked: own, status: 409, message: /nobody resets his own password/ }] }
    },
  },
  'person.release': {
    event: 'person.released',
    async ready(office) {
      const role = office.one(['officer', 'custodian', 'auditor'] as const)
      const id = await newAccount(office, role)
      const by = {
        officer: office.one(['supervisor', 'auditor'] as const),
        custodian: 'auditor',
        auditor: 'supervisor',
      } as const
      const asked = { method: 'POST', path: `/people/${id}/release` }
      const wrongOffice = {
        by: role === 'auditor' ? 'auditor' : 'supervisor',
        status: 409,
        message: /released by/,
      } as const
      return { by: by[role], asked, otherwise: role === 'officer' ? [] : [wrongOffice] }
    },
  },
  'person.stop_release': {
    event: 'person.release_stopped',
    async ready(office) {
      // Its maker's own account is new and was opened by the only auditor: the other office releases, and it waits.
      const id = await newAccount(office, 'custodian', 'administrator2')
      await office.must('supervisor', 'POST', `/people/${id}/release`)
      const asked = { method: 'POST', path: `/people/${id}/release/stop`, body: { reason } }
      return { by: office.one(['supervisor', 'auditor', office.custodian()]), asked }
    },
  },
  'person.read_openings': {
    event: null,
    ready: async (office) => ({
      by: office.one(['administrator', 'supervisor', 'auditor', office.custodian()]),
      asked: { method: 'GET', path: '/people/openings' },
    }),
  },
  'person.list': {
    event: null,
    ready: async (office) => ({
      by: office.one(['administrator', 'supervisor', 'auditor', 'officer'] as const),
      asked: { method: 'GET', path: '/people' },
    }),
  },
} as const satisfies Record<string, Act>
