import { randomBytes } from 'node:crypto'
import type { EventKind } from '../../../services/custody/events/kinds.ts'
import type { ActingRole, Action } from '../../../services/custody/roles/permissions.ts'
import type { Teardown } from '../../support/stack.ts'
import { makeWitness } from '../../support/witness.ts'
import { useSecrets } from '../access/accounts.ts'
import { type Answer, type Bureau, openBureau, type Person, type Session } from '../access/bureau.ts'
import { addFootage } from '../access/footage.ts'
import { jobOf, never, packageHandler, rowOf } from '../package/making.ts'

/** Those of the bureau, and a second administrator, whose account is new: administrator and auditor opened it. */
export type Insider = keyof Bureau['people'] | 'administrator2'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  /** A film instead of a body. */
  readonly bytes?: Buffer
}

/** A request that is refused for another reason than the role of whoever sends it. */
export interface RefusedOtherwise {
  readonly by: Insider
  readonly asked?: Asked
  readonly status: number
  readonly message: RegExp
}

export interface Ready {
  /** Who of those that may, and what he sends. */
  readonly by: Insider
  readonly asked: Asked
  /** His own act, another's thing, what nobody has asked for: tried instead of a wrong role now and then. */
  readonly otherwise?: readonly RefusedOtherwise[]
}

/** One line of the permission table as somebody tries it. */
export interface Act {
  /** Kind of the event that says it was done; null where reading leaves none. */
  readonly event: EventKind | null
  /** Lines of the table that share its route: whoever may do one of them is not refused by his role. */
  readonly route?: readonly Action[]
  /** Makes what the act is about. */
  ready(office: Office): Promise<Ready>
  /** Hears of the answer when it was accepted. */
  done?(office: Office, answer: Answer, by: Insider): void | Promise<void>
}

export const insiders = [
  ...['officer', 'officer2', 'custodian', 'custodian_waiting', 'auditor', 'legal_reviewer', 'supervisor', 'deputy'],
  ...['administrator', 'assistant', 'administrator2'],
] as readonly Insider[]

/** Who asked the service for something, and from when to when. */
export interface Call {
  readonly personId: string
  readonly fromMs: number
  readonly toMs: number
}

/** A bureau in which everybody is signed in, and what is needed to let them try things. */
export interface Office {
  readonly bureau: Bureau
  /** Everything that anybody asked for. */
  readonly calls: readonly Call[]
  readonly witness: string
  /** Recordings that were put there with their rows but without all of their events. */
  readonly fixtures: ReadonlySet<string>
  /** Packages that were built, by who asked for them. */
  readonly packages: Readonly<Record<'auditor' | 'custodian', string>>
  /** `insider 17`: another name each time. */
  name(): string
  one<T>(of: readonly T[]): T
  /** The holder of the office and whoever waits for it: they change places. */
  custodian(): Insider
  waiting(): Insider
  changeCustodian(): void
  roleOf(insider: Insider): ActingRole
  id(insider: Insider): string
  send(by: Insider, asked: Asked): Promise<Answer>
  signIn(insider: Insider): Promise<void>
  /** Sends what must succeed for an act to be tried at all. */
  must(by: Insider, method: string, path: string, content?: unknown): Promise<Answer['body']>
  recording(footage?: Parameters<typeof addFootage>[1]): Promise<string>
  /** A case of `officer` and `officer2`, or of `officer` alone, with its party. */
  caseOf(officers?: readonly Insider[]): Promise<{ id: string; number: string; partyId: string }>
}

