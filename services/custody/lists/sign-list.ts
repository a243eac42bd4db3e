import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault, isFault } from '../../foundation/errors.ts'
import { idOfDigest } from '../../foundation/id.ts'
import { type ListedAct, type ListedKind, listText, textDigest } from '../events/signed-list.ts'
import { statementOf } from '../events/statement.ts'
import { may } from '../roles/permissions.ts'
import type { Signer } from '../signing/seat.ts'
import { type ItemWords, itemWords } from './item-words.ts'
import { type Decided, type LightAct, type ListedDecision, lightActs, type PutUp } from './light-acts.ts'

export const listItemsMax = 20

/** An item as whoever signs has ticked it: the thing, and the proposal about it that was looked at. */
export interface TickedItem extends Item {
  readonly act: string
}

interface Item {
  readonly id: string
  readonly proposalId: string
}

export interface SignedList {
  readonly listId: string
  readonly sha256: string
  /** In the order in which they were ticked. */
  readonly items: readonly (Decided & { readonly id: string })[]
}

export interface ShownList {
  readonly listId: string
  /** What is signed. */
  readonly sha256: string
  readonly items: readonly (Item & ItemWords)[]
}

interface WantedList {
  readonly confirmed: boolean
  readonly items: readonly TickedItem[]
}

/**
 * What a list of ticked items would sign: each item in words, and the digest. Nothing is decided.
 *
 * @throws as `signList`, but for what only the act itself finds
 */
export async function showList(db: Db, actor: Signer, wanted: WantedList): Promise<ShownList> {
  const { confirmed, items } = wanted
  const act = actOf(items)
  requireDifferent(items)
  const light = lightActFor(actor, { act, confirmed })
  return db.transaction().execute(async (trx) => {
    const putUp = await putUpItems(trx, light, items)
    light.requireOneCause(putUp)
    const listId = listIdOf({ act, confirmed }, putUp)
    const shown: ShownList['items'][number][] = []
    for (const { id, proposalId } of items) {
      shown.push({ id, proposalId, ...(await itemWords(trx, act, { id, proposalId })) })
    }
    return { listId, sha256: textDigest(listTextOf({ id: listId, act, confirmed }, putUp)), items: shown }
  })
}

/**
 * Decides up to 20 light acts of one kind by one signature: one statement over the digest of the list, one event for each
 * item, all in one transaction or none. Every item is named by itself; what weighs more is signed singly.
 *
 * @param wanted `sha256`: the digest that `showList` showed, so that nothing is signed but what was looked at
 * @throws bad_request for a list that is empty, too long, of two kinds or of two causes, or names something twice; wrong_role;
 *   conflict when it is not the list that was shown; whatever the act itself throws, naming the item's place and id: nothing
 *   is decided then
 */
export async function signList(
  db: Db,
  clock: Clock,
  actor: Signer,
  wanted: WantedList & { sha256: string },
): Promise<SignedList> {
  const { confirmed, items, sha256 } = wanted
  const act = actOf(items)
  requireDifferent(items)
  return signItems(db, clock, actor, { act, confirmed, items, shown: { sha256 } })
}

/**
 * Decides these items by one signature, however many they are.
 *
 * @param wanted `shown`: the list as whoever signs looked at it; without an id it is that of ticked items
 * @throws wrong_role; bad_request for two causes, and for turning down what is turned down singly; conflict when the items are
 *   not, or not as, those that were shown; whatever the act throws
 */
