import type { Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'

/**
 * The people of these ids who are officers in service. Used where an act must name at least two (行政处罚法 第四十二条).
 *
 * @throws bad_request when fewer than two different ones are named or one is not an officer in service.
 */
export async function requireOfficers(trx: Trx, ids: readonly string[]): Promise<string[]> {
  const different = [...new Set(ids)]
  if (different.length < 2) throw new Fault('bad_request', 'officerIds: an act names at least two different officers')
  const found = await trx
    .selectFrom('person')
    .where('id', 'in', different)
    .where('role', '=', 'officer')
    .where('disabled_at', 'is', null)
    .select('id')
    .execute()
  const missing = different.filter((id) => !found.some((row) => row.id === id))
  if (missing.length > 0) {
    throw new Fault('bad_request', `officerIds: not an officer in service: ${missing.join(', ')}`)
  }
  return different
}
