import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { HandoverPart } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import type { Actor } from '../events/actor.ts'
import { custodianshipSubject } from '../events/custodian.ts'
import { recordEvent } from '../events/record.ts'
import type { ThirdSigner } from '../events/signature.ts'
import { keepProposersSeat, type Signer } from '../signing/seat.ts'
import { type ShownSameSeat, showSameSeat } from '../signing/shown-signature.ts'
import { signatureOf } from '../signing/signature.ts'
import { requireEnoughNames } from '../signing/third-signature.ts'
import { endViewings, lockOpenViewings } from '../viewing/end.ts'
import { namesUnder, type ShownHandoverSignature, shownSignatures, signaturesOf } from './handover-signatures.ts'

/** Who must sign: both and the supervisor; for one who is absent supervisor and legal office together (promise 5). */
export function partsNeeded(absent: boolean): readonly HandoverPart[] {
  return absent ? ['supervisor', 'legal_office', 'incoming'] : ['outgoing', 'incoming', 'supervisor']
}

export interface Handover {
  readonly id: string
  readonly fromPersonId: string
  readonly toPersonId: string
  readonly reason: string
  readonly absent: boolean
  readonly proposedBy: string
  readonly proposedAt: Date
  readonly signatures: readonly ShownHandoverSignature[]
}

export interface Custodianship {
  readonly custodian: { readonly personId: string; readonly name: string; readonly since: Date } | null
  readonly handover: Handover | null
}

