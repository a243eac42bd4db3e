import type { Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { fewerOfficersReasonMin } from '../events/few-officers.ts'
import type { Role } from '../roles/roles.ts'

/** Whom a case or the filing of a recording names. */
export interface FiledPeople {
  readonly officerIds: readonly string[]
  /** 参与人员: assistants who took part. They never count among the two officers. */
  readonly participantIds?: readonly string[]
  /** Why fewer than two officers are named (行政处罚法 第四十二条). */
  readonly fewerOfficersReason?: string | null
}

/**
 * The people of a filing, each once, all in service. One officer or none is taken as it is, with a reason: whether that is
 * enough is judged at the decision, and refusing it here would only make people name somebody who was not there.
 *
 * @throws bad_request naming the field when somebody is not an officer or assistant in service, when fewer than two officers
 *   come without a reason of 4 characters, or a reason comes with two
 */
export async function requireFiledPeople(trx: Trx, named: FiledPeople): Promise<Required<FiledPeople>> {
  const officerIds = await requireInService(trx, 'officerIds', 'officer', named.officerIds)
  const participantIds = await requireInService(trx, 'participantIds', 'assistant', named.participantIds ?? [])
  const reason = named.fewerOfficersReason?.trim() || null
  if (officerIds.length < 2 && (reason === null || [...reason].length < fewerOfficersReasonMin)) {
    const count = officerIds.length === 1 ? 'one officer is named' : 'no officer is named'
    throw new Fault(
      'bad_request',
      `fewerOfficersReason: ${count}, and the law wants two: say why in at least ${fewerOfficersReasonMin} characters`,
    )
  }
  if (officerIds.length >= 2 && reason !== null) {
    throw new Fault('bad_request', 'fewerOfficersReason: two officers are named, so there is nothing to explain')
  }
  return { officerIds, participantIds, fewerOfficersReason: reason }
}

/** What an event says of them; members that say nothing are left out. */
export function filedDetails({ officerIds, participantIds, fewerOfficersReason }: Required<FiledPeople>) {
  return {
    officerIds: [...officerIds],
    ...(participantIds.length > 0 && { participantIds: [...participantIds] }),
    ...(fewerOfficersReason !== null && { fewerOfficersReason }),
  }
}

async function requireInService(trx: Trx, field: string, role: Role, ids: readonly string[]): Promise<string[]> {
  const different = [...new Set(ids)]
  if (different.length === 0) return []
  const found = await trx
    .selectFrom('person')
    .where('id', 'in', different)
    .where('role', '=', role)
    .where('disabled_at', 'is', null)
    .select('id')
    .execute()
  const missing = different.filter((id) => !found.some((row) => row.id === id))
  if (missing.length > 0) throw new Fault('bad_request', `${field}: no ${role} in service: ${missing.join(', ')}`)
  return different
}
