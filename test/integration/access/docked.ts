import { signedHandIn } from '../../../deploy/local/demo/hand-in-list.ts'
import { clearingListDigest } from '../../../services/custody/clearing/clearing-text.ts'
import { handInSubjects } from '../../../services/custody/devices/hand-in-subjects.ts'
import { keepIdentification } from '../../../services/custody/devices/identification.ts'
import { recordEvent } from '../../../services/custody/events/record.ts'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import { type DockGap, gapIdOf, keepGaps } from '../../../services/custody/hand-ins/gap-found.ts'
import { openHandIn, type SignedHead } from '../../../services/custody/intake/hand-in.ts'
import { selfTestSerial } from '../../../services/custody/intake/self-test.ts'
import { isId, newId } from '../../../services/foundation/id.ts'
import { registerTestDock, type TestDock } from '../../support/ingest.ts'
import type { World } from '../../support/world.ts'
import { settled } from '../fsck/tampered-world.ts'
import type { Bureau } from './bureau.ts'

export interface Docked {
  readonly handInId: string
  readonly dock: TestDock
}

/** Somebody shows his work card at a dock before the device's list is signed, or for one hand-in. */
export async function showCard(
  world: Pick<World, 'dbFor' | 'clock'>,
  shown: { dock: { id: string }; serial: string; personId: string; handInId?: string },
): Promise<void> {
  const { dock, serial, personId, handInId = null } = shown
  await world
    .dbFor('ingest')
    .transaction()
    .execute((trx) =>
      keepIdentification(
        trx,
        world.clock,
        { id: dock.id, role: 'dock' },
        { serial, means: 'card', personId, handInId },
      ),
    )
}

/** A dock's hand-in of files that have not come yet; the dock is a new one unless one is given. Without a serial it tests itself. */
export async function dockDevice(
  world: World,
  docked: {
    serial?: string
    user?: SignedHead['user']
    files?: readonly { name: string; bytes: number; mark?: boolean }[]
    dock?: TestDock
    /** When the dock signed the list; now unless told otherwise. */
    signedAt?: Date
  },
): Promise<Docked> {
  const { user = null, files = [{ name: '0001.MP4', bytes: 1000 }] } = docked
  const dock = docked.dock ?? (await registerTestDock(world))
  const serial = docked.serial ?? selfTestSerial(dock.id)
  if (user?.grade === 'confirmed' && isId(user.person)) await showCard(world, { dock, serial, personId: user.person })
  const seen = {
    ...{ serial, user, openedAt: (docked.signedAt ?? world.clock.now()).toISOString(), clockOffsetMs: 12_000 },
    origin: { kind: docked.serial === undefined ? 'self_test' : 'mass_storage', from: '3' } as const,
    files: files.map(({ name, bytes, mark = false }) => ({
      ...{ name: Buffer.from(name).toString('base64'), bytes, sha256: null, deviceTime: null, mark },
    })),
  }
  const { files: listed, signature, ...head } = signedHandIn(seen, dock.key)
  const row = await world.db.selectFrom('dock').where('id', '=', dock.id).select('public_key').executeTakeFirstOrThrow()
  const lines = listed.map((line) => ({ ...line, salt: Buffer.from(line.salt, 'base64') }))
  const { id } = await openHandIn(
    { db: world.dbFor('ingest'), clock: world.clock },
    { id: dock.id, publicKey: row.public_key },
    head as SignedHead,
    { lines, signature: Buffer.from(signature, 'base64') },
  )
  return { handInId: id, dock }
}

/** A clearing of no files that the dock announced, and never closes. */
export async function leaveClearing(world: World, { handInId, dock }: Docked, deviceSerial: string): Promise<string> {
  const { clock } = world
  const id = newId(clock.now())
  const listSha256 = clearingListDigest([])
  await world
    .dbFor('ingest')
    .transaction()
    .execute(async (trx) => {
      const subjects = [
        ...(await handInSubjects(trx, handInId)),
        { type: 'device', id: deviceSerial },
        { type: 'dock', id: dock.id },
      ]
      const none = { files: 0, witnessed: 0, beforeWitness: 0 }
      const event = await recordEvent(trx, 'clearing.announced', {
        ...{ clock, by: { id: dock.id, role: 'dock' }, subjects },
        details: { clearingId: id, ...none, listSha256: listSha256.toString('hex') },
      })
      await trx
        .insertInto('clearing')
        .values({
          ...{ id, dock_id: dock.id, said_id: id, hand_in_id: handInId, full_percent: null, list_sha256: listSha256 },
          ...{ event_id: event.id, announced_at: event.at, ended_at: null, given_up_at: null },
        })
        .execute()
    })
  return id
}

/** A gap of a hand-in, as its dock found it; the id by which the service knows it. */
export async function findGap(world: World, { handInId, dock }: Docked, gap: Partial<DockGap> = {}): Promise<string> {
  const found: DockGap = {
    ...{ gapKind: 'time', dockGapId: 'gap-1', beforeNumber: 0, afterNumber: null, missingNumbers: null },
    ...{ fromTime: '2026-11-28T14:21:07+08:00', toTime: '2026-11-28T14:27:19+08:00', lengthMs: 372_000 },
    ...{ proposed: { reason: 'battery', because: 'battery', value: 3 }, ...gap },
  }
  await keepGaps(world.dbFor('ingest'), world.clock, { id: dock.id, role: 'dock' }, { handInId, gaps: [found] })
  return gapIdOf(handInId, found.dockGapId)
}

/** What the check of rows and signatures finds, but for the docks of tests, which nobody registered. */
export async function foundBesidesDocks({ world, log }: Bureau): Promise<string[]> {
  await settled(world)
  const keys = { verifierKey: log.verifierKeys, vrfPublicKey: log.vrfPublicKey.toString('hex') }
  const found = await fsck({ db: world.db, stores: null, ...keys })
  return found
    .filter(({ check, subject }) => /^(rows|signatures)/.test(check) && !subject.startsWith('dock '))
    .map(({ check, subject, problem }) => `${check} ${subject}: ${problem}`)
}