/** The custodian in office and the hand-over under way, if there is one. */
export async function custodianship(db: Db): Promise<Custodianship> {
  const term = await db
    .selectFrom('custodian_term')
    .innerJoin('person', 'person.id', 'custodian_term.person_id')
    .where('custodian_term.ended_at', 'is', null)
    .select(['person.id', 'person.name', 'custodian_term.started_at'])
    .executeTakeFirst()
  const open = await db
    .selectFrom('custodian_handover')
    .where('completed_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .selectAll()
    .executeTakeFirst()
  return {
    custodian: term ? { personId: term.id, name: term.name, since: term.started_at } : null,
    handover: open
      ? {
          id: open.id,
          fromPersonId: open.from_person_id,
          toPersonId: open.to_person_id,
          reason: open.reason,
          absent: open.absent,
          proposedBy: open.proposed_by,
          proposedAt: open.proposed_at,
          signatures: await shownSignatures(db, open),
        }
      : null,
  }
}

/** Appoints the very first custodian. @throws conflict when there is one: from then on only a hand-over changes him. */
export async function appointFirstCustodian(trx: Trx, clock: Clock, actor: Actor, personId: string): Promise<void> {
  const open = await trx.selectFrom('custodian_term').where('ended_at', 'is', null).select('id').executeTakeFirst()
  if (open) throw new Fault('conflict', 'there is a custodian in office: he is followed by a hand-over only')
  await requireCustodianRole(trx, personId)
  const { at } = await recordEvent(trx, 'custodian.appointed', {
    clock,
    by: actor,
    subjects: [custodianshipSubject, { type: 'person', id: personId }],
    details: {},
  })
  await trx
    .insertInto('custodian_term')
    .values({ id: newId(at), person_id: personId, started_at: at })
    .execute()
}

/** Opens a hand-over to `toPersonId`. The one in office changes nothing until all have signed. */
export async function proposeHandover(
  db: Db,
  clock: Clock,
  actor: Signer,
  proposal: { toPersonId: string; reason: string; absent: boolean },
): Promise<{ id: string }> {
  if (proposal.absent && actor.role !== 'supervisor') {
    throw new Fault('conflict', 'absent: that the custodian is absent is stated by the supervisor')
  }
  const id = newId(clock.now())
  await db.transaction().execute(async (trx) => {
    const term = await lockTerm(trx)
    if (term.person_id === proposal.toPersonId) throw new Fault('conflict', 'toPersonId: this person is in office')
    await requireCustodianRole(trx, proposal.toPersonId)
    const proposed = await recordEvent(trx, 'custodian.handover_proposed', {
      clock,
      by: actor,
      subjects: handoverSubjects(term.person_id, proposal.toPersonId),
      details: { handoverId: id, reason: proposal.reason, absent: proposal.absent },
    })
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('custodian_handover')
      .values({
        id,
        from_person_id: term.person_id,
        to_person_id: proposal.toPersonId,
        reason: proposal.reason,
        absent: proposal.absent,
        proposed_by: actor.id,
        proposed_at: proposed.at,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows === 0n) {
      throw new Fault('conflict', 'a hand-over is under way: sign it or withdraw it first')
    }
    await keepProposersSeat(trx, actor, proposed)
  })
  return { id }
}

/**
 * Signs as what the signer is: outgoing, incoming, supervisor or (of an absent one) legal office. The last signature needed
 * ends the old term and starts the new one in the same transaction.
 */
export async function signHandover(
  db: Db,
  clock: Clock,
  actor: Signer,
  handoverId: string,
): Promise<{ part: HandoverPart; completed: boolean; sameSeat: ShownSameSeat | null }> {
  return db.transaction().execute(async (trx) => {
    const handover = await lockOpenHandover(trx, handoverId)
    const part = partOf(actor, handover)
    if (!part) throw new Fault('conflict', 'your signature is not among those this hand-over needs')
    const before = await signaturesOf(trx, handoverId)
    const signed = [part, ...before.map((one) => one.part)]
    const completes = partsNeeded(handover.absent).every((needed) => signed.includes(needed))
    // Everything that ends with the old term is locked before the first event takes its time.
    const termId = completes ? await lockEnding(trx, handover) : null
    const act = { clock, by: actor, subjects: handoverSubjects(handover.from_person_id, handover.to_person_id) }
    const matter = { subjectId: handover.from_person_id, memberValue: handoverId }
    const bothOffices = signed.includes('supervisor') && signed.includes('legal_office')
    const third = completes || bothOffices ? await thirdUnder(trx, { handover, actor, at: clock.now() }) : null
    const signature = await signatureOf(trx, clock, actor, { kind: 'custodian.handover_signed', ...matter, third })
    const details = { handoverId, part, ...signature.details }
    const event = await recordEvent(trx, 'custodian.handover_signed', { ...act, details })
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('custodian_handover_signature')
      .values({ handover_id: handoverId, person_id: actor.id, part, signed_at: event.at })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows === 0n) throw new Fault('conflict', `the ${part} has signed this hand-over already`)
    await signature.keepSeat(event)
    const sameSeat = await showSameSeat(trx, signature.sameSeat)
    if (termId === null) return { part, completed: false, sameSeat }
    await endViewings(trx, clock, { endKind: 'lost', actor, personId: handover.from_person_id })
    const completed = await recordEvent(trx, 'custodian.handed_over', {
      ...act,
      details: { handoverId, absent: handover.absent, reason: handover.reason },
    })
    await changeTerm(trx, completed.at, handover, termId)
    return { part, completed: true, sameSeat }
  })
}

/** The third signature that the last one needed, or the second of two offices, rests on, where those under the hand-over are not enough. @throws conflict */
async function thirdUnder(
  trx: Trx,
  { handover, actor, at }: { handover: OpenHandover; actor: Actor; at: Date },
): Promise<ThirdSigner | null> {
  const matter = { subjectId: handover.from_person_id, memberValue: handover.id }
  const names = [...(await namesUnder(trx, handover)), actor]
  // Instead of one who is absent two offices stand: they must be two, whoever else signs.
  const apart = handover.absent ? names.filter(({ id }) => id !== handover.to_person_id) : names
  return requireEnoughNames(trx, { names, apart, at, act: 'custodian.handover_signed', matter })
}

/** Takes a hand-over back: whoever proposed it, or a supervisor. */
export async function withdrawHandover(db: Db, clock: Clock, actor: Actor, handoverId: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const handover = await lockOpenHandover(trx, handoverId)
    if (handover.proposed_by !== actor.id && actor.role !== 'supervisor') {
      throw new Fault('conflict', 'a hand-over is withdrawn by whoever proposed it, or by a supervisor')
    }
    const { at } = await recordEvent(trx, 'custodian.handover_withdrawn', {
      clock,
      by: actor,
      subjects: handoverSubjects(handover.from_person_id, handover.to_person_id),
      details: { handoverId },
    })
    await trx.updateTable('custodian_handover').set({ withdrawn_at: at }).where('id', '=', handoverId).execute()
  })
}

