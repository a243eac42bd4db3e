import type { Clock } from '../../foundation/clock.ts'
import type { Profile } from '../profiles/profile.ts'
import type { DeviceFacts } from '../sources/source.ts'
import { vendorDevice } from './calls.ts'
import { type ClockOrder, type ClockSet, measureClockOffset, setDeviceClock } from './device-clock.ts'
import { HelperRefused, startHelper } from './helper-program.ts'

/**
 * What a device says of itself over its vendor's program: serial, officer, battery, and how far its clock is off. Nothing is
 * changed on it.
 *
 * @throws HelperFailed, and then nothing of what it said before counts
 */
export async function askDevice(profile: Profile, device: string, clock: Clock): Promise<Partial<DeviceFacts>> {
  if (!profile.calls) return {}
  const program = startHelper(profile.calls, { device })
  try {
    const calls = vendorDevice(program)
    await calls.initDevice(await calls.getIdCode())
    const { identity } = await calls.getInfo()
    const offset = await measureClockOffset(calls, clock)
    return {
      ...(identity?.serial && { serial: identity.serial }),
      ...(identity?.officerNumber && { officerNumber: identity.officerNumber }),
      ...(identity?.officerName && { officerName: identity.officerName }),
      batteryPercent: await calls.readBatteryPercent(),
      clockOffsetMs: offset?.offsetMs ?? null,
    }
  } finally {
    await program.end()
  }
}

/**
 * What sets the clock of a device over its vendor's program; null for a profile that has none, or whose secret the station
 * does not have.
 *
 * What it gives throws HelperRefused, with nothing set, when the device at the path does not say that it is the one that is
 * meant: a path may be another device's by now.
 *
 * @param secrets by name, from the station's own file
 */
export function clockOf(
  { calls: command, clockSecret }: Profile,
  device: string,
  { clock, secrets }: { clock: Clock; secrets: ReadonlyMap<string, string> },
): ((order: ClockOrder) => Promise<ClockSet | null>) | null {
  const password = clockSecret === undefined ? undefined : secrets.get(clockSecret)
  if (!command || password === undefined) return null
  return async ({ serial, ...order }) => {
    const program = startHelper(command, { device })
    try {
      const calls = vendorDevice(program)
      await calls.initDevice(await calls.getIdCode())
      const { identity } = await calls.getInfo()
      if (identity?.serial !== serial)
        throw new HelperRefused(`the device there says that it is ${identity?.serial ?? 'none'}`)
      return await setDeviceClock(calls, { clock, password, ...order })
    } finally {
      await program.end()
    }
  }
}
