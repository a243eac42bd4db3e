import { type Condition, VolumeGone } from '../sources/source.ts'
import type { ClockSet } from '../vendor/device-clock.ts'
import { HelperFailed, HelperRefused } from '../vendor/helper-program.ts'
import { clockState } from './clock-state.ts'
import type { StationDeps } from './deps.ts'
import { percentOf, type Session } from './session.ts'

/** Asks the device again: what it says counts from now on, and where it says nothing, what it said before. */
export async function askCondition({ log }: Pick<StationDeps, 'log'>, session: Session): Promise<void> {
  const { volume, condition: before } = session
  if (!volume.condition) return
  let said: Condition
  try {
    said = await volume.condition()
  } catch (error) {
    // Whoever reads it next hears that it is gone.
    if (!(error instanceof VolumeGone)) log.warn({ error, serial: session.serial }, 'a device cannot be asked again')
    return
  }
  session.condition = {
    batteryPercent: said.batteryPercent ?? before.batteryPercent,
    clockOffsetMs: said.clockOffsetMs ?? before.clockOffsetMs,
    freePercent: percentOf(said.freeBytes, volume.sizeBytes) ?? before.freePercent,
  }
}

/**
 * Sets the clock of a device of ours that is off by more than the bureau allows, where this station's own time is proven. How
 * far it was off stands in the signed list, and in the report besides.
 */
export async function setClock(deps: StationDeps, session: Session): Promise<void> {
  const { volume, serial, device } = session
  const offsetMs = volume.facts.clockOffsetMs
  const { clockErrorMaxMs } = deps.register.current()!.settings
  if (!volume.setClock || device === null || session.isClockSet) return
  if (offsetMs === null || Math.abs(offsetMs) <= clockErrorMaxMs) return
  const id = deps.newId()
  const reportOf = (set: ClockSet) => {
    const [saidAt, setTo] = [deps.now(), set.setToMs].map((ms) => new Date(ms).toISOString())
    return { id, saidAt, kind: 'clock_set', serial, offsetMs: set.offsetMs, setTo }
  }
  const stationClock = clockState(deps.ingest, deps.now())
  const beforeSet = (set: ClockSet) => deps.answers.intend(reportOf(set))
  try {
    const set = await volume.setClock({ stationClock, serial: serial!, beforeSet })
    if (!set) return
    session.isClockSet = true
    await deps.answers.settleIntended(id, reportOf(set))
    deps.wake()
    await askCondition(deps, session)
  } catch (error) {
    if (!(error instanceof HelperFailed)) throw error
    deps.log.warn({ serial, reason: error.message }, 'the clock of a device was not set')
    if (error instanceof HelperRefused) return await deps.answers.settleIntended(id, null)
    // It may be set all the same, and how far it was off is known only here.
    await deps.answers.tellIntended(id)
  }
}
