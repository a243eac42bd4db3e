import { Fault } from '../../foundation/errors.ts'
import { allLifted, endLifted, type Lifted, liftedOf, saveLifted } from '../spool/dockings.ts'
import type { SaidBy } from '../spool/records.ts'
import type { StationDeps } from './deps.ts'
import { isOnWall, type Session } from './session.ts'
import { needsDevice } from './take-in.ts'

/** For so long the card of a lifted device asks who takes it, where neither roster nor anybody has said so. */
export const askTakerMs = 120_000

type Deps = Pick<StationDeps, 'database' | 'answers' | 'newId' | 'now' | 'wake'>

/** Everything that was on it is in: who lifts it now takes it along. Else it was pulled out, which the screen says. */
function isDone({ handIn, files, settledMs }: Session): boolean {
  return settledMs !== null || (handIn !== null && !files.some(({ file }) => needsDevice(file)))
}

/** Keeps that a device was lifted, until it is back or told. What is no device on the wall, or not done, is none. */
export async function keepLifted(deps: Deps, session: Session): Promise<void> {
  if (isOnWall(session) && isDone(session)) await saveLifted(deps.database, liftedBy(session))
}

function liftedBy({ serial, leftMs, taker, person, condition }: Session): Lifted {
  return { serial: serial!, leftMs, said: { taker, rostered: person?.id ?? null, condition } }
}

/** Keeps who takes a device along. @throws conflict when it was told already who took it */
export async function keepTaker(deps: Deps, session: Session, taker: SaidBy): Promise<void> {
  const lifted = liftedBy({ ...session, taker })
  const isGone = session.leftMs !== null
  if (isGone && (await liftedOf(deps.database, lifted.serial)) === null) {
    throw new Fault('conflict', 'this device is not taken for a shift now')
  }
  await saveLifted(deps.database, lifted)
  session.taker = taker
}

/** A device is in its slot again. @returns who takes it along, where that was said before and it was not away since */
export async function takerOf(deps: Deps, serial: string, isSameStay: boolean): Promise<SaidBy | null> {
  const lifted = await liftedOf(deps.database, serial)
  if (!lifted) return null
  if (!isSameStay) {
    await (lifted.leftMs === null ? endLifted(deps.database, serial, []) : reportLifted(deps, lifted))
    return null
  }
  await saveLifted(deps.database, { ...lifted, leftMs: null })
  return lifted.said.taker
}

/** Reports a device that was seen leaving and is not back; nothing where it was reported before. */
export async function tellLifted(deps: Deps, serial: string): Promise<void> {
  const lifted = await liftedOf(deps.database, serial)
  if (lifted && lifted.leftMs !== null) await reportLifted(deps, lifted)
}

/** Devices that were seen leaving in an earlier run and not told. */
export async function leftEarlier(deps: Deps): Promise<string[]> {
  return (await allLifted(deps.database)).map(({ serial }) => serial)
}

/** 班前检查: what a lifted device said when it was last asked, and who takes it along: as somebody said, else by the roster. */
async function reportLifted(deps: Deps, { serial, leftMs, said }: Lifted): Promise<void> {
  const { batteryPercent, freePercent, clockOffsetMs } = said.condition
  const saidAt = new Date(leftMs ?? deps.now()).toISOString()
  const receiptMs = await deps.answers.lastReceiptMs(serial)
  const lastReceiptAt = receiptMs === null ? null : new Date(receiptMs).toISOString()
  const by = said.taker ?? { personId: said.rostered, grade: said.rostered === null ? 'slot' : 'roster' }
  await endLifted(deps.database, serial, [
    {
      ...{ id: deps.newId(), saidAt, kind: 'device_checked', serial },
      ...{ batteryPercent, freePercent, clockOffsetMs, lastReceiptAt },
    },
    { id: deps.newId(), saidAt, kind: 'device_taken', serial, by },
  ])
  deps.wake()
}
