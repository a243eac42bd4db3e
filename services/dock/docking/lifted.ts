import type { StationDeps } from './deps.ts'
import type { Session } from './session.ts'

/** For so long the card of a lifted device asks who takes it, where neither roster nor anybody has said so. */
export const askTakerMs = 120_000

/** 班前检查: what a lifted device said when it was last asked, and who takes it along: as somebody said, else by the roster. */
export async function reportLifted(deps: StationDeps, session: Session): Promise<void> {
  const { serial, condition, person, taker } = session
  const { batteryPercent, freePercent, clockOffsetMs } = condition
  const saidAt = new Date(session.leftMs ?? deps.now()).toISOString()
  const receiptMs = await deps.answers.lastReceiptMs(serial!)
  const lastReceiptAt = receiptMs === null ? null : new Date(receiptMs).toISOString()
  const checked = { serial, batteryPercent, freePercent, clockOffsetMs, lastReceiptAt }
  await deps.answers.report({ id: deps.newId(), saidAt, kind: 'device_checked', ...checked }, null)
  const by = taker ?? { personId: person?.id ?? null, grade: person ? 'roster' : 'slot' }
  await deps.answers.report({ id: deps.newId(), saidAt, kind: 'device_taken', serial, by }, null)
  deps.wake()
}
