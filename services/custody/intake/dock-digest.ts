import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { type FileDigest, fileDigestBytes } from '../../ledger/format/file-digest.ts'
import type { HandInHead } from '../../ledger/format/hand-in-list.ts'
import { isSignedByEd25519 } from '../../ledger/format/keys.ts'
import type { UploadRow } from './upload.ts'

/** What a dock says of the bytes of a file that it has read to its end. */
export interface SaidDigest {
  readonly sha256: Buffer
  readonly signed: SignedDigest | null
}

/** With what it signed that (services/ledger/DESIGN.md §8, "The digest of a file"). */
export interface SignedDigest {
  readonly sm3: Buffer | null
  /** Raw, 64 bytes. */
  readonly signature: Buffer
}

/**
 * Checks that the dock signed the digest of this upload's file: over the root of the list on which the upload has a line, and
 * that line's number.
 *
 * @param publicKey of the dock, raw
 * @throws bad_request naming `signature` when the upload has no line of a list, or the signature is not the dock's over that
 */
export async function requireSignedDigest(db: Db, publicKey: Buffer, row: UploadRow, said: SaidDigest): Promise<void> {
  if (!said.signed) return
  const line = await db
    .selectFrom('hand_in_file')
    .innerJoin('hand_in', 'hand_in.id', 'hand_in_file.hand_in_id')
    .where('hand_in_file.hand_in_id', '=', row.hand_in_id)
    .where('hand_in_file.upload_id', '=', row.id)
    .select(['hand_in_file.number', 'hand_in.head'])
    .executeTakeFirst()
  if (!line) throw misfit(`upload ${row.id} stands on no line of a list: say its digest without a signature`)
  const { sm3, signature } = said.signed
  const statement: FileDigest = {
    v: 1,
    filesRoot: (JSON.parse(line.head.toString('utf8')) as HandInHead).filesRoot,
    number: line.number,
    sha256: said.sha256.toString('hex'),
    sm3: sm3?.toString('hex') ?? null,
  }
  if (isSignedByEd25519(publicKey, fileDigestBytes(statement), signature.toString('base64'))) return
  throw misfit(
    `not this dock's Ed25519 signature over filesRoot of the hand-in, line ${line.number}, sha256 and sm3 in canonical form`,
  )
}

/** What the event that seals an upload says of the digest that the dock signed; null when it signed none, or the upload has lost its line. */
export function dockDigestOf(
  upload: Pick<UploadRow, 'dock_signature' | 'dock_sm3'>,
  isListed: boolean,
): { readonly sm3: string | null; readonly signature: string } | null {
  if (!isListed || upload.dock_signature === null) return null
  return { sm3: upload.dock_sm3?.toString('hex') ?? null, signature: upload.dock_signature.toString('base64') }
}

function misfit(problem: string): Fault {
  return new Fault('bad_request', `signature: ${problem}`, { details: { field: 'signature' } })
}
