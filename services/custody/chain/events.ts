import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { joinedSubjects } from '../../ledger/format/closure.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { kindName } from '../events/kinds.ts'
import type { EventRow, LeafRow } from '../fsck/leaf-rows.ts'
import type { CaseChain } from './schema.ts'

/** An event row with its leaf; `event` is null when the row is gone and only links and leaf still tell of it. */
export interface StoredEvent {
  readonly event: EventRow | null
  readonly leaf: LeafRow | null
}

export interface FoundEvents {
  readonly stored: readonly StoredEvent[]
  readonly events: CaseChain['events']
  /** `type:id`, the case first. */
  readonly subjects: string[]
  readonly recordingIds: string[]
}

/**
 * Follows a case to its recordings, and those to their uploads and viewings, by rows, by event bodies and by links, until
 * nothing new appears. Each of the three may have been tampered with; what one still says is found.
 */
export async function chainEvents(db: Db, caseNumber: string): Promise<FoundEvents> {
  const subjects = new Set<string>([`case:${caseNumber}`])
  for (const id of await recordingsByRows(db, caseNumber)) subjects.add(`recording:${id}`)
  let stored: StoredEvent[] = []
  for (let before = -1; before !== subjects.size; ) {
    before = subjects.size
    for (const subject of await subjectsByRows(db, subjects)) subjects.add(subject)
    stored = await eventsOf(db, [...subjects])
    for (const { event } of stored) {
      const body = event && bodyOrNull(event.body)
      for (const subject of body ? joinedSubjects(body) : []) subjects.add(subject)
    }
  }
  const all = [...subjects]
  const names = await actorNames(db, stored)
  return {
    stored,
    events: stored.flatMap(({ event, leaf }) => (event ? [shown(event, leaf, names)] : [])),
    subjects: all,
    recordingIds: all.filter((one) => one.startsWith('recording:')).map((one) => one.slice('recording:'.length)),
  }
}

/** What a reader needs to find all events of each subject. */
export async function disclosedSecrets(db: Db, subjects: readonly string[]): Promise<CaseChain['subjects']> {
  const secrets = await db
    .selectFrom('subject_secret')
    .selectAll()
    .where('subject', 'in', [...subjects])
    .execute()
  const counts = await db
    .selectFrom('link')
    .where('subject', 'in', [...subjects])
    .groupBy('subject')
    .select((select) => ['subject', select.fn.countAll<number>().as('count')])
    .execute()
  return subjects.map((subject) => {
    const row = secrets.find((one) => one.subject === subject)
    return {
      subject,
      secret: row?.secret.toString('hex') ?? null,
      proof: row?.proof.toString('hex') ?? null,
      count: counts.find((one) => one.subject === subject)?.count ?? 0,
    }
  })
}

async function recordingsByRows(db: Db, caseNumber: string): Promise<string[]> {
  const rows = await db
    .selectFrom('case_recording')
    .innerJoin('case_file', 'case_file.id', 'case_recording.case_id')
    .where('case_file.number', '=', caseNumber)
    .select('case_recording.recording_id')
    .distinct()
    .execute()
  return rows.map((row) => row.recording_id)
}

async function subjectsByRows(db: Db, subjects: ReadonlySet<string>): Promise<string[]> {
  const ids = [...subjects].filter((one) => one.startsWith('recording:')).map((one) => one.slice('recording:'.length))
  if (ids.length === 0) return []
  const viewings = await db.selectFrom('viewing').where('recording_id', 'in', ids).select('id').execute()
  const uploads = await db.selectFrom('upload').where('recording_id', 'in', ids).select('id').execute()
  return [...viewings.map(({ id }) => `viewing:${id}`), ...uploads.map(({ id }) => `upload:${id}`)]
}

async function eventsOf(db: Db, subjects: string[]): Promise<StoredEvent[]> {
  const { rows } = await sql<EventRow & { index: number | null; data: Buffer | null; hash: Buffer | null }>`
    select event.*, leaf.index, leaf.data, leaf.hash
    from event left join leaf on leaf.event_id = event.id
    where event.subjects && ${subjects}::text[]
      or event.id in (select event_id from link where subject = any(${subjects}::text[]))
    order by leaf.index nulls last, event.committed_at, event.id`.execute(db)
  const present = rows.map(({ index, data, hash, ...event }): StoredEvent => {
    const leaf = index === null || !data || !hash ? null : { index, event_id: event.id, data, hash, event }
    return { event, leaf }
  })
  const gone = await sql<Omit<LeafRow, 'event'>>`
    select leaf.index, leaf.event_id, leaf.data, leaf.hash
    from leaf left join event on event.id = leaf.event_id
    where event.id is null and leaf.event_id in (select event_id from link where subject = any(${subjects}::text[]))
    order by leaf.index`.execute(db)
  return [...present, ...gone.rows.map((leaf): StoredEvent => ({ event: null, leaf: { ...leaf, event: null } }))]
}

async function actorNames(db: Db, stored: readonly StoredEvent[]): Promise<ReadonlyMap<string, string>> {
  const bodies = stored.flatMap(({ event }) => (event ? [bodyOrNull(event.body)] : []))
  const actors = new Set(bodies.flatMap((body) => [body?.actor, body?.onBehalfOf]))
  const ids = [...actors].filter((actor) => actor !== undefined)
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from person where id::text = any(${ids}::text[])
    union all select id, name from dock where id::text = any(${ids}::text[])`.execute(db)
  return new Map(rows.map((row) => [row.id, row.name]))
}

function shown(event: EventRow, leaf: LeafRow | null, names: ReadonlyMap<string, string>): CaseChain['events'][number] {
  const body = bodyOrNull(event.body)
  const kind = body?.kind ?? event.kind
  const actor = body?.actor ?? ''
  const principal = body?.onBehalfOf
  return {
    id: event.id,
    index: leaf?.index ?? null,
    kind,
    kindName: kindName(kind),
    at: body?.at ?? event.at.toISOString(),
    actor,
    actorName: names.get(actor) ?? null,
    actorRole: body?.actorRole ?? '',
    ...(principal !== undefined && { onBehalfOf: principal, onBehalfOfName: names.get(principal) ?? '' }),
    subjects: [...(body?.subjects ?? [])],
    details: (body?.details ?? {}) as Record<string, never>,
    body: event.body,
    salt: event.salt.toString('hex'),
    leafHash: leaf?.hash.toString('hex') ?? null,
  }
}
