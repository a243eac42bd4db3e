import type { Selectable } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import type { CaseFileTable } from '../../foundation/db/schema/cases.ts'
import { type CaseKind, type Stage, stages } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { isId, newId } from '../../foundation/id.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import { type FiledPeople, filedDetails, requireFiledPeople } from './filed-people.ts'

export type CaseRow = Selectable<CaseFileTable>

export interface NewCase extends FiledPeople {
  /** As the bureau writes it, Chinese brackets and all. */
  readonly number: string
  readonly kind: CaseKind
  readonly title: string
  readonly partyId: string
  readonly departments: readonly string[]
  /** Its number on the municipal supervision platform. */
  readonly outsideNumber?: string | null
}

/** The one spelling of a case number: NFC, no blanks around it. The ledger names the case by it for ever. */
export function caseNumber(text: string): string {
  const number = text.normalize('NFC').trim()
  if (number === '' || number.length > 100 || isId(number)) {
    throw new Fault('bad_request', 'number: a case number has 1 to 100 characters and is not a UUID')
  }
  // Two cases must not look the same to whoever reads their numbers in a package.
  if (/\p{C}|(?! )\p{Z}|\p{Default_Ignorable_Code_Point}/u.test(number)) {
    throw new Fault('bad_request', 'number: characters that are not seen have no place in a case number')
  }
  return number
}

/**
 * Opens a case inside a party. An officer opens only cases that he is an officer of.
 *
 * @throws conflict when the number is taken; bad_request for officers or a party that are not there.
 */
export async function openCase(db: Db, clock: Clock, actor: Actor, opened: NewCase): Promise<{ id: string }> {
  const number = caseNumber(opened.number)
  if (actor.role === 'officer' && !opened.officerIds.includes(actor.id)) {
    throw new Fault('bad_request', 'officerIds: an officer opens only cases in which he is named himself')
  }
  const id = newId(clock.now())
  await db.transaction().execute(async (trx) => {
    const people = await requireFiledPeople(trx, opened)
    const party = await trx.selectFrom('party').where('id', '=', opened.partyId).select('name').executeTakeFirst()
    if (!party) throw new Fault('bad_request', `partyId: there is no party ${opened.partyId}`)
    const { at } = await recordEvent(trx, 'case.opened', {
      clock,
      by: actor,
      subjects: [
        { type: 'case', id: number },
        { type: 'party', id: opened.partyId },
      ],
      details: {
        caseId: id,
        caseKind: opened.kind,
        title: opened.title,
        departments: [...opened.departments],
        ...filedDetails(people),
        outsideNumber: opened.outsideNumber ?? null,
        partyName: party.name,
      },
    })
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('case_file')
      .values({
        id,
        number,
        kind: opened.kind,
        title: opened.title,
        party_id: opened.partyId,
        departments: [...opened.departments],
        officer_ids: [...people.officerIds],
        participant_ids: [...people.participantIds],
        fewer_officers_reason: people.fewerOfficersReason,
        outside_number: opened.outsideNumber ?? null,
        opened_at: at,
      })
      .onConflict((conflict) => conflict.column('number').doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows === 0n) throw new Fault('conflict', `number: there is already a case ${number}`)
  })
  return { id }
}

/** The case of this id or this number; undefined when there is none. */
export async function findCase(db: Db, idOrNumber: string): Promise<CaseRow | undefined> {
  const query = db.selectFrom('case_file').selectAll()
  return isId(idOrNumber)
    ? query.where('id', '=', idOrNumber).executeTakeFirst()
    : query.where('number', '=', idOrNumber.normalize('NFC').trim()).executeTakeFirst()
}

/** The number of the case that is asked for by its id or its number; what was asked for when there is no such case. */
export async function numberAsked(db: Db, idOrNumber: string): Promise<string> {
  return (await findCase(db, idOrNumber))?.number ?? idOrNumber.normalize('NFC').trim()
}

/** Cases, newest first; of one party or one officer when asked. `after` is the last id of the page before. */
export async function listCases(
  db: Db,
  page: { partyId?: string; officerId?: string; search?: string; after?: string; limit: number },
): Promise<{ cases: CaseRow[]; next: string | null }> {
  let query = db
    .selectFrom('case_file')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.partyId) query = query.where('party_id', '=', page.partyId)
  if (page.officerId)
    query = query.where((where) => where(where.val(page.officerId!), '=', where.fn.any('officer_ids')))
  if (page.search) {
    const pattern = `%${page.search.normalize('NFC').replace(/[\\%_]/g, '\\$&')}%`
    query = query.where((where) => where.or([where('number', 'ilike', pattern), where('title', 'ilike', pattern)]))
  }
  if (page.after) query = query.where('id', '<', page.after)
  const rows = await query.execute()
  const cases = rows.slice(0, page.limit)
  return { cases, next: rows.length > page.limit ? cases.at(-1)!.id : null }
}

export interface CaseRecording {
  readonly recordingId: string
  readonly stage: Stage
  readonly officerIds: readonly string[]
  readonly participantIds: readonly string[]
  readonly fewerOfficersReason: string | null
  readonly attachedAt: Date
  readonly mediaKind: string
  readonly state: string
  readonly officerId: string | null
}

/** The recordings of a case by stage and time, and which of the six stages have one. */
export async function caseRecordings(
  db: Db,
  caseId: string,
): Promise<{ recordings: CaseRecording[]; stages: Record<Stage, number> }> {
  const rows = await db
    .selectFrom('case_recording')
    .innerJoin('recording', 'recording.id', 'case_recording.recording_id')
    .where('case_recording.case_id', '=', caseId)
    .where('case_recording.detached_at', 'is', null)
    .select([
      'recording.id',
      'recording.media_kind',
      'recording.state',
      'recording.officer_id',
      'case_recording.stage',
      'case_recording.officer_ids',
      'case_recording.participant_ids',
      'case_recording.fewer_officers_reason',
      'case_recording.attached_at',
    ])
    .orderBy('recording.sealed_at')
    .orderBy('recording.id')
    .execute()
  const covered = Object.fromEntries(stages.map((stage) => [stage, 0])) as Record<Stage, number>
  for (const row of rows) covered[row.stage] += 1
  const recordings = rows.map((row) => ({
    recordingId: row.id,
    stage: row.stage,
    officerIds: row.officer_ids,
    participantIds: row.participant_ids,
    fewerOfficersReason: row.fewer_officers_reason,
    attachedAt: row.attached_at,
    mediaKind: row.media_kind,
    state: row.state,
    officerId: row.officer_id,
  }))
  return { recordings, stages: covered }
}
