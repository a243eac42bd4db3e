import { statfs } from 'node:fs/promises'
import { newId } from '../../foundation/id.ts'
import type { Logger } from '../../foundation/log.ts'
import type { Profile } from '../profiles/profile.ts'
import { counterOf, isFootage } from '../profiles/seen-name.ts'
import type { ClockOrder, ClockSet } from '../vendor/device-clock.ts'
import { type ReadingWay, readBytes, removeFile } from './file-bytes.ts'
import type { Unlock } from './locked-devices.ts'
import { type Look, listFootage, lookAt } from './look.ts'
import type { Mount } from './mount-table.ts'
import { isOnMount, mountsOf } from './mounts.ts'
import type { MountedHow } from './own-mounts.ts'
import { type PinnedFolder, pinFolder } from './pinned-folder.ts'
import type { MassStorageSettings } from './settings.ts'
import { type Condition, type DeviceFacts, type LeftOut, ReadFailed, type Volume, VolumeGone } from './source.ts'
import { namesVolume, readVolumeIdentity, type VolumeIdentity } from './volume-identity.ts'
import { type WalkLimits, walkLimits, withinTime } from './walk.ts'

export interface MountedVolumeDeps {
  readonly settings: MassStorageSettings
  readonly profiles: readonly Profile[]
  readonly log: Logger
  /** Asks a device over the vendor's program what it says of itself (vendor/ask-device.ts). */
  readonly askDevice?: (profile: Profile, device: string) => Promise<Partial<DeviceFacts>>
  /** Sets the clock of a device over its vendor's program (vendor/device-clock.ts); null for a profile of which nobody can. */
  readonly clockOf?: (profile: Profile, device: string) => ((order: ClockOrder) => Promise<ClockSet | null>) | null
  /** Opens a locked device (vendor/unlock.ts). */
  readonly unlock?: Unlock
}

export interface MountActs {
  /** The file system was found dead while its mount still stands. */
  readonly died: () => void
  /**
   * Mounts it again (OwnMounts.mountAnew); null where others mount it.
   *
   * @throws CommandFailed: it is as it was; VolumeGone
   */
  readonly mountAnew: ((how: MountedHow) => Promise<Mount>) | null
  /** Unmounts it and lets its port charge. @throws CommandFailed */
  readonly release: () => Promise<void>
}

export interface MountedVolume {
  readonly volume: Volume
  readonly isReleased: () => boolean
  /** Nothing begins to be read any more. */
  readonly letGo: () => Promise<void>
}

/**
 * The kernel's drivers that take a direct read from the device. NTFS is none of them: small and compressed files come from
 * memory all the same. A driver in user space has a memory of its own that nobody here knows.
 */
const directDrivers: readonly string[] = ['vfat', 'msdos', 'exfat']

/** A mount and its folder, held open; mounted anew it is another one. */
interface Place {
  mount: Mount
  folder: PinnedFolder
}

const nothingKnown: Look = { profile: null, identity: null, serial: null }

/**
 * Looks at a mount and makes a volume of it. What cannot be looked at, though it is there, becomes a volume all the same:
 * whoever lists it hears what is wrong.
 *
 * @throws VolumeGone when it goes meanwhile
 */
export async function mountedVolume(
  deps: MountedVolumeDeps,
  mount: Mount,
  slot: number | null,
  acts: MountActs,
): Promise<MountedVolume> {
  const folder = await pinMount(mount, acts)
  const place: Place = { mount, folder }
  try {
    if (!isOnMount(mount, folder.device, process.platform)) throw new VolumeGone(`${mount.mountPoint} has gone again`)
    const limits: WalkLimits = { ...walkLimits, timeMs: deps.settings.listTimeMs }
    const identity = mount.identity ?? (await readVolumeIdentity(mount.source))
    const looking = lookAt(folder, deps.profiles, { label: identity.label, limits })
    const look = await withinTime(looking, limits.timeMs, 'could not be looked at').catch(unlessGone(nothingKnown))
    const space = await folder.use('asking for its space', (root) => statfs(root)).catch(unlessGone(null))
    const facts = await factsOf(deps, mount, look)
    let isReleased = false
    const volume = volumeOf({ deps, slot, acts, place, identity, look, facts, limits, space }, (yes) => {
      isReleased = yes
    })
    return { volume, isReleased: () => isReleased, letGo: () => place.folder.letGo() }
  } catch (error) {
    await folder.letGo()
    throw error
  }
}

interface Seen {
  readonly deps: MountedVolumeDeps
  readonly slot: number | null
  readonly acts: MountActs
  readonly place: Place
  readonly identity: VolumeIdentity
  readonly look: Look
  readonly facts: DeviceFacts
  readonly limits: WalkLimits
  readonly space: { readonly bsize: number; readonly blocks: number; readonly bavail: number } | null
}

