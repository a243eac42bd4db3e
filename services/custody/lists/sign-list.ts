import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault, isFault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { type ListedAct, type ListedKind, listText, textDigest } from '../events/signed-list.ts'
import { statementOf } from '../events/statement.ts'
import { may } from '../roles/permissions.ts'
import type { Signer } from '../signing/seat.ts'
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

/**
 * Decides up to 20 light acts of one kind by one signature: one statement over the digest of the list, one event for each
 * item, all in one transaction or none. Every item is named by itself; what weighs more is signed singly.
 *
 * @throws bad_request for a list that is empty, too long, of two kinds or of two causes, or names something twice; wrong_role;
 *   whatever the act itself throws, naming the item's place and id: nothing is decided then
 */
export async function signList(
  db: Db,
  clock: Clock,
  actor: Signer,
  wanted: { confirmed: boolean; items: readonly TickedItem[] },
): Promise<SignedList> {
  const { confirmed, items } = wanted
  const act = actOf(items)
  requireDifferent(items)
  return signItems(db, clock, actor, { act, confirmed, items })
}

/**
 * Decides these items by one signature, however many they are.
 *
 * @param wanted `shown`: the list as whoever signs looked at it; ticked items make a new one
 * @throws wrong_role; bad_request for two causes, and for turning down what is turned down singly; conflict when the items are
 *   not, or not as, those that were shown; whatever the act throws
 */
export async function signItems(
  db: Db,
  clock: Clock,
  actor: Signer,
  wanted: { act: ListedKind; confirmed: boolean; items: readonly Item[]; shown?: { id: string; sha256: string } },
): Promise<SignedList> {
  const { act, confirmed, items, shown } = wanted
  const light: LightAct = lightActs[act]
  if (!may(actor.role, light.action)) throw new Fault('wrong_role', `this list is not for the role '${actor.role}'`)
  if (!confirmed && !light.mayRefuse) {
    throw new Fault('bad_request', `confirmed: '${act}' is turned down singly; a list only confirms it`)
  }
  return db.transaction().execute(async (trx) => {
    const putUp = await putUpItems(trx, light, items)
    light.requireOneCause(putUp)
    const listId = shown?.id ?? newId(clock.now())
    const text = listTextOf({ id: listId, act, confirmed }, putUp)
    const statement = statementOf(actor, { act, object: `list:${listId}`, putUp: text, askedAt: clock.now() })
    const sha256 = statement.objectSha256
    if (shown && shown.sha256 !== sha256) {
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
