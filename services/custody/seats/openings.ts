import { offices } from '../../foundation/db/words.ts'
import { holderBeside, releaseRight } from '../people/release-rules.ts'
import { type Action, may } from '../roles/permissions.ts'
import type { Role } from '../roles/roles.ts'
import type { Present, Room, Way } from './room.ts'

/** The ways in which an account is opened by two: at once, or after the wait of a release in another office's place. */
export interface OpeningWays {
  readonly atOnce: readonly Way[]
  readonly afterWait: readonly Way[]
}

/** How an account can be opened: that of somebody in service whose password is lost, or one that is to be made. */
export function openingWays(room: Room, account: { personId: string; role: Role; isNew: boolean }): OpeningWays {
  const { personId, role, isNew } = account
  const gives: Action = isNew ? 'person.manage' : 'person.reset'
  const atOnce: Way[] = []
  const afterWait: Way[] = []
  for (const madeBy of room.present) {
    if (madeBy.id === personId || !may(madeBy.role, gives)) continue
    const inService = room.seats.flatMap((seat) =>
      seat.role === 'supervisor' || seat.role === 'auditor'
        ? [holderBeside({ id: seat.id, office: seat.role }, madeBy, room.newAccounts)]
        : [],
    )
    for (const releaser of room.present) {
      const holder = officeOf(releaser)
      if (!holder || !may(releaser.role, 'person.release')) continue
      const beside = holderBeside(holder, madeBy, room.newAccounts)
      const right = releaseRight(beside, { personId, role, madeBy }, inService)
      const way: Way = [
        { part: 'first_password', who: madeBy.id },
        { part: 'releases', who: releaser.id },
      ]
      if (right === 'at_once') atOnce.push(way)
      if (right === 'after_wait') afterWait.push(way)
    }
  }
  return { atOnce, afterWait }
}

function officeOf(one: Present) {
  const office = offices.find((known) => known === one.role)
  return office && { ...one, office }
}