interface OpenHandover {
  readonly id: string
  readonly from_person_id: string
  readonly to_person_id: string
  readonly proposed_by: string
  readonly absent: boolean
  readonly reason: string
}

function handoverSubjects(fromPersonId: string, toPersonId: string) {
  return [custodianshipSubject, { type: 'person', id: fromPersonId }, { type: 'person', id: toPersonId }]
}

/** As what somebody signs a hand-over; null when it does not need him. */
export function partOf(
  actor: Pick<Actor, 'id' | 'role'>,
  handover: Pick<OpenHandover, 'from_person_id' | 'to_person_id' | 'absent'>,
): HandoverPart | null {
  if (actor.id === handover.from_person_id) return handover.absent ? null : 'outgoing'
  if (actor.id === handover.to_person_id) return 'incoming'
  if (actor.role === 'supervisor') return 'supervisor'
  if (actor.role === 'auditor' && handover.absent) return 'legal_office'
  return null
}

/** Holds the outgoing custodian's term and his viewings. @throws conflict when somebody else is in office by now */
async function lockEnding(trx: Trx, handover: OpenHandover): Promise<string> {
  const term = await lockTerm(trx)
  if (term.person_id !== handover.from_person_id) {
    throw new Fault('conflict', 'the custodian has changed since this hand-over was proposed: withdraw it')
  }
  await requireCustodianRole(trx, handover.to_person_id)
  await lockOpenViewings(trx, { personId: handover.from_person_id })
  return term.id
}

async function changeTerm(trx: Trx, at: Date, handover: OpenHandover, termId: string): Promise<void> {
  await trx.updateTable('custodian_term').set({ ended_at: at }).where('id', '=', termId).execute()
  await trx
    .insertInto('custodian_term')
    .values({ id: newId(at), person_id: handover.to_person_id, started_at: at })
    .execute()
  await trx.updateTable('custodian_handover').set({ completed_at: at }).where('id', '=', handover.id).execute()
}

async function lockTerm(trx: Trx) {
  const term = await trx
    .selectFrom('custodian_term')
    .where('ended_at', 'is', null)
    .select(['id', 'person_id'])
    .forUpdate()
    .executeTakeFirst()
  if (!term) throw new Fault('conflict', 'no custodian has been appointed yet: custody setup appoints the first')
  return term
}

async function lockOpenHandover(trx: Trx, handoverId: string): Promise<OpenHandover> {
  const handover = await trx
    .selectFrom('custodian_handover')
    .where('id', '=', handoverId)
    .selectAll()
    .forUpdate()
    .executeTakeFirst()
  if (!handover) throw new Fault('not_found', `there is no hand-over ${handoverId}`)
  if (handover.completed_at) throw new Fault('conflict', 'this hand-over is complete')
  if (handover.withdrawn_at) throw new Fault('conflict', 'this hand-over was withdrawn')
  return handover
}

async function requireCustodianRole(trx: Trx, personId: string): Promise<void> {
  const person = await trx
    .selectFrom('person')
    .where('id', '=', personId)
    .select(['role', 'disabled_at', 'awaits_release'])
    .executeTakeFirst()
  if (person?.role !== 'custodian' || person.disabled_at || person.awaits_release) {
    throw new Fault('conflict', 'only an open account of the role custodian can be appointed')
  }
}
