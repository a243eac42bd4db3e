import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { sha256 } from '../../foundation/hash.ts'
import type { JsonValue } from '../../ledger/format/canonical.ts'
import { filesRootOf, type HandInHead } from '../../ledger/format/hand-in-list.ts'
import type { Facts, ReplayedTable, RowSet } from '../events/replay.ts'
import { storedLineDigest } from '../intake/hand-in-lines.ts'
import { clearedOf, clearingsOf } from './stored-clearings.ts'

export type Row = Readonly<Record<string, unknown>>

/** Everything that is stored of these recordings, under the keys that the rules use. */
export async function storedOfRecordings(db: Db, ids: readonly string[]): Promise<RowSet> {
  const wanted = [...ids]
  const of = <
    T extends 'copy' | 'recording_inventory' | 'quarantine_proposal' | 'rendition' | 'rendition_supply' | 'receipt',
  >(
    table: T,
  ) => sql<Row>`select * from ${sql.table(table)} where recording_id = any(${wanted}::uuid[])`.execute(db)
  // One after the other: a snapshot is one connection.
  const recordings = await db.selectFrom('recording').selectAll().where('id', 'in', wanted).execute()
  const copies = await of('copy')
  const inventories = await of('recording_inventory')
  const proposals = await of('quarantine_proposal')
  const attachments = await attachmentsOf(db, wanted)
  const renditions = await of('rendition')
  const supplies = await of('rendition_supply')
  const files = await filesOf(db, wanted)
  const viewings = await viewingsOf(db, wanted)
  const receipts = await of('receipt')
  const grants = await grantsOf(db, wanted)
  const cleared = await clearedOf(db, wanted)
  return rowSet({
    recording: [recordings, (row) => `${row.id}`],
    copy: [copies.rows, (row) => `${row.recording_id}/${row.store}`],
    recording_inventory: [inventories.rows, (row) => `${row.recording_id}/${row.event_id}`],
    quarantine_proposal: [proposals.rows, (row) => `${row.recording_id}/${row.id}`],
    case_recording: [attachments, (row) => `${row.recording_id}/${row.case_number}/${iso(row.attached_at)}`],
    rendition: [renditions.rows, (row) => `${row.recording_id}/${row.id}`],
    rendition_supply: [supplies.rows, (row) => `${row.recording_id}/${row.id}`],
    rendition_file: [files, (row) => `${row.recording_id}/${row.rendition_id}/${row.track}/${row.kind}/${row.number}`],
    viewing: [viewings, (row) => `${row.recording_id}/${row.id}`],
    receipt: [receipts.rows, (row) => `${row.recording_id}`],
    clearing_file: [cleared, (row) => `${row.recording_id}/${row.clearing_id}/${row.number}`],
    viewing_grant: [grants, (row) => `${row.recording_id}/${row.viewing_id}/${row.number}`],
  })
}

/** Rows of a register by the id that its events name: cases by number, devices by serial, everything else by id. */
export async function storedOfRegister(db: Db, table: keyof typeof idColumns, ids: readonly string[]): Promise<RowSet> {
  const column = idColumns[table]
  const { rows } = await sql<Row>`
    select * from ${sql.table(table)} where ${sql.ref(column)}::text = any(${[...ids]}::text[])`.execute(db)
  return rowSet({ [table]: [rows, (row: Row) => `${row[column]}`] })
}

/** Hand-ins with what their event says of the list, the lines that an upload has taken, and what was removed. */
export async function storedOfHandIns(db: Db, ids: readonly string[]): Promise<RowSet> {
  const { rows } = await sql<Row>`select * from hand_in where id::text = any(${[...ids]}::text[])`.execute(db)
  const taken = await sql<Row>`
    select * from hand_in_file where hand_in_id::text = any(${[...ids]}::text[]) and upload_id is not null`.execute(db)
  const statements = await sql<Row>`
    select * from hand_in_statement where hand_in_id::text = any(${[...ids]}::text[])`.execute(db)
  const corrections = await sql<Row>`
    select * from hand_in_correction where hand_in_id::text = any(${[...ids]}::text[])`.execute(db)
  const givingUps = await sql<Row>`
    select giving_up.*, clearing.hand_in_id from clearing_giving_up giving_up
    join clearing on clearing.id = giving_up.clearing_id
    where clearing.hand_in_id::text = any(${[...ids]}::text[])`.execute(db)
  const keyOf = (row: Row) => `${row.hand_in_id}/${row.id}`
  return rowSet({
    hand_in_statement: [statements.rows, keyOf],
    hand_in_correction: [corrections.rows, keyOf],
    hand_in: [await withLists(db, rows), (row) => `${row.id}`],
    hand_in_file: [taken.rows, (row) => `${row.hand_in_id}/${row.number}`],
    clearing: [await clearingsOf(db, ids), (row) => `${row.hand_in_id}/${row.id}`],
    clearing_giving_up: [givingUps.rows, keyOf],
  })
}

