import { argon2Sync, randomBytes } from 'node:crypto'
import { buildAccess } from '../../../services/access/app.ts'
import type { AccessDeps } from '../../../services/access/deps.ts'
import { defaultAskAgainMs } from '../../../services/access/long-answer.ts'
import { appointFirstCustodian } from '../../../services/custody/people/custodian.ts'
import { makeReleasedAccount } from '../../../services/custody/people/first-accounts.ts'
import { newFirstPassword } from '../../../services/custody/people/password.ts'
import { defaultSignInRules } from '../../../services/custody/people/sign-in.ts'
import type { ActingRole } from '../../../services/custody/roles/permissions.ts'
import type { Role } from '../../../services/custody/roles/roles.ts'
import type { Server } from '../../../services/foundation/http/server.ts'
import type { Stores } from '../../../services/foundation/store/store.ts'
import { parsePolicy } from '../../../services/ledger/format/policy.ts'
import { leafDelayMs } from '../../../services/ledger/log/backlog.ts'
import { testDockPassKey } from '../../support/dock-pass-key.ts'
import { makeTestLog, startSequencer, type TestLog } from '../../support/sequencer.ts'
import type { Teardown } from '../../support/stack.ts'
import { openWorld, type World, type WorldOptions } from '../../support/world.ts'

export const origin = 'http://access.test'
const setup = { id: 'setup', role: 'service' }

export interface Person {
  readonly id: string
  readonly account: string
  readonly password: string
  readonly role: ActingRole
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any
}

/** Somebody who is signed in. */
export interface Session {
  readonly token: string
  call(method: string, path: string, body?: unknown): Promise<Answer>
}

/** A bureau with one person of each acting role (two officers), its access service and its sequencer. */
export interface Bureau {
  readonly world: World
  readonly log: TestLog
  readonly base: string
  readonly server: Server
  readonly people: Record<ActingRole | 'officer2', Person>
  stopSequencer(): Promise<void>
  startSequencer(): void
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  signIn(who: Person): Promise<Session>
  /** Kinds, reasons and the like of the events of one kind, oldest first. */
  eventsOf(kind: string): Promise<{ actor: string; actorRole: string; subjects: string[]; details: Details }[]>
}
// biome-ignore lint/suspicious/noExplicitAny: the details of events are of every shape
type Details = Record<string, any>

export interface BureauOptions extends WorldOptions {
  readonly port?: number
  /** The ledger's policy, for the log that the bureau has made. */
  readonly policy?: (log: TestLog) => string | Promise<string>
  readonly witnessAgeMsMax?: number
  readonly askAgainMs?: number
  readonly signInsPerMinuteMax?: number
  /** The stores as the service is to see them. */
  readonly stores?: (stores: Stores) => Stores
  /** The log signs nothing before `startSequencer` is called. */
  readonly withoutSequencer?: boolean
}

export async function openBureau(t: Teardown, options: BureauOptions = {}): Promise<Bureau> {
  const world = await openWorld(t, options)
  const log = await makeTestLog(t)
  const people = await makePeople(world)
  const { server, base } = await startAccess(t, world, log, options)
  let stop: (() => Promise<void>) | null = options.withoutSequencer ? null : startSequencer(world, log)
  // Nobody signs in while the ledger is behind: on a busy machine the first accounts waited too long for the sequencer.
  if (!options.withoutSequencer) await world.until(async () => (await leafDelayMs(world.db)) === 0)
  const stopSequencer = async () => {
    await stop?.()
    stop = null
  }
  t.teardown(stopSequencer)
  const call: Bureau['call'] = (method, path, body, headers = {}) => send(base, method, path, body, headers)
  return {
    world,
    log,
    base,
    server,
    people,
    call,
    stopSequencer,
    startSequencer: () => {
      stop ??= startSequencer(world, log)
    },
    signIn: async (who) => {
      // On a busy machine the ledger may be behind for a while.
      const answer = await world.until(async () => {
        const now = await call('POST', '/session', { account: who.account, password: who.password })
        return now.body?.error?.code === 'ledger_behind' ? null : now
      })
      if (answer.status !== 201) throw new Error(`${who.account} cannot sign in: ${JSON.stringify(answer.body)}`)
      const { token } = answer.body as { token: string }
      return {
        token,
        call: (method, path, body) => call(method, path, body, { authorization: `Bearer ${token}` }),
      }
    },
    eventsOf: async (kind) => {
      const rows = await world.db.selectFrom('event').where('kind', '=', kind).orderBy('id').selectAll().execute()
      return rows.map((row) => {
        const body = JSON.parse(row.body) as { actor: string; actorRole: string; details: Details }
        return { actor: body.actor, actorRole: body.actorRole, subjects: row.subjects, details: body.details }
      })
    },
  }
}

