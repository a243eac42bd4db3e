import { newId } from '../../foundation/id.ts'
import { type Volume, VolumeDamaged } from './source.ts'

/** A device that is there and of which nothing can be read: it is shown, and says why. `damage`: what is wrong with it. */
export function unreadableVolume({ slot, damage }: { slot: number; damage: string }): Volume {
  const refuse = (): never => {
    throw new VolumeDamaged(damage)
  }
  return {
    id: newId(),
    slot,
    uuid: null,
    origin: { kind: 'mass_storage', from: `槽位 ${slot}` },
    facts: { serial: null, officerNumber: null, officerName: null, batteryPercent: null, clockOffsetMs: null },
    profile: null,
    sizeBytes: 0,
    freeBytes: 0,
    damage,
    list: async () => refuse(),
    async *read() {
      yield refuse()
    },
    remove: null,
    release: async () => undefined,
  }
}

/** A device that says nothing of itself before its vendor's command has opened it. */
export function namelessVolume(slot: number, open: NonNullable<Volume['open']>): Volume {
  const { damage: _, ...volume } = unreadableVolume({ slot, damage: 'it is not open' })
  return { ...volume, isLocked: true, open }
}
