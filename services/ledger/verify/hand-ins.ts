import { hash } from 'node:crypto'
import { isJsonObject, isWhole, type JsonValue } from '../format/canonical.ts'
import { type EventBody, leafHash } from '../format/entry.ts'
import { type HandInHead, type HandInLine, handInHeadBytes, lineDigest } from '../format/hand-in-list.ts'
import { isSignedByEd25519 } from '../format/keys.ts'
import { subjectText } from '../format/links.ts'
import { verifyInclusion } from '../format/merkle.ts'

/** A line of a dock's list that is shown: salt and path in hex. */
export interface ShownLine {
  readonly line: HandInLine
  /** RFC 6962 §2.1.1, from the leaf's sibling up. */
  readonly path: readonly string[]
  readonly salt: string
}

/** Of a hand-in, the lines of the files of this case. */
export interface ShownHandIn {
  readonly handInId: string
  readonly lines: readonly ShownLine[]
}

export interface HandInFault {
  readonly handInId: string
  readonly what: string
}

interface PlacedBody {
  readonly index: number
  readonly body: EventBody
}

/**
 * What is wrong with the hand-ins that a package shows, by DESIGN.md §6, "Hand-ins": each list was signed by a dock that two
 * people had registered, and each file of the case stands on it as it was sealed.
 *
 * @param subjects the disclosed ones, `type:id`
 * @param events the disclosed ones, ascending by index
 */
export function handInFaults(
  shown: readonly ShownHandIn[],
  subjects: readonly string[],
  events: readonly PlacedBody[],
): HandInFault[] {
  const type = 'hand-in-list:'
  const due = new Set(subjects.flatMap((one) => (one.startsWith(type) ? [one.slice(type.length)] : [])))
  const faults: HandInFault[] = []
  let last: Buffer | null = null
  for (const handIn of shown) {
    const { handInId } = handIn
    const place = Buffer.from(handInId, 'utf8')
    if (last && Buffer.compare(place, last) <= 0)
      faults.push({ handInId, what: 'it is not in its order, or twice there' })
    last = place
    if (due.has(handInId)) faults.push(...faultsOf(handIn, events).map((what) => ({ handInId, what })))
    else faults.push({ handInId, what: 'it is no hand-in of the case' })
  }
  const listed = new Set(shown.map(({ handInId }) => handInId))
  const missing = [...due].filter((handInId) => !listed.has(handInId))
  return [...faults, ...missing.map((handInId) => ({ handInId, what: 'it has no line' }))]
}

function faultsOf({ handInId, lines }: ShownHandIn, events: readonly PlacedBody[]): string[] {
  const opened = events.filter(({ body }) => body.kind === 'hand_in.opened' && names(body, `hand-in-list:${handInId}`))
  if (opened.length !== 1) return [`${opened.length} events open it, not one`]
  const { body } = opened[0]!
  if (body.details.head === undefined) return lines.length > 0 ? ['its list shows no single lines'] : []
  const [docks, serials] = [idsOf('dock', body), idsOf('device', body)]
  if (docks.length !== 1 || serials.length !== 1) return ['its opening does not name one dock and one device']
  const head = headOf(serials[0]!, body.details)
  if (!head) return ['its opening does not say exactly what was signed']
  const register = events.filter((one) => one.index < opened[0]!.index && names(one.body, `dock-register:${docks[0]}`))
  return [
    ...signatureFaults(head, body.details, register),
    ...orderFaults(lines),
    ...lines.flatMap((line) => lineFaults(line, head)),
    ...claimFaults(lines, handInId, events),
  ]
}

/** The signed head, written again from the event; null when a part of it is missing or is none. */
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

function signatureFaults(
  head: HandInHead,
  { listSha256, signature }: EventBody['details'],
  register: readonly PlacedBody[],
): string[] {
  const bytes = handInHeadBytes(head)
  const registered = register.filter(({ body }) => body.kind === 'dock.registered').map(({ body }) => body)
  const [first] = registered
  if (registered.length !== 1 || !first) return [`${registered.length} events register its dock, not one`]
  const isReleased = register.some(({ body }) => body.kind === 'dock.released' && body.actor !== first.actor)
  const isRevoked = register.some(({ body }) => body.kind === 'dock.revoked')
  const { publicKey } = first.details
  const isSigned =
    isHex32(publicKey) &&
    typeof signature === 'string' &&
    isSignedByEd25519(Buffer.from(publicKey, 'hex'), bytes, signature)
  return [
    ...(hash('sha256', bytes) === listSha256 ? [] : ['its list was not what the event says was signed']),
    ...(isReleased ? [] : ['no second person had released its dock']),
    ...(isRevoked ? ['its dock had been revoked'] : []),
    ...(isSigned ? [] : ['the dock that was registered did not sign its list']),
  ]
}

function orderFaults(lines: readonly ShownLine[]): string[] {
  const isAscending = lines.every(({ line }, at) => at === 0 || lines[at - 1]!.line.number < line.number)
  return isAscending ? [] : ['its lines are not in their order']
}

function lineFaults({ line, path, salt }: ShownLine, { count, filesRoot }: HandInHead): string[] {
  const isOnList = verifyInclusion({
    index: line.number,
    size: count,
    leafHash: leafHash(lineDigest(line, Buffer.from(salt, 'hex'))),
    proof: path.map((one) => Buffer.from(one, 'hex')),
    root: Buffer.from(filesRoot, 'hex'),
  })
  return isOnList ? [] : [`line ${line.number} is not on the list that was signed`]
}

/** The lines are those that uploads of the case claim, and say of the files what the ledger says. */
function claimFaults(lines: readonly ShownLine[], handInId: string, events: readonly PlacedBody[]): string[] {
  const faults: string[] = []
  const claimed = new Set<number>()
  for (const { body } of events) {
    if (body.kind !== 'upload.created' || !names(body, `hand_in:${handInId}`)) continue
    const { onList, line: number, name, bytes } = body.details
    if (onList !== true || !isWhole(number)) continue
    claimed.add(number)
    const line = lines.find((one) => one.line.number === number)?.line
    if (!line) faults.push(`line ${number} is not shown`)
    else if (line.name !== textIn(name, 'base64') || line.bytes !== bytes)
      faults.push(`line ${number} is of another file`)
    else if (line.sha256 !== null && sealedOf(body, events).some((sha256) => sha256 !== line.sha256)) {
      faults.push(`line ${number} has another digest than what was sealed`)
    }
  }
  const unclaimed = lines.filter(({ line }) => !claimed.has(line.number))
  return [...faults, ...unclaimed.map(({ line }) => `line ${line.number} is of no upload of the case`)]
}

/** What `recording.sealed` says of the bytes that this upload brought. */
function sealedOf(upload: EventBody, events: readonly PlacedBody[]): (JsonValue | undefined)[] {
  const uploads = idsOf('upload', upload).map((id) => subjectText({ type: 'upload', id }))
  const sealed = events.filter(
    ({ body }) => body.kind === 'recording.sealed' && uploads.some((one) => names(body, one)),
  )
  return sealed.map(({ body }) => body.details.sha256)
}

function names({ subjects }: EventBody, subject: string): boolean {
  return subjects.some((one) => subjectText(one) === subject)
}

/** A subject that is named twice counts once. */
function idsOf(type: string, { subjects }: EventBody): string[] {
  return [...new Set(subjects.filter((one) => one.type === type).map(({ id }) => id))]
}

function isHex32(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

function textIn(value: JsonValue | undefined, member: string): string | null {
  const one = value !== undefined && isJsonObject(value) ? value[member] : undefined
  return typeof one === 'string' ? one : null
}
