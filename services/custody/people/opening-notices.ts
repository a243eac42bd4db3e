import type { Db } from '../../foundation/db/database.ts'
import { offices } from '../../foundation/db/words.ts'
import type { ActingRole } from '../roles/permissions.ts'
import { settingValue } from '../settings/value.ts'
import { nameIn } from '../signing/one-person.ts'
import { officeHolders, officesInService } from './offices.ts'
import { listOpenings, type OpeningRow } from './opening-list.ts'
import { mayRelease, releaseRight } from './release-rules.ts'

export interface OpeningNotice {
  /** His own account was opened anew, an opening waits for his release, or one office released in the other's place. */
  readonly kind: 'own_account' | 'awaits_your_release' | 'released_in_place'
  readonly opening: OpeningRow
  /** Since when there is something to see. */
  readonly at: Date
}

/** What a person is told of openings at his sign-in, for as long as accounts count as new (`account.new_days`). */
export async function openingNotices(db: Db, personId: string, role: ActingRole, at: Date): Promise<OpeningNotice[]> {
  const days = await settingValue(db, 'account.new_days', at)
  const openings = await listOpenings(db, new Date(at.getTime() - days * 24 * 60 * 60_000))
  const newest = new Map<string, string>()
  for (const { id, person } of openings) if (!newest.has(person.id)) newest.set(person.id, id)
  const notices: OpeningNotice[] = []
  for (const opening of openings) {
    if (opening.person.id === personId) notices.push({ kind: 'own_account', opening, at: opening.madeAt })
    else if (isReleasedInPlace(opening) && watches(role) && opening.released?.by.id !== personId) {
      notices.push({ kind: 'released_in_place', opening, at: opening.released!.at })
    } else if (newest.get(opening.person.id) === opening.id && (await waitsFor(db, { personId, role, at }, opening))) {
      notices.push({ kind: 'awaits_your_release', opening, at: opening.madeAt })
    }
  }
  return notices
}

/** Those who may stop a release that waits. */
function watches(role: ActingRole): boolean {
  return role === 'supervisor' || role === 'auditor' || role === 'custodian'
}

function isReleasedInPlace({ released, stopped }: OpeningRow): boolean {
  return released !== null && stopped === null && released.effectiveFrom > released.at
}

async function waitsFor(
  db: Db,
  asked: { personId: string; role: ActingRole; at: Date },
  opening: OpeningRow,
): Promise<boolean> {
  const office = offices.find((one) => one === asked.role)
  if (!office || opening.released || opening.usedAt || opening.expiresAt <= asked.at) return false
  const { id: personId, role } = opening.person
  const madeBy = await nameIn(db, { id: opening.id, actor: opening.madeBy.id })
  const holders = await officeHolders(db, await officesInService(db), { madeBy, at: asked.at })
  const own = holders.find(({ id }) => id === asked.personId)
  return own !== undefined && mayRelease(releaseRight(own, { personId, role, madeBy }, holders))
}