function volumeOf(seen: Seen, setReleased: (isReleased: boolean) => void): Volume {
  const { deps, place, look, limits, space, acts } = seen
  const { profile } = look
  const { uuid } = seen.identity
  const setClock = profile ? deps.clockOf?.(profile, place.mount.source) : null
  const anew = waysAnew(deps.settings, place.mount, acts)
  const mayClear = profile?.mayClear !== 'nothing'
  let writable: Promise<void> | null = null
  let way: ReadingWay = 'cached'
  let others: LeftOut | null = null
  let isReleased = false
  return {
    id: newId(),
    slot: seen.slot,
    uuid: uuid !== null && namesVolume(uuid) ? uuid : null,
    origin: originOf(seen),
    facts: seen.facts,
    profile: profile?.name ?? null,
    runningMax: profile?.runningMax ?? null,
    counterOf: (path) => counterOf(profile, path),
    sizeBytes: space ? space.blocks * space.bsize : 0,
    freeBytes: space ? space.bavail * space.bsize : 0,
    list: async () => {
      const { files, leftOut } = await listFootage(place.folder, profile, limits)
      const { mount } = place
      // A mount that went while its folders were read looks like an emptier one.
      if (!(await isMounted(mount))) throw new VolumeGone(`${mount.mountPoint} went while it was listed`)
      others = leftOut
      return files
    },
    leftOut: () => others,
    ...(profile?.otherBytesMax === undefined ? {} : { otherBytesMax: profile.otherBytesMax }),
    read: (file, from, signal) => readBytes(place.folder, file, from, signal, way),
    ...(anew.mount && {
      renew: async () => {
        writable = null
        await mountPlaceAnew(place, 'read_only', acts)
      },
    }),
    ...(anew.directly && {
      renew: async () => {
        way = 'direct'
      },
    }),
    ...(mayClear && !anew.isSure && { isReadFromMemory: true }),
    remove:
      mayClear && anew.isSure
        ? async (file) => {
            if (!isFootage(profile, file.path)) throw new ReadFailed('it is no footage of this device')
            writable ??= mountPlaceAnew(place, 'writable', acts)
            await writable
            await removeFile(place.folder, file)
          }
        : null,
    release: async () => {
      await place.folder.letGo()
      if (!(await isMounted(place.mount))) return
      // Said before: the mount table is looked at by others while it is unmounted.
      isReleased = true
      setReleased(true)
      try {
        await asReadFailed('releasing the volume', acts.release)
      } catch (error) {
        isReleased = false
        setReleased(false)
        throw error
      }
    },
    condition: async (): Promise<Condition> => {
      const said = await factsOf(deps, place.mount, look)
      const now = isReleased ? null : await place.folder.use('asking for its space', (root) => statfs(root))
      // Where it was released the path may be another device's by now: then what that one says is not told of this one.
      const isSame = said.serial === seen.facts.serial && (said.serial !== null || !isReleased)
      const { batteryPercent, clockOffsetMs } = isSame ? said : { batteryPercent: null, clockOffsetMs: null }
      return { batteryPercent, clockOffsetMs, freeBytes: now && now.bavail * now.bsize }
    },
    ...(setClock ? { setClock } : {}),
  }
}

/** How a reading is made to come from the device; `isSure` where it does. */
function waysAnew({ uncachedDrivers = [] }: MassStorageSettings, { fileSystem }: Mount, { mountAnew }: MountActs) {
  const isUncached = uncachedDrivers.includes(fileSystem)
  const directly = mountAnew === null && process.platform === 'linux' && directDrivers.includes(fileSystem)
  return { mount: mountAnew, directly, isSure: mountAnew !== null || directly || isUncached }
}

/** Nothing is done where others mount it. @throws VolumeGone; ReadFailed: it is as it was */
async function mountPlaceAnew(place: Place, how: MountedHow, acts: MountActs): Promise<void> {
  if (acts.mountAnew === null) return
  await place.folder.letGo()
  try {
    place.mount = await acts.mountAnew(how)
  } catch (error) {
    if (error instanceof VolumeGone) throw error
    place.folder = await pinMount(place.mount, acts)
    throw new ReadFailed(`mounting it again: ${(error as Error).message}`, { cause: error })
  }
  place.folder = await pinMount(place.mount, acts)
  const { mount, folder } = place
  if (!isOnMount(mount, folder.device, process.platform)) throw new VolumeGone(`${mount.mountPoint} has gone again`)
}

const pinMount = (mount: Mount, { died }: MountActs) => pinFolder(mount.mountPoint, () => isMounted(mount), died)

function originOf({ deps, slot, identity }: Seen): Volume['origin'] {
  if (deps.settings.kind === 'card') return { kind: 'card', from: identity.uuid && `存储卡 ${identity.uuid}` }
  return { kind: 'mass_storage', from: slot === null ? null : `槽位 ${slot}` }
}

async function factsOf({ askDevice, log }: MountedVolumeDeps, mount: Mount, look: Look): Promise<DeviceFacts> {
  const facts: DeviceFacts = {
    serial: look.serial,
    officerNumber: look.identity?.officerNumber ?? null,
    officerName: look.identity?.officerName ?? null,
    batteryPercent: null,
    clockOffsetMs: null,
  }
  if (!askDevice || !look.profile?.calls) return facts
  try {
    return { ...facts, ...(await askDevice(look.profile, mount.source)) }
  } catch (error) {
    log.warn({ error, device: mount.source }, 'the device says nothing of itself')
    return facts
  }
}

/** Whether this very mount still stands. */
async function isMounted({ id, device }: Mount): Promise<boolean> {
  const mounts = await mountsOf(process.platform)()
  return mounts.some((mount) => mount.id === id && mount.device === device)
}

function unlessGone<T>(otherwise: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof ReadFailed) return otherwise
    throw error
  }
}

async function asReadFailed(what: string, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    throw new ReadFailed(`${what}: ${(error as Error).message}`, { cause: error })
  }
}
