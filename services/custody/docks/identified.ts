import type { Clock } from '../../foundation/clock.ts'
import type { Trx } from '../../foundation/db/database.ts'
import { isId } from '../../foundation/id.ts'
import { wasIdentified } from '../devices/identification.ts'
import type { SaidGrade } from '../events/words.ts'

/** Whether this service knew him there: `by` keeps what the dock said. */
export async function isIdentified(
  { trx, clock, dockId }: { readonly trx: Trx; readonly clock: Clock; readonly dockId: string },
  of: { serial: string | null; by: { personId: string | null; grade: SaidGrade | null } },
): Promise<boolean> {
  const { serial, by } = of
  const { personId, grade } = by
  if (serial === null || personId === null || !isId(personId) || grade === 'slot' || grade === 'roster') return false
  return wasIdentified(trx, { dockId, serial, personId, means: grade, at: clock.now(), handIn: null })
}
