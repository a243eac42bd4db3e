import { type Register, type RegisterPerson, rosterUser } from '../ingest/register.ts'
import type { Unfit } from '../screen/schemas.ts'
import { isOnWall, type Session } from './session.ts'

/** 班前检查: what keeps a device from going out for a shift, as far as the device says anything. By the bureau's settings. */
export function unfitnessOf({ condition, device }: Session, register: Register): Unfit[] {
  const { batteryPercent, freePercent, clockOffsetMs } = condition
  const { checkBatteryPercent, checkFreePercent, clockErrorMaxMs } = register.settings
  return [
    ...(device?.state !== 'in_service' ? (['state'] as const) : []),
    ...(batteryPercent !== null && batteryPercent < checkBatteryPercent ? (['battery'] as const) : []),
    ...(freePercent !== null && freePercent < checkFreePercent ? (['space'] as const) : []),
    ...(clockOffsetMs !== null && Math.abs(clockOffsetMs) > clockErrorMaxMs ? (['clock'] as const) : []),
  ]
}

/**
 * The device to take instead of one that is not fit: charged here, of the same kind, fit, and nobody else's this shift. One
 * without a keeper comes first, then the fullest battery.
 */
export function insteadOf(
  session: Session,
  all: readonly Session[],
  register: Register,
  nowMs: number,
): Session | null {
  const free = all.filter((other) => {
    if (other === session || other.stage !== 'released' || !isOnWall(other)) return false
    if (other.device?.kind !== session.device?.kind || unfitnessOf(other, register).length > 0) return false
    const user = rosterUser(register, other.serial!, nowMs)
    return user === null || user.id === session.person?.id
  })
  const weight = ({ device }: Session) => (device!.keeper === null ? 0 : 1)
  const battery = ({ condition }: Session) => condition.batteryPercent ?? 0
  return free.toSorted((a, b) => weight(a) - weight(b) || battery(b) - battery(a) || a.slot - b.slot)[0] ?? null
}

/** Who may be taking a device, the likeliest first: its user of this shift, its keeper, those of today's roster, the others. */
export function takersOf({ serial, device }: Session, register: Register | null, nowMs: number): RegisterPerson[] {
  if (!register) return []
  const user = serial === null ? null : rosterUser(register, serial, nowMs)
  const rostered = new Set(register.roster.map(({ personId }) => personId))
  const weight = ({ id }: RegisterPerson) =>
    id === user?.id ? 0 : id === device?.keeper ? 1 : rostered.has(id) ? 2 : 3
  return register.people.toSorted((a, b) => weight(a) - weight(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}
