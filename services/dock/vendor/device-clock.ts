import type { Clock } from '../../foundation/clock.ts'
import type { VendorDevice } from './calls.ts'

/** The device's clock less the station's, and how well it is known. */
export interface ClockOffset {
  readonly offsetMs: number
  /** The true offset lies at most this far from it: half of the round trip. */
  readonly uncertaintyMs: number
}

export interface ClockSet extends ClockOffset {
  /** What the device's clock was set to. */
  readonly setToMs: number
}

/** Sets the clock of the device that says it has this serial, and of no other one. */
export interface ClockOrder {
  readonly stationClock: StationClock
  readonly serial: string
  /** Called before anything is set. */
  readonly beforeSet: (set: ClockSet) => Promise<void>
}

/** How the station knows its own time: only `proven` may be handed on. */
export type StationClock = 'proven' | 'unproven' | 'off'

const measurements = 5

/**
 * Measures the offset several times and takes the one whose round trip was shortest; the device is taken to have looked at
 * its clock half-way. Null for a model that does not tell its time.
 *
 * @throws HelperFailed
 */
export async function measureClockOffset(device: VendorDevice, clock: Clock): Promise<ClockOffset | null> {
  let best: ClockOffset | null = null
  for (let count = 0; count < measurements; count++) {
    const sentMs = clock.now().getTime()
    const { deviceTimeMs } = await device.getInfo()
    const backMs = clock.now().getTime()
    if (deviceTimeMs === null) return null
    const roundTripMs = backMs - sentMs
    // The station's own clock was set meanwhile: this one measures nothing.
    if (roundTripMs < 0) continue
    const uncertaintyMs = Math.ceil(roundTripMs / 2)
    const offsetMs = Math.round(deviceTimeMs - (sentMs + roundTripMs / 2))
    if (!best || uncertaintyMs < best.uncertaintyMs) best = { offsetMs, uncertaintyMs }
  }
  return best
}

/**
 * Sets a device's clock to the station's, after measuring how far it was off. Nothing is set, and null given, when the
 * station's own time is not proven, or when the offset could not be measured: it would be lost for good.
 *
 * @param beforeSet keeps what is about to be done, so that it is known also when this process ends right after
 * @throws HelperRefused when the device did not take it; HelperFailed when nobody knows
 */
export async function setDeviceClock(
  device: VendorDevice,
  {
    clock,
    stationClock,
    password,
    beforeSet,
  }: { clock: Clock; stationClock: StationClock; password: string; beforeSet: (set: ClockSet) => Promise<void> },
): Promise<ClockSet | null> {
  if (stationClock !== 'proven') return null
  const measured = await measureClockOffset(device, clock)
  if (!measured) return null
  await beforeSet({ ...measured, setToMs: clock.now().getTime() })
  const setToMs = clock.now().getTime()
  await device.syncTime(setToMs, password)
  return { ...measured, setToMs }
}
