import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import type { Actor } from '../events/actor.ts'
import type { AlarmMembers } from '../events/alarms.ts'
import { raiseAlarm } from '../events/record.ts'

/** Records that a file of a rendition is not what the ledger committed. Returns the alarm's event. */
export async function raiseRenditionAlarm(
  db: Db,
  clock: Clock,
  alarm: 'rendition_bytes_differ' | 'rendition_row_differs',
  seen: {
    actor: Actor
    recordingId: string
    /** The viewing that it was to be shown in; null outside of viewings. */
    viewingId: string | null
    file: AlarmMembers<'rendition_bytes_differ'>
  },
): Promise<string> {
  const viewing = seen.viewingId === null ? [] : [{ type: 'viewing', id: seen.viewingId }]
  const { id } = await db.transaction().execute((trx) =>
    raiseAlarm(trx, alarm, {
      clock,
      by: seen.actor,
      subjects: [{ type: 'recording', id: seen.recordingId }, ...viewing],
      details: seen.file,
    }),
  )
  return id
}
