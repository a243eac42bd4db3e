import { partOf, partsNeeded } from '../people/custodian.ts'
import { may } from '../roles/permissions.ts'
import { dependenceAmong, type NewAccount } from '../signing/new-accounts.ts'
import { openingWays } from './openings.ts'
import { newcomer, type Part, type Present, type Room, type Way } from './room.ts'

/** A way in which the custodian's office goes to somebody: to whom, and how. */
export interface HandoverWay {
  readonly to: Present
  /** Those of the room, and his own where it was made for this. */
  readonly newAccounts: readonly NewAccount[]
  readonly way: Way
}

/**
 * How the office can be handed over: to a custodian out of office who is there or, where none is, to somebody whose account
 * is made for it. Of a custodian who is away it is handed over without his signature.
 */
export function handoverWays(room: Room): HandoverWay[] {
  const from = room.seats.find(({ inOffice }) => inOffice)
  if (!from) return []
  const waiting = room.present.filter(({ role }) => role === 'custodian_waiting')
  if (waiting.length > 0) return waiting.flatMap((to) => waysTo(room, from.id, to))
  const to: Present = { id: newcomer, role: 'custodian_waiting' }
  return openingWays(room, { personId: newcomer, role: 'custodian', isNew: true }).atOnce.flatMap((opening) => {
    const who = (part: Part) => opening.filter((one) => one.part === part).flatMap((one) => namesOf(room, one.who))
    const account: NewAccount = {
      ...{ personId: newcomer, madeBy: who('first_password'), releasedBy: who('releases') },
      isReleasedByBoth: false,
    }
    const withHim: Room = {
      ...room,
      present: [...room.present, to],
      newAccounts: [...room.newAccounts, account],
    }
    return waysTo(withHim, from.id, to).map((one) => ({ ...one, way: [...opening, ...one.way] }))
  })
}

function waysTo(room: Room, fromId: string, to: Present): HandoverWay[] {
  const absent = !room.present.some(({ id }) => id === fromId)
  if (!room.present.some(({ role }) => may(role, 'custodian.propose'))) return []
  const handover = { from_person_id: fromId, to_person_id: to.id, absent }
  const signers = room.present.filter(({ role }) => may(role, 'custodian.sign'))
  let ways: (Present & { part: Part })[][] = [[]]
  for (const part of partsNeeded(absent)) {
    const candidates = signers.filter((signer) => partOf(signer, handover) === part)
    ways = ways.flatMap((way) => candidates.map((signer) => [...way, { ...signer, part }]))
  }
  return ways
    .filter((way) => dependenceAmong(way, room.newAccounts) === null)
    .filter(
      (way) =>
        !absent ||
        dependenceAmong(
          way.filter(({ id }) => id !== to.id),
          room.newAccounts,
        ) === null,
    )
    .map((way) => ({ to, newAccounts: room.newAccounts, way: way.map(({ part, id }) => ({ part, who: id })) }))
}

function namesOf(room: Room, id: string): string[] {
  const principal = room.present.find((one) => one.id === id)?.onBehalfOf
  return principal === undefined ? [id] : [id, principal]
}
