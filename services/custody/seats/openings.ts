import { offices } from '../../foundation/db/words.ts'
import { holderBeside, releaseRight } from '../people/release-rules.ts'
import { type Action, may } from '../roles/permissions.ts'
import type { Role } from '../roles/roles.ts'
import { dependenceAmong } from '../signing/new-accounts.ts'
import { areOnePerson } from '../signing/one-person.ts'
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
  if (atOnce.length > 0 || isNew || !room.spares.has(personId)) return { atOnce, afterWait }
  return { atOnce: spareWays(room, personId), afterWait }
}

/** Where nobody can release an account, two people open the envelope that was sealed for it. */
function spareWays(room: Room, personId: string): Way[] {
  const makers = room.present.filter(({ id, role }) => id !== personId && may(role, 'person.reset'))
  const openers = room.present.filter((one) => may(one.role, 'spare.open') && !areOnePerson(one, { id: personId }))
  const pairs = openers.flatMap((one, place) => openers.slice(place + 1).map((other) => [one, other] as const))
  const openable = pairs.filter(
    ([one, other]) => !areOnePerson(one, other) && dependenceAmong([one, other], room.newAccounts) === null,
  )
  return makers.flatMap((maker) =>
    openable.map(
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
