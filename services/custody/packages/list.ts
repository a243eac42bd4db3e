import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import type { packageStates } from '../../foundation/db/words.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { nameForEvent } from '../devices/name-profile.ts'
import { eventOf } from '../events/read.ts'
import type { TranscriptKind } from '../events/words.ts'
import { noRemarks, signaturesAbout } from '../signing/shown-signature.ts'
import { packages } from './package.ts'

export type ShownPackage = Awaited<ReturnType<typeof listPackages>>[number]

type PackageState = (typeof packageStates)[number]
type Which = { caseId: string } | { id: string } | { state: PackageState | null }

/** Packages of a case, of a state (null: of any), or the one of this id, the last asked for first, as people are shown them. */
export async function listPackages(db: Db, which: Which) {
  const rows = await packages(db)
    .innerJoin('person as requester', 'requester.id', 'package.requested_by')
    .leftJoin('person as signer', 'signer.id', 'package.decided_by')
    .where((where) => {
      if ('id' in which) return where('package.id', '=', which.id)
      if ('caseId' in which) return where('case_id', '=', which.caseId)
      return which.state === null ? where.lit(true) : where('package.state', '=', which.state)
    })
    .select(['requester.name as requester_name', 'signer.name as signer_name'])
    .orderBy('package.requested_at', 'desc')
    .orderBy('package.id', 'desc')
    .limit(500)
    .execute()
  const signatures = await signaturesAbout(
    db,
    ['package.signed', 'package.refused'],
    rows.map(({ id }) => `package:${id}`),
  )
  const remarksOf = (id: string) => {
    const isAbout = (one: { type: string; id: string }) => one.type === 'package' && one.id === id
    const found = signatures.find(({ event }) => event.subjects.some(isAbout))
    const { sameSeat, onBehalfOf, third } = found ?? noRemarks
    const decisionReason = found?.event.details.reason ?? null
    return { sameSeat, decidedOnBehalfOf: onBehalfOf, thirdSignature: third, decisionReason }
  }
  const asked = await askedOf(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => ({
    id: row.id,
    caseNumber: row.case_number,
    withFootage: row.with_footage,
    purpose: row.purpose,
    recipient:
      row.recipient_name === null ? null : { name: row.recipient_name, organisation: row.recipient_organisation ?? '' },
    isEncrypted: row.recipient_key !== null,
    recordings: asked.get(row.id) ?? [],
    requestedBy: { id: row.requested_by, name: row.requester_name },
    requestedAt: row.requested_at.toISOString(),
    state: row.state,
    decidedBy: row.decided_by === null ? null : { id: row.decided_by, name: row.signer_name ?? '' },
    decidedAt: row.decided_at?.toISOString() ?? null,
    ...remarksOf(row.id),
    bytesDone: row.bytes_done,
    bytesTotal: row.bytes_total,
    checkpointSize: row.checkpoint_size,
    bytes: row.bytes,
    sha256: row.sha256?.toString('hex') ?? null,
    failure: row.failure,
    readyAt: row.ready_at?.toISOString() ?? null,
    expiresAt: row.expires_at?.toISOString() ?? null,
  }))
}

/** A recording of which it is said what it is to prove, by a name that whoever signs knows it by. */
interface ShownAsked {
  readonly recordingId: string
  readonly deviceSerial: string
  readonly name: string
  readonly proves: string
  /** 相关片段: both or neither. */
  readonly fromMs: number | null
  readonly toMs: number | null
  readonly transcript: TranscriptKind | null
  readonly originalMedium: string | null
}

/** What was said of each recording when a package was asked for: only its event holds it. */
async function askedOf(db: Db, packageIds: readonly string[]): Promise<Map<string, ShownAsked[]>> {
  if (packageIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('event')
    .where('kind', '=', 'package.requested')
    .where(sql<boolean>`subjects && ${packageIds.map((id) => `package:${id}`)}::text[]`)
    .select('body')
    .execute()
  const asked = rows.flatMap(({ body: text }) => {
    const body = bodyOrNull(text)
    const event = body && eventOf(body, 'package.requested')
    const id = event?.subjects.find(({ type }) => type === 'package')?.id
    return event && id ? [{ id, recordings: event.details.recordings ?? [] }] : []
  })
  const names = await namesOf(
    db,
    asked.flatMap(({ recordings }) => recordings.map(({ recordingId }) => recordingId)),
  )
  return new Map(
    asked.map(({ id, recordings }) => [
      id,
      recordings.map(({ recordingId, proves, fromMs = null, toMs = null, transcript, originalMedium = null }) => ({
        ...{ recordingId, proves, fromMs, toMs, transcript, originalMedium },
        ...(names.get(recordingId) ?? { deviceSerial: '', name: '' }),
      })),
    ]),
  )
}

async function namesOf(db: Db, recordingIds: readonly string[]) {
  if (recordingIds.length === 0) return new Map<string, { deviceSerial: string; name: string }>()
  const rows = await db
    .selectFrom('recording')
    .where('id', 'in', [...new Set(recordingIds)])
    .select(['id', 'device_serial', 'name'])
    .execute()
  return new Map(
    rows.map(({ id, device_serial, name }) => [id, { deviceSerial: device_serial, name: nameForEvent(name).text }]),
  )
}

/** What the file is called for whoever saves it. */
export function packageFileName(one: { caseNumber: string; id: string; isEncrypted: boolean }): string {
  // Not what a file system or a shell takes for something else.
  const number = one.caseNumber.replaceAll(/[^\p{L}\p{N}〔〕()（）_-]/gu, '_')
  return `举证材料 ${number} ${one.id.slice(0, 8)}.zip${one.isEncrypted ? '.age' : ''}`
}
