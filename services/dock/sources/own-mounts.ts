import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../../foundation/log.ts'
import { runCommand } from '../vendor/run-command.ts'
import { pluggedIn } from './plugged-in.ts'
import type { MassStorageSettings } from './settings.ts'
import { type SourceListener, VolumeGone } from './source.ts'
import { unreadableVolume } from './unreadable-volume.ts'

/** The devices that the agent mounts by itself: each port by its path, read-only until something is cleared. */
export interface OwnMounts {
  /** Mounts what was plugged in, and lets go of what was pulled out. Long work goes on behind it. */
  follow(listener: SourceListener): void
  /** Place of a mount point of ours; undefined for another's. */
  slotOf(mountPoint: string): number | undefined
  /**
   * `read_only`: unmounts it and mounts it again, so that nothing of it stays in this computer's memory. `writable`: runs the
   * command for it, which may mount it again too. Nothing of it may be held open.
   *
   * @throws CommandFailed when it does not let itself be unmounted, and is as it was; VolumeGone
   */
  mountAnew(mountPoint: string, how: MountedHow): Promise<void>
  /** It was unmounted on purpose, and is left alone for as long as it stays plugged in. */
  released(mountPoint: string): void
  /** Ends when nothing is being mounted any more. */
  settled(): Promise<void>
}

export type MountedHow = 'read_only' | 'writable'

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
  { unmount, unmountGone }: Pick<MassStorageSettings, 'unmount' | 'unmountGone'>,
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
        const damage = `${port.device} cannot be mounted: ${(error as Error).message}`
        const volume = unreadableVolume({ slot: port.slot, damage })
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

  const again = async (port: Port, how: MountedHow): Promise<void> => {
    const words = { device: port.device, folder: port.folder }
    const { plugged } = port
    const isSame = async () => port.state.word === 'mounted' && (await pluggedIn(port.device)) === plugged
    if (!(await isSame())) throw new VolumeGone(`${port.device} was pulled out`)
    if (how === 'writable') return void (await runCommand(mounting.makeWritable, words))
    await runCommand(unmount, words)
    try {
      await runCommand(mounting.mount, words)
    } catch (cause) {
      // The next turn mounts what is there, or shows that it cannot.
      port.state = { word: 'absent' }
      throw new VolumeGone(`${port.device} could not be mounted again`, { cause })
    }
    // What came into its place meanwhile is unmounted by the next turn, and mounted as what it is.
    if (!(await isSame())) throw new VolumeGone(`${port.device} was pulled out while it was mounted again`)
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
    async mountAnew(mountPoint, how) {
      const port = portOf(mountPoint)!
      while (port.work !== null) await port.work
      const work = again(port, how)
      port.work = work
        .catch(() => undefined)
        .finally(() => {
          port.work = null
        })
      await work
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
