// A log of a million events (a short run: fewer), made with the ledger's core in its real formats: every row as sequencer
// and services would have left it, and the same entries and tiles as files, as a package holds them.

import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sql } from 'kysely'
import type { Db, Trx } from '../../../services/foundation/db/database.ts'
import { newId } from '../../../services/foundation/id.ts'
import { encodeEntryBundle } from '../../../services/ledger/format/bundle.ts'
import { canonicalText } from '../../../services/ledger/format/canonical.ts'
import { commitmentOf, leafHash, makeLeafData } from '../../../services/ledger/format/entry.ts'
import { linkTag } from '../../../services/ledger/format/links.ts'
import { appendToFrontier, emptyFrontier, rootOf } from '../../../services/ledger/format/merkle.ts'
import { generateSignerKey, parseSignerKey } from '../../../services/ledger/format/note.ts'
import { signCheckpoint } from '../../../services/ledger/format/signed-checkpoint.ts'
import { growTiles, type Tile, tilePath } from '../../../services/ledger/format/tiles.ts'
import { vrfGenerateKey, vrfProve, vrfPublicKey } from '../../../services/ledger/format/vrf.ts'

export const caseNumber = 'BENCH-1'
const origin = 'ledger.bench/million'
/** Each is a secret of 2 ms to make, and for a check of the log 2 ms to verify. */
const persons = 2000
/** The events of the case: one in so many of all. */
export const caseEvery = 1000
const chunkEvents = 16 * 256
const firstMs = Date.parse('2026-01-01T00:00:00Z')

export interface MillionLog {
  readonly origin: string
  readonly verifierKey: string
  readonly vrfPublicKey: Buffer
  readonly size: number
  readonly root: Buffer
  readonly note: string
  readonly folder: string
  readonly caseSecret: { readonly output: Buffer; readonly proof: Buffer }
}

interface MadeEvent {
  readonly id: string
  readonly at: Date
  readonly body: string
  readonly salt: Buffer
  readonly commitment: Buffer
  readonly subjects: readonly string[]
  readonly numbers: readonly number[]
  readonly data: Buffer
  readonly hash: Buffer
}

/** Fills the database's ledger tables and `folder` with so many events. A million takes some minutes; `say` hears of it. */
export async function buildMillion(
  db: Db,
  { folder, events, say }: { folder: string; events: number; say: (line: string) => void },
): Promise<MillionLog> {
  const begun = performance.now()
  const keys = generateSignerKey(origin)
  const signer = parseSignerKey(keys.signerKey)
  const vrfKey = vrfGenerateKey()
  const secrets = await insertSecrets(db, vrfKey)
  const make = maker(secrets)
  let frontier = emptyFrontier
  const edge = new Map<Tile['level'], Buffer>()
  let note = ''
  for (let first = 0; first < events; first += chunkEvents) {
    const made = Array.from({ length: Math.min(chunkEvents, events - first) }, (_, offset) => make(first + offset))
    const leafHashes = made.map(({ hash }) => hash)
    frontier = appendToFrontier(frontier, leafHashes)
    const root = rootOf(frontier)
    note = signCheckpoint({ origin, size: frontier.size, root }, signer)
    const grown = growTiles({ oldSize: first, leafHashes, partial: ({ level }) => edge.get(level)! })
    for (const { tile, bytes } of grown) edge.set(tile.level, bytes)
    writeFiles(folder, first, made, grown)
    await db.transaction().execute((trx) => insertEvents(trx, first, made))
    await insertTiles(db, grown)
    await db
      .insertInto('checkpoint')
      .values({ size: frontier.size, root, note, at: made.at(-1)!.at })
      .execute()
    if (first % (32 * chunkEvents) === 0) say(`${first} events after ${seconds(begun)} s`)
  }
  await sql`analyze`.execute(db)
  say(`${events} events built in ${seconds(begun)} s`)
  const caseSecret = secrets.get(`case:${caseNumber}`)!
  const published = { size: frontier.size, root: rootOf(frontier), note, folder, caseSecret }
  return { origin, verifierKey: keys.verifierKey, vrfPublicKey: Buffer.from(vrfPublicKey(vrfKey)), ...published }
}

type Secrets = ReadonlyMap<string, { readonly output: Buffer; readonly proof: Buffer }>

async function insertSecrets(db: Db, vrfKey: Uint8Array): Promise<Secrets> {
  const subjects = [`case:${caseNumber}`, ...Array.from({ length: persons }, (_, index) => `person:${personId(index)}`)]
  const secrets = new Map(subjects.map((subject) => [subject, vrfProve(vrfKey, Buffer.from(subject))]))
  const rows = [...secrets].map(([subject, { output, proof }]) => ({ subject, secret: output, proof }))
  for (let start = 0; start < rows.length; start += 500) {
    await db
      .insertInto('subject_secret')
      .values(rows.slice(start, start + 500))
      .execute()
  }
  return secrets
}

