import { leafHash } from '../../ledger/format/entry.ts'
import { type VerifiedEvent, verifyDisclosed } from '../../ledger/verify/disclosed.ts'
import type { Register } from '../ingest/register.ts'
import type { ReceiptAnswer } from '../receipts/check.ts'
import type { SlotDetail } from '../screen/schemas.ts'
import type { Slip, SlipLedger } from '../screen/slip.ts'
import type { SlipRemark } from '../screen/slip-words.ts'
import type { StationDeps } from './deps.ts'
import type { Session } from './session.ts'

/** What a station's paper says besides the hand-in. */
export interface SlipSettings {
  readonly bureau: string
  readonly form: Slip['form']
  /** Page of the bureau that checks a receipt. */
  readonly checkAddress: string
}

interface Proven extends VerifiedEvent {
  /** Hex. */
  readonly leaf: string
}

/** The slip of what stands in a slot now. What it says of the ledger comes from receipts that this station verified. */
export async function slipOf(
  deps: Pick<StationDeps, 'database' | 'trust' | 'now' | 'register'>,
  { station, settings }: { station: string; settings: SlipSettings },
  session: Session,
  detail: SlotDetail,
): Promise<Slip> {
  const proven = await provenReceipts(deps, session)
  const digests = new Map(session.files.map(({ number, file }) => [number, file.sha256]))
  return {
    form: settings.form,
    bureau: settings.bureau,
    station,
    slot: session.slot,
    printedAt: deps.now(),
    isReprint: session.isPrinted,
    handInId: detail.handInId ?? '',
    insertedAt: session.insertedMs,
    person: detail.card.person,
    device: { serial: session.serial ?? '', model: detail.model },
    clockOffsetMs: detail.clockOffsetMs,
    files: detail.files.map(({ number, name, bytes, mark, receipt }) => {
      return { number, name, bytes, mark, sha256: digests.get(number) ?? null, receipt }
    }),
    gaps: detail.gaps,
    remaining: session.isPickedUp
      ? { files: detail.card.files.onDevice, until: termEnd(deps.register.current(), session.insertedMs) }
      : null,
    hosts: [...new Set(proven.flatMap(({ event }) => hostsOf(event.details.hostNames)))].sort(),
    ledger: ledgerOf(proven, settings.checkAddress),
    remarks: remarksOf(session, detail),
  }
}

/** When everything that was docked at a moment has to be here; null when the bureau did not say. */
function termEnd(register: Register | null, insertedMs: number): number | null {
  const term = register?.settings.handInTerm
  if (!term) return null
  if (term.hours !== null) return insertedMs + term.hours * 3_600_000
  const day = new Date(insertedMs + 8 * 3_600_000).toISOString().slice(0, 10)
  const ends = term.days.find((one) => one.day === day)?.endsAt
  return ends === undefined ? null : Date.parse(ends)
}

/** The receipts that hold, ascending by index. One that does not has been said to be wrong already. */
async function provenReceipts(
  { database, trust }: Pick<StationDeps, 'database' | 'trust'>,
  session: Session,
): Promise<Proven[]> {
  const lists = [...new Set(session.files.map(({ handIn }) => handIn.id))]
  const shown = new Map(session.files.map(({ handIn, file }) => [`${handIn.id} ${file.number}`, file.receipt]))
  const proven: Proven[] = []
  for (const list of lists) {
    const rows = await database.read<{ number: number; text: string }>(
      'select number, text from receipt where hand_in = ?',
      [list],
    )
    for (const { number, text } of rows) {
      const { receipt } = JSON.parse(text) as ReceiptAnswer
      const state = shown.get(`${list} ${number}`)
      if (!receipt || (state !== 'witnessed' && state !== 'provisional')) continue
      const leaf = leafHash(Buffer.from(receipt.entry, 'utf8')).toString('hex')
      proven.push({ ...verifyDisclosed(receipt, trust), leaf })
    }
  }
  return proven.sort((one, other) => one.index - other.index)
}

function ledgerOf(proven: readonly Proven[], checkAddress: string): SlipLedger | null {
  const last = proven.at(-1)
  if (!last) return null
  return {
    firstIndex: proven[0]!.index,
    lastIndex: last.index,
    leafHash: last.leaf,
    size: last.size,
    root: last.root.toString('base64'),
    checkAddress,
  }
}

function hostsOf(names: unknown): string[] {
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
}

function remarksOf(session: Session, detail: SlotDetail): SlipRemark[] {
  const { kind } = session.volume.origin
  const remarks: Readonly<Partial<Record<SlipRemark, boolean>>> = {
    via_station: kind === 'station_folder',
    device_stated: session.serialBy !== null && session.serialBy !== 'device',
    card_import: kind === 'card',
    not_enforcement_device: kind === 'phone',
    before_witness: detail.files.some(({ cleared }) => cleared === 'before_witness'),
    on_spool: session.files.some(({ file }) => file.keptCopy !== null && file.sending === 'waiting'),
    kept_this_time: detail.isKeptThisTime,
    card_sealed: detail.policy === 'seal_card',
  }
  return (Object.keys(remarks) as SlipRemark[]).filter((remark) => remarks[remark])
}
