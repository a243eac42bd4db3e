import { hash } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { canonicalText } from '../../ledger/format/canonical.ts'
import { Count, closed, Digest, Id } from './shapes.ts'

/** The place of an act in a list that was signed once: `place` of `of`, from 1; `sha256` is the digest of the list's text. */
const ListPlace = closed({ id: Id, place: Count, of: Count, sha256: Digest })

export type ListPlace = Static<typeof ListPlace>

/** The acts that may be one of a list; each event has a member `list` then. */
export const listedKinds = [
  'quarantine.resolved',
  'person.released',
  'device.keeper_changed',
  'dock.released',
  'dock_pass.released',
] as const
export type ListedKind = (typeof listedKinds)[number]

/** Member of an act that may be one of a signed list; absent when it was decided by itself. */
export const signedListMembers = { list: Type.Optional(ListPlace) }

/** An act in its list: about which object (`recording:…`), and the digest of the event's body that put it up for decision. */
export interface ListedAct {
  readonly object: string
  readonly putUpSha256: string
  readonly confirmed: boolean
}

/**
 * The text of a list in canonical JSON (RFC 8785): the statement under it is about the digest of these bytes. Whoever has the
 * events of all its acts can write it again.
 */
export function listText(list: { id: string; act: string; items: readonly ListedAct[] }): string {
  const items = list.items.map(({ object, putUpSha256, confirmed }) => ({ object, putUpSha256, confirmed }))
  return canonicalText({ v: 1, id: list.id, act: list.act, items })
}

/** SHA-256 of a text in lower-case hex. */
export function textDigest(text: string): string {
  return hash('sha256', text, 'hex')
}
