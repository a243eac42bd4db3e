import { randomBytes } from 'node:crypto'
import { buildAccess } from '../../../services/access/app.ts'
import type { AccessDeps } from '../../../services/access/deps.ts'
import { recordEvent } from '../../../services/custody/events/record.ts'
import { appointFirstCustodian } from '../../../services/custody/people/custodian.ts'
import { createPerson } from '../../../services/custody/people/person.ts'
import { defaultSignInRules } from '../../../services/custody/people/sign-in.ts'
import type { ActingRole } from '../../../services/custody/roles/permissions.ts'
import type { Role } from '../../../services/custody/roles/roles.ts'
import { sha256 } from '../../../services/foundation/hash.ts'
import type { Server } from '../../../services/foundation/http/server.ts'
import { newId } from '../../../services/foundation/id.ts'
import { parsePolicy } from '../../../services/ledger/format/policy.ts'
import { leafDelayMs } from '../../../services/ledger/log/backlog.ts'
import { makeTestLog, startSequencer, type TestLog } from '../../support/sequencer.ts'
import type { Teardown } from '../../support/stack.ts'
import { openWorld, until, type World } from '../../support/world.ts'

export const origin = 'http://access.test'
const setup = { id: 'setup', role: 'operator' }

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

export interface BureauOptions {
  readonly port?: number
  /** The ledger's policy, for the log that the bureau has made. */
  readonly policy?: (log: TestLog) => string | Promise<string>
  readonly witnessAgeMsMax?: number
  /** The log signs nothing before `startSequencer` is called. */
  readonly withoutSequencer?: boolean
}

