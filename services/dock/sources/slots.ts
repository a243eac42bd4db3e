/** Places on the wall: fixed ones by configuration, else the lowest that is free. */
export interface Slots {
  /** Null when all are taken. The same holder keeps its place. */
  take(holder: string, fixed: number | undefined): number | null
  free(holder: string): void
}

/** @param reserved places that the configuration names: nobody else gets them */
export function makeSlots(count: number, reserved: ReadonlySet<number>): Slots {
  const holders = new Map<string, number>()
  return {
    take(holder, fixed) {
      const slot = fixed ?? holders.get(holder) ?? lowestFree(count, reserved, new Set(holders.values()))
      if (slot !== null) holders.set(holder, slot)
      return slot
    },
    free(holder) {
      holders.delete(holder)
    },
  }
}

function lowestFree(count: number, reserved: ReadonlySet<number>, taken: ReadonlySet<number>): number | null {
  for (let slot = 1; slot <= count; slot++) if (!reserved.has(slot) && !taken.has(slot)) return slot
  return null
}
