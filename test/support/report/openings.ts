import type { EventBody } from '../../../services/ledger/format/entry.ts'
import { at, body, digest, type names, packageId, person } from './events.ts'

/** Later openings of an account, event by event, and what else is signed beside the ordinary. */

type Role = Exclude<keyof typeof names, 'other'>

const accountOf = (id: string) =>
  [
    ['account', id],
    ['person', id],
  ] as const

/** A new first password; the opening has the id of this event. */
export function reset(minutes: number, by: Role, of: Role): EventBody {
  const details = { awaitsRelease: true, expiresAt: at(minutes + 9000) }
  return { ...body(minutes, 'person.password_reset', person(by), accountOf(of), details), id: openingId(minutes) }
}

/** @param of the minute in which the opening was made, and whose account it opens */
export function release(
  minutes: number,
  by: Role,
  of: readonly [made: number, role: Role],
  more: object = {},
): EventBody {
  const [made, role] = of
  const details = { role, openingId: openingId(made), office: officeOf(by), ...more }
  return body(minutes, 'person.released', person(by), accountOf(role), details)
}

export function stop(minutes: number, by: Role, of: readonly [made: number, role: Role]): EventBody {
  const details = { openingId: openingId(of[0]), reason: '待查' }
  return body(minutes, 'person.release_stopped', person(by), accountOf(of[1]), details)
}

/** An envelope that was sealed beforehand and opens the account after a reset: in whose hands it was. */
export function spareUse(
  resetAt: number,
  of: Role,
  by: { sealed: Role; confirmed: Role; asked: Role; opened: Role },
): EventBody[] {
  const spare = { spareId: 'spare', sealNumber: '0042' }
  const event = (minutes: number, kind: string, role: Role, details: object) =>
    body(minutes, kind, person(role), accountOf(of), details)
  return [
    event(resetAt - 9, 'spare.sealed', by.sealed, {
      ...{ ...spare, place: '镇政府保险柜', office: officeOf(by.sealed), withPersonId: by.confirmed },
    }),
    event(resetAt - 8, 'spare.confirmed', by.confirmed, spare),
    event(resetAt + 1, 'spare.opening_asked', by.asked, { ...spare, reason: '复核人外出' }),
    event(resetAt + 2, 'spare.opened', by.opened, {
      ...{ ...spare, askedBy: by.asked, reason: '复核人外出', expiresAt: at(resetAt + 9000) },
    }),
    event(resetAt + 3, 'person.opened', of, { openingId: openingId(resetAt), address: '10.0.0.9', spareId: 'spare' }),
  ]
}

export const thirdSigner = { id: 'third', name: '周敏', office: '区司法局', scanSha256: 'a3'.repeat(32) }

/** That a sheet was added to the approval of the package, to be compared until `confirmBy`. */
export function thirdAdded(minutes: number, confirmBy: number): EventBody {
  const { name, office, scanSha256 } = thirdSigner
  return body(minutes, 'signature.third_added', person('custodian'), thirdSubjects, {
    ...{ act: 'package.signed', matterId: packageId, putUpSha256: digest },
    ...{ paper: { name, office, scanSha256 }, confirmBy: at(confirmBy) },
  })
}

export function thirdDecided(minutes: number, confirmed: boolean): EventBody {
  const kind = confirmed ? 'signature.third_confirmed' : 'signature.third_refused'
  const details = { act: 'package.signed', ...(!confirmed && { reason: '签名不符' }) }
  return body(minutes, kind, person('auditor'), thirdSubjects, details)
}

const thirdSubjects = [
  ['third_signature', thirdSigner.id],
  ['package', packageId],
] as const

/** An event names one of the two, whoever acts. */
function officeOf(role: Role): string {
  return role === 'auditor' ? 'auditor' : 'supervisor'
}

function openingId(madeAt: number): string {
  return `opening ${madeAt}`
}
