import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { signedHandIn } from '../../deploy/local/demo/hand-in-list.ts'
import { attachRecording } from '../../services/custody/cases/attach.ts'
import { findCase, openCase } from '../../services/custody/cases/case.ts'
import { createParty } from '../../services/custody/cases/party.ts'
import { enterCopy, sealedRecording } from '../../services/custody/copies/copies.ts'
import { firstLockEnd } from '../../services/custody/copies/object-lock.ts'
import { enterVerified } from '../../services/custody/copies/verification.ts'
import { registerDevice } from '../../services/custody/devices/device.ts'
import { registerDock, releaseDock } from '../../services/custody/devices/dock.ts'
import { openHandIn } from '../../services/custody/intake/hand-in.ts'
import { type StoredUpload, sealUpload } from '../../services/custody/intake/seal.ts'
import { createReceivedUpload } from '../../services/custody/intake/upload.ts'
import { takeUploadLease } from '../../services/custody/intake/upload-lease.ts'
import { makeFirstAccounts } from '../../services/custody/people/first-accounts.ts'
import type { Role } from '../../services/custody/roles/roles.ts'
import { closeViewing, renewViewing } from '../../services/custody/viewing/lease.ts'
import { openViewing } from '../../services/custody/viewing/open.ts'
import {
  beginRendition,
  finishRendition,
  publishFiles,
  type RenditionFile,
} from '../../services/custody/viewing/rendition.ts'
import { serveFile } from '../../services/custody/viewing/serve.ts'
import { roles } from '../../services/foundation/db/words.ts'
import { isFault } from '../../services/foundation/errors.ts'
import { hashStream } from '../../services/foundation/hash.ts'
import { newId } from '../../services/foundation/id.ts'
import { derivedKey, originalKey } from '../../services/foundation/store/keys.ts'
import { addInventory } from './inventory.ts'
import type { World } from './world.ts'

const setupActor = { id: 'setup', role: 'service' }
export const testCaseNumber = '镇综执检〔2026〕17号'

export interface Populated {
  readonly caseNumber: string
  /** Attached to the case, secured. */
  readonly recordingIds: readonly string[]
  /** Secured, in no case. */
  readonly strangerId: string
  readonly people: Readonly<Record<Role, string>>
  /** First passwords; the account of each is named as his role. */
  readonly passwords: Readonly<Record<Role, string>>
  /** Of the first recording, closed. */
  readonly viewingId: string
}

export interface PopulateOptions {
  /** Whether a second person released the dock that the footage comes from. */
  readonly dockIsReleased?: boolean
}

/**
 * A world with people, a device, a dock, a case with two recordings and one recording beside it, each with three locked
 * copies, made by the services' own functions; the first was made playable and watched, and has an inventory. The sequencer must run.
 */
export async function populate(world: World, options: PopulateOptions = {}): Promise<Populated> {
  const { people, passwords, secondOfficer } = await addPeople(world)
  const { dockIsReleased = true } = options
  const dock = await addDevices(world, people.officer, dockIsReleased ? people.supervisor : null)
  const officer = { id: people.officer, role: 'officer' }
  const { id: partyId } = await createParty(world.db, world.clock, officer, { kind: 'shop', name: '某某小吃店' })
  await openCase(world.db, world.clock, officer, {
    number: testCaseNumber,
    kind: 'inspection',
    title: '日常检查',
    partyId,
    departments: ['综合执法局'],
    officerIds: [people.officer, secondOfficer],
  })
  const caseFile = (await findCase(world.db, testCaseNumber))!
  const recordingIds = [await addRecording(world, dock, 70_000), await addRecording(world, dock, 3)]
  const strangerId = await addRecording(world, dock, 1000)
  for (const recordingId of recordingIds) {
    const attachment = {
      recordingId,
      caseFile,
      stage: 'investigation',
      officerIds: [people.officer, secondOfficer],
    } as const
    await attachRecording(world.db, world.clock, officer, attachment)
  }
  await addInventory(world, { id: recordingIds[0]!, deviceSerial: 'ZF00001' })
  const viewingId = await watch(world, { recordingId: recordingIds[0]!, custodianId: people.custodian })
  return { viewingId, caseNumber: testCaseNumber, recordingIds, strangerId, people, passwords }
}

interface TestDock {
  readonly id: string
  readonly handIn: (bytes: Buffer, name: Buffer) => Promise<string>
}

async function addPeople(world: World) {
  const list = roles.map((role) => ({ name: `某${role}`, role, account: role as string }))
  const { made } = await makeFirstAccounts(world.db, world.clock, setupActor, [
    ...list,
    { name: '李四', role: 'officer', account: 'lisi' },
  ])
  const one = (account: string) => made.find((person) => person.account === account)!
  const byRole = (member: 'id' | 'firstPassword') =>
    Object.fromEntries(roles.map((role) => [role, one(role)[member]])) as Record<Role, string>
  return { people: byRole('id'), passwords: byRole('firstPassword'), secondOfficer: one('lisi').id }
}

