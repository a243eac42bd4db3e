import { lstat, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { newId } from '../../foundation/id.ts'
import type { Logger } from '../../foundation/log.ts'
import { type Command, runCommand } from '../vendor/run-command.ts'
import type { MassStorageSettings } from './settings.ts'
import { type SourceListener, type Volume, VolumeDamaged } from './source.ts'

/** The devices that the agent mounts by itself: each port by its path, read-only until something is cleared. */
export interface OwnMounts {
  /** Mounts what was plugged in, and lets go of what was pulled out. Long work goes on behind it. */
  follow(listener: SourceListener): void
  /** Place of a mount point of ours; undefined for another's. */
  slotOf(mountPoint: string): number | undefined
  /** @throws CommandFailed */
  makeWritable(mountPoint: string): Promise<void>
  /** It was unmounted on purpose, and is left alone for as long as it stays plugged in. */
  released(mountPoint: string): void
  /** Ends when nothing is being mounted any more. */
  settled(): Promise<void>
}

type State =
  | { readonly word: 'absent' | 'mounted' | 'released' }
  /** It is there and cannot be mounted: shown as a volume that cannot be read. */
  | { readonly word: 'failed'; readonly volumeId: string }

interface Port {
  readonly device: string
  readonly slot: number
  readonly folder: string
  state: State
  /** What is plugged in, for as long as it is not `absent`. */
  plugged: string | null
  work: Promise<void> | null
}

export function makeOwnMounts(
  mounting: NonNullable<MassStorageSettings['mounting']>,
  unmountGone: Command,
  log: Logger,
): OwnMounts {
  const ports: readonly Port[] = Object.entries(mounting.devices).map(([device, slot]) => {
    const folder = join(mounting.folder, `slot-${String(slot).padStart(2, '0')}`)
    return { device, slot, folder, state: { word: 'absent' }, plugged: null, work: null }
  })
  const portOf = (mountPoint: string) => ports.find(({ folder }) => folder === mountPoint)

  const step = async (port: Port, listener: SourceListener): Promise<void> => {
    const words = { device: port.device, folder: port.folder }
    const plugged = await pluggedIn(port.device)
    if (port.state.word === 'absent') {
      if (plugged === null) return
      port.plugged = plugged
      await mkdir(port.folder, { recursive: true })
      try {
        await runCommand(mounting.mount, words)
        port.state = { word: 'mounted' }
      } catch (error) {
        log.warn({ error, device: port.device }, 'a device cannot be mounted')
        const volume = unreadable(port, (error as Error).message)
        port.state = { word: 'failed', volumeId: volume.id }
        listener.appeared(volume)
      }
    } else if (plugged !== port.plugged) {
      const before = port.state
      if (before.word === 'mounted') await runCommand(unmountGone, words)
      port.state = { word: 'absent' }
      if (before.word === 'failed') listener.vanished(before.volumeId)
    }
  }

  return {
    follow(listener) {
      for (const port of ports) {
        port.work ??= step(port, listener)
          .catch((error) => log.error({ error, device: port.device }, 'a port could not be followed; tried again'))
          .finally(() => {
            port.work = null
          })
      }
    },
    slotOf: (mountPoint) => portOf(mountPoint)?.slot,
    async makeWritable(mountPoint) {
      const port = portOf(mountPoint)
      if (port) await runCommand(mounting.makeWritable, { device: port.device, folder: port.folder })
    },
    released(mountPoint) {
      const port = portOf(mountPoint)
      if (port) port.state = { word: 'released' }
    },
    async settled() {
      await Promise.all(ports.map(({ work }) => work))
    },
  }
}

/** A device whose file system nobody could mount: it is shown, and says why nothing can be read. */
function unreadable(port: Port, why: string): Volume {
  const damage = `${port.device} cannot be mounted: ${why}`
  const refuse = (): never => {
    throw new VolumeDamaged(damage)
  }
  return {
    id: newId(),
    slot: port.slot,
    uuid: null,
    origin: { kind: 'mass_storage', from: `槽位 ${port.slot}` },
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

/** Tells what is plugged in from what was there a moment ago; null where nothing is. A device node is made anew each time. */
async function pluggedIn(path: string): Promise<string | null> {
  try {
    const { ino, mtimeNs } = await lstat(path, { bigint: true })
    return `${ino} ${mtimeNs}`
  } catch {
    return null
  }
}
