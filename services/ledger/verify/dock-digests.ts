import { isJsonObject } from '../format/canonical.ts'
import type { EventBody } from '../format/entry.ts'
import { type FileDigest, fileDigestBytes } from '../format/file-digest.ts'
import { isSignedByEd25519 } from '../format/keys.ts'
import { idsOf, isHex32, onlyId, type PlacedBody } from './placed-body.ts'
import { claimOf, saysListed, sealingKinds } from './sealings.ts'
import { type HandInFault, openedHandIns, type ShownHandIn } from './shown-hand-in.ts'
import { dockKeyOf, registerBefore, signedHeadOf } from './signed-head.ts'

/** What a sealing says of the digest that its dock signed. */
interface SaidDigest {
  readonly sha256: string
  readonly sm3: string | null
  readonly signature: string
}

/**
 * What is wrong with digests that sealings say their docks signed (`details.dockDigest`): each is signed by the key of the dock
 * that opened the hand-in, over the root of its list, the line that the upload claims, and what the dock said (DESIGN.md §6,
 * "Hand-ins"). Of a hand-in that no disclosed event opens, or whose opening is at fault (`handInFaults` says so), nothing is said.
 *
 * @param subjects the disclosed ones, `type:id`
 * @param loose older acts of registers: docks may have been registered by them
 */
export function dockDigestFaults(
  shown: readonly ShownHandIn[],
  subjects: readonly string[],
  events: readonly PlacedBody[],
  loose: readonly PlacedBody[],
): HandInFault[] {
  const bodies = events.map(({ body }) => body)
  const opened = openedHandIns(subjects, bodies)
  return bodies.flatMap((body) => {
    if (!sealingKinds.includes(body.kind) || body.details.dockDigest === undefined) return []
    const what = faultOf(body, { shown, opened, bodies, events, loose })
    return what === null ? [] : [{ where: `recording ${idsOf('recording', body)[0] ?? ''}`, what }]
  })
}

interface Known {
  readonly shown: readonly ShownHandIn[]
  readonly opened: ReadonlySet<string>
  readonly bodies: readonly EventBody[]
  readonly events: readonly PlacedBody[]
  readonly loose: readonly PlacedBody[]
}

function faultOf(sealing: EventBody, { shown, opened, bodies, events, loose }: Known): string | null {
  const said = saidDigest(sealing)
  if (!said) return 'it does not say which digest its dock signed'
  const handInId = onlyId('hand_in', sealing)
  if (handInId === null || !saysListed(sealing))
    return 'its dock is said to have signed the digest of a file on no list'
  if (!opened.has(handInId)) return null
  const claim = claimOf(sealing, shown, bodies)
  if (!claim) return 'its dock is said to have signed the digest of a file whose upload claims no line'
  const signed = signedHeadOf(handInId, events)
  if ('fault' in signed) return null
  const key = dockKeyOf(registerBefore(signed.dock, signed.index, events, loose))
  if (!key) return null
  const { sha256, sm3, signature } = said
  const statement: FileDigest = { v: 1, filesRoot: signed.head.filesRoot, number: claim.number, sha256, sm3 }
  if (isSignedByEd25519(key, fileDigestBytes(statement), signature)) return null
  return `the dock did not sign this digest of line ${claim.place}`
}

/** Null when it is not `{signature, sm3}`, or the sealing has no digest of its dock. */
function saidDigest({ details: { dockDigest, declaredSha256 } }: EventBody): SaidDigest | null {
  if (dockDigest === undefined || !isJsonObject(dockDigest) || Object.keys(dockDigest).length !== 2) return null
  const { signature, sm3 } = dockDigest
  if (typeof signature !== 'string' || !isHex32(declaredSha256)) return null
  if (sm3 !== null && !isHex32(sm3)) return null
  return { sha256: declaredSha256, sm3, signature }
}
