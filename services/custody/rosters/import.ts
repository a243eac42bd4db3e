import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { newId } from '../../foundation/id.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import type { RosterLine } from './roster.ts'
import { readRoster, type WrittenLine } from './table.ts'

/** What a roster changes: it replaces what was entered for the days that it names. */
export interface RosterChange {
  readonly days: readonly string[]
  readonly added: readonly WrittenLine[]
  readonly withdrawn: readonly RosterLine[]
  readonly unchanged: number
}

/**
 * Enters a roster of a CSV text: person (account or officer number), device (serial, or empty), day, from, to. It replaces the
 * lines of the days that it names; the same roster again changes nothing.
 *
 * @param options `preview`: only says what it would change
 * @throws bad_request naming every wrong line with its column: nothing is entered then
 */
export async function enterRoster(
  db: Db,
  clock: Clock,
  actor: Actor,
  csv: string,
  options: { preview: boolean },
): Promise<RosterChange> {
  const lines = await readRoster(db, csv)
  return db.transaction().execute(async (trx) => {
    // One at a time: two that name the same days would each enter theirs beside the other's.
    await sql`select pg_advisory_xact_lock(hashtextextended('roster', 0))`.execute(trx)
    const change = await changeOf(trx, lines)
    if (options.preview) return change
    for (const line of change.withdrawn) await withdraw(trx, clock, actor, line)
    for (const line of change.added) await enter(trx, clock, actor, line)
    return change
  })
}

async function changeOf(trx: Trx, lines: readonly WrittenLine[]): Promise<RosterChange> {
  const days = [...new Set(lines.map(({ day }) => day))].sort()
  if (days.length === 0) return { days, added: [], withdrawn: [], unchanged: 0 }
  const rows = await trx
    .selectFrom('roster_line')
    .where('withdrawn_at', 'is', null)
    .where('day', 'in', days)
    .select(['id', 'person_id', 'device_serial', 'day', 'starts_at', 'ends_at'])
    .orderBy('starts_at')
    .orderBy('id')
    .forUpdate()
    .execute()
  const known = rows.map((row) => ({
    ...{ id: row.id, personId: row.person_id, serial: row.device_serial, day: row.day },
    ...{ from: row.starts_at, to: row.ends_at },
  }))
  const [wanted, entered] = [new Set(lines.map(keyOf)), new Set(known.map(keyOf))]
  const added = lines.filter((line) => !entered.has(keyOf(line)))
  const withdrawn = known.filter((line) => !wanted.has(keyOf(line)))
  return { days, added, withdrawn, unchanged: known.length - withdrawn.length }
}

function keyOf({ personId, serial, from, to }: Omit<RosterLine, 'id' | 'day'>): string {
  return [personId, serial ?? '', from.toISOString(), to.toISOString()].join(' ')
}

async function enter(trx: Trx, clock: Clock, actor: Actor, line: WrittenLine): Promise<void> {
  const { personId, serial, day, from, to } = line
  const id = newId(clock.now())
  const { at } = await recordEvent(trx, 'roster.entered', {
    clock,
    by: actor,
    subjects: lineSubjects(line),
    details: { lineId: id, day, startsAt: from.toISOString(), endsAt: to.toISOString() },
  })
  await trx
    .insertInto('roster_line')
    .values({
      ...{ id, person_id: personId, device_serial: serial, day, starts_at: from, ends_at: to },
      ...{ entered_by: actor.id, entered_at: at, withdrawn_by: null, withdrawn_at: null },
    })
    .execute()
}

async function withdraw(trx: Trx, clock: Clock, actor: Actor, line: RosterLine): Promise<void> {
  const { at } = await recordEvent(trx, 'roster.withdrawn', {
    clock,
    by: actor,
    subjects: lineSubjects(line),
    details: { lineId: line.id },
  })
  const withdrawn = { withdrawn_by: actor.id, withdrawn_at: at }
  await trx.updateTable('roster_line').set(withdrawn).where('id', '=', line.id).execute()
}

function lineSubjects({ personId, serial }: Pick<RosterLine, 'personId' | 'serial'>) {
  return [{ type: 'person', id: personId }, ...(serial === null ? [] : [{ type: 'device', id: serial }])]
}
