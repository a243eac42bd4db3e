import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { DockPassMeans } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { requireHolder } from '../devices/device.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import { keepProposersSeat, type Signer } from '../signing/seat.ts'
import { type InList, signatureOf } from '../signing/signature.ts'
import { cardNumber, dockPassDigest, newDockCode } from './dock-pass-digest.ts'

/** So often a code is drawn that somebody has already: with 1,000 codes given out once in 10^9 times. */
const drawsMax = 4

interface PassDeps {
  readonly db: Db
  readonly clock: Clock
  /** The setting DOCK_PASS_KEY; null where there is none. */
  readonly dockPassKey: string | null
}

/**
 * Gives an officer or assistant a work card, by the number that a reader typed, or a dock code, which is answered once. It
 * counts at docks once somebody else has released it; only a digest is stored.
 *
 * @throws bad_request for anybody who carries no recorders, and for a number that is none; conflict when the person has one of
 *   the kind, or the card is somebody's; not_ready without a key
 */
export async function givePass(
  deps: PassDeps,
  actor: Signer,
  given: { personId: string } & ({ means: 'card'; card: string } | { means: 'code' }),
): Promise<{ id: string; code: string | null }> {
  const { personId, means } = given
  if (given.means === 'card') {
    const number = cardNumber(given.card)
    const id = await insertPass(deps, actor, { personId, means, number })
    if (id === null) throw new Fault('conflict', 'card: this card is somebody’s already: it is taken back first')
    return { id, code: null }
  }
  for (let draw = 0; draw < drawsMax; draw += 1) {
    const code = newDockCode()
    const id = await insertPass(deps, actor, { personId, means, number: code })
    if (id !== null) return { id, code }
  }
  throw new Fault('internal', `${drawsMax} codes were drawn that are all in use`)
}

/** Null when the number is in use. */
async function insertPass(
  { db, clock, dockPassKey }: PassDeps,
  actor: Signer,
  pass: { personId: string; means: DockPassMeans; number: string },
): Promise<string | null> {
  const { personId, means } = pass
  const digest = await dockPassDigest(dockPassKey, means, pass.number)
  return db.transaction().execute(async (trx) => {
    await requireHolder(trx, personId, 'personId')
    const open = await trx
      .selectFrom('dock_pass')
      .where('taken_back_at', 'is', null)
      .where((where) =>
        where.or([
          where('digest', '=', digest),
          where.and([where('person_id', '=', personId), where('means', '=', means)]),
        ]),
      )
      .select(['person_id', 'means'])
      .execute()
    if (open.some((one) => one.person_id === personId && one.means === means)) {
      throw new Fault('conflict', `this person has a ${means} already: it is taken back first`)
    }
    if (open.length > 0) return null
    const id = newId(clock.now())
    const event = await recordEvent(trx, 'dock_pass.given', {
      clock,
      by: actor,
      subjects: [{ type: 'person', id: personId }],
      details: { passId: id, means },
    })
    await trx
      .insertInto('dock_pass')
      .values({
        ...{ id, person_id: personId, means, digest, given_by: actor.id, given_at: event.at },
        ...{ released_by: null, released_at: null, taken_back_by: null, taken_back_at: null },
      })
      .execute()
    await keepProposersSeat(trx, actor, event)
    return id
  })
}

/**
 * The second person's word that a card or code is the person's, in the caller's transaction.
 *
 * @throws not_found, conflict when it does not wait, and for whoever gave it out
 */
export async function releasePassWithin(
  trx: Trx,
  clock: Clock,
  actor: Signer,
  release: { passId: string; inList?: InList },
): Promise<void> {
  const { passId, inList } = release
  const { personId } = await requireWaitingPass(trx, passId)
  const matter = { subjectId: personId, memberValue: passId }
  const signature = await signatureOf(trx, clock, actor, { kind: 'dock_pass.released', ...matter, inList })
  const event = await recordEvent(trx, 'dock_pass.released', {
    clock,
    by: actor,
    subjects: [{ type: 'person', id: personId }],
    details: { passId, ...signature.details },
  })
  await signature.keepSeat(event)
  const released = { released_by: actor.id, released_at: event.at }
  await trx.updateTable('dock_pass').set(released).where('id', '=', passId).execute()
}

/** Locks a card or code that waits for its release. @throws not_found; conflict when it was released or taken back */
export async function requireWaitingPass(trx: Trx, passId: string): Promise<{ personId: string }> {
  const pass = await lockPass(trx, passId)
  if (pass.released_at || pass.taken_back_at) throw new Fault('conflict', 'this card or code waits for no release')
  return { personId: pass.person_id }
}

/** From now on the card or code makes nobody known. @throws not_found; conflict when it was taken back already */
export async function takeBackPass(
  db: Db,
  clock: Clock,
  actor: Actor,
  taken: { passId: string; reason: string },
): Promise<void> {
  const { passId, reason } = taken
  await db.transaction().execute(async (trx) => {
    const pass = await lockPass(trx, passId)
    if (pass.taken_back_at) throw new Fault('conflict', 'this card or code was taken back already')
    const { at } = await recordEvent(trx, 'dock_pass.taken_back', {
      clock,
      by: actor,
      subjects: [{ type: 'person', id: pass.person_id }],
      details: { passId, reason },
    })
    const ended = { taken_back_by: actor.id, taken_back_at: at }
    await trx.updateTable('dock_pass').set(ended).where('id', '=', passId).execute()
  })
}

export type ShownPass = Awaited<ReturnType<typeof listPasses>>[number]

/** Cards and codes with their people, never a number or its digest; those that wait for their release first. */
export async function listPasses(db: Db, filter: { means?: DockPassMeans; waiting?: boolean } = {}) {
  let query = db
    .selectFrom('dock_pass as pass')
    .innerJoin('person', 'person.id', 'pass.person_id')
    .innerJoin('person as giver', 'giver.id', 'pass.given_by')
    .select([
      'pass.id',
      'pass.means',
      'pass.person_id',
      'person.name',
      'person.account',
      'pass.given_by',
      'pass.given_at',
    ])
    .select(['giver.name as giver_name', 'pass.released_at', 'pass.taken_back_at'])
    .orderBy((order) => order('pass.released_at', 'is', null), 'desc')
    .orderBy('pass.given_at', 'desc')
    .orderBy('pass.id')
  if (filter.means) query = query.where('pass.means', '=', filter.means)
  if (filter.waiting) query = query.where('pass.released_at', 'is', null).where('pass.taken_back_at', 'is', null)
  const rows = await query.execute()
  return rows.map((row) => ({
    id: row.id,
    means: row.means,
    person: { id: row.person_id, name: row.name, account: row.account },
    givenBy: { id: row.given_by, name: row.giver_name },
    givenAt: row.given_at,
    releasedAt: row.released_at,
    takenBackAt: row.taken_back_at,
  }))
}

async function lockPass(trx: Trx, passId: string) {
  const pass = await trx
    .selectFrom('dock_pass')
    .where('id', '=', passId)
    .select(['id', 'person_id', 'released_at', 'taken_back_at'])
    .forUpdate()
    .executeTakeFirst()
  if (!pass) throw new Fault('not_found', `there is no card or code ${passId}`)
  return pass
}