function maker(secrets: Secrets): (index: number) => MadeEvent {
  const numbers = new Map<string, number>()
  return (index) => {
    const at = new Date(firstMs + index * 10)
    const id = newId(at)
    const person = { type: 'person', id: personId(index % persons) }
    const about = index % caseEvery === 0 ? [{ type: 'case', id: caseNumber }, person] : [person]
    const body = canonicalText({
      ...{ id, kind: 'session.refused', at: at.toISOString(), actor: person.id, actorRole: 'officer', subjects: about },
      details: { reason: 'wrong_password', address: `10.0.0.${index % 5}` },
    })
    const salt = randomBytes(32)
    const commitment = commitmentOf(salt, body)
    const subjects = about.map((subject) => `${subject.type}:${subject.id}`)
    const given = subjects.map((subject) => {
      const n = (numbers.get(subject) ?? 0) + 1
      numbers.set(subject, n)
      return n
    })
    const links = subjects.map((subject, place) => linkTag(secrets.get(subject)!.output, given[place]!))
    const data = makeLeafData({ commitment, links, randomBytes })
    return { id, at, body, salt, commitment, subjects, numbers: given, data, hash: leafHash(data) }
  }
}

/** Events of the past, as only the owner can write them. */
async function insertEvents(db: Trx, first: number, made: readonly MadeEvent[]): Promise<void> {
  const column = <T>(pick: (event: MadeEvent) => T) => made.map(pick)
  const ids = column(({ id }) => id)
  const indexes = made.map((_, offset) => first + offset)
  await sql`alter table event disable trigger event_writer_rule`.execute(db)
  await sql`
    insert into event (id, kind, at, body, salt, commitment, subjects, committed_at, leaf_index)
    select id, 'session.refused', at, body, salt, commitment, string_to_array(subjects, ' '), at, index
    from unnest(${ids}::uuid[], ${column(({ at }) => at)}::timestamptz[], ${column(({ body }) => body)}::text[],
      ${column(({ salt }) => salt)}::bytea[], ${column(({ commitment }) => commitment)}::bytea[],
      ${column(({ subjects }) => subjects.join(' '))}::text[], ${indexes}::bigint[])
      as made (id, at, body, salt, commitment, subjects, index)`.execute(db)
  await sql`
    insert into leaf (index, event_id, data, hash) select * from unnest(${indexes}::bigint[], ${ids}::uuid[],
      ${column(({ data }) => data)}::bytea[], ${column(({ hash }) => hash)}::bytea[])`.execute(db)
  const links = made.flatMap((event, offset) =>
    event.subjects.map((subject, place) => ({
      subject,
      n: event.numbers[place]!,
      id: event.id,
      index: first + offset,
    })),
  )
  await sql`
    insert into link (subject, n, event_id, leaf_index) select * from unnest(${links.map(({ subject }) => subject)}::text[],
      ${links.map(({ n }) => n)}::bigint[], ${links.map(({ id }) => id)}::uuid[],
      ${links.map(({ index }) => index)}::bigint[])`.execute(db)
  await sql`alter table event enable trigger event_writer_rule`.execute(db)
}

type Grown = readonly { readonly tile: Tile; readonly bytes: Buffer }[]

async function insertTiles(db: Db, grown: Grown): Promise<void> {
  await sql`
    insert into tile (level, index, hashes) select * from unnest(${grown.map(({ tile }) => tile.level as number)}::int[],
      ${grown.map(({ tile }) => tile.index)}::bigint[], ${grown.map(({ bytes }) => bytes)}::bytea[])
    on conflict (level, index) do update set hashes = excluded.hashes`.execute(db)
}

/** Partial tiles that still grow are written too: who verifies never asks for them. */
function writeFiles(folder: string, first: number, made: readonly MadeEvent[], grown: Grown): void {
  for (const { tile, bytes } of grown) write(join(folder, tilePath(tile)), bytes)
  for (let start = 0; start < made.length; start += 256) {
    const entries = made.slice(start, start + 256).map(({ data }) => data)
    const tile: Tile = { level: 'entries', index: (first + start) / 256, width: entries.length }
    write(join(folder, tilePath(tile)), encodeEntryBundle(entries))
  }
}

function write(path: string, bytes: Buffer): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
}

function personId(index: number): string {
  return `0198c0de-0000-7000-8000-${String(index).padStart(12, '0')}`
}

function seconds(begun: number): string {
  return ((performance.now() - begun) / 1000).toFixed(0)
}
