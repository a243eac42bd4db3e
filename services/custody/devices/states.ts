import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import type { DeviceState } from '../../foundation/db/words.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { eventOf } from '../events/read.ts'

/**
 * The last state of a device in this span by the acts of its register; null where it was in service at any moment of it, or where
 * they do not say.
 */
export async function stateOutOfService(
  db: Db,
  serial: string,
  span: { from: Date; to: Date },
): Promise<DeviceState | null> {
  const { rows } = await sql<{ body: string }>`
    select body from event where subjects @> array[${`device:${serial}`}]
      and kind in ('device.registered', 'device.changed')
    order by leaf_index nulls last, committed_at, id`.execute(db)
  const states = rows.flatMap(({ body }) => {
    const parsed = bodyOrNull(body)
    const event = parsed && eventOf(parsed, 'device.registered', 'device.changed')
    if (!event) return []
    const { state } = event.kind === 'device.registered' ? event.details : event.details.to
    return { state, since: new Date(event.at) }
  })
  const within = states.filter(({ since }, at) => since < span.to && (states[at + 1]?.since ?? span.to) > span.from)
  return within.some(({ state }) => state === 'in_service') ? null : (within.at(-1)?.state ?? null)
}