export async function openBureau(t: Teardown, options: BureauOptions = {}): Promise<Bureau> {
  const world = await openWorld(t)
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
      // On a busy machine the sequencer may be late, and then people are told to try again (503).
      const answer = await until(async () => {
        const tried = await call('POST', '/session', { account: who.account, password: who.password })
        return tried.status === 503 ? null : tried
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
  { port = 0, policy, witnessAgeMsMax = 600_000 }: BureauOptions,
): Promise<{ server: Server; base: string }> {
  const deps: AccessDeps = {
    db: world.dbFor('access'),
    stores: world.storesFor('access'),
    clock: world.clock,
    log: world.log,
    settings: {
      // A browser says the address it really uses.
      origin: port === 0 ? origin : `http://127.0.0.1:${port}`,
      signIn: defaultSignInRules,
      requestsPerMinuteMax: 1_000_000,
      signInsPerMinuteMax: 10_000,
      tls: null,
      ledger: {
        origin: log.origin,
        verifierKey: log.verifierKeys,
        vrfPublicKey: log.vrfPublicKey.toString('hex'),
        policy: policy ? parsePolicy(await policy(log)) : null,
      },
      witnessAgeMsMax,
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

/** One of each; first passwords count as changed, for what is tested is what comes after. */
async function makePeople(world: World): Promise<Bureau['people']> {
  const make = async (account: string, role: Role, actingRole: ActingRole = role): Promise<Person> => {
    const person = { name: `${account} 同志`, role, account }
    const { id, firstPassword } = await createPerson(world.db, world.clock, setup, person, { released: true })
    return { id, account, password: firstPassword, role: actingRole }
  }
  const people = {
    officer: await make('officer', 'officer'),
    officer2: await make('officer2', 'officer'),
    custodian: await make('custodian', 'custodian'),
    custodian_waiting: await make('custodian2', 'custodian', 'custodian_waiting'),
    auditor: await make('auditor', 'auditor'),
    legal_reviewer: await make('reviewer', 'legal_reviewer'),
    supervisor: await make('supervisor', 'supervisor'),
    administrator: await make('administrator', 'administrator'),
  }
  await world.db.updateTable('person').set({ must_change_password: false }).execute()
  await world.db.transaction().execute((trx) => appointFirstCustodian(trx, world.clock, setup, people.custodian.id))
  return people
}

export interface Footage {
  readonly recordingId: string
  readonly renditionId: string
  readonly segments: readonly Buffer[]
  /** Object version of segment 0. */
  readonly firstSegment: { readonly key: string; readonly versionId: string }
}

/** A recording of an officer with a rendition of `segments` × 6 s, its bytes in the store and its digests in the ledger. */
export async function addFootage(
  { world }: Bureau,
  footage: {
    officerId?: string | null
    segments?: number
    quarantineReason?: string
    rendition?: 'ready' | 'running' | 'not_playable'
    sha256?: Buffer
    deviceSerial?: string
    /** Real media instead of random bytes. */
    media?: { init: Buffer; segments: { bytes: Buffer; durationMs: number }[] }
    kind?: 'video' | 'audio' | 'still'
    still?: Buffer
  } = {},
): Promise<Footage> {
  const now = world.clock.now()
  const recordingId = newId(now)
  const renditionId = newId(now)
  const { rendition = 'ready', deviceSerial = 'ZJ00001' } = footage
  const segments = segmentsOf(rendition === 'not_playable' ? 0 : (footage.segments ?? 20), footage.media?.segments)
  const bodies = segments.map((segment) => segment.bytes)
  const files = [
    { kind: 'init' as const, number: 0, startMs: 0, durationMs: 0, bytes: footage.media?.init ?? randomBytes(100) },
    ...segments,
    { kind: 'thumbnail' as const, number: 0, startMs: 0, durationMs: 90_000, bytes: randomBytes(50) },
    { kind: 'thumbnail' as const, number: 15, startMs: 90_000, durationMs: 90_000, bytes: randomBytes(50) },
    { kind: 'still' as const, number: 0, startMs: 0, durationMs: 0, bytes: footage.still ?? randomBytes(60) },
  ]
  const stored = await Promise.all(
    files.map(async (file) => {
      const key = `${recordingId}/${renditionId}/${file.kind}-${file.number}`
      return { ...file, ...(await world.stores.primary.put('derived', key, file.bytes)) }
    }),
  )
  const digestOf = (bytes: Buffer) => ({ bytes: bytes.length, sha256: sha256(bytes).toString('hex') })
  const entered = files.map((file) => ({ ...file, ...digestOf(file.bytes) }))
  const inputSha256 = footage.sha256 ?? randomBytes(32)
  await world.db.transaction().execute(async (trx) => {
    await trx
      .insertInto('recording')
      .values({
        id: recordingId,
        device_serial: deviceSerial,
        officer_id: footage.officerId ?? null,
        name: Buffer.from('ZJ00001_20260102030405.MP4'),
        media_kind: 'video',
        bytes: 1234,
        sha256: inputSha256,
        mark: false,
        state: 'sealed',
        quarantine_reason: footage.quarantineReason ?? null,
        sealed_at: now,
      })
      .execute()
    await trx
      .insertInto('rendition')
      .values({
        id: renditionId,
        recording_id: recordingId,
        state: rendition,
        kind: rendition === 'not_playable' ? null : (footage.kind ?? 'video'),
        duration_ms: rendition === 'ready' ? segments.reduce((sum, one) => sum + one.durationMs, 0) : null,
        reason: rendition === 'not_playable' ? 'no video or sound in it' : null,
        started_at: now,
      })
      .execute()
    const { id: eventId } = await recordEvent(trx, 'rendition.published', {
      clock: world.clock,
      actor: 'transcode',
      actorRole: 'service',
      subjects: [
        { type: 'recording', id: recordingId },
        { type: 'device', id: deviceSerial },
      ],
      details: {
        renditionId,
        inputSha256: inputSha256.toString('hex'),
        method: 'remux',
        tool: 'ffmpeg of the test',
        flags: [],
        files: entered,
      },
    })
    for (const file of rendition === 'not_playable' ? [] : stored) {
      await trx
        .insertInto('rendition_file')
        .values({
          rendition_id: renditionId,
          kind: file.kind,
          number: file.number,
          start_ms: file.startMs,
          duration_ms: file.durationMs,
          bytes: file.bytes.length,
          content_type: ['still', 'thumbnail'].includes(file.kind) ? 'image/jpeg' : 'video/mp4',
          sha256: sha256(file.bytes),
          object_key: file.key,
          version_id: file.versionId,
          event_id: eventId,
        })
        .execute()
    }
  })
  const first = stored.find((file) => file.kind === 'segment')
  return {
    recordingId,
    renditionId,
    segments: bodies,
    firstSegment: { key: first?.key ?? '', versionId: first?.versionId ?? '' },
  }
}

function segmentsOf(count: number, media?: { bytes: Buffer; durationMs: number }[]) {
  const bodies =
    media ??
    Array.from({ length: count }, (_, index) => ({
      bytes: Buffer.concat([Buffer.from(`segment ${index} `), randomBytes(200)]),
      durationMs: 6000,
    }))
  let startMs = 0
  return bodies.map(({ bytes, durationMs }, number) => {
    const segment = { kind: 'segment' as const, number, startMs, durationMs, bytes }
    startMs += durationMs
    return segment
  })
}
