import { isWhole, type JsonValue } from '../format/canonical.ts'
import type { EventBody } from '../format/entry.ts'
import { idsOf, names, type PlacedBody, textIn } from './placed-body.ts'
import type { HandInFault, ShownHandIn } from './shown-hand-in.ts'

const sealingKinds: readonly string[] = ['recording.sealed', 'recording.quarantined']
/** With these a sealing says that its file stood on no list that a dock had signed. */
const unlistedFlags: readonly (JsonValue | undefined)[] = ['no_list', 'not_on_list']

/** The upload that a sealing rests on, with the line of the list that it claims. */
interface Claim {
  readonly handInId: string
  readonly line: number
  readonly upload: EventBody
}

/**
 * What is wrong with sealings that say their file stood on a dock's list: each rests on one upload, which claims a line of that
 * list for the same device, name and bytes, and no two that were sealed rest on the same line (DESIGN.md §6, "Hand-ins"). Of a
 * hand-in whose list is not disclosed nothing is known, and nothing is said here: its recordings are `unlistedRecordings`.
 *
 * @param subjects the disclosed ones, `type:id`
 */
export function sealingFaults(
  shown: readonly ShownHandIn[],
  subjects: readonly string[],
  events: readonly PlacedBody[],
): HandInFault[] {
  const disclosed = new Set(subjects)
  const faults: HandInFault[] = []
  const rested = new Set<string>()
  for (const { body } of events) {
    if (!sealingKinds.includes(body.kind) || !saysListed(body)) continue
    const [recording = ''] = idsOf('recording', body)
    const add = (what: string) => faults.push({ where: `recording ${recording}`, what })
    const [handInId, ...otherHandIns] = idsOf('hand_in', body)
    const [uploadId, ...otherUploads] = idsOf('upload', body)
    if (handInId === undefined || uploadId === undefined || otherHandIns.length + otherUploads.length > 0) {
      add('it is said to stand on a list, and not of which one hand-in and upload')
      continue
    }
    if (!disclosed.has(`hand-in-list:${handInId}`)) continue
    const claim = claimOf(handInId, uploadId, events)
    if (!claim) {
      add(`it is said to stand on a list, and not one upload ${uploadId} claims a line of it`)
      continue
    }
    const place = `${claim.line} of hand-in ${handInId}`
    if (body.kind === 'recording.sealed') {
      if (rested.has(place)) add(`another recording was sealed as line ${place} already`)
      rested.add(place)
    }
    if (!isOfUpload(body, claim.upload)) add(`the upload that claims line ${place} is of another file`)
    const line = shown.find((one) => one.handInId === handInId)?.lines.find((one) => one.line.number === claim.line)
    const said = [line?.line.sha256, claim.upload.details.declaredSha256].filter((one) => typeof one === 'string')
    const mayDiffer = body.kind === 'recording.quarantined' && body.details.reason === 'digest_differs'
    if (said.some((sha256) => sha256 !== body.details.sha256) && !mayDiffer)
      add(`the dock said another digest of line ${place} than what was sealed`)
  }
  return faults
}

/**
 * Recordings (`recording:…`) that stand on no disclosed list of a dock, as far as their sealings say: they came without a
 * list, beside it, or under one of which only an older event is left.
 */
export function unlistedRecordings(subjects: readonly string[], bodies: readonly EventBody[]): string[] {
  const disclosed = new Set(subjects)
  const unlisted = bodies.filter(
    (body) =>
      sealingKinds.includes(body.kind) &&
      !(saysListed(body) && idsOf('hand_in', body).some((id) => disclosed.has(`hand-in-list:${id}`))),
  )
  return [...new Set(unlisted.flatMap((body) => idsOf('recording', body).map((id) => `recording:${id}`)))]
}

function saysListed({ details: { flags } }: EventBody): boolean {
  return !(Array.isArray(flags) && (flags as readonly JsonValue[]).some((flag) => unlistedFlags.includes(flag)))
}

function claimOf(handInId: string, uploadId: string, events: readonly PlacedBody[]): Claim | null {
  const created = events.filter(({ body }) => body.kind === 'upload.created' && names(body, `upload:${uploadId}`))
  const upload = created.length === 1 ? created[0]!.body : null
  if (!upload || !names(upload, `hand_in:${handInId}`)) return null
  const { onList, line } = upload.details
  return onList === true && isWhole(line) ? { handInId, line, upload } : null
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
