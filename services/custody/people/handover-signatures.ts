import type { Db } from '../../foundation/db/database.ts'
import type { HandoverPart } from '../../foundation/db/words.ts'
import type { Name } from '../signing/one-person.ts'
import { noRemarks, type SignatureRemarks, signaturesAbout } from '../signing/shown-signature.ts'

interface HandoverSignature {
  readonly part: HandoverPart
  readonly personId: string
  readonly signedAt: Date
}

/** A signature under a hand-over as people are shown it. */
export type ShownHandoverSignature = HandoverSignature & SignatureRemarks

/** The signatures under a hand-over so far, the first first. */
export async function signaturesOf(db: Db, handoverId: string): Promise<HandoverSignature[]> {
  const rows = await db
    .selectFrom('custodian_handover_signature')
    .where('handover_id', '=', handoverId)
    .selectAll()
    .orderBy('signed_at')
    .execute()
  return rows.map((row) => ({ part: row.part, personId: row.person_id, signedAt: row.signed_at }))
}

/** Who signed a hand-over so far, and of a deputy in whose place. */
export async function namesUnder(db: Db, handover: { id: string; from_person_id: string }): Promise<Name[]> {
  return (await shownSignatures(db, handover)).map(({ personId, onBehalfOf }) => ({
    id: personId,
    ...(onBehalfOf && { onBehalfOf: onBehalfOf.id }),
  }))
}

/** The same, with what their events say besides. */
export async function shownSignatures(
  db: Db,
  handover: { id: string; from_person_id: string },
): Promise<ShownHandoverSignature[]> {
  const signatures = await signaturesOf(db, handover.id)
  const events = await signaturesAbout(db, ['custodian.handover_signed'], [`person:${handover.from_person_id}`])
  const ofIt = events.filter(({ event }) => event.details.handoverId === handover.id)
  return signatures.map((signature) => {
    const { sameSeat, onBehalfOf, third } = ofIt.find(({ event }) => event.actor === signature.personId) ?? noRemarks
    return { ...signature, sameSeat, onBehalfOf, third }
  })
}
