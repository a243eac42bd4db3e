import { randomBytes } from 'node:crypto'
import t from 'tap'
import { orderTimestamp } from '../../../services/custody/anchoring/timestamp-order.ts'
import { detachRecording } from '../../../services/custody/cases/attach.ts'
import { findCase } from '../../../services/custody/cases/case.ts'
import { createParty } from '../../../services/custody/cases/party.ts'
import { sealedRecording } from '../../../services/custody/copies/copies.ts'
import { enterDamage } from '../../../services/custody/copies/verification.ts'
import { changeDevice, registerDevice } from '../../../services/custody/devices/device.ts'
import { revokeDock } from '../../../services/custody/devices/dock.ts'
import type { Actor } from '../../../services/custody/events/actor.ts'
import { raiseAlarm, recordEvent } from '../../../services/custody/events/record.ts'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import {
  beginBuild,
  expirePackage,
  failBuild,
  finishBuild,
  noteUpload,
} from '../../../services/custody/packages/build.ts'
import { decidePackage } from '../../../services/custody/packages/decision.ts'
import { requestPackage } from '../../../services/custody/packages/package.ts'
import { proposeHandover, signHandover } from '../../../services/custody/people/custodian.ts'
import { createPerson, resetPassword } from '../../../services/custody/people/opening.ts'
import { releasePerson, stopRelease } from '../../../services/custody/people/release.ts'
import { askShutting, decideShutting, disablePerson } from '../../../services/custody/people/shutting.ts'
import { signIn } from '../../../services/custody/people/sign-in.ts'
import type { Role } from '../../../services/custody/roles/roles.ts'
import { enterNotPlayable } from '../../../services/custody/viewing/not-playable.ts'
import type { Clock } from '../../../services/foundation/clock.ts'
import { appendEvent } from '../../../services/ledger/log/append.ts'
import { type Populated, populate } from '../../support/populate.ts'
import { makeTestLog, startSequencer } from '../../support/sequencer.ts'
import { openWorld, type World } from '../../support/world.ts'
import { settled } from './tampered-world.ts'

/** A clock that never shows one time twice: two looks at it are two times, as on a slow machine. */
function steppingClock(clock: Clock): Clock {
  let lastMs = 0
  return {
    now() {
      lastMs = Math.max(clock.now().getTime(), lastMs + 1)
      return new Date(lastMs)
    },
  }
}

t.test('rows carry the times of their events, whatever the clock shows between them', async (t) => {
  const real = await openWorld(t)
  const log = await makeTestLog(t)
  t.teardown(startSequencer(real, log))
  const world = { ...real, clock: Object.assign(real.clock, steppingClock({ now: real.clock.now.bind(real.clock) })) }
  const made = await populate(world)
  await actOnRegisters(world, made)
  await actOnPackages(world, made)
  await actOnRecordings(world, made)
  await settled(world)
  const deps = { db: world.db, stores: world.stores, verifierKey: log.verifierKeys }
  const found = await fsck({ ...deps, vrfPublicKey: log.vrfPublicKey.toString('hex') })
  t.same(
    found.filter(({ check }) => check.startsWith('rows.') || check.startsWith('tree.')),
    [],
  )
})

