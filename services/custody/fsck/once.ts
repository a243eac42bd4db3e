import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { bodyOrNull, type EventBody } from '../../ledger/format/entry.ts'
import { onceKeys, onceTable } from '../../ledger/format/once.ts'
import type { Report } from './finding.ts'

/** Looks for events that are there a second time although what they say happens once (services/ledger/DESIGN.md §6, "Once"). */
export async function checkOnce(db: Db, report: Report): Promise<void> {
  const kinds = onceTable.flatMap((once, row) => once.kinds.map((kind) => ({ row, kind })))
  const types = onceTable.flatMap(({ subject, olderSubject }, row) =>
    [subject, olderSubject].flatMap((type) => (type === undefined ? [] : [{ row, type }])),
  )
  // Rows say which events to look at; what these are is said by their bodies.
  const { rows } = await sql<{ id: string; body: string; subjects: string[] }>`
    select id, body, subjects from event where id in (
      select unnest(array_agg(distinct event.id))
      from event
      join unnest(${kinds.map(({ row }) => row)}::int[], ${kinds.map(({ kind }) => kind)}::text[]) as once (row, kind)
        on once.kind = event.kind
      cross join lateral unnest(event.subjects) as one (subject)
      join unnest(${types.map(({ row }) => row)}::int[], ${types.map(({ type }) => type)}::text[]) as about (row, type)
        on about.row = once.row and about.type = split_part(one.subject, ':', 1)
      group by once.row, substr(one.subject, strpos(one.subject, ':') + 1)
      having count(distinct event.id) > 1)
    order by id`.execute(db)
  const bodies = rows
    .filter(({ subjects }) => !subjects.some((subject) => report.isDistrusted(subject)))
    .flatMap(({ id, body: text }) => {
      const body = bodyOrNull(text)
      return body ? [{ id, body }] : []
    })
  reportRepeated(bodies, report)
}

/** Reports each of these events that repeats an earlier one of them. */
export function reportRepeated(
  events: readonly { readonly id: string; readonly body: EventBody }[],
  report: Report,
): void {
  const first = new Map<string, string>()
  for (const { id, body } of events) {
    for (const { key, subject } of onceKeys(body)) {
      const earlier = first.get(key)
      if (earlier === undefined) first.set(key, id)
      else report.error('events.repeated', `event ${id}`, `${body.kind} of ${subject}, after event ${earlier}`)
    }
  }
}
