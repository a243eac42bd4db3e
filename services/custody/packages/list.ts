import type { Db } from '../../foundation/db/database.ts'
import { noRemarks, signaturesAbout } from '../signing/shown-signature.ts'
import { packages } from './package.ts'

export type ShownPackage = Awaited<ReturnType<typeof listPackages>>[number]

/** Packages of a case, or the one of this id, the last asked for first, as people are shown them. */
export async function listPackages(db: Db, which: { caseId: string } | { id: string }) {
  const rows = await packages(db)
    .innerJoin('person as requester', 'requester.id', 'package.requested_by')
    .leftJoin('person as signer', 'signer.id', 'package.decided_by')
    .where((where) => ('id' in which ? where('package.id', '=', which.id) : where('case_id', '=', which.caseId)))
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
    const { sameSeat, onBehalfOf, third } = signatures.find(({ event }) => event.subjects.some(isAbout)) ?? noRemarks
    return { sameSeat, decidedOnBehalfOf: onBehalfOf, thirdSignature: third }
  }
  return rows.map((row) => ({
    id: row.id,
    caseNumber: row.case_number,
    withFootage: row.with_footage,
    purpose: row.purpose,
    recipient:
      row.recipient_name === null ? null : { name: row.recipient_name, organisation: row.recipient_organisation ?? '' },
    isEncrypted: row.recipient_key !== null,
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

/** What the file is called for whoever saves it. */
export function packageFileName(one: { caseNumber: string; id: string; isEncrypted: boolean }): string {
  // Not what a file system or a shell takes for something else.
  const number = one.caseNumber.replaceAll(/[^\p{L}\p{N}〔〕()（）_-]/gu, '_')
  return `举证包 ${number} ${one.id.slice(0, 8)}.zip${one.isEncrypted ? '.age' : ''}`
}
