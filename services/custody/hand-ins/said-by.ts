import type { Db } from '../../foundation/db/database.ts'
import type { IdentityGrade } from '../../foundation/db/words.ts'
import { isId } from '../../foundation/id.ts'

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
  /** This service had known that person by that card or code, at that dock and for that device. */
  readonly identified: boolean
}

/** † Somebody shows the card while the recorder is being read in, shortly before its list is signed. */
const beforeListMs = 15 * 60_000

/**
 * Compares who is said to speak with whom this service knew at that dock for that device since the hand-in began. A card or
 * code counts only then: what a dock claims by itself counts like a tap on its screen.
 */
export async function speakerOf(
  db: Db,
  said: SaidBy,
  at: { dockId: string; serial: string; openedAt: Date },
): Promise<Speaker> {
  const { grade } = said
  const person = said.personId !== null && isId(said.personId) ? await personInService(db, said.personId) : null
  if (person === null || grade === 'slot') return { personId: person, grade, identified: false }
  const known = await db
    .selectFrom('dock_identification')
    .where('dock_id', '=', at.dockId)
    .where('device_serial', '=', at.serial)
    .where('person_id', '=', person)
    .where('means', '=', grade)
    .where('at', '>=', new Date(at.openedAt.getTime() - beforeListMs))
    .select('id')
    .limit(1)
    .executeTakeFirst()
  return { personId: person, grade, identified: known !== undefined }
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
