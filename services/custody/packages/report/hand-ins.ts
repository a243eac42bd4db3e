import type { EventBody } from '../../../ledger/format/entry.ts'
import type { HandInLine } from '../../../ledger/format/hand-in-list.ts'
import { dockDigestFaults } from '../../../ledger/verify/dock-digests.ts'
import { handInFaults } from '../../../ledger/verify/hand-ins.ts'
import type { ShownHandIn } from '../../../ledger/verify/shown-hand-in.ts'
import { eventOf, type KnownEvent } from '../../events/read.ts'
import { areOnePerson } from '../../signing/one-person.ts'
import type { ReportFacts } from './facts.ts'
import { nameIn } from './openings.ts'
import type { PlacedBody } from './placed.ts'
import type { Register, RegisteredDock } from './register.ts'

/** A disclosed hand-in (交存): what a dock signed before it sent the first byte. */
export interface HandIn {
  readonly id: string
  readonly index: number
  readonly opened: KnownEvent<'hand_in.opened'>
  readonly dockId: string
  readonly serial: string
  /** Why it is not shown that a dock which two had registered signed it; null when it is. */
  readonly signatureFault: string | null
  /** The lines of its list that the package shows, by their number. */
  readonly lines: ReadonlyMap<number, HandInLine>
}

/** Where a file stands on a dock's list. */
export interface ListedFile {
  readonly handIn: HandIn
  readonly line: HandInLine
}

type Sealed = KnownEvent<'recording.sealed' | 'recording.quarantined'>
type Ended = KnownEvent<'recording.sealed' | 'recording.quarantined' | 'recording.duplicate'>
type Created = KnownEvent<'upload.created'> & { readonly index: number }

/** What the package shows of docks' lists, and which of its recordings stand on them. */
export interface HandIns {
  readonly byId: ReadonlyMap<string, HandIn>
  /**
   * The line that an upload claimed which ended with this event: a line that is shown, on a list that was opened before the
   * upload began, of the same device, name, size and, where the line has one, digest. Null when there is none.
   */
  listedAs(ended: Omit<Ended, 'kind'>): ListedFile | null
  /** Whether the dock that signed the list of this file signed the digest by which it was sealed, too: when it had read the file. */
  signsDigest(sealed: Omit<Sealed, 'kind'>): boolean
  /** How many shown lines of a list became, or turned out to be, recordings of the case; each line once. */
  filesInCase(handIn: HandIn): number
  /** Why files of this hand-in cannot be counted by its list; null when they can. */
  countFault(handIn: HandIn): string | null
}

/** @param isInCase whether a recording of this id lies in the case */
export function handInsOf(
  events: readonly PlacedBody[],
  shown: ReportFacts['handIns'],
  register: Register,
  isInCase: (recordingId: string) => boolean,
): HandIns {
  const byId = new Map<string, HandIn>()
  const uploads = new Map<string, Created>()
  const ended: Ended[] = []
  for (const { index, body } of events) {
    const opened = eventOf(body, 'hand_in.opened')
    if (opened) {
      const one = handInOf({ ...opened, index }, events, shown, register)
      byId.set(one.id, one)
    }
    const created = eventOf(body, 'upload.created')
    if (created) uploads.set(idOf(body, 'upload'), { ...created, index })
    const end = eventOf(body, 'recording.sealed', 'recording.quarantined', 'recording.duplicate')
    if (end && isInCase(idOf(body, 'recording'))) ended.push(end)
  }
  const listedAs: HandIns['listedAs'] = (end) => listedFile(end, uploads.get(idOf(end, 'upload')), byId)
  const lists = [...byId.keys()].map((id) => `hand-in-list:${id}`)
  const unsigned = new Set(dockDigestFaults(shown, lists, events, []).map(({ where }) => where))
  return {
    byId,
    listedAs,
    signsDigest: (sealed) => {
      const { dockDigest, declaredSha256, sha256 } = sealed.details
      if (dockDigest === undefined || declaredSha256 !== sha256) return false
      return listedAs(sealed)?.handIn.signatureFault === null && !unsigned.has(`recording ${idOf(sealed, 'recording')}`)
    },
    filesInCase: ({ id }) => {
      const numbers = ended.flatMap((end) => {
        const listed = listedAs(end)
        return listed?.handIn.id === id ? [listed.line.number] : []
      })
      return new Set(numbers).size
    },
    countFault: ({ id, signatureFault }) => {
      const isUnclear = (end: Ended) =>
        idOf(end, 'hand_in') === id && uploads.get(idOf(end, 'upload'))?.details.onList !== false && !listedAs(end)
      return signatureFault ?? (ended.some(isUnclear) ? '有的音像资料不能对应到其中的一行' : null)
    },
  }
}

function handInOf(
  opened: KnownEvent<'hand_in.opened'> & { readonly index: number },
  events: readonly PlacedBody[],
  shown: readonly ShownHandIn[],
  register: Register,
): HandIn {
  const [id, dockId, serial] = (['hand_in', 'dock', 'device'] as const).map((type) => idOf(opened, type))
  const own = shown.filter(({ handInId }) => handInId === id)
  const isSigned = () => handInFaults(own, [`hand-in-list:${id}`], events, []).length === 0
  const dockIsAtFault = dockFault(register.docks.get(dockId!), opened.index)
  const unsigned = '所签内容、签名或文件行核对不符'
  return {
    id: id!,
    index: opened.index,
    opened,
    dockId: dockId!,
    serial: serial!,
    signatureFault: opened.details.head
      ? (dockIsAtFault ?? (isSigned() ? null : unsigned))
      : '交存单为旧格式，所签内容未随材料提供',
    lines: new Map(own.flatMap(({ lines }) => lines.map(({ line }) => [line.number, line]))),
  }
}

/** What keeps a dock from counting at the leaf `index`; null when one had registered it and another released it. */
function dockFault(dock: RegisteredDock | undefined, index: number): string | null {
  const registered = dock?.registered.filter((one) => one.index < index) ?? []
  const [first] = registered
  if (!dock || !first) return '采集站的登记未载入事件'
  if (registered.length > 1) return '采集站登记了不止一次'
  if (!dock.released.some((one) => one.index < index && !areOnePerson(nameIn(one), nameIn(first)))) {
    return '采集站未经另一人复核启用'
  }
  if (dock.revokedIndexes.some((one) => one < index)) return '采集站当时已停用'
  return null
}

function listedFile(
  ended: Omit<Ended, 'kind'>,
  created: Created | undefined,
  byId: ReadonlyMap<string, HandIn>,
): ListedFile | null {
  if (created?.details.onList !== true || created.details.line === undefined) return null
  const handIn = byId.get(idOf(created, 'hand_in'))
  const line = handIn?.lines.get(created.details.line)
  if (!handIn || !line || handIn.index >= created.index) return null
  const isOfIt = [created, ended].every(
    (event) =>
      idOf(event, 'hand_in') === handIn.id &&
      idOf(event, 'device') === handIn.serial &&
      event.details.name.base64 === line.name &&
      event.details.bytes === line.bytes,
  )
  return isOfIt && (line.sha256 === null || line.sha256 === ended.details.sha256) ? { handIn, line } : null
}

function idOf({ subjects }: Pick<EventBody, 'subjects'>, type: string): string {
  return subjects.find((one) => one.type === type)?.id ?? ''
}
