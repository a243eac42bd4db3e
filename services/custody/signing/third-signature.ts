import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { recordEvent } from '../events/record.ts'
import type { ThirdSigner } from '../events/signature.ts'
import { textDigest } from '../events/signed-list.ts'
import type { PaperSheet } from '../events/third-signature.ts'
import { settingValue } from '../settings/value.ts'
import { workingDaysAfter } from '../settings/working-days.ts'
import { dependenceOf, newAccountsOf, requireIndependentNames } from './new-accounts.ts'
import { type Name, nameOf } from './one-person.ts'
import { type Matter, namesUnder, putUpsOf, requirePutUp, subjectOf } from './put-up.ts'
import { keepProposersSeat, type Signer } from './seat.ts'
import { signatureOf } from './signature.ts'
import { requireOpenToThird, type ThirdSignedAct } from './third-matter.ts'
import { adderOf, failureOf, isApart, sheetFault, signerFault, type ThirdSheet, type Under } from './third-rules.ts'

interface SignedMatter {
  readonly act: ThirdSignedAct
  readonly matter: Matter
  readonly otherWay?: string
}

/**
 * The rule of `requireIndependentNames` for an act under which a third signature may stand.
 *
 * @param signing `apart`: those of the names of whom two must be independent by themselves besides; `otherWay`: what else can
 *   be done about it, for the sentence of the fault
 * @returns the third signature that the act rests on; null when its names are enough
 * @throws conflict saying who else must sign, and why a third signature that was added does not count
 */
export async function requireEnoughNames(
  trx: Trx,
  signing: { names: readonly Name[]; apart?: readonly Name[]; at: Date } & SignedMatter,
): Promise<ThirdSigner | null> {
  const { names, apart = names, at, act, matter, otherWay } = signing
  const fault = (await dependenceOf(trx, { names, at })) ?? (await dependenceOf(trx, { names: apart, at }))
  if (!fault) return null
  const putUp = await requirePutUp(trx, act, matter)
  // All about the same thing: a matter that is put up once more does not begin anew.
  const known = await trx
    .selectFrom('third_signature as sheet')
    .innerJoin('event', 'event.id', 'sheet.matter_id')
    .where('sheet.act', '=', act)
    .where(sql<boolean>`event.subjects @> array[${subjectOf(act, matter)}]`)
    .selectAll('sheet')
    .orderBy('sheet.added_at')
    .forUpdate('sheet')
    .execute()
  const sheets = known.filter(({ matter_id }) => matter_id === putUp.id)
  const under = { names: [nameOf(putUp.body), ...names], newAccounts: await newAccountsOf(trx, at), at }
  const faults: string[] = []
  for (const sheet of sheets) {
    const { id, signer_name: name, signer_office: office, scan_sha256: scan } = sheet
    const why = await sheetFault(trx, sheet, known, under)
    if (why === null) return { id, name, office, scanSha256: scan.toString('hex') }
    faults.push(`the third signature of ${name} ${why}`)
  }
  const sentences = [fault.message, ...(otherWay === undefined ? [] : [otherWay]), ...faults]
  throw new Fault('conflict', sentences.join('; '), { details: fault.details })
}

/** `requireEnoughNames` for the second of two, beside whoever put the matter up. */
export async function requireSecondName(
  trx: Trx,
  clock: Clock,
  signer: Signer,
  signing: SignedMatter,
): Promise<ThirdSigner | null> {
  const putUp = await requirePutUp(trx, signing.act, signing.matter)
  return requireEnoughNames(trx, { ...signing, names: [nameOf(putUp.body), signer], at: clock.now() })
}

/**
 * Adds a third signature to a matter that waits: a sheet of paper that somebody of another office signed by hand, by the
 * digest of its scan. It counts at once, unless a sheet of this matter was refused or ran out; an auditor compares it within
 * `signature.paper_working_days`.
 *
 * @throws not_found when nothing puts the matter up; conflict when whoever adds it, or whose name it bears, is not independent
 *   of those who stand under the matter so far, for a sheet of one's own or one that was added before, and for a matter that
 *   was decided or whose names are enough
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
    const names = await namesUnder(trx, act, putUp)
    const newAccounts = await newAccountsOf(trx, now)
    requireApart(actor, { names, newAccounts })
    await requireOpenToThird(trx, act, putUp, { names, newAccounts, at: now })
    await requireOtherSigner(trx, paper.name, { names: [...names, actor], newAccounts })
    await requireNewSheet(trx, { scanSha256: paper.scanSha256, matterId: putUp.id, at: now })
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
    await requireMayDecide(trx, actor, row, clock.now())
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

/** @throws conflict unless whoever adds a sheet is independent of those who stand under the matter so far */
function requireApart(actor: Signer, under: Pick<Under, 'names' | 'newAccounts'>): void {
  if (isApart(actor, under)) return
  throw new Fault(
    'conflict',
    'a third signature is added by somebody who does not sign the act, and is independent of everybody who does: somebody else must add it',
  )
}

/** @throws conflict when the name on a sheet is that of somebody who is not independent of these */
async function requireOtherSigner(
  trx: Trx,
  signer: string,
  under: Pick<Under, 'names' | 'newAccounts'>,
): Promise<void> {
  const why = await signerFault(trx, signer, under)
  if (why !== null) throw new Fault('conflict', `the signer of this sheet ${why}`)
}

/**
 * A sheet is signed for one matter and added once: neither one that failed nor that of another matter counts again. Two at
 * once of one sheet wait for each other.
 *
 * @throws conflict saying where it stands
 */
async function requireNewSheet(
  trx: Trx,
  { scanSha256, matterId, at }: { scanSha256: string; matterId: string; at: Date },
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('third signature', hashtext(${scanSha256})))`.execute(trx)
  const earlier = await trx
    .selectFrom('third_signature')
    .where('scan_sha256', '=', Buffer.from(scanSha256, 'hex'))
    .select(['matter_id', 'confirmed', 'confirm_by', 'decided_at'])
    .orderBy('added_at', 'desc')
    .executeTakeFirst()
  if (!earlier) return
  const isOther = earlier.matter_id !== matterId
  const why = isOther ? 'stands under another matter' : (failureOf(earlier, at) ?? 'was added to this matter already')
  throw new Fault(
    'conflict',
    `scanSha256: this sheet ${why}: a sheet is signed for one matter, and added once. Have a new one signed`,
  )
}

/** @throws conflict for whoever added the sheet, signed it or stands under its act, and whoever is not independent of them */
async function requireMayDecide(
  trx: Trx,
  actor: Signer,
  row: ThirdSheet & { readonly act: string; readonly matter_id: string },
  at: Date,
): Promise<void> {
  const adder = await adderOf(trx, row)
  await requireIndependentNames(trx, { names: [adder, actor], at })
  const event = await trx.selectFrom('event').where('id', '=', row.matter_id).select('body').executeTakeFirst()
  const body = event && bodyOrNull(event.body)
  if (!event || !body) throw new Fault('log_forked', `the event ${row.matter_id} cannot be read: run \`custody fsck\``)
  const names = await namesUnder(trx, row.act as ThirdSignedAct, { id: row.matter_id, text: event.body, body })
  const newAccounts = await newAccountsOf(trx, at)
  if (!isApart(actor, { names, newAccounts })) {
    throw new Fault(
      'conflict',
      'whoever signs an act, or is not independent of somebody who does, does not confirm its third signature: another auditor must',
    )
  }
  await requireOtherSigner(trx, row.signer_name, { names: [...names, adder, actor], newAccounts })
}