export async function signItems(
  db: Db,
  clock: Clock,
  actor: Signer,
  wanted: { act: ListedKind; confirmed: boolean; items: readonly Item[]; shown: { id?: string; sha256: string } },
): Promise<SignedList> {
  const { act, confirmed, items, shown } = wanted
  const light = lightActFor(actor, { act, confirmed })
  return db.transaction().execute(async (trx) => {
    const putUp = await putUpItems(trx, light, items)
    light.requireOneCause(putUp)
    const listId = shown.id ?? listIdOf({ act, confirmed }, putUp)
    const text = listTextOf({ id: listId, act, confirmed }, putUp)
    const statement = statementOf(actor, { act, object: `list:${listId}`, putUp: text, askedAt: clock.now() })
    const sha256 = statement.objectSha256
    if (shown.sha256 !== sha256) {
      throw new Fault('conflict', 'this is not the list as it stands now, or not this decision on it: look at it again')
    }
    const done: SignedList['items'][number][] = []
    for (const [at, item] of items.entries()) {
      const list = { id: listId, place: at + 1, of: items.length, sha256 }
      const decision: ListedDecision = { ...item, confirmed, inList: { list, statement } }
      done.push({ id: item.id, ...(await naming(at, item, () => light.decide(trx, clock, actor, decision))) })
    }
    return { listId, sha256, items: done }
  })
}

/** @throws wrong_role; bad_request for turning down what is turned down singly */
function lightActFor(actor: Signer, { act, confirmed }: { act: ListedKind; confirmed: boolean }): LightAct {
  const light: LightAct = lightActs[act]
  if (!may(actor.role, light.action)) throw new Fault('wrong_role', `this list is not for the role '${actor.role}'`)
  if (confirmed || light.mayRefuse) return light
  throw new Fault('bad_request', `confirmed: '${act}' is turned down singly; a list only confirms it`)
}

/**
 * The id of a list of ticked items follows from what it decides, so that what was shown and what is signed are one list. It
 * is never another list's: what was put up is decided once.
 */
function listIdOf(list: { act: ListedKind; confirmed: boolean }, putUp: readonly PutUp[]): string {
  return idOfDigest(Buffer.from(textDigest(listTextOf({ id: '', ...list }, putUp)), 'hex'))
}

/** The text that is signed under a list of what was put up. */
export function listTextOf(list: { id: string; act: ListedKind; confirmed: boolean }, putUp: readonly PutUp[]): string {
  const { id, act, confirmed } = list
  const items = putUp.map(({ object, body }): ListedAct => ({ object, putUpSha256: textDigest(body), confirmed }))
  return listText({ id, act, items })
}

/** The one kind of act in a list. @throws bad_request */
function actOf(items: readonly TickedItem[]): ListedKind {
  const [first] = items
  if (!first) throw new Fault('bad_request', 'items: tick at least one: an empty list signs nothing')
  if (items.length > listItemsMax) {
    throw new Fault(
      'bad_request',
      `items: ${items.length} are ticked, a list has at most ${listItemsMax}: sign two lists`,
    )
  }
  const kinds = new Set(items.map(({ act }) => act))
  if (kinds.size > 1)
    throw new Fault('bad_request', `items: acts of one kind to a list, not ${[...kinds].join(' and ')}`)
  if (!Object.hasOwn(lightActs, first.act)) {
    const known = Object.keys(lightActs).join(', ')
    throw new Fault('bad_request', `items: '${first.act}' is signed singly; in lists there is only ${known}`)
  }
  return first.act as ListedKind
}

function requireDifferent(items: readonly TickedItem[]): void {
  const seen = new Set<string>()
  for (const [at, { id }] of items.entries()) {
    if (seen.has(id)) throw new Fault('bad_request', `items: item ${at + 1} (${id}) is in the list already`)
    seen.add(id)
  }
}

/** What was put up for decision, in the order of the items; the rows are locked in one order for all lists. */
async function putUpItems(trx: Trx, light: LightAct, items: readonly Item[]): Promise<PutUp[]> {
  const found = new Map<string, PutUp>()
  for (const item of [...items].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const at = items.indexOf(item)
    found.set(item.id, await naming(at, item, () => light.putUp(trx, item)))
  }
  return items.map(({ id }) => found.get(id)!)
}

/** Says which item it was that failed, and that nothing was decided. */
async function naming<T>(at: number, { id }: Item, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isFault(error)) throw error
    const message = `item ${at + 1} (${id}): ${error.message}; nothing in this list was decided`
    throw new Fault(error.code, message, { cause: error, details: { ...error.details, place: at + 1, id } })
  }
}