/** `random` gives whole numbers below a limit. */
export async function openOffice(t: Teardown, random: (limit: number) => number): Promise<Office> {
  const bureau = await openBureau(t, {
    policy: async ({ verifierKeys }) => `${(await makeWitness(t, verifierKeys)).policyLines('legal')}quorum legal\n`,
  })
  const people: Partial<Record<Insider, Person>> = { ...bureau.people }
  const sessions = new Map<Insider, Session>()
  const calls: Call[] = []
  const fixtures = new Set<string>()
  let [holder, other]: Insider[] = ['custodian', 'custodian_waiting']
  let count = 0
  const id = (insider: Insider) => people[insider]!.id
  const noted = async <T>(by: Insider, work: () => Promise<T>): Promise<T> => {
    const fromMs = Date.now()
    const result = await work()
    calls.push({ personId: id(by), fromMs, toMs: Date.now() })
    return result
  }
  const office: Omit<Office, 'packages'> = {
    ...{ bureau, calls, fixtures, id, witness: 'legal-0' },
    name: () => `insider ${++count}`,
    one: (of) => of[random(of.length)]!,
    custodian: () => holder!,
    waiting: () => other!,
    changeCustodian: () => {
      ;[holder, other] = [other, holder]
    },
    roleOf: (insider) => {
      if (insider === holder) return 'custodian'
      return insider === other ? 'custodian_waiting' : people[insider]!.role
    },
    signIn: async (insider) => {
      sessions.set(insider, await noted(insider, () => bureau.signIn(people[insider]!)))
    },
    send: (by, asked) => {
      const session = sessions.get(by)!
      const { method, path, body } = asked
      const sendOnce = () => (asked.bytes ? sendFilm(bureau, session, asked) : session.call(method, path, body))
      // On a busy machine the ledger may be behind for a while: nothing is done then, and nothing entered.
      return noted(by, () =>
        bureau.world.until(async () => {
          const answer = await sendOnce()
          return answer.body?.error?.code === 'ledger_behind' ? null : answer
        }),
      )
    },
    must: async (by, method, path, content) => {
      const sent = Buffer.isBuffer(content) ? { bytes: content } : { body: content }
      const answer = await office.send(by, { method, path, ...sent })
      if (answer.status >= 300) throw new Error(`${by}: ${method} ${path}: ${JSON.stringify(answer.body)}`)
      return answer.body
    },
    recording: async (footage) => {
      const { recordingId } = await addFootage(bureau, { segments: 1, ...footage })
      fixtures.add(recordingId)
      return recordingId
    },
    caseOf: async (officers = ['officer', 'officer2']) => {
      const number = `综执检〔2026〕${++count}号`
      const party = await office.must('officer', 'POST', '/parties', { kind: 'shop', name: `便民超市 ${count}` })
      const file = { number, kind: 'inspection', title: '检查', partyId: party.id, departments: ['综合执法局'] }
      const fewer = officers.length < 2 ? { fewerOfficersReason: '临时替班' } : {}
      const opened = await office.must('officer', 'POST', '/cases', { ...file, officerIds: officers.map(id), ...fewer })
      return { id: opened.id, number: opened.number, partyId: party.id }
    },
  }
  for (const insider of insiders.slice(0, -1)) await office.signIn(insider)
  const second = { name: office.name(), role: 'administrator', account: 'administrator2' } as const
  const made = await office.must('administrator', 'POST', '/people', second)
  const { code } = await office.must('auditor', 'POST', `/people/${made.id}/release`)
  people.administrator2 = { id: made.id, account: second.account, role: second.role, password: made.firstPassword }
  people.administrator2 = await noted('administrator2', () =>
    useSecrets(bureau, { id: made.id, ...second }, made.firstPassword, code),
  )
  await office.signIn('administrator2')
  const packages = { auditor: await buildOne(office, 'auditor'), custodian: await buildOne(office, 'custodian') }
  return { ...office, packages }
}

async function sendFilm({ base }: Bureau, { token }: Session, { method, path, bytes }: Asked): Promise<Answer> {
  const headers = { 'content-type': 'application/octet-stream', authorization: `Bearer ${token}` }
  const response = await fetch(`${base}${path}`, { method, headers, body: new Uint8Array(bytes!) })
  const read = Buffer.from(await response.arrayBuffer())
  return { status: response.status, headers: response.headers, bytes: read, body: JSON.parse(read.toString()) }
}

/** A package of a case without recordings, as the worker builds it. */
async function buildOne(office: Omit<Office, 'packages'>, by: Insider): Promise<string> {
  const { world } = office.bureau
  const file = await office.caseOf()
  const order = { withFootage: false, purpose: '证明检查经过' }
  const { id } = await office.must(by, 'POST', `/cases/${file.id}/packages`, order)
  await packageHandler(world)(await jobOf(world, id), never)
  const { state, failure } = await rowOf(world, id)
  if (state !== 'ready') throw new Error(`the package is ${state}: ${failure}`)
  return id
}

export function newKey(): string {
  return randomBytes(32).toString('base64')
}
