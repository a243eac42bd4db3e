import { isJsonObject, type JsonValue } from '../../ledger/format/canonical.ts'
import type { FileRecord, HandInRecord } from '../spool/records.ts'
import { checkAnswer, type ReceiptAnswer, type ReceiptFacts, type ReceiptTrust } from './check.ts'

type Details = Readonly<Record<string, JsonValue>>

/**
 * `checkAnswer` for a line of a list of this station, which knows more of its file than an outsider: what a receipt that holds
 * says besides must be as this station read and listed it, else it is `wrong`.
 *
 * @param sha256 hex, of the file as it was read, or as it lies on the device now
 */
export function checkOwnAnswer(
  answer: ReceiptAnswer,
  { handIn, file, sha256 }: { handIn: HandInRecord; file: FileRecord; sha256: string },
  trust: ReceiptTrust,
): ReceiptFacts {
  const facts = checkAnswer(answer, { sha256, bytes: file.bytes, readMs: file.readMs }, handIn.serial, trust)
  if (!answer.receipt || (facts.receipt !== 'witnessed' && facts.receipt !== 'provisional')) return facts
  const { details } = JSON.parse(answer.receipt.body) as { details: Details }
  const why = whyNotOwn(details, handIn, file)
  return why === null ? facts : { receipt: 'wrong', receiptReason: why, receiptIndex: null, receiptMs: null }
}

/**
 * What a receipt says that is not so of this file; null when nothing is. The same bytes handed in before, or twice on one list,
 * have one receipt, by the line that came first: so the line need not be this one, but must be of the same bytes.
 */
export function whyNotOwn(details: Details, handIn: HandInRecord, file: FileRecord): string | null {
  const copies = Array.isArray(details.copies) ? details.copies : []
  if (copies.some((copy) => !isJsonObject(copy) || typeof copy.verifiedAt !== 'string')) {
    return 'the receipt names a copy that was not read back'
  }
  if (file.sm3 !== null && details.sm3 !== file.sm3) return 'the file has another SM3 than the receipt'
  const { handIn: by = null } = details
  if (!isJsonObject(by) || by.id !== handIn.serverId) return null
  const line = typeof by.line === 'number' ? handIn.files[by.line] : undefined
  return line?.sha256 === file.sha256 ? null : 'the receipt names a line of this list that is of another file'
}
