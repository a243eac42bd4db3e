import { hash } from 'node:crypto'
import { isWhole } from '../format/canonical.ts'
import { type EventBody, leafHash } from '../format/entry.ts'
import { type HandInHead, handInHeadBytes, lineDigest } from '../format/hand-in-list.ts'
import { isSignedByEd25519 } from '../format/keys.ts'
import { verifyInclusion } from '../format/merkle.ts'
import { isSamePerson } from '../format/one-person.ts'
import { idsOf, names, type PlacedBody, textIn } from './placed-body.ts'
import { sealingFaults } from './sealings.ts'
import { type HandInFault, openedHandIns, type ShownHandIn, type ShownLine } from './shown-hand-in.ts'
import { dockKeyOf, registerBefore, signedHeadOf } from './signed-head.ts'

/**
 * What is wrong with the hand-ins that a package shows, by DESIGN.md §6, "Hand-ins": each list was signed by a dock that two
 * people had registered, and each file of the case that is said to stand on it does so, as it was sealed.
 *
 * @param subjects the disclosed ones, `type:id`
 * @param events the disclosed ones, ascending by index
 * @param loose older acts of registers: docks may have been registered by them
 */
export function handInFaults(
  shown: readonly ShownHandIn[],
  subjects: readonly string[],
  events: readonly PlacedBody[],
  loose: readonly PlacedBody[],
): HandInFault[] {
  const bodies = events.map(({ body }) => body)
  const due = openedHandIns(subjects, bodies)
  const faults: HandInFault[] = []
  let last: Buffer | null = null
  for (const handIn of shown) {
    const { handInId } = handIn
    const where = `hand-in ${handInId}`
    const place = Buffer.from(handInId, 'utf8')
    if (last && Buffer.compare(place, last) <= 0) faults.push({ where, what: 'it is not in its order, or twice there' })
    last = place
    if (due.has(handInId)) faults.push(...faultsOf(handIn, events, loose).map((what) => ({ where, what })))
    else faults.push({ where, what: 'it is no hand-in of the case' })
  }
  const listed = new Set(shown.map(({ handInId }) => handInId))
  const missing = [...due].filter((handInId) => !listed.has(handInId))
  return [
    ...faults,
    ...missing.map((handInId) => ({ where: `hand-in ${handInId}`, what: 'it has no line' })),
    ...sealingFaults(shown, subjects, events),
  ]
}

function faultsOf(
  { handInId, lines }: ShownHandIn,
  events: readonly PlacedBody[],
  loose: readonly PlacedBody[],
): string[] {
  const signed = signedHeadOf(handInId, events)
  if ('fault' in signed) return [signed.fault]
  const { head, serial } = signed
  return [
    ...signatureFaults(head, signed.details, registerBefore(signed.dock, signed.index, events, loose)),
    ...orderFaults(lines),
    ...lines.flatMap((line) => lineFaults(line, head)),
    ...claimFaults(lines, { handInId, serial }, events),
  ]
}

function signatureFaults(
  head: HandInHead,
  { listSha256, signature }: EventBody['details'],
  register: readonly EventBody[],
): string[] {
  const bytes = handInHeadBytes(head)
  const registered = register.filter(({ kind }) => kind === 'dock.registered')
  const [first] = registered
  if (registered.length !== 1 || !first) return [`${registered.length} events register its dock, not one`]
  const isReleased = register.some((body) => body.kind === 'dock.released' && !isSamePerson(body, first))
  const isRevoked = register.some(({ kind }) => kind === 'dock.revoked')
  const key = dockKeyOf(register)
  const isSigned = key !== null && typeof signature === 'string' && isSignedByEd25519(key, bytes, signature)
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

/** The lines are those that uploads of the case claim, of files of the device that the dock read. */
function claimFaults(
  lines: readonly ShownLine[],
  { handInId, serial }: { readonly handInId: string; readonly serial: string },
  events: readonly PlacedBody[],
): string[] {
  const faults: string[] = []
  const claimed = new Set<number>()
  for (const { body } of events) {
    if (body.kind !== 'upload.created' || !names(body, `hand_in:${handInId}`)) continue
    const { onList, line: number, name, bytes } = body.details
    if (onList !== true || !isWhole(number)) continue
    claimed.add(number)
    const line = lines.find((one) => one.line.number === number)?.line
    const [device, ...otherDevices] = idsOf('device', body)
    const isOfDevice = device === serial && otherDevices.length === 0
    if (!line) faults.push(`line ${number} is not shown`)
    else if (line.name !== textIn(name, 'base64') || line.bytes !== bytes || !isOfDevice)
      faults.push(`line ${number} is of another file`)
  }
  const unclaimed = lines.filter(({ line }) => !claimed.has(line.number))
  return [...faults, ...unclaimed.map(({ line }) => `line ${line.number} is of no upload of the case`)]
}
