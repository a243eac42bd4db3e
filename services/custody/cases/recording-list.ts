import type { Db } from '../../foundation/db/database.ts'
import { type CurrentRenditionState, currentRenditionStates, type recordingStates } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { isId } from '../../foundation/id.ts'
import { displayName } from '../../foundation/name-decoding.ts'
import { inventoryRow } from '../copies/inventory.ts'
import { handInOrigin } from '../devices/hand-in-origin.ts'
import { fewerOfficersNotice } from '../events/few-officers.ts'
import { notPlayableInChinese } from '../events/not-playable-words.ts'
import { userGradeNames, userGradesInEnglish } from '../events/words.ts'

export interface RecordingFilter {
  readonly state?: (typeof recordingStates)[number]
  readonly mark?: boolean
  readonly quarantined?: boolean
  readonly caseId?: string
  readonly deviceSerial?: string
  /** Only this officer's own. */
  readonly officerId?: string
  /** Sealed at or after … and before. */
  readonly from?: Date
  readonly to?: Date
  readonly cursor?: string
  readonly limit: number
}

export type RecordingSummary = ReturnType<typeof summaryOf>

/** Recordings, the last sealed first. `next` is the cursor of the following page, null on the last. */
export async function listRecordings(
  db: Db,
  filter: RecordingFilter,
): Promise<{ recordings: RecordingSummary[]; next: string | null }> {
  let query = summaries(db)
    .orderBy('recording.sealed_at', 'desc')
    .orderBy('recording.id', 'desc')
    .limit(filter.limit + 1)
  if (filter.state) query = query.where('recording.state', '=', filter.state)
  if (filter.mark !== undefined) query = query.where('recording.mark', '=', filter.mark)
  if (filter.quarantined !== undefined) {
    query = query.where('recording.quarantine_reason', filter.quarantined ? 'is not' : 'is', null)
  }
  if (filter.deviceSerial) query = query.where('recording.device_serial', '=', filter.deviceSerial)
  if (filter.officerId) query = query.where('recording.officer_id', '=', filter.officerId)
  if (filter.from) query = query.where('recording.sealed_at', '>=', filter.from)
  if (filter.to) query = query.where('recording.sealed_at', '<=', filter.to)
  if (filter.caseId) {
    const attached = db
      .selectFrom('case_recording')
      .where('case_id', '=', filter.caseId)
      .where('detached_at', 'is', null)
      .select('recording_id')
    query = query.where('recording.id', 'in', attached)
  }
  if (filter.cursor) {
    const { sealedAt, id } = readCursor(filter.cursor)
    query = query.where((where) =>
      where(where.refTuple('recording.sealed_at', 'recording.id'), '<', where.tuple(sealedAt, id)),
    )
  }
  const rows = await query.execute()
  const page = rows.slice(0, filter.limit)
  const last = page.at(-1)
  return {
    recordings: page.map(summaryOf),
    next: rows.length > filter.limit && last ? writeCursor(last.sealed_at, last.id) : null,
  }
}