async function actOnRegisters({ db, clock }: World, { people }: Populated): Promise<void> {
  const administrator = { id: people.administrator, role: 'administrator' }
  const supervisor = { id: people.supervisor, role: 'supervisor' }
  const auditor = { id: people.auditor, role: 'auditor' }
  const custodian = { id: people.custodian, role: 'custodian' }
  const next = await openAccount(db, clock, { maker: administrator, releaser: auditor }, 'custodian')
  await resetPassword(db, clock, administrator, next)
  await releasePerson(db, clock, auditor, next)
  await releasePerson(db, clock, supervisor, next)
  const proposal = { toPersonId: next, reason: '轮岗', absent: false }
  const { id } = await proposeHandover(db, clock, custodian, proposal)
  for (const signer of [custodian, { id: next, role: 'custodian' }, supervisor]) {
    await signHandover(db, clock, signer, id)
  }
  await disablePerson(db, clock, administrator, people.custodian)
  const successor = await openAccount(db, clock, { maker: administrator, releaser: supervisor }, 'auditor')
  const shutting = { personId: people.auditor, reason: '调离' }
  for (const confirm of [false, true]) {
    await askShutting(db, clock, administrator, shutting)
    await decideShutting(db, clock, supervisor, { personId: people.auditor, confirm, reason: '已核实' })
  }
  await resetPassword(db, clock, administrator, next)
  const { effectiveFrom } = await releasePerson(db, clock, supervisor, next)
  t.ok(effectiveFrom > clock.now(), 'the only auditor is new, so that the other office releases and waits')
  await stopRelease(db, clock, { id: successor, role: 'auditor' }, { personId: next, reason: '本人不知情' })
  const spare = { serial: 'ZF00077', kind: 'recorder' } as const
  await db.transaction().execute((trx) => registerDevice(trx, clock, administrator, spare))
  await changeDevice(db, clock, administrator, spare.serial, { state: 'in_repair', note: '送修' })
  const dock = await db.selectFrom('dock').select('id').executeTakeFirstOrThrow()
  await revokeDock(db, clock, administrator, dock.id)
  await db.transaction().execute((trx) => orderTimestamp(trx, clock, { reason: 'demand', actor: supervisor }))
}

/** Makes and releases an account, in which its holder then signs in once. Returns his id. */
async function openAccount(
  db: World['db'],
  clock: Clock,
  by: { maker: Actor; releaser: Actor },
  role: Role,
): Promise<string> {
  const account = `new-${role}`
  const { id, firstPassword } = await createPerson(db, clock, by.maker, { name: '新人', role, account })
  const { code } = await releasePerson(db, clock, by.releaser, id)
  await signIn(db, clock, { account, password: firstPassword, code: code!, address: '127.0.0.1' })
  return id
}

async function actOnPackages({ db, clock }: World, { people, caseNumber }: Populated): Promise<void> {
  const custodian = { id: people.custodian, role: 'custodian' }
  const supervisor = { id: people.supervisor, role: 'supervisor' }
  const caseFile = (await findCase(db, caseNumber))!
  const order = { caseFile, purpose: '证明', recipient: { name: '王', organisation: '法院' }, recipientKey: null }
  const ask = async (withFootage: boolean) => (await requestPackage(db, clock, custodian, { ...order, withFootage })).id
  await decidePackage(db, clock, supervisor, { packageId: await ask(true), approve: false, reason: '不需要' })
  const failed = await ask(true)
  await decidePackage(db, clock, supervisor, { packageId: failed, approve: true, reason: '同意' })
  const jobOf = async (id: string) =>
    (await db.selectFrom('job').select('id').where('subject_id', '=', id).executeTakeFirstOrThrow()).id
  const begin = (id: string) => db.transaction().execute((trx) => beginBuild(trx, id))
  await begin(failed)
  const failing = { id: failed, jobId: await jobOf(failed) }
  await db.transaction().execute((trx) => failBuild(trx, clock, failing, '存储不可用'))
  const built = await ask(false)
  await begin(built)
  const building = { id: built, jobId: await jobOf(built) }
  await noteUpload(db, built, { key: 'k', multipartId: 'm' })
  const file = {
    object: { bucket: 'derived', key: 'k', versionId: 'v' } as const,
    multipartId: 'm',
    bytes: 1,
    sha256: randomBytes(32),
    checkpoint: { size: 1, root: randomBytes(32), witnessedAt: null },
    recordings: 0,
    events: 1,
    expiresAt: clock.now(),
  }
  await db.transaction().execute((trx) => finishBuild(trx, clock, building, file))
  await db.transaction().execute((trx) => expirePackage(trx, clock, built))
}

