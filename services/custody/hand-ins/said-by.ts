import type { Db } from '../../foundation/db/database.ts'
import type { IdentityGrade } from '../../foundation/db/words.ts'
import { isId } from '../../foundation/id.ts'
import { wasIdentified } from '../devices/identification.ts'

/** Who says something at a dock, as the dock has it: with the grade `slot` what somebody tapped, a claim. */
export interface SaidBy {
  readonly personId: string | null
  readonly grade: Exclude<IdentityGrade, 'password'>
}

/** The same as this service knows it. */
export interface Speaker {
  /** Null where nobody is named who carries recorders and is in service. */
  readonly personId: string | null
  readonly grade: IdentityGrade
  /** This service had known that person by that card or code, at that dock and for that hand-in, shortly before. */
  readonly identified: boolean
}

/**
 * Compares who is said to speak with whom this service knew at that dock for that hand-in within the last quarter of an hour†. A
 * card or code counts only then: what a dock claims by itself counts like a tap on its screen.
 */
export async function speakerOf(
  db: Db,
  said: SaidBy,
  of: { dockId: string; handIn: { id: string; serial: string; openedAt: Date }; at: Date },
): Promise<Speaker> {
  const { grade } = said
  const person = said.personId !== null && isId(said.personId) ? await personInService(db, said.personId) : null
  if (person === null || grade === 'slot') return { personId: person, grade, identified: false }
  const { dockId, handIn, at } = of
  const act = { dockId, serial: handIn.serial, personId: person, means: grade, at, handIn }
  return { personId: person, grade, identified: await wasIdentified(db, act) }
}

async function personInService(db: Db, id: string): Promise<string | null> {
  const person = await db
    .selectFrom('person')
    .where('id', '=', id)
    .where('role', 'in', ['officer', 'assistant'])
    .where('disabled_at', 'is', null)
    .select('id')
    .executeTakeFirst()
  return person?.id ?? null
}
