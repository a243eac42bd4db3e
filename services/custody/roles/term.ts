import type { Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import type { Actor } from '../events/actor.ts'

/** The custodian, in the session in which he asks. */
export interface Viewer extends Actor {
  readonly sessionHash: Buffer
}

/** True when the person holds the open term; keeps it from ending before the transaction does. */
export async function holdsTerm(trx: Trx, personId: string): Promise<boolean> {
  const term = await trx
    .selectFrom('custodian_term')
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .select('id')
    .forShare()
    .executeTakeFirst()
  return term !== undefined
}

export function notInOffice(): Fault {
  return new Fault('wrong_role', 'footage is shown only to the custodian in office')
}
