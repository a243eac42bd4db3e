import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { isLoose, namedBefore } from '../../ledger/format/closure.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import type { EventRow, LeafRow } from '../fsck/leaf-rows.ts'

/** An event row with its leaf; `event` is null when the row is gone and only its links and leaf are left. */
export interface StoredEvent {
  readonly event: EventRow | null
  readonly leaf: LeafRow | null
}

/** Ids of the recordings that were ever in the case. */
export async function recordingsByRows(db: Db, caseNumber: string): Promise<string[]> {
  const rows = await db
    .selectFrom('case_recording')
    .innerJoin('case_file', 'case_file.id', 'case_recording.case_id')
    .where('case_file.number', '=', caseNumber)
    .select('case_recording.recording_id')
    .distinct()
    .execute()
  return rows.map((row) => row.recording_id)
}

/** Viewings and uploads of the recordings among these subjects. */
export async function subjectsByRows(db: Db, subjects: readonly string[]): Promise<string[]> {
  const ids = subjects.filter((one) => one.startsWith('recording:')).map((one) => one.slice('recording:'.length))
  if (ids.length === 0) return []
  const viewings = await db.selectFrom('viewing').where('recording_id', 'in', ids).select('id').execute()
  const uploads = await db.selectFrom('upload').where('recording_id', 'in', ids).select('id').execute()
  return [...viewings.map(({ id }) => `viewing:${id}`), ...uploads.map(({ id }) => `upload:${id}`)]
}

/** Every event about one of these subjects, by its row or by its links, in no order. */
export async function storedEvents(db: Db, subjects: readonly string[]): Promise<StoredEvent[]> {
  const present = await eventRows(
    db,
    sql`event.subjects && ${subjects}::text[]
      or event.id in (select event_id from link where subject = any(${subjects}::text[]))`,
  )
  const gone = await sql<Omit<LeafRow, 'event'>>`
    select leaf.index, leaf.event_id, leaf.data, leaf.hash
    from leaf left join event on event.id = leaf.event_id
    where event.id is null and leaf.event_id in (select event_id from link where subject = any(${subjects}::text[]))`.execute(
    db,
  )
  return [...present, ...gone.rows.map((leaf): StoredEvent => ({ event: null, leaf: { ...leaf, event: null } }))]
}

/**
 * Older acts of the registers among these subjects, in no order: events that name a person, device, dock or hand-in, or are
 * about the custodian's office, and name no register.
 */
export async function looseEvents(db: Db, subjects: ReadonlySet<string>): Promise<StoredEvent[]> {
  const named = [...subjects].flatMap((subject) => namedBefore(subject) ?? [])
  const isOfOffice = subjects.has('custodianship:bureau')
  if (named.length === 0 && !isOfOffice) return []
  // The first two conditions are those of the index `event_register_act`.
  const rows = await eventRows(
    db,
    sql`(event.kind ~ '^(person|device|dock|custodian)[.]' or event.kind = 'hand_in.opened')
      and (event.subjects && ${named}::text[] or ${isOfOffice} and event.kind ~ '^custodian[.]')
      and not exists (select from unnest(event.subjects) as one (subject) where one.subject = any(${[...subjects]}::text[]))`,
  )
  return rows.filter(({ event }) => {
    const body = event && bodyOrNull(event.body)
    return body !== null && isLoose(body, subjects, subjects)
  })
}

async function eventRows(db: Db, condition: RawBuilder<unknown>): Promise<StoredEvent[]> {
  const { rows } = await sql<EventRow & { index: number | null; data: Buffer | null; hash: Buffer | null }>`
    select event.*, leaf.index, leaf.data, leaf.hash
    from event left join leaf on leaf.event_id = event.id
    where ${condition}`.execute(db)
  return rows.map(({ index, data, hash, ...event }): StoredEvent => {
    const leaf = index === null || !data || !hash ? null : { index, event_id: event.id, data, hash, event }
    return { event, leaf }
  })
}
