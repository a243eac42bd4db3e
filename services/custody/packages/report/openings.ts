import type { EventBody } from '../../../ledger/format/entry.ts'
import { eventOf, type KnownEvent } from '../../events/read.ts'
import { areOnePerson } from '../../signing/one-person.ts'
import type { PlacedBody } from './placed.ts'

type Placed<Event> = Event & { readonly index: number }

/** How an account was opened once: the password that was given, and whoever stood for it as second person. */
export interface Opening {
  /** Its creation, or a later reset. */
  readonly made: Placed<KnownEvent<'person.created' | 'person.password_reset'>>
  readonly releases: readonly Placed<KnownEvent<'person.released'>>[]
  readonly stops: readonly Placed<KnownEvent<'person.release_stopped'>>[]
  /** That it was opened with the code of a sealed envelope, and what the events say of that envelope. */
  readonly spare: Placed<SpareUse> | null
}

/** Who had a part in a sealed spare code that opened an account; null where no earlier event says so. */
export interface SpareUse {
  readonly sealed: KnownEvent<'spare.sealed'> | null
  readonly confirmed: KnownEvent<'spare.confirmed'> | null
  readonly opened: KnownEvent<'spare.opened'> | null
  readonly asked: KnownEvent<'spare.opening_asked'> | null
}

const spareKinds = ['spare.sealed', 'spare.confirmed', 'spare.opening_asked', 'spare.opened'] as const

/** All openings of each account, ascending. A release from before openings had ids belongs to the newest one before it. */
export function openingsOf(events: readonly PlacedBody[]): ReadonlyMap<string, readonly Opening[]> {
  const openings = new Map<string, Opening[]>()
  for (const [id, ofAccount] of Map.groupBy(events, ({ body }) => personOf(body) ?? '')) {
    openings.set(
      id,
      placedOf(ofAccount, 'person.created', 'person.password_reset').map((made) => openingOf(made, ofAccount)),
    )
  }
  return openings
}

function openingOf(made: Opening['made'], ofAccount: readonly PlacedBody[]): Opening {
  const next = placedOf(ofAccount, 'person.created', 'person.password_reset').find(({ index }) => index > made.index)
  const isOfIt = (event: { readonly index: number; readonly details: { readonly openingId?: string } }) =>
    event.details.openingId === undefined || made.id === undefined
      ? event.index > made.index && event.index < (next?.index ?? Number.POSITIVE_INFINITY)
      : event.details.openingId === made.id
  const used = placedOf(ofAccount, 'person.opened').find((one) => isOfIt(one) && one.details.spareId !== undefined)
  return {
    made,
    releases: placedOf(ofAccount, 'person.released').filter(isOfIt),
    stops: placedOf(ofAccount, 'person.release_stopped').filter(isOfIt),
    spare: used ? { ...spareUse(ofAccount, used), index: used.index } : null,
  }
}

function spareUse(ofAccount: readonly PlacedBody[], used: Placed<KnownEvent<'person.opened'>>): SpareUse {
  const before = ofAccount.filter(({ index }) => index < used.index)
  const last = <Kind extends (typeof spareKinds)[number]>(kind: Kind) =>
    placedOf(before, kind).findLast(({ details }) => details.spareId === used.details.spareId) ?? null
  return {
    sealed: last('spare.sealed'),
    confirmed: last('spare.confirmed'),
    asked: last('spare.opening_asked'),
    opened: last('spare.opened'),
  }
}

/** The opening by which an account acted at the leaf `index`: the newest that was made before. */
export function openingAt(openings: readonly Opening[], index: number): Opening | undefined {
  return openings.findLast(({ made }) => made.index < index)
}

/** Whether the account was opened with a sealed spare code before the leaf `index`. */
export function isBySpare({ spare }: Opening, index: number): boolean {
  return spare !== null && spare.index < index
}

/** Releases by another person than the account's and than whoever gave the password, before the leaf `index`. */
export function releasesByAnother({ made, releases }: Opening, index: number): Opening['releases'] {
  const own = { id: personOf(made) ?? '' }
  return releases.filter(
    (one) => one.index < index && !areOnePerson(nameIn(one), nameIn(made)) && !areOnePerson(nameIn(one), own),
  )
}

/** Why it is not shown that two people opened the account before this act; null when it is. */
export function openingFault(opening: Opening, act: PlacedBody): string | null {
  return isBySpare(opening, act.index) ? spareFault(opening) : releaseFault(opening, act)
}

function releaseFault(opening: Opening, { index, body }: PlacedBody): string | null {
  const { made, releases, stops } = opening
  const before = releases.filter((one) => one.index < index)
  const byAnother = releasesByAnother(opening, index)
  if (byAnother.length === 0) {
    if (before.length > 0) return '复核启用的不是另一人'
    if (made.actorRole === 'service') return '由系统初始化开设，事件中没有另一人的复核启用'
    return releases.length > 0 ? '行为时尚无复核启用' : '事件中没有复核启用'
  }
  if (stops.some((one) => one.index < index)) return '复核启用在行为前已被中止'
  const isEffective = byAnother.some(({ at, details }) => (details.effectiveFrom ?? at) <= body.at)
  return isEffective ? null : '复核启用在行为时尚未生效'
}

/** Password and code lay in different hands when neither its holder nor whoever gave the password had a part in the code. */
function spareFault({ made, spare }: Opening): string | null {
  const { sealed = null, confirmed = null, asked = null, opened = null } = spare ?? {}
  if (!sealed || !confirmed) return '凭密封备用码启用，备用码的密封或核对未载入事件'
  if (!asked || !opened) return '凭密封备用码启用，备用码的申请启封或启封未载入事件'
  if (areOnePerson(nameIn(sealed), nameIn(confirmed))) return '凭密封备用码启用，密封和核对的是同一人'
  if (areOnePerson(nameIn(asked), nameIn(opened))) return '凭密封备用码启用，申请启封和启封的是同一人'
  const hands = [sealed, asked, opened].map(nameIn)
  if (hands.some((one) => areOnePerson(one, nameIn(made)))) {
    return '凭密封备用码启用，给出初始密码的人也经手了备用码'
  }
  const own = { id: personOf(made) ?? '' }
  return hands.some((one) => areOnePerson(one, own)) ? '凭密封备用码启用，账号本人经手了备用码' : null
}

function placedOf<Kind extends KnownEvent['kind']>(
  events: readonly PlacedBody[],
  ...kinds: Kind[]
): Placed<KnownEvent<Kind>>[] {
  return events.flatMap(({ index, body }) => {
    const event = eventOf(body, ...kinds)
    return event ? [{ ...event, index }] : []
  })
}

function personOf({ subjects }: Pick<EventBody, 'subjects'>): string | null {
  return subjects.find(({ type }) => type === 'person')?.id ?? null
}

/** Who acted, and by whose commission. */
export function nameIn({ actor, onBehalfOf }: Pick<EventBody, 'actor' | 'onBehalfOf'>) {
  return { id: actor, ...(onBehalfOf !== undefined && { onBehalfOf }) }
}
