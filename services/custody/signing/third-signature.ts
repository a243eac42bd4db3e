import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { recordEvent } from '../events/record.ts'
import type { ThirdSigner } from '../events/signature.ts'
import { textDigest } from '../events/signed-list.ts'
import type { PaperSheet } from '../events/third-signature.ts'
import { settingValue } from '../settings/value.ts'
import { workingDaysAfter } from '../settings/working-days.ts'
import { dependenceOf, requireIndependentNames } from './new-accounts.ts'
import { type Name, nameIn } from './one-person.ts'
import { type Matter, putUpsOf, requirePutUp, type SignedKind } from './put-up.ts'
import { keepProposersSeat, type Signer } from './seat.ts'
import { signatureOf } from './signature.ts'

/** The acts under which a third signature stands where two names are not enough. */
export const thirdSignedActs = [
  'custodian.handover_signed',
  'package.signed',
  'quarantine.resolved',
  'rendition.supplied',
] as const satisfies SignedKind[]
export type ThirdSignedAct = (typeof thirdSignedActs)[number]

/**
 * The rule of `requireIndependentNames` for an act under which a third signature may stand.
 *
 * @returns the third signature that the act rests on; null when its names are enough
 * @throws conflict saying who else must sign
 */
export async function requireEnoughNames(
  trx: Trx,
  signing: { names: readonly Name[]; at: Date; act: ThirdSignedAct; matter: Matter },
): Promise<ThirdSigner | null> {
  const { names, at, act, matter } = signing
  const fault = await dependenceOf(trx, { names, at })
  if (!fault) return null
  const putUp = await requirePutUp(trx, act, matter)
  const rows = await trx
    .selectFrom('third_signature')
    .where('matter_id', '=', putUp.id)
    .where((where) => where.or([where('confirmed', 'is', null), where('confirmed', '=', true)]))
    .selectAll()
    .orderBy('added_at')
    .forUpdate()
    .execute()
  // Whoever signs the act does not say of the third signature that it is genuine.
  const third = rows.find(({ decided_by }) => !names.some(({ id }) => id === decided_by))
  if (!third) throw fault
  const { id, signer_name: name, signer_office: office, scan_sha256: scan } = third
  return { id, name, office, scanSha256: scan.toString('hex') }
}

/**
 * Adds a third signature to a matter that waits: a sheet of paper that somebody of another office signed by hand, by the
 * digest of its scan. It counts at once; an auditor compares it within `signature.paper_working_days`.
 *
 * @throws not_found when nothing puts the matter up
 */
export async function addThirdSignature(
  db: Db,
  clock: Clock,
  actor: Signer,
  added: { act: ThirdSignedAct; matter: Matter; paper: PaperSheet },
): Promise<{ id: string; putUpSha256: string; confirmBy: Date }> {
  const { act, matter, paper } = added
  return db.transaction().execute(async (trx) => {
    const [putUp] = await putUpsOf(trx, act, matter)
    if (!putUp) throw new Fault('not_found', `no matter of this act is about ${matter.subjectId}`)
    const now = clock.now()
    const id = newId(now)
    const confirmBy = await workingDaysAfter(trx, now, await settingValue(trx, 'signature.paper_working_days', now))
    const putUpSha256 = textDigest(putUp.text)
    const event = await recordEvent(trx, 'signature.third_added', {
      ...{ clock, by: actor, subjects: [{ type: 'third_signature', id }, ...putUp.body.subjects] },
      details: { act, matterId: putUp.id, putUpSha256, paper, confirmBy: confirmBy.toISOString() },
    })
    await trx
      .insertInto('third_signature')
      .values({
        ...{ id, act, matter_id: putUp.id, signer_name: paper.name, signer_office: paper.office },
        ...{ scan_sha256: Buffer.from(paper.scanSha256, 'hex'), confirm_by: confirmBy },
        ...{ added_by: actor.id, added_at: event.at },
      })
      .execute()
    await keepProposersSeat(trx, actor, event)
    return { id, putUpSha256, confirmBy }
  })
}

/**
 * The auditor's word whether the sheet is there, signed by whom it says. One that is refused stays under an act that rests on
 * it, with that remark, and carries no other.
 *
 * @throws not_found; conflict for one that was decided, that he added himself, and under whose act he stands; bad_request for
 *   a refusal without reason
 */
export async function decideThirdSignature(
  db: Db,
  clock: Clock,
  actor: Signer,
  decision: { id: string; confirm: boolean; reason: string | null },
): Promise<void> {
  const { id, confirm } = decision
  const reason = decision.reason?.trim() ?? ''
  if (!confirm && reason === '') throw new Fault('bad_request', 'reason: say what does not agree')
  await db.transaction().execute(async (trx) => {
    const row = await trx.selectFrom('third_signature').where('id', '=', id).selectAll().forUpdate().executeTakeFirst()
    if (!row) throw new Fault('not_found', `there is no third signature ${id}`)
    if (row.decided_by) throw new Fault('conflict', 'this third signature was decided on already')
    const matter = { subjectId: id, memberValue: null }
    const putUp = await requirePutUp(trx, 'signature.third_confirmed', matter)
    const adder = await nameIn(trx, { id: putUp.id, actor: row.added_by })
    await requireIndependentNames(trx, { names: [adder, actor], at: clock.now() })
    await requireNotUnder(trx, actor, id)
    const kind = confirm ? 'signature.third_confirmed' : 'signature.third_refused'
    const signature = await signatureOf(trx, clock, actor, { kind, ...matter })
    const act = { clock, by: actor, subjects: putUp.body.subjects }
    const details = { act: row.act, ...signature.details }
    const event = confirm
      ? await recordEvent(trx, 'signature.third_confirmed', { ...act, details })
      : await recordEvent(trx, 'signature.third_refused', { ...act, details: { ...details, reason } })
    await signature.keepSeat(event)
    await trx
      .updateTable('third_signature')
      .set({ decided_by: actor.id, decided_at: event.at, confirmed: confirm })
      .where('id', '=', id)
      .execute()
  })
}

/** @throws conflict for one of those who signed the matter, or put it up */
async function requireNotUnder(trx: Trx, actor: Signer, thirdId: string): Promise<void> {
  const signed = await trx
    .selectFrom('act_seat')
    .innerJoin('third_signature', 'third_signature.matter_id', 'act_seat.matter_id')
    .where('third_signature.id', '=', thirdId)
    .where('act_seat.person_id', '=', actor.id)
    .select('event_id')
    .executeTakeFirst()
  if (signed)
    throw new Fault('conflict', 'whoever signs an act does not confirm its third signature: another auditor must')
}
