import type { Db } from '../../foundation/db/database.ts'

/** A line of the roster in force: who is on duty when, with which device (null: with whatever he takes). */
export interface RosterLine {
  readonly id: string
  readonly personId: string
  readonly serial: string | null
  /** Of its beginning, in Asia/Shanghai: `YYYY-MM-DD`. */
  readonly day: string
  readonly from: Date
  readonly to: Date
}

const dayMs = 24 * 60 * 60_000

/** The lines that docks are told: whose shift lies within a day of `now`, the first first. */
export function rosterAround(db: Db, now: Date): Promise<RosterLine[]> {
  return rosterBetween(db, { from: new Date(now.getTime() - dayMs), to: new Date(now.getTime() + dayMs) })
}

/** The lines in force whose shift has a moment within this span, the first first. */
export async function rosterBetween(db: Db, span: { from: Date; to: Date }): Promise<RosterLine[]> {
  const rows = await linesWithin(db, span).orderBy('starts_at').orderBy('id').execute()
  return rows.map(({ id, person_id, device_serial, day, starts_at, ends_at }) => ({
    ...{ id, personId: person_id, serial: device_serial, day, from: starts_at, to: ends_at },
  }))
}

/**
 * Who had a device within this span by the roster: the one person whom its lines name. Where they name several, the one whose
 * shift it was at `at`. Null when nobody had it, or nobody can say which of several.
 */
export async function userByRoster(
  db: Db,
  serial: string,
  span: { from: Date; to: Date },
  at: Date | null = null,
): Promise<string | null> {
  const lines = await linesWithin(db, span).where('device_serial', '=', serial).execute()
  const found = onePerson(lines)
  if (found !== null || at === null) return found
  return onePerson(lines.filter(({ starts_at, ends_at }) => starts_at <= at && at < ends_at))
}

/** Whether a line in force of the roster names this person with this device within the span. */
export async function isRostered(
  db: Db,
  asked: { personId: string; serial: string; span: { from: Date; to: Date } },
): Promise<boolean> {
  const { personId, serial, span } = asked
  const lines = await linesWithin(db, span).where('device_serial', '=', serial).execute()
  return lines.some(({ person_id }) => person_id === personId)
}

function onePerson(lines: readonly { person_id: string }[]): string | null {
  const people = new Set(lines.map(({ person_id }) => person_id))
  return people.size === 1 ? [...people][0]! : null
}

function linesWithin(db: Db, { from, to }: { from: Date; to: Date }) {
  return db
    .selectFrom('roster_line')
    .where('withdrawn_at', 'is', null)
    .where('starts_at', '<=', to)
    .where('ends_at', '>=', from)
    .select(['id', 'person_id', 'device_serial', 'day', 'starts_at', 'ends_at'])
}
