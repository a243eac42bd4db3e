import { sql } from 'kysely'
import type { Db } from '../../../foundation/db/database.ts'
import { eventOf } from '../../events/read.ts'
import { signedKinds } from '../../signing/put-up.ts'
import type { Closure } from '../closure.ts'
import type { PackageRecording } from '../recordings.ts'

/** Where a copy of a recording lies, as the rows say now. */
export interface ShownCopy {
  readonly recordingId: string
  readonly store: string
  readonly hostName: string
  readonly versionId: string
  readonly state: string
  readonly retainUntil: Date
  readonly verifiedAt: Date | null
}

/** Everything that the report is made of. What is in the ledger comes from the disclosed events, the rest from the rows. */
export interface ReportFacts {
  readonly packageId: string
  readonly madeAt: Date
  readonly madeBy: { readonly name: string; readonly role: string }
  readonly madeHow: string
  readonly purpose: string
  readonly withFootage: boolean
  readonly isEncrypted: boolean
  readonly signedBy: { readonly name: string; readonly at: Date | null } | null
  readonly recipient: { readonly name: string; readonly organisation: string } | null
  readonly closure: Closure
  readonly recordings: readonly (PackageRecording & {
    readonly hasOriginal: boolean
    readonly hasPlayable: boolean
  })[]
  readonly checkpoint: {
    readonly origin: string
    readonly size: number
    readonly root: Buffer
    readonly at: Date
    readonly witnessedAt: Date | null
    readonly cosignatures: readonly { readonly name: string; readonly at: Date | null }[]
  }
  readonly timestamps: readonly { readonly name: string; readonly size: number; readonly at: Date }[]
  readonly rows: ReportRows
}

export interface ReportRows {
  /** Names of people and docks by id. */
  readonly names: ReadonlyMap<string, string>
  readonly devices: ReadonlyMap<string, { readonly kind: string; readonly model: string | null }>
  readonly copies: readonly ShownCopy[]
  readonly caseFile: {
    readonly title: string
    readonly kind: string
    readonly partyName: string
    readonly departments: readonly string[]
    readonly officerIds: readonly string[]
    /** 参与人员, who never count among the officers. */
    readonly participantIds: readonly string[]
    readonly outsideNumber: string | null
    readonly openedAt: Date
  } | null
}

/** The rows that explain what a closure names. */
export async function reportRows(db: Db, closure: Closure): Promise<ReportRows> {
  const caseFile = await db
    .selectFrom('case_file')
    .innerJoin('party', 'party.id', 'case_file.party_id')
    .where('case_file.number', '=', closure.caseNumber)
    .selectAll('case_file')
    .select('party.name as party_name')
    .executeTakeFirst()
  const ids = new Set<string>([...(caseFile?.officer_ids ?? []), ...(caseFile?.participant_ids ?? [])])
  const serials = new Set<string>()
  for (const { body } of closure.events) {
    ids.add(body.actor)
    if (body.onBehalfOf !== undefined) ids.add(body.onBehalfOf)
    const sameSeat = eventOf(body, ...signedKinds)?.details.sameSeat
    if (sameSeat) ids.add(sameSeat.with)
    for (const { type, id } of body.subjects) {
      if (type === 'person' || type === 'dock') ids.add(id)
      if (type === 'device') serials.add(id)
    }
  }
  const recordingIds = [...closure.recordingIds]
  const copies = await db
    .selectFrom('copy')
    .where(sql<boolean>`recording_id = any(${recordingIds}::uuid[])`)
    .selectAll()
    // The primary first, then the backups by name.
    .orderBy(sql`store <> 'primary'`)
    .orderBy('store')
    .execute()
  return {
    names: await namesOf(db, [...ids]),
    devices: await devicesOf(db, [...serials]),
    copies: copies.map((copy) => ({
      recordingId: copy.recording_id,
      store: copy.store,
      hostName: copy.host_name,
      versionId: copy.version_id,
      state: copy.state,
      retainUntil: copy.retain_until,
      verifiedAt: copy.verified_at,
    })),
    caseFile: caseFile
      ? {
          title: caseFile.title,
          kind: caseFile.kind,
          partyName: caseFile.party_name,
          departments: caseFile.departments,
          officerIds: caseFile.officer_ids,
          participantIds: caseFile.participant_ids,
          outsideNumber: caseFile.outside_number,
          openedAt: caseFile.opened_at,
        }
      : null,
  }
}

async function namesOf(db: Db, ids: string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from person where id::text = any(${ids}::text[])
    union all select id, name from dock where id::text = any(${ids}::text[])`.execute(db)
  return new Map(rows.map((row) => [row.id, row.name]))
}

async function devicesOf(db: Db, serials: string[]) {
  if (serials.length === 0) return new Map()
  const rows = await db
    .selectFrom('device')
    .where('serial', 'in', serials)
    .select(['serial', 'kind', 'model'])
    .execute()
  return new Map(rows.map(({ serial, kind, model }) => [serial, { kind, model }]))
}
