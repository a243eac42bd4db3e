import { eventOf } from '../../events/read.ts'
import type { PlacedBody } from './register.ts'

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

/** @param events those that name the recording, ascending */
export function copiesOf(events: readonly PlacedBody[]): ShownCopy[] {
  const copies = new Map<string, ShownCopy>()
  const change = (store: string, changes: Partial<ShownCopy>) => {
    const none = {
      store,
      host: '',
      versionId: '',
      state: 'stored',
      retainUntil: null,
      legalHold: null,
      verifiedAt: null,
    }
    copies.set(store, { ...(none as ShownCopy), ...copies.get(store), ...changes })
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
        const { store, host, versionId, retainUntil, legalHold } = event.details.copy
        change(store, { host, versionId, retainUntil, legalHold })
        break
      }
      case 'recording.verified': {
        const { store, host, versionId } = event.details
        change(store, { host, versionId, state: 'verified', verifiedAt: event.at })
        break
      }
      case 'recording.copied': {
        const { store, host, versionId, retainUntil, legalHold } = event.details
        change(store, { host, versionId, retainUntil, legalHold, state: 'verified', verifiedAt: event.at })
        break
      }
      case 'recording.secured':
        for (const { store, host, versionId, retainUntil } of event.details.copies) {
          change(store, { host, versionId, retainUntil })
        }
        break
      case 'recording.damaged': {
        const { store, host, versionId } = event.details
        change(store, { host, versionId, state: 'damaged', verifiedAt: null })
      }
    }
  }
  return [...copies.values()].sort((a, b) => order.indexOf(a.store) - order.indexOf(b.store))
}
