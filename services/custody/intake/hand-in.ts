import { createPublicKey, verify } from 'node:crypto'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { sha256 } from '../../foundation/hash.ts'
import { isId, newId } from '../../foundation/id.ts'
import { filesRootOf, type HandInHead, handInHeadBytes, lineDigest } from '../../ledger/format/hand-in-list.ts'
import { recordEvent } from '../events/record.ts'
import type { OriginKind } from '../events/words.ts'
import { type DeviceUser, userAtDocking } from './docking-user.ts'
import { insertLines, type SaltedLine } from './hand-in-lines.ts'
import { recordedUntil } from './recorded-until.ts'
import { lastRunningNumber } from './running-number.ts'
import { requireHonestSelfTest } from './self-test.ts'
import { wasDeviceStated } from './stated-volume.ts'

/** The signed head, as ingest takes it: its words are those that events know, and `openedAt` is a time. */
export type SignedHead = HandInHead & {
  readonly origin: { readonly kind: OriginKind; readonly from: string | null } | null
  readonly user: { readonly person: string; readonly grade: 'confirmed' | 'roster' } | null
}

export interface HandIn {
  readonly id: string
  readonly deviceSerial: string
  readonly openedAt: Date
  readonly clockOffsetMs: number | null
}

/**
 * Opens a hand-in: checks that the head commits to exactly these lines and that the dock signed it (Ed25519 over its
 * canonical form, services/ledger/DESIGN.md §8), keeps all of it, and writes the event. The same signed head again (the
 * answer was lost) gives the same hand-in, also while the first is still being answered. A user whom nobody knows or who is
 * not in service counts as unknown; the event keeps what the dock said, and who counts as the user of the shift.
 *
 * @throws bad_request when number, root or signature do not fit: nothing is kept then.
 */
export async function openHandIn(
  deps: { db: Db; clock: Clock },
  dock: { id: string; publicKey: Buffer },
  head: SignedHead,
  signed: { lines: readonly SaltedLine[]; signature: Buffer },
): Promise<{ id: string; created: boolean }> {
  const { lines, signature } = signed
  requireCommitted(head, lines)
  requireHonestSelfTest(head, lines, dock.id)
  const headBytes = handInHeadBytes(head)
  if (!isSignedBy(dock.publicKey, headBytes, signature)) {
    throw misfit('signature', "not this dock's Ed25519 signature over the head of the list in canonical form")
  }
  return deps.db.transaction().execute(async (trx) => {
    // From here on no other hand-in of the device is opened there: the same list sent twice at once is found by the second.
    const deviceStated = await wasDeviceStated(trx, { dockId: dock.id, serial: head.serial })
    const known = await trx
      .selectFrom('hand_in')
      .select('id')
      .where('dock_id', '=', dock.id)
      .where('signature', '=', signature)
      .executeTakeFirst()
    if (known) return { id: known.id, created: false }
    const id = newId(deps.clock.now())
    const userId = await userInService(trx, head)
    const counts = await userAtDocking(trx, { head, userId, dockId: dock.id, at: deps.clock.now() })
    const opening = { id, dockId: dock.id, userId, counts, head, headBytes, deviceStated, ...signed }
    const at = await recordOpened(trx, deps.clock, opening)
    await trx
      .insertInto('hand_in')
      .values({
        id,
        dock_id: dock.id,
        device_serial: head.serial,
        head: headBytes,
        signature,
        opened_at: at,
        signed_at: new Date(head.openedAt),
        user_id: userId,
        device_stated: deviceStated,
        running_number: lastRunningNumber(lines.map(({ name }) => name)),
        recorded_until: recordedUntil(lines, head.clockOffsetMs),
        concerned_id: counts.personId,
        concerned_grade: counts.grade,
      })
      .execute()
    await insertLines(trx, id, lines)
    return { id, created: true }
  })
}

/** The hand-in, if this dock opened it. */
export async function handInOfDock(db: Db, dockId: string, id: string): Promise<HandIn | null> {
  if (!isId(id)) return null
  const row = await db
    .selectFrom('hand_in')
    .select(['id', 'device_serial', 'opened_at', 'head'])
    .where('id', '=', id)
    .where('dock_id', '=', dockId)
    .executeTakeFirst()
  if (!row) return null
  const { clockOffsetMs } = JSON.parse(row.head.toString('utf8')) as HandInHead
  return { id: row.id, deviceSerial: row.device_serial, openedAt: row.opened_at, clockOffsetMs }
}

/** Whether somebody at the dock said whose device a hand-in is of, because the volume named none. */
export async function isDeviceStated(db: Db, handInId: string | null): Promise<boolean> {
  const row = await db
    .selectFrom('hand_in')
    .where('id', '=', handInId)
    .where('device_stated', 'is', true)
    .select('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Whether any footage was ever handed in. */
export async function hasHandIns(db: Db): Promise<boolean> {
  return (await db.selectFrom('hand_in').select('id').limit(1).executeTakeFirst()) !== undefined
}

function requireCommitted(head: HandInHead, lines: readonly SaltedLine[]): void {
  if (head.count !== lines.length) {
    throw misfit('count', `the head says ${head.count} files, the list has ${lines.length}`)
  }
  const root = filesRootOf(lines.map(({ salt, ...line }) => lineDigest(line, salt))).toString('hex')
  if (root !== head.filesRoot) {
    throw misfit('filesRoot', `the head says ${head.filesRoot}, the lines with their salts give ${root}`)
  }
}

async function recordOpened(
  trx: Trx,
  clock: Clock,
  opening: {
    id: string
    dockId: string
    userId: string | null
    counts: DeviceUser
    head: SignedHead
    headBytes: Buffer
    lines: readonly SaltedLine[]
    signature: Buffer
    deviceStated: boolean
  },
): Promise<Date> {
  const { id, dockId, userId, counts, head, deviceStated } = opening
  const { at } = await recordEvent(trx, 'hand_in.opened', {
    clock,
    by: { id: dockId, role: 'dock' },
    subjects: [
      { type: 'hand_in', id },
      { type: 'hand-in-list', id },
      { type: 'device', id: head.serial },
      { type: 'dock', id: dockId },
      ...(userId === null ? [] : [{ type: 'person', id: userId }]),
    ],
    details: {
      files: head.count,
      bytes: opening.lines.reduce((sum, line) => sum + line.bytes, 0),
      listSha256: sha256(opening.headBytes).toString('hex'),
      signature: opening.signature.toString('base64'),
      openedAt: head.openedAt,
      clockOffsetMs: head.clockOffsetMs,
      ...(deviceStated && { deviceStated }),
      counts: {
        ...{ person: counts.personId, grade: counts.grade },
        ...(head.user !== null && head.user.person !== counts.personId && { differs: true }),
      },
      head: { v: 2, origin: head.origin, user: head.user, filesRoot: head.filesRoot },
    },
  })
  return at
}

async function userInService(trx: Trx, { user }: SignedHead): Promise<string | null> {
  if (user === null || !isId(user.person)) return null
  const person = await trx
    .selectFrom('person')
    .where('id', '=', user.person)
    .where('role', 'in', ['officer', 'assistant'])
    .where('disabled_at', 'is', null)
    .select('id')
    .executeTakeFirst()
  return person?.id ?? null
}

function isSignedBy(publicKey: Buffer, message: Buffer, signature: Buffer): boolean {
  const key = createPublicKey({
    format: 'jwk',
    key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') },
  })
  return verify(null, message, key, signature)
}

function misfit(field: string, problem: string): Fault {
  return new Fault('bad_request', `${field}: ${problem}`, { details: { field } })
}
