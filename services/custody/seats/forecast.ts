import { actingIn } from '../roles/acting.ts'
import { type Matter, type Outcome, outcomesIn, type SeatState, seatedRoles, seatStates } from './acts.ts'
import type { Moment, Part, Present, Room, Seat, SeatFacts, Way } from './room.ts'

/** What becomes of an act while somebody is away. */
export interface SeatOutcome extends Matter {
  /** The worst of the whole time. */
  readonly state: SeatState
  /** Since when it is so. */
  readonly from: Date
  /** Who could do each part of it then: ids of people, `concerned`, `newcomer`. */
  readonly by: readonly { readonly part: Part; readonly people: readonly string[] }[]
}

export interface Absence {
  /** Nobody, one or two of the people. */
  readonly away: readonly string[]
  readonly outcomes: readonly SeatOutcome[]
}

export interface SeatForecast {
  readonly from: Date
  readonly until: Date
  readonly seats: readonly Seat[]
  readonly absences: readonly Absence[]
}

/**
 * What stops, and who could still do the rest, while nobody, any one person or any two are away: by the rules that the acts
 * themselves ask, and no others. New accounts count as new for the whole time.
 *
 * @param atMost how many are away at a time
 */
export function forecastSeats(facts: SeatFacts, atMost: 0 | 1 | 2 = 2): SeatForecast {
  const seated = facts.seats.filter(({ role }) => seatedRoles.some((one) => one === role))
  const ids = seated.map(({ id }) => id)
  const pairs = ids.flatMap((one, place) => ids.slice(place + 1).map((other) => [one, other]))
  const absences = [[[]], ids.map((id) => [id]), pairs].slice(0, atMost + 1).flat()
  return {
    from: facts.moments[0].at,
    until: facts.until,
    seats: seated,
    absences: absences.map((away) => ({ away, outcomes: outcomesWhile(facts, away) })),
  }
}

/** The acts that somebody's absence stops, and that did not stop anyhow. */
export function stoppedBy(forecast: SeatForecast, personId: string): SeatOutcome[] {
  const stopped = (away: readonly string[]) =>
    forecast.absences
      .find((one) => one.away.join() === away.join())
      ?.outcomes.filter(({ state, act }) => state === 'stops' && act !== 'new_account') ?? []
  const anyhow = stopped([])
  return stopped([personId]).filter((one) => !anyhow.some((other) => isSameMatter(one, other)))
}

function outcomesWhile(facts: SeatFacts, away: readonly string[]): SeatOutcome[] {
  const [first, ...later] = facts.moments.map((moment) => ({
    moment,
    outcomes: outcomesIn(roomAt(facts, moment, away), away),
  }))
  return first!.outcomes.map((now) => {
    let worst = { ...now, from: first!.moment.at }
    for (const { moment, outcomes } of later) {
      const then = outcomes.find((one) => isSameMatter(one, now))
      if (then && rank(then) > rank(worst)) worst = { ...then, from: moment.at }
    }
    const { ways, ...outcome } = worst
    return { ...outcome, by: byPart(ways) }
  })
}

/** Who is there at a moment, in the roles that count then. */
export function roomAt(facts: SeatFacts, moment: Moment, away: readonly string[]): Room {
  const principals = new Map([...moment.principals].filter(([, id]) => facts.seats.some((seat) => seat.id === id)))
  const present = facts.seats
    .filter(({ id, canSignIn }) => canSignIn && !away.includes(id))
    .map(
      ({ id, role, inOffice }): Present => ({
        id,
        ...actingIn({ role, inOffice, principalId: principals.get(id) ?? null }),
      }),
    )
  return {
    seats: facts.seats,
    present,
    newAccounts: facts.newAccounts,
    spares: facts.spares,
    deputyshipInForce: principals.size > 0,
  }
}

function rank({ state }: Pick<Outcome, 'state'>): number {
  return seatStates.indexOf(state)
}

function isSameMatter(one: Matter, other: Matter): boolean {
  return one.act === other.act && one.role === other.role && one.personId === other.personId
}

function byPart(ways: readonly Way[]): SeatOutcome['by'] {
  const people = new Map<Part, Set<string>>()
  for (const { part, who } of ways.flat()) people.set(part, (people.get(part) ?? new Set()).add(who))
  return [...people].map(([part, ids]) => ({ part, people: [...ids] }))
}
