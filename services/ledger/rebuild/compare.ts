import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { appendToFrontier, emptyFrontier, rootOf } from '../format/merkle.ts'
import type { RebuiltSecret } from './count-links.ts'
import type { RebuiltBatch, RebuiltLeaf } from './verified-batches.ts'

/** Holds archived batches against a database that may have a part of them. Reads only. */
export interface Comparison {
  take(batch: RebuiltBatch): Promise<void>
  /** What the database says otherwise than the archive, in words; empty when it is an earlier state of the same history. */
  readonly contradictions: readonly string[]
}

const namedMax = 100

export function openComparison(db: Db, secrets: ReadonlyMap<string, RebuiltSecret>): Comparison {
  const contradictions: string[] = []
  const name = (text: string) => {
    if (contradictions.length < namedMax) contradictions.push(text)
  }
  let frontier = emptyFrontier
  return {
    contradictions,
    async take({ leaves, links, checkpoint }) {
      await compareLeaves(db, leaves, name)
      await compareEvents(db, leaves, name)
      await compareLinks(db, links, name)
      await compareSecrets(db, [...new Set(links.map(({ subject }) => subject))], secrets, name)
      const known = await rootsBetween(db, frontier.size, checkpoint.size)
      for (const { hash } of leaves) {
        frontier = appendToFrontier(frontier, [hash])
        const root = known.get(frontier.size)
        if (root && !root.equals(rootOf(frontier))) name(`checkpoint ${frontier.size} of the database has another root`)
      }
      await compareTiles(db, leaves, name)
    },
  }
}

type Name = (text: string) => void

async function compareLeaves(db: Db, leaves: readonly RebuiltLeaf[], name: Name): Promise<void> {
  if (leaves.length === 0) return
  const byIndex = new Map(leaves.map((leaf) => [leaf.index, leaf]))
  const byEvent = new Map(leaves.map((leaf) => [leaf.id, leaf]))
  const rows = await db
    .selectFrom('leaf')
    .select(['index', 'event_id', 'data', 'hash'])
    .where((where) =>
      where.or([where('index', 'in', [...byIndex.keys()]), where('event_id', 'in', [...byEvent.keys()])]),
    )
    .execute()
  for (const row of rows) {
    const leaf = byIndex.get(row.index)
    const agrees = leaf && leaf.id === row.event_id && leaf.data.equals(row.data) && leaf.hash.equals(row.hash)
    if (!agrees) name(`leaf ${row.index} of the database (event ${row.event_id}) is not the archived one`)
  }
}

async function compareEvents(db: Db, leaves: readonly RebuiltLeaf[], name: Name): Promise<void> {
  if (leaves.length === 0) return
  const byId = new Map(leaves.map((leaf) => [leaf.id, leaf]))
  const rows = await db
    .selectFrom('event')
    .selectAll()
    .where((where) =>
      where.or([
        where('id', 'in', [...byId.keys()]),
        where(
          'leaf_index',
          'in',
          leaves.map(({ index }) => index),
        ),
      ]),
    )
    .execute()
  for (const row of rows) {
    const leaf = byId.get(row.id)
    const isPlaced = row.leaf_index === null || row.leaf_index === leaf?.index
    if (!leaf || !isPlaced || !row.commitment.equals(leaf.commitment)) {
      name(`event ${row.id} of the database is not the archived one of leaf ${leaf?.index ?? row.leaf_index}`)
    } else if (leaf.event && !sameEvent(row, leaf.event)) {
      name(`body, salt or columns of event ${row.id} (leaf ${leaf.index}) are not the archived ones`)
    }
  }
}

function sameEvent(
  row: { kind: string; at: Date; body: string; salt: Buffer; subjects: readonly string[] },
  event: NonNullable<RebuiltLeaf['event']>,
): boolean {
  return (
    row.kind === event.kind &&
    row.at.toISOString() === event.at &&
    row.body === event.body &&
    row.salt.equals(event.salt) &&
    row.subjects.join('\n') === event.subjects.join('\n')
  )
}

async function compareLinks(db: Db, links: RebuiltBatch['links'], name: Name): Promise<void> {
  const { rows } = await sql<{ subject: string; n: number; event_id: string; leaf_index: number }>`
    select link.* from unnest(${links.map(({ subject }) => subject)}::text[], ${links.map(({ n }) => n)}::bigint[])
      as wanted (subject, n)
    join link on link.subject = wanted.subject and link.n = wanted.n`.execute(db)
  const byPlace = new Map(links.map((link) => [`${link.subject}\n${link.n}`, link]))
  for (const { subject, n, event_id, leaf_index } of rows) {
    const link = byPlace.get(`${subject}\n${n}`)!
    if (link.eventId === event_id && link.leafIndex === leaf_index) continue
    name(`number ${n} of ${subject} is leaf ${leaf_index} in the database and leaf ${link.leafIndex} in the archive`)
  }
}

async function compareSecrets(
  db: Db,
  subjects: readonly string[],
  secrets: ReadonlyMap<string, RebuiltSecret>,
  name: Name,
): Promise<void> {
  if (subjects.length === 0) return
  const rows = await db
    .selectFrom('subject_secret')
    .select(['subject', 'secret'])
    .where('subject', 'in', subjects)
    .execute()
  for (const { subject, secret } of rows) {
    if (!secrets.get(subject)?.secret.equals(secret)) name(`the secret of ${subject} is not the one of the VRF key`)
  }
}

async function rootsBetween(db: Db, first: number, size: number): Promise<Map<number, Buffer>> {
  const rows = await db
    .selectFrom('checkpoint')
    .select(['size', 'root'])
    .where('size', '>', first)
    .where('size', '<=', size)
    .execute()
  return new Map(rows.map((row) => [row.size, row.root]))
}

/** The lowest tiles alone: the sequencer checks the upper ones against its newest checkpoint when it starts, and fsck all. */
async function compareTiles(db: Db, leaves: readonly RebuiltLeaf[], name: Name): Promise<void> {
  const indexes = [...new Set(leaves.map(({ index }) => Math.floor(index / 256)))]
  if (indexes.length === 0) return
  const rows = await db.selectFrom('tile').selectAll().where('level', '=', 0).where('index', 'in', indexes).execute()
  const tiles = new Map(rows.map(({ index, hashes }) => [index, hashes]))
  for (const { index, hash } of leaves) {
    const stored = tiles.get(Math.floor(index / 256))?.subarray((index % 256) * 32, (index % 256) * 32 + 32)
    if (stored && stored.length > 0 && !hash.equals(stored))
      name(`the database's tile holds another hash for leaf ${index}`)
  }
}
