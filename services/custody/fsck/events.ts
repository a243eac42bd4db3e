import type { Db } from '../../foundation/db/database.ts'
import { isFault } from '../../foundation/errors.ts'
import { bodyOrNull, commitmentOf, type EventBody, type LeafData, parseLeafData } from '../../ledger/format/entry.ts'
import { isEventKind } from '../events/kinds.ts'
import { knownEvent } from '../events/read.ts'
import type { Report } from './finding.ts'
import type { EventRow, LeafRow } from './leaf-rows.ts'
import { checkLinks, type LinkedLeaf } from './links.ts'

/** Takes sound leaves in batches and compares their events, columns and links with them. */
export interface EventChecker {
  take(leaf: LeafRow): Promise<void>
  flush(): Promise<void>
  /** Subjects about whose links something was said already. */
  readonly namedSubjects: Set<string>
}

const batchLeaves = 256

export function openEventChecker(db: Db, badSecrets: ReadonlySet<string>, report: Report): EventChecker {
  const waiting: LeafRow[] = []
  const namedSubjects = new Set<string>(badSecrets)
  const flush = async (): Promise<void> => {
    const leaves = waiting.splice(0)
    if (leaves.length === 0) return
    const gone = leaves.filter((leaf) => leaf.event === null)
    await distrustLinked(
      db,
      gone.map((leaf) => leaf.event_id),
      { report, namedSubjects },
    )
    const whole: LinkedLeaf[] = []
    const bad: string[] = []
    for (const leaf of leaves) {
      const data = readLeaf(leaf, report)
      if (!data || !leaf.event) continue
      const body = checkEvent(leaf.event, data.commitment, report)
      checkIndex(leaf, report)
      if (body) whole.push({ index: leaf.index, eventId: leaf.event_id, subjects: subjectsOf(body), tags: data.links })
      else bad.push(leaf.event_id)
    }
    await distrustLinked(db, bad, { report, namedSubjects })
    for (const leaf of gone) report.error('tree.event_missing', `leaf ${leaf.index}`, `event ${leaf.event_id} is gone`)
    await checkLinks(db, whole, { badSecrets, namedSubjects, report })
  }
  return {
    namedSubjects,
    flush,
    async take(leaf) {
      waiting.push(leaf)
      if (waiting.length >= batchLeaves) await flush()
    },
  }
}

/**
 * Compares a body with its commitment and with the columns beside it. Returns the body only when it is the committed one; its
 * subjects are distrusted otherwise.
 *
 * @param committed what the leaf says (hex), or the row's own commitment before there is a leaf
 */
export function checkEvent(event: EventRow, committed: string, report: Report): EventBody | null {
  const subject = `event ${event.id}`
  const body = bodyOrNull(event.body)
  const actual = event.salt.length === 32 && event.body.isWellFormed() ? commitmentOf(event.salt, event.body) : null
  if (actual?.toString('hex') !== committed) {
    report.error('tree.body_differs', subject, 'its body or salt are not what was committed')
    for (const one of [...event.subjects, ...(body ? subjectsOf(body) : [])]) report.distrust(one)
    return null
  }
  if (!body) {
    report.error('tree.body_malformed', subject, 'its body was committed, but cannot be read')
    return null
  }
  // A kind that this version does not know is left to the one that wrote it.
  if (isEventKind(body.kind) && !knownEvent(body)) {
    // Its subjects are checked all the same: rows that it should have left seem to have no event then, beside this cause of it.
    report.error('tree.details_malformed', subject, `its details are not those of ${body.kind}`)
  }
  const wrong: string[] = []
  if (event.commitment.toString('hex') !== committed) wrong.push('commitment')
  if (body.id !== undefined && body.id !== event.id) wrong.push('id')
  if (body.kind !== event.kind) wrong.push('kind')
  if (body.at !== event.at.toISOString()) wrong.push('at')
  if (subjectsOf(body).join('\n') !== event.subjects.join('\n')) wrong.push('subjects')
  if (wrong.length > 0) report.error('tree.columns_differ', subject, `other than in its body: ${wrong.join(', ')}`)
  // Events are looked up by these two: rows would seem to have none.
  if (wrong.includes('kind') || wrong.includes('subjects')) for (const one of subjectsOf(body)) report.distrust(one)
  return body
}

/**
 * Events without a leaf, and events that claim a leaf which is another's or none of the `leaves` that there must be. A
 * claimed leaf that is missing is named as a missing leaf.
 */
export async function checkUnplacedEvents(db: Db, leaves: number, report: Report): Promise<void> {
  const unplaced = await db
    .selectFrom('event')
    .leftJoin('leaf as own', 'own.event_id', 'event.id')
    .leftJoin('leaf as claimed', 'claimed.index', 'event.leaf_index')
    .where('event.leaf_index', 'is not', null)
    .where('own.index', 'is', null)
    .where((where) => where.or([where('claimed.index', 'is not', null), where('event.leaf_index', '>=', leaves)]))
    .select(['event.id', 'event.leaf_index', 'event.subjects'])
    .limit(1001)
    .execute()
  for (const row of unplaced) {
    report.error('tree.event_extra', `event ${row.id}`, `leaf ${row.leaf_index}, which it claims, is not its own`)
    for (const subject of row.subjects) report.distrust(subject)
  }
  let last = ''
  for (;;) {
    const rows = await db
      .selectFrom('event')
      .leftJoin('leaf', 'leaf.event_id', 'event.id')
      .where('event.leaf_index', 'is', null)
      .where('leaf.index', 'is', null)
      .$if(last !== '', (query) => query.where('event.id', '>', last))
      .selectAll('event')
      .orderBy('event.id')
      .limit(batchLeaves)
      .execute()
    for (const row of rows) checkEvent(row, row.commitment.toString('hex'), report)
    if (rows.length < batchLeaves) return
    last = rows.at(-1)!.id
  }
}

function checkIndex(leaf: LeafRow, report: Report): void {
  if (leaf.event!.leaf_index === leaf.index) return
  const said = leaf.event!.leaf_index === null ? 'to have no leaf' : `to be leaf ${leaf.event!.leaf_index}`
  report.error('tree.index_differs', `event ${leaf.event_id}`, `its row says ${said}, but it is leaf ${leaf.index}`)
}

async function distrustLinked(
  db: Db,
  eventIds: string[],
  told: { report: Report; namedSubjects: Set<string> },
): Promise<void> {
  if (eventIds.length === 0) return
  const rows = await db.selectFrom('link').select('subject').where('event_id', 'in', eventIds).execute()
  for (const { subject } of rows) {
    told.report.distrust(subject)
    told.namedSubjects.add(subject)
  }
}

function readLeaf(leaf: LeafRow, report: Report): LeafData | null {
  try {
    return parseLeafData(leaf.data)
  } catch (error) {
    if (!isFault(error, 'malformed')) throw error
    report.error('tree.leaf_malformed', `leaf ${leaf.index}`, error.message)
    return null
  }
}

function subjectsOf(body: EventBody): string[] {
  return body.subjects.map(({ type, id }) => `${type}:${id}`)
}
