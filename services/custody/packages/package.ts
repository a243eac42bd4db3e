import { Encrypter } from 'age-encryption'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { PackageTable } from '../../foundation/db/schema/packages.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { enqueue } from '../../foundation/queue/outbox.ts'
import type { Subject } from '../../ledger/log/append.ts'
import type { CaseRow } from '../cases/case.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import { may } from '../roles/permissions.ts'
import { recordRefusal } from '../roles/refusal.ts'
import { acceptedVersion } from '../settings/value.ts'
import { keepProposersSeat, type Signer } from '../signing/seat.ts'
import { type AskedRecording, checkAskedRecordings } from './asked-recordings.ts'
import { checkedText } from './checked-text.ts'

/** What somebody asks an evidence package (举证材料) for. */
export interface PackageOrder {
  readonly caseFile: Pick<CaseRow, 'id' | 'number'>
  readonly withFootage: boolean
  /** 用途: what it is for. What each recording is to prove is said in `recordings`. */
  readonly purpose: string
  readonly recipient: { readonly name: string; readonly organisation: string } | null
  /** An age recipient (`age1…`) that the file is encrypted to. */
  readonly recipientKey: string | null
  readonly recordings?: readonly AskedRecording[]
}

export interface RequestedPackage {
  readonly id: string
  readonly state: 'awaiting_signature' | 'queued'
  /** How many recordings of the case lack 证明对象. */
  readonly missingProves: number
}

/**
 * Asks for a package of a case. One without footage is built at once; one with footage waits for the supervisor, needs a
 * named recipient, and is the custodian's alone to ask for: the refusal of anybody else is an event.
 *
 * @throws bad_request naming the field, also as `checkAskedRecordings`; wrong_role
 */
export async function requestPackage(
  db: Db,
  clock: Clock,
  actor: Signer,
  order: PackageOrder,
): Promise<RequestedPackage> {
  if (order.withFootage && !may(actor.role, 'package.request_footage')) return refuseFootage(db, clock, actor, order)
  const { purpose, recipient, recipientKey } = checkedOrder(order)
  const id = newId(clock.now())
  const state = order.withFootage ? 'awaiting_signature' : 'queued'
  const missingProves = await db.transaction().execute(async (trx) => {
    const asked = { caseId: order.caseFile.id, purpose, recordings: order.recordings ?? [] }
    const { recordings, missing } = await checkAskedRecordings(trx, asked)
    const relations = await acceptedVersion(trx, 'witness.relation', clock.now())
    const requested = await recordEvent(trx, 'package.requested', {
      clock,
      by: actor,
      subjects: packageSubjects({ id, caseNumber: order.caseFile.number }, actor.id),
      details: {
        withFootage: order.withFootage,
        purpose,
        recipient: recipient && { ...recipient },
        recipientKey,
        ...(recordings.length > 0 && { recordings }),
        ...(relations && { witnessRelations: { versionId: relations.id, stated: [...relations.value] } }),
      },
    })
    await trx
      .insertInto('package')
      .values({
        id,
        case_id: order.caseFile.id,
        with_footage: order.withFootage,
        purpose,
        recipient_name: recipient?.name ?? null,
        recipient_organisation: recipient?.organisation ?? null,
        recipient_key: recipientKey,
        requested_by: actor.id,
        requested_at: requested.at,
        state,
      })
      .execute()
    if (state === 'queued') await enqueue(trx, { name: 'package', subjectId: id, now: requested.at })
    else await keepProposersSeat(trx, actor, requested)
    return missing
  })
  return { id, state, missingProves }
}

/** The subjects of every event about a package: the case, the package, and the people concerned. */
export function packageSubjects(one: { id: string; caseNumber: string }, ...personIds: string[]): Subject[] {
  return [
    { type: 'case', id: one.caseNumber },
    { type: 'package', id: one.id },
    ...[...new Set(personIds)].map((id) => ({ type: 'person', id })),
  ]
}

export type PackageRow = Omit<PackageTable, 'requested_at' | 'decided_at' | 'ready_at' | 'expires_at'> & {
  readonly case_number: string
  readonly requested_at: Date
  readonly decided_at: Date | null
  readonly ready_at: Date | null
  readonly expires_at: Date | null
}

/** The package with its case's number; undefined when there is none of this id. */
export async function packageById(db: Db, id: string): Promise<PackageRow | undefined> {
  return packages(db).where('package.id', '=', id).executeTakeFirst() as Promise<PackageRow | undefined>
}

/** The same, held until the transaction ends: everything that changes its state comes through here. @throws not_found */
export async function lockPackage(trx: Trx, id: string): Promise<PackageRow> {
  await trx.selectFrom('package').where('id', '=', id).select('id').forUpdate().execute()
  const row = await packageById(trx, id)
  if (!row) throw new Fault('not_found', `there is no package ${id}`)
  return row
}

export function packages(db: Db) {
  return db
    .selectFrom('package')
    .innerJoin('case_file', 'case_file.id', 'package.case_id')
    .selectAll('package')
    .select('case_file.number as case_number')
}

function checkedOrder(order: PackageOrder): Pick<PackageOrder, 'purpose' | 'recipient' | 'recipientKey'> {
  const purpose = checkedText('purpose', order.purpose)
  const recipient = order.recipient && {
    name: checkedText('recipient.name', order.recipient.name),
    organisation: checkedText('recipient.organisation', order.recipient.organisation),
  }
  if (order.withFootage && !recipient) {
    throw new Fault('bad_request', 'recipient: a package with footage names the person and organisation it is for')
  }
  const { recipientKey } = order
  if (recipientKey !== null) checkKey(recipientKey)
  return { purpose, recipient, recipientKey }
}

function checkKey(recipientKey: string): void {
  try {
    new Encrypter().addRecipient(recipientKey)
  } catch (cause) {
    throw new Fault('bad_request', 'recipientKey: this is not an age recipient (age1…)', { cause })
  }
}

async function refuseFootage(db: Db, clock: Clock, actor: Actor, order: PackageOrder): Promise<never> {
  await db.transaction().execute((trx) =>
    recordRefusal(trx, clock, 'access.refused', {
      actor,
      subjects: [{ type: 'case', id: order.caseFile.number }],
      details: { reason: 'package_with_footage', purpose: order.purpose.slice(0, 500) },
    }),
  )
  throw new Fault('wrong_role', 'a package with footage is the custodian’s to ask for: ask for one without')
}
