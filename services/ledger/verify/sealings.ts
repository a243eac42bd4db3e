import { isWhole, type JsonValue } from '../format/canonical.ts'
import type { EventBody } from '../format/entry.ts'
import { idsOf, names, onlyId, type PlacedBody, textIn } from './placed-body.ts'
import { type HandInFault, openedHandIns, type ShownHandIn } from './shown-hand-in.ts'

export const sealingKinds: readonly string[] = ['recording.sealed', 'recording.quarantined']
/** With these a sealing says that its file stood on no list that a dock had signed. */
const unlistedFlags: readonly (JsonValue | undefined)[] = ['no_list', 'not_on_list']

/** The upload that a sealing rests on, with the line of the list that it claims. */
export interface Claim {
  readonly number: number
  /** `3 of hand-in …`. */
  readonly place: string
  readonly upload: EventBody
  /** The dock said another digest of the file than what was sealed. */
  readonly isOtherDigest: boolean
  /** No signature of the dock says which bytes the file had: neither its line nor the sealing has a digest that it signed. */
  readonly isByName: boolean
}

/**
 * What docks' lists show of recordings (`recording:…`); those whose line has the digest that was sealed, or whose dock signed it
 * when it had read the file, are in neither.
 */
export interface Listings {
  /** They stand on no disclosed list, or it does not follow that they are the file of their line. */
  readonly unlisted: string[]
  /** They stand on one by name and size only: which bytes the file had is not said there. */
  readonly byName: string[]
}

/**
 * What is wrong with sealings that say their file stood on a dock's list: each rests on one upload, which claims a line of that
 * list for the same device, name and bytes, and no two that were sealed rest on the same line (DESIGN.md §6, "Hand-ins"). Of a
 * hand-in that no disclosed event opens nothing is known, and nothing is said here: its recordings are unlisted (`listingsOf`).
 *
 * @param subjects the disclosed ones, `type:id`
 */
export function sealingFaults(
  shown: readonly ShownHandIn[],
  subjects: readonly string[],
  events: readonly PlacedBody[],
): HandInFault[] {
  const bodies = events.map(({ body }) => body)
  const opened = openedHandIns(subjects, bodies)
  const faults: HandInFault[] = []
  const rested = new Set<string>()
  for (const body of bodies) {
    if (!sealingKinds.includes(body.kind) || !saysListed(body)) continue
    const [recording = ''] = idsOf('recording', body)
    const add = (what: string) => faults.push({ where: `recording ${recording}`, what })
    const handInId = onlyId('hand_in', body)
    const uploadId = onlyId('upload', body)
    if (handInId === null || uploadId === null) {
      add('it is said to stand on a list, and not of which one hand-in and upload')
      continue
    }
    if (!opened.has(handInId)) continue
    const claim = claimOf(body, shown, bodies)
    if (!claim) {
      add(`it is said to stand on a list, and not one upload ${uploadId} claims a line of it`)
      continue
    }
    const { place, upload, isOtherDigest } = claim
    if (body.kind === 'recording.sealed') {
      if (rested.has(place)) add(`another recording was sealed as line ${place} already`)
      rested.add(place)
    }
    if (!isOfUpload(body, upload)) add(`the upload that claims line ${place} is of another file`)
    const mayDiffer = body.kind === 'recording.quarantined' && body.details.reason === 'digest_differs'
    if (isOtherDigest && !mayDiffer) add(`the dock said another digest of line ${place} than what was sealed`)
  }
  return faults
}

/**
 * Which recordings stand on no disclosed list of a dock, and which by name and size only (DESIGN.md §7, "Remarks"): the former
 * came without a list, beside it, under one of which only an older event is left, with another digest than the dock had said, as
 * another recording than one that rests on the same line, or under a list that was entered when their bytes were on their way.
 *
 * @param subjects the disclosed ones, `type:id`
 */
