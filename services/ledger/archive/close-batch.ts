import { randomBytes } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { checkBody, commitmentOf, parseLeafData } from '../format/entry.ts'
import type { LogKeys } from '../format/log-keys.ts'
import { checkpointOfSize, type PublishedCheckpoint } from '../log/witnessed.ts'
import { type BatchLine, sealEvent, writeBatch } from './batch-file.ts'
import { type BatchKey, wrapKeys } from './keys-file.ts'
import type { ArchiveNames } from './names.ts'
import { requireSigned } from './require-signed.ts'

export interface CloseDeps {
  readonly db: Db
  readonly names: ArchiveNames
  /** The log's verifier keys, earlier ones too. */
  readonly logKeys: LogKeys
  /** `age1…` of the bureau's recovery key. */
  readonly recoveryRecipient: string
}

export interface ClosedBatch {
  readonly first: number
  readonly count: number
  /** Leaves whose body or salt in the database is not what they committed: archived without them. */
  readonly damaged: readonly number[]
}

/** Small enough for memory, large enough that a shift end of thousands of events makes a handful of objects. */
const eventsMax = 1024
const bodyBytesMax = 8 * 1024 * 1024
/** Events rest this long at most before a batch is made of them: three stores must have it within a minute. */
export const restMsMax = 20_000
const wholeTreeEveryMs = 24 * 60 * 60_000

interface BatchRow {
  readonly index: number
  readonly id: string
  readonly leaf: Buffer
  readonly body: string
  readonly salt: Buffer
  readonly committedAt: string
}

/**
 * Makes the next batch when one is due: encrypted events, their wrapped keys and the checkpoint that ends with them, all
 * kept in `archive_object` until every store has them (none of the three could be made a second time byte by byte). The
 * batch ends where a checkpoint does, so that all of it stands under a signature. Null when nothing is due, or another
 * process made it first.
 *
 * @throws log_forked when the rows do not lead to what the log signed: that is not archived
 */
export async function closeBatch(deps: CloseDeps, now: Date): Promise<ClosedBatch | null> {
  const { db, names } = deps
  const last = await lastBatch(db)
  const end = await endOfNext(db, last.end, now)
  if (end === null) return null
  const first = last.end
  const count = end - first
  const checkpoint = await checkpointOfSize(db, end)
  if (!checkpoint) throw new Fault('internal', `checkpoint ${end} is gone from the database: run \`custody fsck\``)
  const sealed = await sealRange(deps, first, end, now)
  await requireSigned(db, deps.logKeys, { first, leaves: sealed.lines.map(({ leaf }) => leaf), checkpoint })
  const place = { logId: names.logId, first, count }
  const objects = [
    [names.keys(first, count), await wrapKeys(place, sealed.keys, deps.recoveryRecipient)],
    [names.checkpoint(end), Buffer.from(checkpoint.note, 'utf8')],
    [names.events(first, count), writeBatch({ ...place, at: checkpoint.at }, sealed.lines)],
  ] as const
  const isDaily = last.wholeAt === null || now.getTime() - last.wholeAt.getTime() >= wholeTreeEveryMs
  const isMade = await enterBatch(db, { first, count, checkpoint, isDaily, now }, objects)
  return isMade ? { first, count, damaged: sealed.damaged } : null
}

/** Whether there are leaves below a checkpoint that no batch has yet: they are due, or rest. */
export async function hasUnbatchedLeaves(db: Db): Promise<boolean> {
  const { rows } = await sql<{ behind: boolean }>`
    select coalesce((select max(size) from checkpoint), 0) >
      coalesce((select first + count from event_archive_batch order by first desc limit 1), 0) as behind`.execute(db)
  return rows[0]!.behind
}

/** The leaf after the last batch, and when the last one with the whole tree's edge was made. */
async function lastBatch(db: Db): Promise<{ end: number; wholeAt: Date | null }> {
  const { whole } = await db
    .selectFrom('event_archive_batch')
    .where('with_partial_tiles', '=', true)
    .select((select) => select.fn.max('created_at').as('whole'))
    .executeTakeFirstOrThrow()
  return { end: await endOfLastBatch(db), wholeAt: whole as Date | null }
}

