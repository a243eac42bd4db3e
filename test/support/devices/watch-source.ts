import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Wall } from '../../../deploy/local/devices/make-volume.ts'
import type { MassStorageSettings } from '../../../services/dock/sources/settings.ts'
import type { Source, Volume } from '../../../services/dock/sources/source.ts'

const mountProgram = fileURLToPath(new URL('../../../deploy/local/devices/mount-device.ts', import.meta.url))

/** Settings for a simulated wall; `mounts` says who mounts what is plugged in. */
export function wallSettings(wall: Wall, mounts: 'system' | 'agent', slotCount = 8): MassStorageSettings {
  const slots = Array.from({ length: slotCount }, (_, index) => index + 1)
  const named = (folder: string) =>
    Object.fromEntries(slots.map((slot) => [`${folder}/slot-${String(slot).padStart(2, '0')}`, slot]))
  const command = (...argv: readonly string[]) => ({ argv: [...argv], timeLimitMs: 20_000 })
  return {
    kind: 'mass_storage',
    mountRoots: mounts === 'system' ? [wall.slots] : [],
    takesRemovable: false,
    slots: named(wall.slots),
    slotCount,
    mounting:
      mounts === 'system'
        ? null
        : {
            devices: named(wall.devices),
            folder: wall.slots,
            mount: command(process.execPath, mountProgram, '{device}', '{folder}'),
            makeWritable: command('mount', '-i', '-o', 'remount,rw', '{folder}'),
          },
    // The simulated driver answers past the page cache (deploy/local/devices/fuse/replies.ts).
    uncachedDrivers: ['fuse.fat32', 'fuse.folder'],
    unmount: command('umount', '-i', '{folder}'),
    unmountGone: command('umount', '-i', '-l', '{folder}'),
    charge: null,
    pollMs: 20,
    listTimeMs: 20_000,
  }
}

export interface WatchedSource {
  readonly volumes: readonly Volume[]
  readonly gone: readonly string[]
  /** The next volume that nobody waited for yet. */
  next(): Promise<Volume>
  whenGone(volume: Volume): Promise<void>
}

/** Starts a source and writes down what it says; a wait ends with an error after 20 s. */
export async function watchSource(source: Source): Promise<WatchedSource> {
  const volumes: Volume[] = []
  const gone: string[] = []
  let waitedFor = 0
  await source.start({
    appeared: (volume) => {
      volumes.push(volume)
    },
    vanished: (id) => {
      gone.push(id)
    },
  })
  return {
    volumes,
    gone,
    async next() {
      const index = waitedFor++
      await until(() => volumes.length > index, 'a volume')
      return volumes[index]!
    },
    whenGone: (volume) => until(() => gone.includes(volume.id), 'the end of a volume'),
  }
}

export async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    if (await isSo()) return
    await pause(10)
  }
  throw new Error(`20 s have passed without ${what}`)
}
