import { isJsonObject, isWhole } from '../ledger/format/canonical.ts'
import { names, type PlacedBody } from '../ledger/verify/placed-body.ts'
import type { ShownHandIn } from '../ledger/verify/shown-hand-in.ts'

/** A list that one signature stands under; its text is in no package. */
export interface SignedList {
  readonly id: string
  readonly sha256: string
  /** How many acts the list has, as its acts say; null when they do not. */
  readonly acts: number | null
  /** How many of them are shown. */
  readonly shown: number
}

/** A dock's list of files, and how much of it the package shows. */
export interface ListedFiles {
  readonly handInId: string
  /** Null when the opening does not say. */
  readonly files: number | null
  readonly shown: number
}

/** The lists under which acts of these events were signed, in the order of their first acts. */
export function signedLists(events: readonly PlacedBody[]): SignedList[] {
  const lists = new Map<string, SignedList>()
  for (const { body } of events) {
    const { list } = body.details
    if (list === undefined || !isJsonObject(list)) continue
    const { id, sha256, of } = list
    if (typeof id !== 'string' || typeof sha256 !== 'string') continue
    const key = JSON.stringify([id, sha256])
    lists.set(key, { id, sha256, acts: isWhole(of) ? of : null, shown: (lists.get(key)?.shown ?? 0) + 1 })
  }
  return [...lists.values()]
}

/** Of each hand-in how many files the dock had listed, and how many of them are shown as the case's. */
export function listedFiles(handIns: readonly ShownHandIn[], events: readonly PlacedBody[]): ListedFiles[] {
  return handIns.map(({ handInId, lines }) => {
    const opened = events.find(({ body }) => body.kind === 'hand_in.opened' && names(body, `hand-in-list:${handInId}`))
    const files = opened?.body.details.files
    return { handInId, files: isWhole(files) ? files : null, shown: lines.length }
  })
}