/** The leaf after the last batch, where the next one begins; 0 before the first. */
export async function endOfLastBatch(db: Db): Promise<number> {
  const last = await db
    .selectFrom('event_archive_batch')
    .select(['first', 'count'])
    .orderBy('first', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last ? last.first + last.count : 0
}

/**
 * Size of the checkpoint that the next batch ends with; null when none is due. As many leaves as the limits take, and at
 * least those of one checkpoint, however many they are.
 */
async function endOfNext(db: Db, first: number, now: Date): Promise<number | null> {
  const { rows } = await sql<{ least: number; newest: number; rested_ms: number | null }>`
    select least, newest, (select extract(epoch from ${now}::timestamptz - committed_at) * 1000
      from event where leaf_index = ${first})::float8 as rested_ms
    from (select (select size from checkpoint where size > ${first} order by size limit 1) as least,
      (select max(size) from checkpoint) as newest) as sizes where least is not null`.execute(db)
  const due = rows[0]
  // An event whose row is gone is fsck's to name; the rest is archived all the same.
  if (!due || (due.newest - first < eventsMax && (due.rested_ms ?? restMsMax) < restMsMax)) return null
  const fitting = await sql<{ size: number }>`
    select size from (
      select leaf_index + 1 as size, sum(octet_length(body)) over (order by leaf_index) as body_bytes
      from event where leaf_index >= ${first} and leaf_index < ${first + eventsMax}) as ends
    join checkpoint using (size) where body_bytes <= ${bodyBytesMax} order by size desc limit 1`.execute(db)
  return fitting.rows[0]?.size ?? due.least
}

async function sealRange(
  deps: CloseDeps,
  first: number,
  end: number,
  now: Date,
): Promise<{ lines: BatchLine[]; keys: BatchKey[]; damaged: number[] }> {
  const events = (await eventRows(deps.db, first, end)).map((row) => ({ row, subject: firstSubject(row) }))
  if (events.length !== end - first) {
    throw new Fault('internal', `leaves ${first} to ${end - 1} have only ${events.length} events: run \`custody fsck\``)
  }
  const keys = await keysOf(deps.db, [...new Set(events.flatMap(({ subject }) => subject ?? []))], now)
  const opens = new Map<string, number[]>()
  const lines = events.map(({ row, subject }): BatchLine => {
    const { index, id, leaf } = row
    if (subject === null) return { index, id, leaf, sealed: null }
    opens.set(subject, [...(opens.get(subject) ?? []), index])
    return { index, id, leaf, sealed: sealEvent(row, keys.get(subject)!, { logId: deps.names.logId, index }) }
  })
  return {
    lines,
    keys: [...opens].map(([subject, indexes]) => ({ subject, key: keys.get(subject)!, events: indexes })),
    damaged: events.filter(({ subject }) => subject === null).map(({ row }) => row.index),
  }
}

async function eventRows(db: Db, first: number, end: number): Promise<BatchRow[]> {
  const { rows } = await sql<BatchRow>`
    select leaf.index, leaf.event_id as id, leaf.data as leaf, coalesce(event.body, '') as body,
      coalesce(event.salt, ''::bytea) as salt, ${microseconds('event.committed_at')} as "committedAt"
    from leaf left join event on event.id = leaf.event_id
    where leaf.index >= ${first} and leaf.index < ${end} order by leaf.index`.execute(db)
  return rows
}

/** A column's time as text, UTC to the microsecond: a Date would cut it to milliseconds. */
export function microseconds(column: string): RawBuilder<string> {
  return sql<string>`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
}

/** The first subject of the committed body, `type:id`; null when body and salt are not the committed ones. */
function firstSubject({ leaf, body, salt }: BatchRow): string | null {
  if (salt.length !== 32 || !body.isWellFormed()) return null
  if (commitmentOf(salt, body).toString('hex') !== parseLeafData(leaf).commitment) return null
  const { type, id } = checkBody(body).subjects[0]!
  return `${type}:${id}`
}

/** The subjects' archive keys, made where there is none. */
async function keysOf(db: Db, subjects: readonly string[], now: Date): Promise<Map<string, Buffer>> {
  if (subjects.length === 0) return new Map()
  await db
    .insertInto('archive_key')
    .values(subjects.map((subject) => ({ subject, key: randomBytes(32), created_at: now })))
    .onConflict((conflict) => conflict.column('subject').doNothing())
    .execute()
  const rows = await db.selectFrom('archive_key').select(['subject', 'key']).where('subject', 'in', subjects).execute()
  return new Map(rows.map(({ subject, key }) => [subject, key]))
}

async function enterBatch(
  db: Db,
  batch: { first: number; count: number; checkpoint: PublishedCheckpoint; isDaily: boolean; now: Date },
  objects: readonly (readonly [string, Buffer])[],
): Promise<boolean> {
  const { first, count, isDaily, now } = batch
  return db.transaction().execute(async (trx) => {
    const made = await trx
      .insertInto('event_archive_batch')
      .values({ first, count, with_partial_tiles: isDaily, created_at: now })
      .onConflict((conflict) => conflict.column('first').doNothing())
      .returning('first')
      .executeTakeFirst()
    if (!made) return false
    await trx
      .insertInto('archive_object')
      .values(objects.map(([object_key, bytes]) => ({ object_key, bytes, batch_first: first })))
      .execute()
    return true
  })
}
