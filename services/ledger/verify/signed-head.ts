import { isJsonObject, isWhole, type JsonValue } from '../format/canonical.ts'
import type { EventBody } from '../format/entry.ts'
import type { HandInHead } from '../format/hand-in-list.ts'
import { isHex32, names, onlyId, type PlacedBody } from './placed-body.ts'

/** The one event that opens a hand-in, and what it says that its dock signed. */
export interface SignedHead {
  readonly index: number
  readonly details: EventBody['details']
  readonly dock: string
  readonly serial: string
  readonly head: HandInHead
}

/** The signed head of a hand-in, written again from the event that opens it (DESIGN.md §8); or what is wrong with that event. */
export function signedHeadOf(handInId: string, events: readonly PlacedBody[]): SignedHead | { readonly fault: string } {
  const opened = events.filter(({ body }) => body.kind === 'hand_in.opened' && names(body, `hand-in-list:${handInId}`))
  if (opened.length !== 1) return { fault: `${opened.length} events open it, not one` }
  const { index, body } = opened[0]!
  const { details } = body
  if (details.head === undefined) return { fault: 'its opening does not say what the dock signed' }
  const [dock, serial] = [onlyId('dock', body), onlyId('device', body)]
  if (dock === null || serial === null) return { fault: 'its opening does not name one dock and one device' }
  const head = headOf(serial, details)
  if (!head) return { fault: 'its opening does not say exactly what was signed' }
  return { index, details, dock, serial, head }
}

/** What was entered of a dock before a leaf; before docks had a register of their own, such acts named the dock alone. */
export function registerBefore(
  dock: string,
  before: number,
  events: readonly PlacedBody[],
  loose: readonly PlacedBody[],
): EventBody[] {
  return [
    ...events.filter(({ body }) => names(body, `dock-register:${dock}`)),
    ...loose.filter(({ body }) => names(body, `dock:${dock}`)),
  ]
    .filter(({ index }) => index < before)
    .map(({ body }) => body)
}

/** The raw Ed25519 key by which a dock was registered; null when the one event that registers it has none. */
export function dockKeyOf(register: readonly EventBody[]): Buffer | null {
  const registered = register.filter(({ kind }) => kind === 'dock.registered')
  const publicKey = registered.length === 1 ? registered[0]!.details.publicKey : undefined
  return isHex32(publicKey) ? Buffer.from(publicKey, 'hex') : null
}

/** Null when a part of the head is missing or is none. */
function headOf(serial: string, details: EventBody['details']): HandInHead | null {
  const { head, openedAt, clockOffsetMs, files } = details
  if (head === undefined || !isJsonObject(head) || Object.keys(head).length !== 4) return null
  const { v, origin, user, filesRoot } = head
  const isSaid = v === 2 && isWhole(files) && typeof openedAt === 'string' && isHex32(filesRoot)
  if (!isSaid || !isOffset(clockOffsetMs) || !isOrigin(origin) || !isUser(user)) return null
  const said = { v, serial, openedAt, clockOffsetMs, origin, user, count: files, filesRoot }
  return said as unknown as HandInHead
}

function isOffset(value: JsonValue | undefined): boolean {
  return value === null || typeof value === 'number'
}

function isOrigin(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || !isJsonObject(value)) return value === null
  return Object.keys(value).length === 2 && isText(value.kind) && (value.from === null || isText(value.from))
}

function isUser(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || !isJsonObject(value)) return value === null
  return Object.keys(value).length === 2 && isText(value.grade) && isText(value.person)
}

function isText(value: JsonValue | undefined): boolean {
  return typeof value === 'string'
}