async function addDevices(world: World, holderId: string, releasedBy: string | null): Promise<TestDock> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const rawKey = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  const { dockId } = await world.db.transaction().execute(async (trx) => {
    await registerDevice(trx, world.clock, setupActor, { serial: 'ZF00001', kind: 'recorder', holderId })
    return registerDock(trx, world.clock, setupActor, { name: '一号采集站', publicKey: rawKey })
  })
  if (releasedBy) await releaseDock(world.db, world.clock, { id: releasedBy, role: 'supervisor' }, dockId)
  const handIn = async (bytes: Buffer, name: Buffer): Promise<string> => {
    const file = {
      name: name.toString('base64'),
      bytes: bytes.length,
      sha256: sha256(bytes).toString('hex'),
      deviceTime: null,
      mark: false,
    }
    const seen = {
      serial: 'ZF00001',
      openedAt: world.clock.now().toISOString(),
      clockOffsetMs: null,
      origin: null,
      user: null,
      files: [file],
    }
    const { files, signature, ...head } = signedHandIn(seen, privateKey)
    const lines = files.map((line) => ({ ...line, salt: Buffer.from(line.salt, 'base64') }))
    const signed = { lines, signature: Buffer.from(signature, 'base64') }
    return (await openHandIn(world, { id: dockId, publicKey: rawKey }, { ...head, origin: null, user: null }, signed))
      .id
  }
  return { id: dockId, handIn }
}

/** One recording from the dock's list to three verified copies. Returns its id. */
async function addRecording(world: World, dock: TestDock, size: number): Promise<string> {
  const { db, clock, stores } = world
  const bytes = randomBytes(size)
  const name = Buffer.from(`ZF00001_012345_20261123080000_${size}.MP4`)
  const handInId = await dock.handIn(bytes, name)
  const uploadId = newId(clock.now())
  const object = await stores.primary.put('originals', originalKey(uploadId, clock.now()), bytes)
  const facts = {
    deviceSerial: 'ZF00001',
    name,
    bytes: size,
    mark: false,
    deviceTime: { text: clock.now().toISOString(), instant: clock.now() },
    clockOffsetMs: 1500,
    sha256: sha256(bytes),
    handInId,
    handInNumber: 0,
  }
  const received = { id: uploadId, key: object.key, multipartId: null, parts: [], sha256: sha256(bytes) }
  const upload = await createReceivedUpload(world, dock, facts, { ...received, startedAt: clock.now() })
  await db.updateTable('upload').set({ version_id: object.versionId }).where('id', '=', uploadId).execute()
  const holder = newId()
  await takeUploadLease(db, uploadId, holder)
  const stored = { ...upload, version_id: object.versionId, sha256: sha256(bytes) } as StoredUpload
  await sealUpload({ db, store: stores.primary, clock, lockFirstDays: 1 }, stored, holder)
  const { recording_id } = await db
    .selectFrom('upload')
    .where('id', '=', uploadId)
    .select('recording_id')
    .executeTakeFirstOrThrow()
  await copyAndVerify(world, recording_id!, bytes)
  return recording_id!
}

/** Three verified copies of a sealed recording, as the workers enter them. */
export async function copyAndVerify(world: World, recordingId: string, bytes: Buffer): Promise<void> {
  const { db, clock, stores } = world
  const recording = await sealedRecording(db, recordingId)
  const digests = await hashStream(
    (async function* () {
      yield bytes
    })(),
  )
  await db.transaction().execute((trx) => enterVerified(trx, clock, recording, digests))
  for (const name of ['backup-a', 'backup-b'] as const) {
    const object = await stores[name].put('originals', recording.copies.get('primary')!.object.key, bytes)
    const retainUntil = firstLockEnd(clock.now(), 1)
    await stores[name].lock(object, retainUntil)
    const copy = { store: name, hostName: stores[name].hostName, object, retainUntil, storedAt: clock.now() }
    await db.transaction().execute((trx) => enterCopy(trx, clock, recording, { ...copy, adopted: false }))
  }
}

/** Two segments of a rendition, opened, renewed, served and closed. */
async function watch(world: World, who: { recordingId: string; custodianId: string }): Promise<string> {
  const { db, clock, stores } = world
  const recording = await sealedRecording(db, who.recordingId)
  const making = {
    kind: 'video',
    method: 'remux',
    tracks: [{ track: 0, kind: 'video', streams: [0], channels: null }],
    tool: 'ffmpeg of the test',
    flags: ['-c', 'copy'],
    inputSha256: recording.sha256,
  } as const
  const id = (await db.transaction().execute((trx) => beginRendition(trx, recording.id, making, clock.now())))!
  const files: RenditionFile[] = []
  for (const number of [0, 1]) {
    const bytes = randomBytes(500)
    const object = await stores.primary.put('derived', derivedKey(recording.id, id, `${number}.m4s`), bytes)
    const place = {
      track: 0,
      kind: 'segment',
      number,
      startMs: number * 4000,
      durationMs: 4000,
      contentType: 'video/mp4',
    } as const
    files.push({ ...place, bytes: bytes.length, sha256: sha256(bytes), object })
  }
  const rendition = { id, making, durationMs: 8000, findings: {} }
  await db.transaction().execute((trx) => publishFiles(trx, clock, { recording, ...rendition }, files))
  await db.transaction().execute((trx) => finishRendition(trx, clock, recording, rendition))
  const viewer = { id: who.custodianId, role: 'custodian', sessionHash: randomBytes(32) }
  const request = { recordingId: recording.id, purpose: '案卷复核', caseFile: (await findCase(db, testCaseNumber))! }
  const { viewingId } = await signed(() => openViewing(db, clock, viewer, { policy: null, ageMsMax: 600_000 }, request))
  await serveFile({ db, clock, derived: stores.primary }, viewer, { viewingId, track: 0, kind: 'segment', number: 0 })
  await signed(() => renewViewing(db, clock, viewer, { viewingId, positionMs: 4000, track: 0 }))
  await closeViewing(db, clock, viewer, viewingId)
  return viewingId
}

/** The services wait 3 s for a signature, then say "try again": on a busy machine that is what one does. */
async function signed<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await act()
    } catch (error) {
      if (!isFault(error, 'ledger_behind') || tries === 10) throw error
    }
  }
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}
