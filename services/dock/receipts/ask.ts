import type { StationDeps } from '../docking/deps.ts'
import type { Statement } from '../spool/database.ts'
import type { FileProgress, FileRecord, HandInRecord } from '../spool/records.ts'
import type { ReceiptAnswer } from './check.ts'
import { dropWitnessed } from './mend-copies.ts'
import { checkOwnAnswer } from './own-file.ts'

/** What the service gives at once. */
const receiptsAtOnce = 500

/** Whether a line may still get a receipt that it does not have. */
export function waitsForReceipt({ home, sending, receipt }: FileRecord): boolean {
  return home === null && sending === 'said' && receipt !== 'witnessed'
}

/**
 * Asks for the receipts of a hand-in that still wait, page by page, verifies each and keeps what changed. The encrypted copies
 * of files whose receipt is witnessed go from the spool then: from that moment the ledger outside vouches for the three copies.
 *
 * @throws Away, Refused
 */
export async function askReceipts(
  deps: Pick<StationDeps, 'ingest' | 'book' | 'trust' | 'log' | 'copies' | 'onStep'>,
  handIn: HandInRecord,
): Promise<void> {
  for (let from = nextWaiting(handIn, 0); from !== null; from = nextWaiting(handIn, from + receiptsAtOnce)) {
    const path = `/hand-ins/${handIn.serverId}/receipts?from=${from}&limit=${receiptsAtOnce}`
    const { text } = await deps.ingest.ask({ method: 'GET', path })
    const { files } = JSON.parse(text) as { files: readonly ReceiptAnswer[] }
    const news = files.flatMap((answer) => newsOf(deps, handIn, answer))
    if (news.length === 0) continue
    await deps.book.saveFiles(
      handIn,
      news,
      news.map(({ file, answer }) => receiptStatement(handIn, file, answer)),
    )
    deps.onStep('receipt_kept')
  }
  await dropWitnessed(deps, handIn)
}

/** The first line from `from` on that waits for its receipt; null when none does. */
function nextWaiting({ files }: HandInRecord, from: number): number | null {
  for (let number = from; number < files.length; number++) if (waitsForReceipt(files[number]!)) return number
  return null
}

function newsOf(
  { trust, log }: Pick<StationDeps, 'trust' | 'log'>,
  handIn: HandInRecord,
  answer: ReceiptAnswer,
): { file: FileRecord; answer: ReceiptAnswer; change: Partial<FileProgress> }[] {
  const file = handIn.files[answer.number]
  if (!file || file.home !== null || file.sha256 === null || file.receipt === 'witnessed') return []
  const facts = checkOwnAnswer(answer, { handIn, file, sha256: file.sha256 }, trust)
  const change: Partial<FileProgress> = { ...facts, ...startAnew(answer) }
  const names = Object.keys(change) as (keyof FileProgress)[]
  if (names.every((name) => file[name] === change[name])) return []
  if (facts.receipt === 'wrong') {
    log.error({ handIn: handIn.id, number: file.number, reason: facts.receiptReason }, 'a receipt does not hold')
  }
  return [{ file, answer, change }]
}

function receiptStatement(handIn: HandInRecord, file: FileRecord, answer: ReceiptAnswer): Statement {
  return {
    sql: 'insert into receipt (hand_in, number, text) values (?, ?, ?) on conflict (hand_in, number) do update set text = excluded.text',
    values: [handIn.id, file.number, JSON.stringify(answer)],
  }
}

/** An upload that was ended or has expired came to nothing: its bytes go again, from the spool or from the device. */
function startAnew({ reason }: ReceiptAnswer): Partial<FileProgress> {
  return reason === 'came_to_nothing' ? { uploadId: null, sentBytes: 0, sending: 'waiting' } : {}
}
