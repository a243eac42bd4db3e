import { offices } from '../../foundation/db/words.ts'
import { holderBeside, releaseRight } from '../people/release-rules.ts'
import { type Action, may } from '../roles/permissions.ts'
import type { Role } from '../roles/roles.ts'
import { areIndependent } from '../signing/new-accounts.ts'
import { areOnePerson, type Name } from '../signing/one-person.ts'
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
  if (atOnce.length > 0 || isNew) return { atOnce, afterWait }
  return { atOnce: spareWays(room, personId), afterWait }
}

/**
 * Where nobody can release an account, two people open the envelope that was sealed for it: neither they nor whoever sealed
 * it may have given the first password, or depend on whoever did.
 */
function spareWays(room: Room, personId: string): Way[] {
  const { present, newAccounts } = room
  const areTwo = (one: Name, other: Name) => areIndependent(one, other, newAccounts)
  const makers = present.filter(({ id, role }) => id !== personId && may(role, 'person.reset'))
  const openers = present.filter((one) => may(one.role, 'spare.open') && !areOnePerson(one, { id: personId }))
  const pairs = openers.flatMap((one, place) => openers.slice(place + 1).map((other) => [one, other] as const))
  const hands = room.spares.filter((spare) => spare.personId === personId).map((spare) => spare.hands)
  return makers.flatMap((maker) =>
    pairs
      .filter(([one, other]) => areTwo(one, other) && areTwo(one, maker) && areTwo(other, maker))
      .filter(() => hands.some((these) => these.every((hand) => areTwo(hand, maker))))
      .map(
        (pair): Way => [
          { part: 'first_password', who: maker.id },
          ...pair.map(({ id }) => ({ part: 'opens_spare' as const, who: id })),
        ],
      ),
  )
}

function officeOf(one: Present) {
  const office = offices.find((known) => known === one.role)
  return office && { ...one, office }
}
