import type { EventBody } from '../../../ledger/format/entry.ts'
import { eventOf, type KnownEvent } from '../../events/read.ts'
import type { PlacedBody, Register, RegisteredDock } from './register.ts'

/** A disclosed hand-in (交存): what a dock signed before it sent the first byte. */
export interface HandIn {
  readonly id: string
  readonly opened: KnownEvent<'hand_in.opened'>
  readonly dockId: string
  readonly serial: string
  /** Why it is not shown that a dock which two had registered signed it; null when it is. */
  readonly signatureFault: string | null
  /** How many of its files were handed in into this case. */
  readonly filesInCase: number
}

/** @param isInCase whether a recording of this id lies in the case */
export function handInsOf(
  events: readonly PlacedBody[],
  register: Register,
  isInCase: (recordingId: string) => boolean,
): Map<string, HandIn> {
  const counts = filesByHandIn(events, isInCase)
  const handIns = new Map<string, HandIn>()
  for (const { index, body } of events) {
    const opened = eventOf(body, 'hand_in.opened')
    if (!opened) continue
    const [id, dockId, serial] = (['hand_in', 'dock', 'device'] as const).map((type) => idOf(body, type) ?? '')
    handIns.set(id!, {
      id: id!,
      opened,
      dockId: dockId!,
      serial: serial!,
      signatureFault: opened.details.head
        ? dockFault(register.docks.get(dockId!), index)
        : '交存单为旧格式，所签内容未随材料提供',
      filesInCase: counts.get(id!) ?? 0,
    })
  }
  return handIns
}

/** What keeps a dock from counting at the leaf `index`; null when one had registered it and another released it. */
function dockFault(dock: RegisteredDock | undefined, index: number): string | null {
  const registered = dock?.registered.filter((one) => one.index < index) ?? []
  const [first] = registered
  if (!dock || !first) return '采集站的登记未载入事件'
  if (registered.length > 1) return '采集站登记了不止一次'
  if (!dock.released.some((one) => one.index < index && one.actor !== first.actor)) return '采集站未经另一人复核启用'
  if (dock.revokedIndexes.some((one) => one < index)) return '采集站当时已停用'
  return null
}

/** Files of each hand-in that became, or turned out to be, a recording of the case: each line of its list once. */
function filesByHandIn(
  events: readonly PlacedBody[],
  isInCase: (recordingId: string) => boolean,
): ReadonlyMap<string, number> {
  const uploads = new Set<string>()
  for (const { body } of events) {
    const ended = eventOf(body, 'recording.sealed', 'recording.quarantined', 'recording.duplicate')
    const [upload, recording] = [idOf(body, 'upload'), idOf(body, 'recording')]
    if (ended && upload !== null && recording !== null && isInCase(recording)) uploads.add(upload)
  }
  const lines = new Map<string, Set<string>>()
  for (const { body } of events) {
    const created = eventOf(body, 'upload.created')
    const [upload, handIn] = [idOf(body, 'upload'), idOf(body, 'hand_in')]
    if (!created?.details.onList || upload === null || handIn === null || !uploads.has(upload)) continue
    const of = lines.get(handIn) ?? new Set()
    lines.set(handIn, of.add(String(created.details.line ?? upload)))
  }
  return new Map([...lines].map(([id, of]) => [id, of.size]))
}

function idOf(body: EventBody, type: string): string | null {
  return body.subjects.find((one) => one.type === type)?.id ?? null
}
