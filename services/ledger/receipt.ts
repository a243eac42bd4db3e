import { isJsonObject, type JsonValue } from './canonical.ts'
import { parseCheckpoint } from './checkpoint.ts'
import { checkBody, commitmentOf, leafHash, parseLeafData } from './entry.ts'
import { verifyInclusion } from './merkle.ts'
import { openNote } from './note.ts'
import { originOf, type Policy } from './policy.ts'
import { parseProof } from './proof.ts'
import { checkLength, malformed, unproven } from './strict.ts'

/** A receipt as a dock is given it: an event, disclosed, and its proof. Other members are not looked at. */
export interface GivenReceipt {
  readonly body: string
  /** Hex. */
  readonly salt: string
  /** The public entry, DESIGN.md §2. */
  readonly entry: string
  /** c2sp.org/tlog-proof. */
  readonly proof: string
}

/** What the dock knows by itself. */
export interface ReceiptClaim {
  /** Whom the dock trusts, from outside of the receipt. */
  readonly policy: Policy
  /** SHA-256 of the file on the device, hashed just now: 64 hex digits. */
  readonly fileSha256: string
  readonly bytes: number
  readonly deviceSerial: string
}

export type ReceiptVerdict =
  | { readonly mayClear: true; readonly index: number; readonly size: number }
  | { readonly mayClear: false; readonly why: string }

const storesOfReceipt = ['backup-a', 'backup-b', 'primary']

/**
 * Whether a dock may clear a file from its device, promise 4: the receipt is the log's, covered by a checkpoint that enough
 * witnesses cosigned, names three copies, and its digest is that of the file as it lies on the device now. Offline, pure.
 */
export function verifyReceipt(receipt: GivenReceipt, claim: ReceiptClaim): ReceiptVerdict {
  try {
    const covered = verifyCovered(receipt, claim.policy)
    checkSaysSo(receipt.body, claim)
    return { mayClear: true, ...covered }
  } catch (error) {
    return { mayClear: false, why: error instanceof Error ? error.message : String(error) }
  }
}

/** The commitment, the leaf, the path to the root, the log's signature, the witnesses' quorum. */
function verifyCovered({ body, salt, entry, proof: text }: GivenReceipt, policy: Policy) {
  if (!/^[0-9a-f]{64}$/.test(salt)) throw malformed('the salt is not 64 hex digits')
  const bytes = Buffer.from(entry, 'utf8')
  const { commitment } = parseLeafData(bytes)
  if (commitmentOf(Buffer.from(salt, 'hex'), body).toString('hex') !== commitment) {
    throw unproven('the receipt is not what its entry in the ledger commits to')
  }
  if (!policy.needsWitnesses) throw unproven('the policy asks for no witness: nothing shows that the ledger keeps it')
  const proof = parseProof(text)
  const origin = originOf(policy)
  const known = [...policy.logKeys, ...policy.witnesses.map(({ key }) => key)]
  const { text: signed, verified } = openNote(proof.checkpoint, known)
  const { size, root, origin: named } = parseCheckpoint(signed)
  if (named !== origin) throw unproven(`the checkpoint is of ${named}, not of ${origin}`)
  const keys = verified.map(({ key }) => key)
  if (!keys.some((key) => policy.logKeys.includes(key))) throw unproven('the checkpoint is not signed by the log')
  if (!policy.isMet(keys)) throw unproven('provisional: the checkpoint is not cosigned by enough witnesses')
  const { index, hashes } = proof
  if (!verifyInclusion({ index, size, leafHash: leafHash(bytes), proof: hashes, root })) {
    throw unproven('the receipt is not in the ledger of this checkpoint')
  }
  return { index, size }
}

/** That the event is a receipt, for this very file, and names a copy on each of the three stores. */
function checkSaysSo(bodyText: string, claim: ReceiptClaim): void {
  const { kind, details } = checkBody(bodyText)
  if (kind !== 'receipt.issued') throw unproven(`the event is a ${kind}, not a receipt`)
  checkLength(Buffer.from(claim.fileSha256, 'hex'), 32, 'the digest of the file')
  if (details.sha256 !== claim.fileSha256) throw unproven('the file on the device has another SHA-256 than the receipt')
  if (details.bytes !== claim.bytes) throw unproven('the file on the device has another length than the receipt')
  if (details.device !== claim.deviceSerial) throw unproven('the receipt is for another device')
  const copies: readonly JsonValue[] = Array.isArray(details.copies) ? details.copies : []
  const stores = copies.flatMap((copy) => (isJsonObject(copy) && copy.versionId ? [copy.store] : [])).sort()
  if (JSON.stringify(stores) !== JSON.stringify(storesOfReceipt)) throw unproven('the receipt names no three copies')
}
