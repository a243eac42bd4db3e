import { access } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { runCommand } from '../vendor/run-command.ts'
import { makeLockedDevices } from './locked-devices.ts'
import type { Mount } from './mount-table.ts'
import { type MountActs, type MountedVolume, type MountedVolumeDeps, mountedVolume } from './mounted-volume.ts'
import { mountsOf } from './mounts.ts'
import { type MountedHow, makeOwnMounts, type OwnMounts } from './own-mounts.ts'
import { isRemovable } from './removable.ts'
import type { MassStorageSettings } from './settings.ts'
import { makeSlots } from './slots.ts'
import { type Source, type SourceListener, VolumeGone } from './source.ts'

/** File systems of cards and recorders. FUSE names them `fuseblk` and `fuse.exfat`. */
const cardFileSystem = /^(?:vfat|exfat|msdos|ntfs3?|fat(?:12|16|32)?|fuseblk|fuse\..+)$/
const blockClass = '/sys/class/block'

/** A mount that was taken up: its volume once it has been looked at. */
interface Taken {
  mount: Mount
  volume: MountedVolume | null
  isOver: boolean
  /** It is being mounted anew: what the table says of its place means nothing meanwhile. */
  isRenewing: boolean
}

/**
 * Devices that show up as mass storage, and cards in a reader: whatever is mounted below the configured folders, on removable
 * devices, or by the agent itself. What is mounted is asked every `pollMs`: Node has no poll(2) on the mount table, and Windows none at all.
 */
export function massStorage(deps: MountedVolumeDeps): Source {
  const { settings, log } = deps
  const fixed = new Map(Object.entries({ ...settings.slots, ...settings.mounting?.devices }))
  const slots = makeSlots(settings.slotCount, new Set(fixed.values()))
  const ownMounts = settings.mounting ? makeOwnMounts(settings.mounting, settings, log) : null
  const readMounts = mountsOf(process.platform)
  const lockedDevices = settings.locked && deps.unlock ? makeLockedDevices(settings.locked, deps.unlock, log) : null
  const stopping = new AbortController()
  const taken = new Map<string, Taken>()
  /** Released and still plugged in, with the volume's id: each keeps its place until its device is gone. */
  const charging = new Map<string, string | null>()
  let watching: Promise<void> | null = null
  let lastTable = ''
  /** Counts beginnings and ends of mounting anew: a table that was read across one is read again. */
  let renewals = 0

  const over = (one: Taken, listener: SourceListener) => {
    if (one.isOver) return
    one.isOver = true
    if (one.volume?.isReleased()) return
    slots.free(one.mount.source)
    if (one.volume) listener.vanished(one.volume.volume.id)
  }

  const endCharging = (source: string, listener: SourceListener) => {
    const volumeId = charging.get(source)
    charging.delete(source)
    if (volumeId) listener.vanished(volumeId)
  }

  const takeUp = async (one: Taken, listener: SourceListener): Promise<void> => {
    const { mount } = one
    endCharging(mount.source, listener)
    const slot = slots.take(
      mount.source,
      ownMounts?.slotOf(mount.mountPoint) ?? fixed.get(mount.source) ?? fixed.get(mount.mountPoint),
    )
    const acts: MountActs = {
      died: () => over(one, listener),
      mountAnew: ownMounts?.slotOf(mount.mountPoint) === undefined ? null : (how) => mountAnew(one, ownMounts, how),
      release: async () => {
        await release(deps, one.mount, slot, ownMounts)
        charging.set(one.mount.source, one.volume?.volume.id ?? null)
      },
    }
    const volume = await mountedVolume(deps, mount, slot, acts)
    // It may have gone while it was looked at: then nobody has heard of it.
    if (one.isOver) return volume.letGo()
    one.volume = volume
    listener.appeared(volume.volume)
  }

  const mountAnew = async (one: Taken, own: OwnMounts, how: MountedHow): Promise<Mount> => {
    const { mountPoint } = one.mount
    one.isRenewing = true
    renewals++
    try {
      await own.mountAnew(mountPoint, how)
      const mount = (await readMounts()).find((other) => other.mountPoint === mountPoint)
      if (!mount) throw new VolumeGone(`${mountPoint} went while it was mounted again`)
      taken.delete(keyOf(one.mount))
      taken.set(keyOf(mount), one)
      one.mount = mount
      return mount
    } finally {
      one.isRenewing = false
      renewals++
      lastTable = ''
    }
  }

  const compare = async (listener: SourceListener): Promise<void> => {
    const before = renewals
    const found = await readMounts()
    const table = JSON.stringify(found)
    if (table === lastTable || renewals !== before) return
    const mounts = new Map(found.map((mount) => [keyOf(mount), mount]))
    const renewing = [...taken.values()].filter(({ isRenewing }) => isRenewing).map(({ mount }) => mount.mountPoint)
    const gone = [...taken].filter(([key, { isRenewing }]) => !isRenewing && !mounts.has(key))
    const fresh = [...mounts].filter(([key, { mountPoint }]) => !taken.has(key) && !renewing.includes(mountPoint))
    for (const [key, one] of gone) {
      taken.delete(key)
      over(one, listener)
      await one.volume?.letGo()
    }
    for (const [key, mount] of fresh) {
      if (!(await counts(settings, mount, ownMounts))) continue
      const one: Taken = { mount, volume: null, isOver: false, isRenewing: false }
      taken.set(key, one)
      takeUp(one, listener).catch((error) => log.warn({ error, mount: mount.mountPoint }, 'a volume went at once'))
    }
    lastTable = table
  }

  const freeCharged = async (listener: SourceListener) => {
    for (const source of charging.keys()) {
      if (await exists(source)) continue
      endCharging(source, listener)
      slots.free(source)
    }
  }

  const watch = async (listener: SourceListener): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        lockedDevices?.follow(listener)
        ownMounts?.follow(listener)
        await compare(listener)
        await freeCharged(listener)
      } catch (error) {
        log.error({ error }, 'the mounts could not be followed; tried again')
      }
      await pause(settings.pollMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
    await lockedDevices?.settled()
    await ownMounts?.settled()
  }

  return {
    async start(listener) {
      watching = watch(listener)
    },
    async stop() {
      stopping.abort()
      await watching
    },
  }
}

const keyOf = ({ id, device }: Mount) => `${id} ${device}`

async function counts(settings: MassStorageSettings, mount: Mount, ownMounts: OwnMounts | null): Promise<boolean> {
  if (!cardFileSystem.test(mount.fileSystem)) return false
  if (ownMounts?.slotOf(mount.mountPoint) !== undefined) return true
  if (settings.mountRoots.some((root) => mount.mountPoint.startsWith(`${root}/`))) return true
  if (mount.isRemovable) return settings.takesRemovable
  return (
    settings.takesRemovable &&
    mount.source.startsWith('/dev/') &&
    (await isRemovable(basename(mount.source), blockClass))
  )
}

async function release(
  { settings, log }: MountedVolumeDeps,
  mount: Mount,
  slot: number | null,
  ownMounts: OwnMounts | null,
): Promise<void> {
  await runCommand(settings.unmount, { folder: mount.mountPoint, device: mount.source })
  ownMounts?.released(mount.mountPoint)
  if (!settings.charge) return
  try {
    await runCommand(settings.charge, { device: mount.source, slot: String(slot ?? '') })
  } catch (error) {
    log.warn({ error, device: mount.source }, 'its port was not switched to charging')
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}