async function startAccess(
  t: Teardown,
  world: World,
  log: TestLog,
  options: BureauOptions,
): Promise<{ server: Server; base: string }> {
  const { port = 0, policy, witnessAgeMsMax = 600_000, signInsPerMinuteMax = 10_000, stores } = options
  const own = world.storesFor('access')
  const deps: AccessDeps = {
    db: world.dbFor('access'),
    stores: stores?.(own) ?? own,
    clock: world.clock,
    log: world.log,
    settings: {
      // A browser says the address it really uses.
      origin: port === 0 ? origin : `http://127.0.0.1:${port}`,
      signIn: defaultSignInRules,
      requestsPerMinuteMax: 1_000_000,
      signInsPerMinuteMax,
      tls: null,
      ledger: {
        origin: log.origin,
        verifierKey: log.verifierKeys,
        vrfPublicKey: log.vrfPublicKey.toString('hex'),
        policy: policy ? parsePolicy(await policy(log)) : null,
      },
      dockPassKey: testDockPassKey,
      witnessAgeMsMax,
      askAgainMs: options.askAgainMs ?? defaultAskAgainMs,
    },
  }
  const server = await buildAccess(deps, async () => ({}))
  const base = await server.listen({ host: '127.0.0.1', port })
  t.teardown(() => server.close())
  return { server, base }
}

async function send(
  base: string,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answer> {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false
  return {
    status: response.status,
    headers: response.headers,
    bytes,
    body: isJson && bytes.length > 0 ? JSON.parse(bytes.toString()) : null,
  }
}

interface Wanted {
  readonly account: string
  readonly role: Role
}

/** One of each, as `custody setup` makes them; first passwords count as changed, for what is tested is what comes after. */
async function makePeople(world: World): Promise<Bureau['people']> {
  const wanted: Record<keyof Bureau['people'], Wanted> = {
    officer: { account: 'officer', role: 'officer' },
    officer2: { account: 'officer2', role: 'officer' },
    custodian: { account: 'custodian', role: 'custodian' },
    custodian_waiting: { account: 'custodian2', role: 'custodian' },
    auditor: { account: 'auditor', role: 'auditor' },
    legal_reviewer: { account: 'reviewer', role: 'legal_reviewer' },
    supervisor: { account: 'supervisor', role: 'supervisor' },
    deputy: { account: 'deputy', role: 'deputy' },
    administrator: { account: 'administrator', role: 'administrator' },
    assistant: { account: 'assistant', role: 'assistant' },
  }
  const { clock } = world
  const people: Partial<Bureau['people']> = {}
  await world.db.transaction().execute(async (trx) => {
    for (const [name, { account, role }] of Object.entries(wanted) as [keyof Bureau['people'], Wanted][]) {
      const password = newFirstPassword()
      const person = { account, role, name: `${account} 同志`, passwordHash: lightHash(password) }
      const { id } = await makeReleasedAccount(trx, clock, setup, person)
      people[name] = { id, account, password, role: name === 'custodian_waiting' ? name : role }
    }
    await appointFirstCustodian(trx, clock, setup, people.custodian!.id)
    await trx.updateTable('person').set({ must_change_password: false }).execute()
  })
  return people as Bureau['people']
}

/** A hash as `hashPassword` makes them, of the least work that argon2id takes: ten of the usual ones take half a second. */
function lightHash(message: string): string {
  const nonce = randomBytes(16)
  const tag = argon2Sync('argon2id', { message, nonce, memory: 8, passes: 1, parallelism: 1, tagLength: 32 })
  return `$argon2id$v=19$m=8,t=1,p=1$${[nonce, tag].map((bytes) => bytes.toString('base64').replace(/=+$/, '')).join('$')}`
}
