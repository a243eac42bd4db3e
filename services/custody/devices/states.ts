import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { eventOf } from '../events/read.ts'

/** Whether a device was in service at any moment of this span, by the acts of its register. */
export async function wasInService(db: Db, serial: string, span: { from: Date; to: Date }): Promise<boolean> {
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
  return states.some(
    ({ state, since }, at) =>
      state === 'in_service' && since < span.to && (states[at + 1]?.since ?? span.to) > span.from,
  )
}
