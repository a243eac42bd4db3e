import type { Logger } from '../../foundation/log.ts'
import { pluggedIn } from './plugged-in.ts'
import type { MassStorageSettings } from './settings.ts'
import type { SourceListener, Volume } from './source.ts'
import { namelessVolume, unreadableVolume } from './unreadable-volume.ts'

/** A vendor's program and command, used on the device at a path. Neither throws. */
export interface Unlock {
  /** The serial that it says, or null. */
  ask(profile: string, device: string): Promise<string | null>
  /** Why it did not open, or null. */
  open(profile: string, device: string): Promise<string | null>
}

/** Devices whose storage stays shut until their vendor's command opens it: once each time that one is plugged in. */
export interface LockedDevices {
  /** Opens what was plugged in. Long work goes on behind it. */
  follow(listener: SourceListener): void
  /** Ends when no command runs any more. */
  settled(): Promise<void>
}

interface Port {
  readonly device: string
  readonly profile: string
  readonly slot: number
  /** What is plugged in; null: nothing. */
  plugged: string | null
  /** The volume that stands for a device that did not open. */
  shownAs: string | null
  work: Promise<void> | null
}

export function makeLockedDevices(
  settings: NonNullable<MassStorageSettings['locked']>,
  unlock: Unlock,
  log: Logger,
): LockedDevices {
  const ports: readonly Port[] = Object.entries(settings).map(([device, where]) => {
    return { device, ...where, plugged: null, shownAs: null, work: null }
  })
  const step = async (port: Port, listener: SourceListener): Promise<void> => {
    const plugged = await pluggedIn(port.device)
    if (plugged === port.plugged) return
    const { unlocks } = listener
    if (plugged !== null && !unlocks?.isReady()) return
    port.plugged = plugged
    if (port.shownAs !== null) listener.vanished(port.shownAs)
    port.shownAs = null
    if (plugged === null) return
    const { profile, device } = port
    const serial = await unlock.ask(profile, device)
    const open = async (ours: string): Promise<string | null> => {
      // Another one since: the next turn sees that.
      if ((await pluggedIn(device)) !== plugged) return 'another device is plugged in by now'
      const end = await unlocks!.begin({ serial: ours, profile })
      const why = end === null ? `the register has no ${ours}: it is not opened` : await unlock.open(profile, device)
      await end?.(why === null)
      if (why !== null) log.warn({ device, why }, 'a device did not open')
      return why
    }
    const show = (volume: Volume) => {
      port.shownAs = volume.id
      listener.appeared(volume)
    }
    // Whose it is is asked at the screen: any device in this slot would get the password otherwise.
    if (serial === null) return show(namelessVolume(port.slot, open))
    const why = await open(serial)
    if (why !== null && (await pluggedIn(device)) === plugged) {
      show({ ...unreadableVolume({ slot: port.slot, damage: why }), isLocked: true })
    }
  }
  return {
    follow(listener) {
      for (const port of ports) {
        port.work ??= step(port, listener)
          .catch((error) => log.error({ error, device: port.device }, 'a locked device could not be followed'))
          .finally(() => {
            port.work = null
          })
      }
    },
    async settled() {
      await Promise.all(ports.map(({ work }) => work))
    },
  }
}
