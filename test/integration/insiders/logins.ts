import type { RoleName } from '../../../deploy/local/stack.ts'
import { writerRows } from '../../../services/custody/events/writers.ts'
import { everyActor, everyKind, insertForged, lineOf, refusalOf } from '../ledger/forged.ts'
import type { Office } from './office.ts'

const logins = ['ingest', 'access', 'worker', 'sequencer'] as const satisfies RoleName[]
type Login = (typeof logins)[number]

/** What each login wrote, counted. */
export interface TriedLogins {
  readonly accepted: Record<Login, number>
  readonly refused: Record<Login, number>
}

export function noLogins(): TriedLogins {
  const none = () => ({ ingest: 0, access: 0, worker: 0, sequencer: 0 })
  return { accepted: none(), refused: none() }
}

const insufficientPrivilege = '42501'
const declared = new Set(writerRows().map(lineOf))
/** Of the thousands of events that a login may not write, so many at a time. */
const foreignAtOnce = 10

/** Writes an event that is this login's own and several that are not, each in anybody's name; none of them stays. */
export async function tryLogin({ bureau, one }: Office, tried: TriedLogins): Promise<string[]> {
  const count = (login: Login) => tried.accepted[login] + tried.refused[login]
  const login = logins.toSorted((a, b) => count(a) - count(b))[0]!
  const role = `custody_${login}`
  const own = writerRows().filter((row) => row.role === role)
  const lines = Array.from({ length: foreignAtOnce }, () => ({ ...one(everyKind), role, actor: one(everyActor) }))
  if (own.length > 0) lines.push(one(own))
  const wrong: string[] = []
  await bureau.world
    .dbFor(login)
    .transaction()
    .execute(async (trx) => {
      for (const line of lines) {
        const mayWrite = declared.has(lineOf(line))
        const refusal = await refusalOf(trx, () => insertForged(trx, line))
        tried[refusal === null ? 'accepted' : 'refused'][login] += 1
        if (refusal !== (mayWrite ? null : insufficientPrivilege))
          wrong.push(`${lineOf(line)}: ${refusal ?? 'accepted'}`)
      }
    })
  return wrong
}
