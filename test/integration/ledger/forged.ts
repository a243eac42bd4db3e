import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { alarms } from '../../../services/custody/events/alarms.ts'
import { eventKinds } from '../../../services/custody/events/kinds.ts'
import { type WriterRow, writerRows } from '../../../services/custody/events/writers.ts'
import type { Db, Trx } from '../../../services/foundation/db/database.ts'
import { canonicalText } from '../../../services/ledger/format/canonical.ts'

export const everyKind = [
  ...Object.keys(eventKinds)
    .filter((kind) => kind !== 'alarm.raised')
    .map((kind) => ({ kind, alarm: '' })),
  ...Object.keys(alarms).map((alarm) => ({ kind: 'alarm.raised', alarm })),
]
export const everyActor = [
  ...new Set(['person', 'dock', 'nobody', 'service:other', ...writerRows().map(({ actor }) => actor)]),
]

export interface Forged {
  readonly kind: string
  readonly alarm?: string
  readonly actor?: string
  readonly at?: Date
  /** What the body says besides, or otherwise. */
  readonly body?: Record<string, unknown>
}

/** Inserts an event that is written by hand, as whoever holds a login's password would. */
export async function insertForged(db: Db, forged: Forged): Promise<void> {
  const { kind, alarm = '', actor = 'person', at = new Date() } = forged
  const id = randomUUID()
  const [role, name] = actor.startsWith('service:') ? ['service', actor.slice('service:'.length)] : [actor, 'x']
  const body = canonicalText({
    ...{ id, kind, at: at.toISOString(), actor: name!, actorRole: role === 'person' ? 'supervisor' : role! },
    ...{ subjects: [{ type: 'case', id: 'x' }], details: alarm === '' ? {} : { alarm } },
    ...(forged.body as Record<string, string>),
  })
  const rest = { salt: randomBytes(32), commitment: randomBytes(32), subjects: ['case:x'] }
  await db
    .insertInto('event')
    .values({ id, kind, at, body, ...rest })
    .execute()
}

/** The code of the error that PostgreSQL refuses `work` with, or null; what was written is taken back. */
export async function refusalOf(trx: Trx, work: () => Promise<void>): Promise<string | null> {
  await sql`savepoint forged`.execute(trx)
  try {
    await work()
    return null
  } catch (error) {
    return (error as { code: string }).code
  } finally {
    await sql`rollback to savepoint forged`.execute(trx)
  }
}

export const lineOf = ({ kind, alarm, role, actor }: WriterRow) => `('${kind}', '${alarm}', '${role}', '${actor}')`
