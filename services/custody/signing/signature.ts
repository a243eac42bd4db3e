import type { Clock } from '../../foundation/clock.ts'
import type { Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import type { EventBody } from '../../ledger/format/entry.ts'
import type { Actor } from '../events/actor.ts'
import type { RecordedEvent } from '../events/record.ts'
import type { SameSeat, ThirdSigner } from '../events/signature.ts'
import type { ListPlace } from '../events/signed-list.ts'
import { type Statement, statementOf } from '../events/statement.ts'
import { areOnePerson } from './one-person.ts'
import { type Matter, objectOf, requirePutUp, type SignedKind, signedActs } from './put-up.ts'
import { keepSeat, type Signer, sameSeatOf } from './seat.ts'

/** An act's place in a list that is signed once, and the statement under that list. */
export interface InList {
  readonly list: ListPlace
  readonly statement: Statement
}

export interface Signature {
  /** What it adds to the details of its event. */
  readonly details: {
    readonly statement: Statement
    readonly list?: ListPlace
    readonly sameSeat?: SameSeat
    readonly third?: ThirdSigner
  }
  readonly sameSeat: SameSeat | null
  /** Keeps the seat that it was given from, once its event is written. */
  keepSeat(event: RecordedEvent): Promise<void>
}

/**
 * A person's signature under a matter, in the caller's transaction: a statement over the body of the event that put the
 * matter up, and a mark when another office acted on it from the same seat shortly before.
 *
 * @throws log_forked when no event puts the matter up; conflict when the signer and whoever put it up are one office
 */
export async function signatureOf(
  trx: Trx,
  clock: Clock,
  signer: Signer,
  signed: {
    kind: SignedKind
    inList?: InList | undefined
    third?: ThirdSigner | null
    /** Events that led to the one which put the matter up, and whose seats count with it. */
    seatsOf?: readonly string[]
  } & Matter,
): Promise<Signature> {
  const { kind, inList, third, seatsOf = [] } = signed
  const putUp = await requirePutUp(trx, kind, signed)
  if (signedActs[kind].byAnother) requireAnotherOffice(signer, putUp.body)
  const now = clock.now()
  const own = { act: kind, object: objectOf(kind, signed), putUp: putUp.text, askedAt: now }
  const statement = inList?.statement ?? statementOf(signer, own)
  const sameSeat = await sameSeatOf(trx, signer, [putUp.id, ...seatsOf], now)
  return {
    details: {
      statement,
      ...(inList && { list: inList.list }),
      ...(sameSeat && { sameSeat }),
      ...(third && { third }),
    },
    sameSeat,
    keepSeat: (event) => keepSeat(trx, signer, { event, matterId: putUp.id, sameSeat }),
  }
}

/**
 * A deputy acts in the office and in the interest of whoever appointed him: the two are one person where an act needs two.
 *
 * @throws conflict
 */
function requireAnotherOffice(signer: Actor, putUp: EventBody): void {
  const { actor: id, onBehalfOf } = putUp
  if (!areOnePerson(signer, { id, ...(onBehalfOf !== undefined && { onBehalfOf }) })) return
  if (signer.id === putUp.actor) throw new Fault('conflict', 'nobody signs what he put up for signature himself')
  throw new Fault(
    'conflict',
    'a deputy and the supervisor who appointed him count as one person: somebody of another office must sign this',
  )
}