/** One recording with its copies and cases; undefined when there is none of this id. */
export async function recordingDetail(db: Db, id: string) {
  const row = await summaries(db).where('recording.id', '=', id).executeTakeFirst()
  if (!row) return undefined
  const copies = await db.selectFrom('copy').where('recording_id', '=', id).selectAll().orderBy('store').execute()
  const inventory = await inventoryRow(db, id)
  const user = row.officer_id === null ? null : await userOf(db, row.officer_id)
  const isListed = !row.flags.some((flag) => flag === 'no_list' || flag === 'not_on_list')
  const cases = await db
    .selectFrom('case_recording')
    .innerJoin('case_file', 'case_file.id', 'case_recording.case_id')
    .where('case_recording.recording_id', '=', id)
    .where('case_recording.detached_at', 'is', null)
    .select([
      'case_file.id',
      'case_file.number',
      'case_file.title',
      'case_recording.stage',
      'case_recording.officer_ids',
      'case_recording.participant_ids',
      'case_recording.fewer_officers_reason',
    ])
    .orderBy('case_recording.attached_at')
    .execute()
  return {
    ...summaryOf(row),
    user,
    userGradeWords: { zh: userGradeNames[row.user_grade], en: userGradesInEnglish[row.user_grade] },
    origin: row.hand_in_id !== null && isListed ? await handInOrigin(db, row.hand_in_id) : null,
    copies: copies.map((copy) => ({
      store: copy.store,
      hostName: copy.host_name,
      state: copy.state,
      versionId: copy.version_id,
      retainUntil: copy.retain_until.toISOString(),
      legalHold: copy.legal_hold,
      verifiedAt: copy.verified_at?.toISOString() ?? null,
    })),
    inventory: inventory && {
      sha256: inventory.sha256.toString('hex'),
      bytes: inventory.bytes,
      tool: inventory.tool,
      takenAt: inventory.taken_at.toISOString(),
      summary: inventory.summary,
    },
    cases: cases.map((one) => ({
      caseId: one.id,
      number: one.number,
      title: one.title,
      stage: one.stage,
      officerIds: one.officer_ids,
      participantIds: one.participant_ids,
      fewerOfficers: one.fewer_officers_reason === null ? null : fewerOfficersNotice(one.fewer_officers_reason),
    })),
  }
}

async function userOf(db: Db, id: string): Promise<{ id: string; name: string }> {
  return db.selectFrom('person').where('id', '=', id).select(['id', 'name']).executeTakeFirstOrThrow()
}

function summaries(db: Db) {
  return db
    .selectFrom('recording')
    .leftJoin('rendition', (join) =>
      join.onRef('rendition.recording_id', '=', 'recording.id').on('rendition.state', 'in', currentRenditionStates),
    )
    .selectAll('recording')
    .select([
      'rendition.state as rendition_state',
      'rendition.kind as rendition_kind',
      'rendition.method as rendition_method',
      'rendition.duration_ms as rendition_duration_ms',
      'rendition.reason as rendition_reason',
      'rendition.why as rendition_why',
    ])
}

type SummaryRow = Awaited<ReturnType<ReturnType<typeof summaries>['execute']>>[number]

function summaryOf(row: SummaryRow) {
  return {
    id: row.id,
    deviceSerial: row.device_serial,
    officerId: row.officer_id,
    userGrade: row.user_grade,
    name: { base64: row.name.toString('base64'), text: displayName(row.name) },
    mediaKind: row.media_kind,
    bytes: row.bytes,
    sha256: row.sha256.toString('hex'),
    sm3: row.sm3?.toString('hex') ?? null,
    mark: row.mark,
    deviceTime: row.device_time?.toISOString() ?? null,
    deviceTimeText: row.device_time_text,
    clockOffsetMs: row.clock_offset_ms,
    correctedTime: row.corrected_time?.toISOString() ?? null,
    flags: row.flags,
    state: row.state,
    quarantineReason: row.quarantine_reason,
    quarantineEndedAt: row.quarantine_ended_at?.toISOString() ?? null,
    sealedAt: row.sealed_at.toISOString(),
    securedAt: row.secured_at?.toISOString() ?? null,
    rendition: row.rendition_state
      ? {
          // The join takes no other states; the compiler cannot see that.
          state: row.rendition_state as CurrentRenditionState,
          kind: row.rendition_kind,
          method: row.rendition_method,
          durationMs: row.rendition_duration_ms,
          reason: row.rendition_reason,
          why: row.rendition_why,
          reasonZh: notPlayableInChinese({ why: row.rendition_why, reason: row.rendition_reason }),
        }
      : null,
  }
}

function writeCursor(sealedAt: Date, id: string): string {
  return Buffer.from(`${sealedAt.toISOString()} ${id}`).toString('base64url')
}

function readCursor(cursor: string): { sealedAt: Date; id: string } {
  const [, at, id] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  const sealedAt = new Date(at ?? Number.NaN)
  if (!id || !isId(id) || Number.isNaN(sealedAt.getTime())) {
    throw new Fault('bad_request', 'cursor: this is not the cursor of a page that was answered')
  }
  return { sealedAt, id }
}
