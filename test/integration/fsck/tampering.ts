import { sql } from 'kysely'
import type { Trx } from '../../../services/foundation/db/database.ts'
import type { TamperedWorld } from './tampered-world.ts'

/** What is tampered with in all cases: the case's first recording and the two events of its first verification. */
export interface Target {
  readonly recordingId: string
  readonly strangerId: string
  /** recording.verified of that recording. */
  readonly event: { readonly id: string; readonly index: number }
  /** recording.copied of it. */
  readonly other: { readonly id: string; readonly index: number }
  readonly filler: { readonly id: string; readonly index: number }
  readonly size: number
  readonly attachedKey: string
}

export interface Tampering {
  readonly change: (trx: Trx, target: Target) => Promise<unknown>
  readonly fsck: (target: Target) => string[]
  /** What the case's chain says; the same as fsck when absent. */
  readonly chain?: (target: Target) => string[]
}

export const run = (text: (target: Target) => string) => (trx: Trx, target: Target) =>
  sql.raw(text(target)).execute(trx)
export const event = ({ event }: Target) => `event ${event.id}`

export async function targetOf({ world, populated }: TamperedWorld): Promise<Target> {
  const recordingId = populated.recordingIds[0]!
  const eventOf = async (kind: string, subject: string) => {
    const { rows } = await sql<{ id: string; index: number }>`
      select id, leaf_index as index from event where kind = ${kind} and subjects @> array[${subject}] order by leaf_index
      limit 1`.execute(world.db)
    return rows[0]!
  }
  const attached = await world.db
    .selectFrom('case_recording')
    .where('recording_id', '=', recordingId)
    .select('attached_at')
    .executeTakeFirstOrThrow()
  const { size } = await world.db
    .selectFrom('checkpoint')
    .select((select) => select.fn.max('size').as('size'))
    .executeTakeFirstOrThrow()
  return {
    recordingId,
    strangerId: populated.strangerId,
    event: await eventOf('recording.verified', `recording:${recordingId}`),
    other: await eventOf('recording.copied', `recording:${recordingId}`),
    filler: await eventOf('access.refused', 'dock:filler-0'),
    size,
    attachedKey: `${recordingId}/${populated.caseNumber}/${attached.attached_at.toISOString()}`,
  }
}