/** Gaps, and how they were explained. */
export async function storedOfGaps(db: Db, ids: readonly string[]): Promise<RowSet> {
  const gaps = await sql<Row>`select * from gap where id::text = any(${[...ids]}::text[])`.execute(db)
  const explanations = await sql<Row>`
    select * from gap_explanation where gap_id::text = any(${[...ids]}::text[])`.execute(db)
  return rowSet({
    gap: [gaps.rows, (row) => `${row.id}`],
    gap_explanation: [explanations.rows, (row) => `${row.gap_id}/${row.id}`],
  })
}

/** Devices, the changes of who keeps them, and acts that wait or waited for a second person. */
export async function storedOfDevices(db: Db, serials: readonly string[]): Promise<RowSet> {
  const { rows } = await sql<Row>`select * from device where serial = any(${[...serials]}::text[])`.execute(db)
  const changes = await sql<Row>`
    select device_keeper_change.*, device.serial from device_keeper_change
    join device on device.id = device_keeper_change.device_id
    where device.serial = any(${[...serials]}::text[])`.execute(db)
  const acts = await sql<Row>`
    select device_act.*, device.serial from device_act join device on device.id = device_act.device_id
    where device.serial = any(${[...serials]}::text[])`.execute(db)
  return rowSet({
    device: [rows, (row) => `${row.serial}`],
    device_keeper_change: [changes.rows, (row) => `${row.serial}/${row.id}`],
    device_act: [acts.rows, (row) => `${row.serial}/${row.id}`],
  })
}

/** Evidence packages and their downloads. One that is being built is still what its last event says: queued. */
export async function storedOfPackages(db: Db, ids: readonly string[]): Promise<RowSet> {
  const packages = await sql<Row>`
    select package.*, case package.state when 'building' then 'queued' else package.state end as state,
      case_file.number as case_number
    from package left join case_file on case_file.id = package.case_id
    where package.id::text = any(${[...ids]}::text[])`.execute(db)
  const downloads = await sql<Row>`
    select * from package_download where package_id::text = any(${[...ids]}::text[])`.execute(db)
  return rowSet({
    package: [packages.rows, (row) => `${row.id}`],
    package_download: [downloads.rows, (row) => `${row.package_id}/${row.id}`],
  })
}

/** Everybody, how their accounts were opened and shut, every term of the custodian, every deputyship, and what was seen. */
export async function storedOfPeople(db: Db): Promise<RowSet> {
  const people = await db
    .selectFrom('person')
    .select(['id', 'name', 'role', 'account', 'officer_number', 'certificate_number'])
    .select(['awaits_release', 'created_at', 'disabled_at'])
    .execute()
  // Without the code's digest, which no event tells and no worker may read.
  const openings = await db
    .selectFrom('account_opening')
    .select(['id', 'person_id', 'cause', 'made_by', 'made_at', 'expires_at', 'released_by', 'released_at', 'office'])
    .select([
      'effective_from',
      'code_expires_at',
      'confirmed_by',
      'confirmed_at',
      'stopped_by',
      'stopped_at',
      'used_at',
      'spare_id',
    ])
    .execute()
  const shuttings = await db.selectFrom('account_shutting').selectAll().execute()
  const spares = await db
    .selectFrom('sealed_spare')
    .select(['id', 'person_id', 'seal_number', 'place', 'sealed_by', 'sealed_at', 'with_person_id', 'confirmed_at'])
    .select(['asked_by', 'asked_at', 'opened_by', 'opened_at', 'expires_at', 'used_at', 'replaced_at'])
    .execute()
  const terms = await db.selectFrom('custodian_term').selectAll().execute()
  const seen = await db.selectFrom('notice_seen').selectAll().execute()
  const deputyships = await db.selectFrom('deputyship').selectAll().execute()
  // Without the digest, which no event tells and no worker may read.
  const passes = await db
    .selectFrom('dock_pass')
    .select(['id', 'person_id', 'means', 'given_by', 'given_at', 'released_by', 'released_at'])
    .select(['taken_back_by', 'taken_back_at'])
    .execute()
  const roster = await db.selectFrom('roster_line').selectAll().execute()
  return rowSet({
    person: [people, (row) => `${row.id}`],
    account_opening: [openings, (row) => `${row.person_id}/${row.id}`],
    account_shutting: [shuttings, (row) => `${row.person_id}/${row.id}`],
    sealed_spare: [spares, (row) => `${row.person_id}/${row.id}`],
    custodian_term: [terms, (row) => `${row.person_id}/${iso(row.started_at)}`],
    notice_seen: [seen, (row) => `${row.person_id}/${row.notice_id}`],
    dock_pass: [passes, (row) => `${row.person_id}/${row.id}`],
    roster_line: [roster, (row) => `${row.person_id}/${row.id}`],
    deputyship: [deputyships, (row) => `${row.deputy_id}/${row.id}`],
  })
}