export function listingsOf(
  shown: readonly ShownHandIn[],
  subjects: readonly string[],
  bodies: readonly EventBody[],
): Listings {
  const opened = openedHandIns(subjects, bodies)
  const accepted = new Set(bodies.filter(isAcceptance).flatMap((body) => idsOf('recording', body)))
  const sealings = bodies
    .filter(({ kind }) => sealingKinds.includes(kind))
    .map((body) => {
      const isListed = saysListed(body) && idsOf('hand_in', body).some((id) => opened.has(id))
      const claim = isListed ? claimOf(body, shown, bodies) : null
      return { body, claim: claim && isOpenedBefore(body, claim, bodies) ? claim : null }
    })
  const resting = sealings.flatMap(({ body, claim }) => {
    const isTaken = body.kind === 'recording.sealed' || idsOf('recording', body).some((id) => accepted.has(id))
    return isTaken && claim && !claim.isOtherDigest ? [claim.place] : []
  })
  const isUnlisted = (claim: Claim | null) =>
    !claim || claim.isOtherDigest || resting.filter((place) => place === claim.place).length > 1
  const hasOtherSm3 = (sealing: EventBody) => isOtherSm3(sealing, bodies)
  const named = (some: typeof sealings) => [
    ...new Set(some.flatMap(({ body }) => idsOf('recording', body).map((id) => `recording:${id}`))),
  ]
  return {
    unlisted: named(sealings.filter(({ body, claim }) => isUnlisted(claim) || hasOtherSm3(body))),
    byName: named(sealings.filter(({ claim }) => claim?.isByName && !isUnlisted(claim))),
  }
}

/** The list was entered before the upload that claims a line of it was begun, and before the sealing: `bodies` ascend by index. */
function isOpenedBefore(sealing: EventBody, { upload }: Claim, bodies: readonly EventBody[]): boolean {
  const handInId = onlyId('hand_in', sealing)
  const at = bodies.findIndex((one) => one.kind === 'hand_in.opened' && names(one, `hand-in-list:${handInId}`))
  return at !== -1 && at < bodies.indexOf(upload) && at < bodies.indexOf(sealing)
}

/** Two people took the recording in although it lay in quarantine. */
function isAcceptance({ kind, details }: EventBody): boolean {
  return kind === 'quarantine.resolved' && details.confirmed === true && details.outcome === 'accept'
}

/** The dock signed another SM3 than the first re-read of the primary copy gave. */
function isOtherSm3(sealing: EventBody, bodies: readonly EventBody[]): boolean {
  const sm3 = textIn(sealing.details.dockDigest, 'sm3')
  const recordings = idsOf('recording', sealing)
  const isOfIt = (body: EventBody) => recordings.some((id) => names(body, `recording:${id}`))
  const verified = bodies.find((body) => body.kind === 'recording.verified' && isOfIt(body))
  const read = verified?.details.sm3
  return sm3 !== null && typeof read === 'string' && read !== sm3
}

/** Whether a sealing says that its file stood on a list that a dock had signed. */
export function saysListed({ details: { flags } }: EventBody): boolean {
  return !(Array.isArray(flags) && (flags as readonly JsonValue[]).some((flag) => unlistedFlags.includes(flag)))
}

/** The line of a shown list that a sealing rests on by its upload; null when there is not one. */
export function claimOf(sealing: EventBody, shown: readonly ShownHandIn[], bodies: readonly EventBody[]): Claim | null {
  const [handInId, uploadId] = [onlyId('hand_in', sealing), onlyId('upload', sealing)]
  const created = bodies.filter((body) => body.kind === 'upload.created' && names(body, `upload:${uploadId}`))
  const upload = created.length === 1 ? created[0]! : null
  if (!upload || !names(upload, `hand_in:${handInId}`)) return null
  const { onList, line: number, declaredSha256 } = upload.details
  if (onList !== true || !isWhole(number)) return null
  const line = shown.find((one) => one.handInId === handInId)?.lines.find((one) => one.line.number === number)?.line
  const { dockDigest, declaredSha256: signedSha256 } = sealing.details
  const signed = dockDigest === undefined ? [] : [signedSha256]
  const said = [line?.sha256, declaredSha256, ...signed].filter((one) => typeof one === 'string')
  return {
    number,
    place: `${number} of hand-in ${handInId}`,
    upload,
    isOtherDigest: said.some((sha256) => sha256 !== sealing.details.sha256),
    isByName: line?.sha256 === null && dockDigest === undefined,
  }
}

function isOfUpload(sealing: EventBody, upload: EventBody): boolean {
  const name = textIn(sealing.details.name, 'base64')
  return (
    name !== null &&
    name === textIn(upload.details.name, 'base64') &&
    typeof sealing.details.bytes === 'number' &&
    sealing.details.bytes === upload.details.bytes &&
    idsOf('device', sealing).join('\n') === idsOf('device', upload).join('\n')
  )
}
