import { hash } from 'node:crypto'
import type { EventBody } from '../../ledger/format/entry.ts'
import { isReadable } from '../events/check.ts'
import type { Statement } from '../events/statement.ts'
import { areOnePerson, type Name } from './one-person.ts'
import { matterOf, objectOf, type PutUp, type SignedKind, signedActs } from './put-up.ts'

/**
 * What is wrong with the statement of a signature's event: who signed, as what, which act and which object, the digest of
 * the event that put the object up, and whether somebody else had put it up. Empty when nothing is.
 *
 * @param putUps the events that can have put the matter up
 */
export function statementFaults(body: EventBody, putUps: readonly PutUp[]): string[] {
  const kind = body.kind as SignedKind
  const matter = matterOf(kind, body)
  const statement = statementIn(body)
  if (!statement) return unsignedFaults(body, putUps)
  // The statement under a list is about the list; whether it is this list is checked where the list is written again.
  const isListed = body.details.list !== undefined
  const expected = {
    act: kind,
    ...(!isListed && { object: matter && objectOf(kind, matter) }),
    person: body.actor,
    role: body.actorRole,
  }
  const wrong = Object.entries(expected)
    .filter(([member, value]) => statement[member as keyof typeof expected] !== value)
    .map(([member, value]) => `${member} is ${statement[member as keyof typeof expected]}, the event says ${value}`)
  if (putUps.length === 0) return [...wrong, 'no event puts its object up for signature']
  const digests = putUps.map(({ text }) => hash('sha256', text, 'hex'))
  // Of a list, the digest is that of its text: what it rests on is any event that put the matter up.
  const signed = isListed ? putUps : putUps.filter((_, at) => digests[at] === statement.objectSha256)
  if (signed.length === 0) {
    return [...wrong, `objectSha256 is not the digest of event ${putUps[0]!.id}, which put the object up`]
  }
  const isByAnother = signed.some((putUp) => !areOnePerson(nameOf(body), nameOf(putUp.body)))
  return isByAnother || !signedActs[kind].byAnother ? wrong : [...wrong, 'whoever signed it had put it up himself']
}

/** No service writes a signature without its statement; details that are not those of the kind are another finding. */
function unsignedFaults(body: EventBody, putUps: readonly PutUp[]): string[] {
  if (body.details.statement !== undefined) return []
  const isByAnother = putUps.some((putUp) => !areOnePerson(nameOf(body), nameOf(putUp.body)))
  const isDueToAnother = signedActs[body.kind as SignedKind].byAnother
  return [
    'it has no statement of what was signed',
    ...(isByAnother || !isDueToAnother ? [] : ['nobody else had put its object up for signature']),
  ]
}

function nameOf({ actor, onBehalfOf }: EventBody): Name {
  return { id: actor, ...(onBehalfOf !== undefined && { onBehalfOf }) }
}

/** The statement of an event; null when it has none, or its details are not those of its kind, which is another finding. */
function statementIn(body: EventBody): Statement | null {
  if (body.details.statement === undefined || !isReadable(body.kind as SignedKind, body.details)) return null
  return body.details.statement as unknown as Statement
}