/** Every version of every setting. */
export async function storedOfSettings(db: Db): Promise<RowSet> {
  const versions = await db.selectFrom('setting_version').selectAll().execute()
  return rowSet({ setting_version: [versions, (row) => `${row.key}/${row.id}`] })
}

/** Which column holds the id by which events name the rows of a register. */
export const idColumns = {
  upload: 'id',
  hand_in: 'id',
  gap: 'id',
  case_file: 'number',
  party: 'id',
  device: 'serial',
  timestamp_order: 'id',
  third_signature: 'id',
} as const

/**
 * Adds what a hand-in's event says of its list: the digest of what the dock signed, and that the stored lines are those
 * which the signed root commits to, so that no awkward file is dropped from it.
 */
async function withLists(db: Db, rows: readonly Row[]): Promise<Row[]> {
  if (rows.length === 0) return []
  const ids = rows.map((row) => row.id as string)
  const files = await db
    .selectFrom('hand_in_file')
    .where('hand_in_id', 'in', ids)
    .selectAll()
    .orderBy('number')
    .execute()
  return rows.map((row) => {
    const digests = files.filter((file) => file.hand_in_id === row.id).map(storedLineDigest)
    const head = row.head as Buffer
    return {
      ...row,
      list_sha256: sha256(head),
      lines_as_signed: filesRootOf(digests).toString('hex') === signedRootOf(head),
    }
  })
}

function signedRootOf(head: Buffer): string | null {
  try {
    return (JSON.parse(head.toString('utf8')) as HandInHead).filesRoot
  } catch {
    // A head that was made unreadable has another digest too, which is what is named.
    return null
  }
}

function attachmentsOf(db: Db, ids: string[]) {
  return db
    .selectFrom('case_recording')
    .leftJoin('case_file', 'case_file.id', 'case_recording.case_id')
    .where('recording_id', 'in', ids)
    .selectAll('case_recording')
    .select('case_file.number as case_number')
    .execute()
}

function filesOf(db: Db, ids: string[]) {
  return db
    .selectFrom('rendition_file')
    .innerJoin('rendition', 'rendition.id', 'rendition_file.rendition_id')
    .where('rendition.recording_id', 'in', ids)
    .selectAll('rendition_file')
    .select('rendition.recording_id')
    .execute()
}

function viewingsOf(db: Db, ids: string[]) {
  return db
    .selectFrom('viewing')
    .leftJoin('case_file', 'case_file.id', 'viewing.case_id')
    .where('recording_id', 'in', ids)
    .selectAll('viewing')
    .select('case_file.number as case_number')
    .select(
      sql<number>`(select coalesce(sum(served.bytes), 0)::bigint from viewing_served served
        where served.viewing_id = viewing.id)`.as('served_bytes'),
    )
    .execute()
}

function grantsOf(db: Db, ids: string[]) {
  return db
    .selectFrom('viewing_grant')
    .innerJoin('viewing', 'viewing.id', 'viewing_grant.viewing_id')
    .where('viewing.recording_id', 'in', ids)
    .selectAll('viewing_grant')
    .select('viewing.recording_id')
    .execute()
}

export function rowSet(tables: Partial<Record<ReplayedTable, [readonly Row[], (row: Row) => string]>>): RowSet {
  return new Map(
    Object.entries(tables).map(([table, [rows, keyOf]]) => [
      table as ReplayedTable,
      new Map(rows.map((row) => [keyOf(row), factsOf(row)])),
    ]),
  )
}

function factsOf(row: Row): Facts {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, plain(value)]))
}

function plain(value: unknown): JsonValue {
  if (value instanceof Date) return value.toISOString()
  if (Buffer.isBuffer(value)) return value.toString('hex')
  return value as JsonValue
}

function iso(value: unknown): string {
  return value instanceof Date ? value.toISOString() : `${value}`
}
