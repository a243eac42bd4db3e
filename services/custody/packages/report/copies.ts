import { eventOf } from '../../events/read.ts'
import type { PlacedBody } from './placed.ts'

/** Where a copy of a recording lies and in what state it is, as the events say. */
export interface ShownCopy {
  readonly store: string
  readonly host: string
  readonly versionId: string
  readonly state: 'stored' | 'verified' | 'damaged'
  readonly retainUntil: string | null
  /** Null where no event says whether it is held. */
  readonly legalHold: boolean | null
  readonly verifiedAt: string | null
}

/** 原始件, 备份甲, 备份乙, in this order. */
const order: readonly string[] = ['primary', 'backup-a', 'backup-b']

/**
 * @param events those that name the recording, ascending
 * @param sha256 what was sealed: a copy counts as verified only by an event with this digest
 */
export function copiesOf(events: readonly PlacedBody[], sha256: string | undefined): ShownCopy[] {
  const copies = new Map<string, ShownCopy>()
  const change = (place: Pick<ShownCopy, 'store' | 'host' | 'versionId'>, changes: Partial<ShownCopy>) => {
    const known = copies.get(place.store)
    // What is known of a version says nothing of another one.
    const before = known?.versionId === place.versionId ? known : unknown
    const { store, host, versionId } = place
    copies.set(store, { ...before, store, host, versionId, ...changes })
  }
  for (const { body } of events) {
    const event = eventOf(
      body,
      ...(['recording.sealed', 'recording.quarantined', 'recording.verified'] as const),
      ...(['recording.copied', 'recording.secured', 'recording.damaged'] as const),
    )
    switch (event?.kind) {
      case 'recording.sealed':
      case 'recording.quarantined': {
        const { retainUntil, legalHold } = event.details.copy
        change(event.details.copy, { retainUntil, legalHold })
        break
      }
      case 'recording.verified':
        change(event.details, found(event, sha256))
        break
      case 'recording.copied': {
        const { retainUntil, legalHold } = event.details
        change(event.details, { retainUntil, legalHold, ...found(event, sha256) })
        break
      }
      case 'recording.secured':
        for (const copy of event.details.copies) change(copy, { retainUntil: copy.retainUntil })
        break
      case 'recording.damaged':
        change(event.details, { state: 'damaged', verifiedAt: null })
    }
  }
  return [...copies.values()].sort((a, b) => order.indexOf(a.store) - order.indexOf(b.store))
}

const unknown = { state: 'stored', retainUntil: null, legalHold: null, verifiedAt: null } as const

function found(event: { at: string; details: { sha256: string } }, sha256: string | undefined): Partial<ShownCopy> {
  return event.details.sha256 === sha256 ? { state: 'verified', verifiedAt: event.at } : { state: 'damaged' }
}
