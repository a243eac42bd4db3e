import type { Db } from '../../foundation/db/database.ts'
import type { UserGrade } from '../../foundation/db/words.ts'
import type { HandInHead } from '../../ledger/format/hand-in-list.ts'
import { type Device, deviceBySerial } from '../devices/device.ts'
import { wasIdentified } from '../devices/identification.ts'
import { isRostered, userByRoster } from '../rosters/roster.ts'

/** Who used a device when it recorded, and how that is known; nobody where the grade is `unknown`. */
export interface DeviceUser {
  readonly personId: string | null
  readonly grade: UserGrade
}

/** A recorder of a shift that is over is docked within a day. */
const dockedLateMs = 24 * 60 * 60_000

/**
 * Who counts as the user of the shift for a whole hand-in, when it is opened. That somebody confirmed it himself (本人确认) is
 * believed of a dock only when this service has known him there by card or code; that the roster names him, when the roster of
 * this service does so at the time of the list, or it has known him there. Else roster and register decide.
 *
 * @param opened `userId`: whom the dock's list names, if that is somebody in service; `at`: now, while the list may be older
 */
export async function userAtDocking(
  db: Db,
  opened: { head: Pick<HandInHead, 'serial' | 'openedAt' | 'user'>; userId: string | null; dockId: string; at: Date },
): Promise<DeviceUser> {
  const { head, userId, dockId, at } = opened
  const signedMs = Date.parse(head.openedAt)
  const span = { from: new Date(signedMs - dockedLateMs), to: new Date(signedMs) }
  if (userId !== null) {
    const grade = isSaidConfirmed(head) ? 'confirmed' : 'roster'
    if (grade === 'roster' && (await isRostered(db, { personId: userId, serial: head.serial, span }))) {
      return { personId: userId, grade }
    }
    const act = { dockId, serial: head.serial, personId: userId, means: null, at, handIn: 'next' } as const
    if (await wasIdentified(db, act)) return { personId: userId, grade }
  }
  // What the dock said of somebody who is nobody here is not made good by the roster.
  const byRoster = head.user === null || userId !== null ? await userByRoster(db, head.serial, span) : null
  if (byRoster !== null) return { personId: byRoster, grade: 'roster' }
  return byRegister(await deviceBySerial(db, head.serial))
}

/** The registered keeper. */
export function byRegister(device: Device | null): DeviceUser {
  const keeper = device?.holderId ?? null
  return { personId: keeper, grade: keeper === null ? 'unknown' : 'register' }
}

/** Whether the dock says that the user whom its list names has confirmed it himself. */
function isSaidConfirmed({ user }: Pick<HandInHead, 'user'>): boolean {
  return user?.grade === 'confirmed'
}
