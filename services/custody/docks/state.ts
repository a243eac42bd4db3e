import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import type { DockClock } from '../../foundation/db/words.ts'
import { settingValue } from '../settings/value.ts'

/** How a dock says that it stands (A53). Progress, so no event is written of it. */
export interface SaidState {
  readonly version: string
  readonly slots: number
  readonly slotsUsed: number
  readonly spoolBytes: number
  readonly spoolUsedBytes: number
  /** Read, and not on the server yet. */
  readonly waitingBytes: number
  readonly clock: DockClock
  /** Since when it could not reach the server, until just now. */
  readonly offlineSince: Date | null
  readonly attention: readonly { readonly slot: number | null; readonly word: string }[]
}

export interface DockState extends SaidState {
  readonly seenAt: Date
  /** What its line says when it was not heard of for `dock.silent_minutes`, or its spool is nearly full. */
  readonly remarks: readonly { readonly zh: string; readonly en: string }[]
}

/** From here on a spool counts as nearly full. */
const spoolFullPercent = 90
const minuteMs = 60_000

export async function saveDockState(db: Db, clock: Clock, dockId: string, said: SaidState): Promise<void> {
  const row = {
    seen_at: clock.now(),
    version: said.version,
    slots: said.slots,
    slots_used: said.slotsUsed,
    spool_bytes: said.spoolBytes,
    spool_used_bytes: said.spoolUsedBytes,
    waiting_bytes: said.waitingBytes,
    clock: said.clock,
    offline_since: said.offlineSince,
    attention: JSON.stringify(said.attention),
  }
  await db
    .insertInto('dock_state')
    .values({ dock_id: dockId, ...row })
    .onConflict((conflict) => conflict.column('dock_id').doUpdateSet(row))
    .execute()
}

/** How each dock that was ever heard of stands, by its id. */
export async function dockStates(db: Db, at: Date): Promise<ReadonlyMap<string, DockState>> {
  const silentMs = (await settingValue(db, 'dock.silent_minutes', at)) * minuteMs
  const rows = await db.selectFrom('dock_state').selectAll().execute()
  return new Map(
    rows.map((row) => {
      const said: SaidState & { seenAt: Date } = {
        seenAt: row.seen_at,
        version: row.version,
        slots: row.slots,
        slotsUsed: row.slots_used,
        spoolBytes: row.spool_bytes,
        spoolUsedBytes: row.spool_used_bytes,
        waitingBytes: row.waiting_bytes,
        clock: row.clock,
        offlineSince: row.offline_since,
        attention: row.attention as SaidState['attention'],
      }
      return [row.dock_id, { ...said, remarks: remarksOn(said, at, silentMs) }]
    }),
  )
}

/** What is wrong with a dock, as far as what it last said shows it. Pure. */
export function remarksOn(
  state: SaidState & { readonly seenAt: Date },
  at: Date,
  silentMs: number,
): DockState['remarks'] {
  const remarks: { zh: string; en: string }[] = []
  const silent = at.getTime() - state.seenAt.getTime()
  if (silent >= silentMs) {
    const { zh, en } = lengthInWords(silent)
    remarks.push({
      zh: `${zh}未联系，可能断网或断电；${state.waitingBytes > 0 ? '当时尚有资料在本站暂存盘等待传送' : '当时没有等待传送的资料'}`,
      en: `not heard of for ${en}: its line or its power may be cut; ${state.waitingBytes > 0 ? 'footage waited on its spool then' : 'nothing waited on its spool then'}`,
    })
  }
  if (state.spoolBytes > 0 && state.spoolUsedBytes * 100 >= state.spoolBytes * spoolFullPercent) {
    remarks.push({ zh: '暂存盘将满', en: 'its spool is nearly full' })
  }
  if (state.clock !== 'proven') {
    remarks.push({ zh: '本站时间未经核实，不给设备对时', en: 'its own time is not proven, so it sets no clocks' })
  }
  return remarks
}

function lengthInWords(ms: number): { zh: string; en: string } {
  const minutes = Math.floor(ms / minuteMs)
  if (minutes < 120) return { zh: `${minutes}分钟`, en: `${minutes} min` }
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return { zh: `${hours}小时`, en: `${hours} h` }
  const days = Math.floor(hours / 24)
  return { zh: `${days}天`, en: `${days} days` }
}
