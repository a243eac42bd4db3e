import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Db, Trx } from '../../../foundation/db/database.ts'
import { Fault } from '../../../foundation/errors.ts'
import type { Logger } from '../../../foundation/log.ts'
import { registersToProve } from '../../format/closure.ts'
import { leafHash, makeLeafData } from '../../format/entry.ts'
import { linkTag } from '../../format/links.ts'
import { lastNumbers } from './last-numbers.ts'
import { writeSecrets } from './stored-secrets.ts'
import { findSecrets, rememberBatch, type SecretSource, secretsOf, warnOfAltered } from './subject-secrets.ts'

interface WaitingEvent {
  readonly id: string
  readonly commitment: Buffer
  /** What it is about: each has a link. */
  readonly linked: readonly string[]
  /** All whose secret is stored with it: besides those that are linked, the registers of devices. */
  readonly subjects: readonly string[]
}

interface StagedLeaf {
  readonly index: number
  readonly eventId: string
  readonly data: Buffer
  readonly hash: Buffer
  readonly links: readonly { subject: string; n: number }[]
}

/**
 * Step 1. Gives up to `eventsMax` committed events that have no leaf yet (never "id > last": a late commit is not
 * skipped) the next indexes, numbers their subjects' links and writes leaves and links, in one transaction. What is
 * written here is fixed for ever, so a crash after it changes nothing. Returns the new leaves' hashes in order.
 *
 * A batch ends before the first event whose subject's secret is not proven yet; that event waits for the next batch.
 */
export async function stage(
  db: Db,
  options: { treeSize: number; eventsMax: number; secrets: SecretSource; log: Logger },
): Promise<Buffer[]> {
  const { treeSize, secrets, log } = options
  const waiting = await eventsWithoutLeaf(db, options.eventsMax)
  if (waiting.length === 0) return []
  const { events, all, fresh, altered } = await secretsOf(db, secrets, waiting, log)
  const staged = await db.transaction().execute(async (trx) => {
    await requireTreeSize(trx, treeSize)
    await writeSecrets(trx, secrets.macKey, fresh)
    const numbers = await lastNumbers(trx, secrets, all)
    const leaves = buildLeaves(events, treeSize, all, numbers)
    await insertLeaves(trx, leaves)
    return { leaves, numbers }
  })
  rememberBatch(secrets, all, staged.numbers)
  warnOfAltered(secrets, altered, log)
  return staged.leaves.map((leaf) => leaf.hash)
}

/** Looks at the next events while the present batch is signed, so that their new subjects are proven by the next round. */
export async function lookAhead(
  db: Db,
  options: { eventsMax: number; secrets: SecretSource; log: Logger },
): Promise<void> {
  await findSecrets(db, options.secrets, await eventsWithoutLeaf(db, options.eventsMax), options.log)
}

async function eventsWithoutLeaf(db: Db, limit: number): Promise<WaitingEvent[]> {
  const rows = await db
    .selectFrom('event')
    .select(['id', 'commitment', 'subjects'])
    .where('leaf_index', 'is', null)
    .orderBy('committed_at')
    .orderBy('id')
    .limit(limit)
    .execute()
  // A subject twice on one event would take two numbers for one act.
  return rows.map(({ id, commitment, subjects }) => {
    const linked = [...new Set(subjects)]
    return { id, commitment, linked, subjects: [...new Set([...linked, ...registersToProve(linked)])] }
  })
}

/** Another sequencer that got in between shows as another tree size; the primary key of `leaf` catches what is left. */
async function requireTreeSize(trx: Trx, expected: number): Promise<void> {
  const last = await trx.selectFrom('leaf').select('index').orderBy('index', 'desc').limit(1).executeTakeFirst()
  const size = last ? last.index + 1 : 0
  if (size !== expected) {
    throw new Fault('conflict', `the tree has ${size} leaves, this sequencer knows ${expected}: another one is at work`)
  }
}

function buildLeaves(
  waiting: readonly WaitingEvent[],
  firstIndex: number,
  secrets: ReadonlyMap<string, Buffer>,
  numbers: Map<string, number>,
): StagedLeaf[] {
  return waiting.map((event, offset) => {
    const links = event.linked.map((subject) => {
      const n = (numbers.get(subject) ?? 0) + 1
      numbers.set(subject, n)
      return { subject, n }
    })
    const data = makeLeafData({
      commitment: event.commitment,
      links: links.map(({ subject, n }) => linkTag(secrets.get(subject)!, n)),
      randomBytes,
    })
    return { index: firstIndex + offset, eventId: event.id, data, hash: leafHash(data), links }
  })
}

async function insertLeaves(trx: Trx, leaves: readonly StagedLeaf[]): Promise<void> {
  const indexes = leaves.map((leaf) => leaf.index)
  const eventIds = leaves.map((leaf) => leaf.eventId)
  await sql`
    insert into leaf (index, event_id, data, hash)
    select * from unnest(${indexes}::bigint[], ${eventIds}::uuid[], ${leaves.map((leaf) => leaf.data)}::bytea[],
      ${leaves.map((leaf) => leaf.hash)}::bytea[])`.execute(trx)
  const links = leaves.flatMap((leaf) => leaf.links.map((link) => ({ ...link, leaf })))
  await sql`
    insert into link (subject, n, event_id, leaf_index)
    select * from unnest(${links.map((l) => l.subject)}::text[], ${links.map((l) => l.n)}::bigint[],
      ${links.map((l) => l.leaf.eventId)}::uuid[], ${links.map((l) => l.leaf.index)}::bigint[])`.execute(trx)
  const updated = await sql`
    update event set leaf_index = placed.index
    from unnest(${eventIds}::uuid[], ${indexes}::bigint[]) as placed (id, index)
    where event.id = placed.id and event.leaf_index is null`.execute(trx)
  if (updated.numAffectedRows !== BigInt(leaves.length)) {
    throw new Fault('conflict', 'an event got its leaf from another sequencer in the same moment')
  }
}