async function actOnRecordings({ db, clock, stores }: World, made: Populated): Promise<void> {
  const { people, caseNumber, recordingIds, strangerId } = made
  const custodian = { id: people.custodian, role: 'custodian' }
  const caseFile = (await findCase(db, caseNumber))!
  const second = await sealedRecording(db, recordingIds[1]!)
  await detachRecording(db, clock, custodian, { recordingId: second.id, caseFile, reason: '误归' })
  const why = { why: 'undecodable' as const, reason: 'no picture', tool: 'ffmpeg of the test' }
  await db.transaction().execute((trx) => enterNotPlayable(trx, clock, second, why))
  const stranger = await sealedRecording(db, strangerId)
  const { object } = stranger.copies.get('backup-b')!
  const damage = {
    store: 'backup-b',
    hostName: stores['backup-b'].hostName,
    object,
    found: null,
    actor: 'test',
  } as const
  await db.transaction().execute((trx) => enterDamage(trx, clock, stranger, damage))
}

t.test('what does not fit its kind is not written, and the fault names kind and member', async (t) => {
  const world = await openWorld(t)
  const act = { clock: world.clock, by: { id: 'a', role: 'service' }, subjects: [{ type: 'package', id: 'p' }] }
  const subjects = [...act.subjects, { type: 'case', id: 'c' }, { type: 'person', id: 'q' }]
  const write = (details: object, about = subjects) =>
    world.db.transaction().execute(async (trx) => {
      const event = { ...act, subjects: about, details: details as { failure: string } }
      await recordEvent(trx, 'package.failed', event)
    })
  await t.rejects(write({ failure: 1 }), { code: 'internal', message: /package\.failed.*failure/ })
  await t.rejects(write({}), { code: 'internal', message: /package\.failed.*failure/ })
  await t.rejects(write({ failure: 'f', more: 1 }), { code: 'internal', message: /package\.failed/ })
  const strange = [...subjects, { type: 'device', id: 'd' }]
  await t.rejects(write({ failure: 'f' }, strange), { code: 'internal', message: /package\.failed.*device/ })
  await t.rejects(write({ failure: 'f' }, act.subjects), { code: 'internal', message: /package\.failed.*case/ })
  const alarm = world.db
    .transaction()
    .execute((trx) => raiseAlarm(trx, 'fsck_errors_many', { ...act, details: { runId: 'r', more: 1 } }))
  await t.rejects(alarm, { code: 'internal', message: /fsck_errors_many.*package/ })
  t.same(await world.db.selectFrom('event').selectAll().execute(), [])
  await write({ failure: 'f' })
  t.equal((await world.db.selectFrom('event').select('kind').execute())[0]?.kind, 'package.failed')
})

t.test('an event that went past its kind is named, and its subject is not blamed besides', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  t.teardown(startSequencer(world, log))
  const subjects = [{ type: 'party', id: 'p' }]
  const at = world.clock.now()
  const id = await world.db
    .transaction()
    .execute((trx) =>
      appendEvent(trx, { kind: 'party.created', at, actor: 'a', actorRole: 'service', subjects, details: { name: 1 } }),
    )
  await settled(world)
  const found = await fsck({ db: world.db, stores: null, verifierKey: log.verifierKeys })
  t.match(found, [{ check: 'tree.details_malformed', severity: 'error', subject: `event ${id}` }])
  t.equal(found.length, 1)
})

t.test('an event that went past its kind hides no change of the rows it is about', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  t.teardown(startSequencer(world, log))
  const clerk = { id: 'clerk', role: 'officer' }
  const { id } = await createParty(world.db, world.clock, clerk, { kind: 'shop', name: '东街小店' })
  const act = {
    at: world.clock.now(),
    actor: 'a',
    actorRole: 'service',
    subjects: [{ type: 'party', id }],
    details: {},
  }
  await world.db.transaction().execute((trx) => appendEvent(trx, { ...act, kind: 'access.refused' }))
  await world.asSuperuser((db) => db.updateTable('party').set({ name: '别家' }).where('id', '=', id).execute())
  await settled(world)
  const found = await fsck({ db: world.db, stores: null, verifierKey: log.verifierKeys })
  t.same(
    found.map(({ check }) => check),
    ['tree.details_malformed', 'rows.row_differs'],
  )
})
