import { open, stat, statfs } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../../foundation/clock.ts'
import { newId } from '../../foundation/id.ts'
import type { Logger } from '../../foundation/log.ts'
import { compileTemplate } from '../profiles/name-template.ts'
import type { Profile } from '../profiles/profile.ts'
import { counterOf, isFootage, isUntouched, partsOf } from '../profiles/seen-name.ts'
import { readBytes } from './file-bytes.ts'
import { seenFile } from './look.ts'
import { type PinnedFolder, pinFolder } from './pinned-folder.ts'
import { makeRestWatch, restKey } from './rest.ts'
import type { StationFolderSettings } from './settings.ts'
import { type Source, type SourceListener, type Volume, VolumeGone } from './source.ts'
import { groupFiles, type StationGroup } from './station-groups.ts'
import { type FoundFile, joined, type WalkLimits, walkFiles } from './walk.ts'

export interface StationFolderDeps {
  readonly settings: StationFolderSettings
  /** The one that the settings name. */
  readonly profile: Profile
  readonly clock: Clock
  readonly log: Logger
}

/** A store holds months of many devices. */
const storeLimits = { files: 200_000, entries: 500_000, depth: 16, nameBytes: 1024 } as const

/** A collector that is being restarted, or that still writes, is no trouble. */
const troubleMs = 10 * 60_000

/** A group that was offered as a volume. */
interface Offer {
  readonly volumeId: string
  readonly serial: string | null
  /** What it held then, file by file with size and time. */
  readonly content: string
  isOpen: boolean
}

/**
 * The store of a vendor's collecting station, followed and never changed: nothing in it is ever cleared. Each device and day
 * becomes a volume once all its files stand still and nobody holds them, the days of a device one after another; one that gets
 * more files afterwards is offered again under the same `uuid`, after the volume before was released.
 */
export function stationFolder(deps: StationFolderDeps): Source {
  const { settings, profile, clock, log } = deps
  const folders = compileTemplate(settings.folders, [])
  const limits: WalkLimits = { ...storeLimits, timeMs: settings.listTimeMs }
  const rest = makeRestWatch(settings.restMs)
  const offers = new Map<string, Offer>()
  const stopping = new AbortController()
  let store: PinnedFolder | null = null
  let watching: Promise<void> | null = null
  /** Since when the store cannot be read, and since when each group waits for a file that cannot be opened. */
  let unreadableMs: number | null = null
  const heldMs = new Map<string, number>()

  /** Volumes stay readable after the watch has ended; the last one that is released closes the store. */
  const letGoAfterStop = async () => {
    const isUsed = [...offers.values()].some(({ isOpen }) => isOpen)
    if (stopping.signal.aborted && !isUsed) await store?.letGo()
  }

  /** A day of this device is being taken in. Whose it is must be known: what waits for an answer holds up nobody else. */
  const isBusy = (serial: string | null) =>
    serial !== null && [...offers.values()].some((offer) => offer.isOpen && offer.serial === serial)

  const lose = async (listener: SourceListener) => {
    const lost = store
    store = null
    await lost?.letGo()
    for (const offer of offers.values()) if (offer.isOpen) listener.vanished(offer.volumeId)
    // What was open is offered anew when the store is back.
    for (const [key, { isOpen }] of offers) if (isOpen) offers.delete(key)
  }

  const look = async (listener: SourceListener): Promise<void> => {
    store ??= await openStore(settings.folder)
    const pinned = store
    // A store that was unmounted or moved is still held here, and would be listed as it was, or empty.
    if (!(await pinned.isAttached())) throw new VolumeGone(`${settings.folder} leads elsewhere`)
    const found = await pinned.use('listing the store', (root) =>
      walkFiles(root, pinned.device, { limits, enters: (path) => !isUntouched(profile, partsOf(path)), takes }),
    )
    const nowMs = clock.now().getTime()
    const atRest = rest.look(found, nowMs)
    const groups = groupFiles(found, folders, profile)
    for (const key of heldMs.keys()) if (!groups.some((group) => group.key === key)) heldMs.delete(key)
    for (const group of groups) {
      const before = offers.get(group.key)
      const content = contentOf(group.files)
      if (before?.isOpen || before?.content === content || isBusy(group.serial)) continue
      if (!group.files.every((file) => atRest.has(restKey(file)))) continue
      const held = await heldFile(pinned, group.files)
      if (held) {
        rest.disturb(held, nowMs)
        if (!heldMs.has(group.key)) {
          heldMs.set(group.key, nowMs)
          log.warn({ file: held.path.toString('latin1') }, 'a file of the store cannot be opened: its day waits')
        }
        continue
      }
      heldMs.delete(group.key)
      const offer = { content, isOpen: true, serial: group.serial, volumeId: newId() }
      const volume = await volumeOf(deps, pinned, group, offer, letGoAfterStop)
      offers.set(group.key, offer)
      // What was released before is this one by now.
      if (before) listener.vanished(before.volumeId)
      listener.appeared(volume)
    }
  }

  const takes = (path: Buffer): boolean => {
    const name = path.toString('latin1').toLowerCase()
    return isFootage(profile, path) && !settings.unfinished.some((suffix) => name.endsWith(`.${suffix.toLowerCase()}`))
  }

  const watch = async (listener: SourceListener): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await look(listener)
        unreadableMs = null
      } catch (error) {
        if (unreadableMs === null)
          log.warn({ error, folder: settings.folder }, 'the store of the station cannot be read; tried again')
        unreadableMs ??= clock.now().getTime()
        await lose(listener)
      }
      await pause(settings.pollMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  return {
    async start(listener) {
      watching = watch(listener)
    },
    async stop() {
      stopping.abort()
      await watching
      await letGoAfterStop()
    },
    trouble() {
      const longAgo = clock.now().getTime() - troubleMs
      const isLong = (sinceMs: number | null) => sinceMs !== null && sinceMs <= longAgo
      if (isLong(unreadableMs)) return { word: 'store_unreadable', store: settings.name }
      return [...heldMs.values()].some(isLong) ? { word: 'file_held', store: settings.name } : null
    },
  }
}

async function volumeOf(
  { settings, profile }: StationFolderDeps,
  store: PinnedFolder,
  group: StationGroup,
  offer: Offer,
  released: () => Promise<void>,
): Promise<Volume> {
  const { bsize, blocks, bavail } = await store.use('asking for its space', (root) => statfs(root))
  const { serial, officerNumber } = group
  return {
    id: offer.volumeId,
    slot: null,
    uuid: `${settings.name}/${group.key}`,
    origin: { kind: 'station_folder', from: settings.name },
    facts: { serial, officerNumber, officerName: null, batteryPercent: null, clockOffsetMs: null },
    profile: profile.name,
    runningMax: profile.runningMax,
    counterOf: (path) => counterOf(profile, path),
    sizeBytes: bsize * blocks,
    freeBytes: bsize * bavail,
    list: async () => {
      if (!offer.isOpen) throw new VolumeGone('it was released')
      if (!(await store.isAttached())) throw new VolumeGone('the store is gone')
      return group.files.map((file) => seenFile(profile, file))
    },
    read: (file, from, signal) => readBytes(store, file, from, signal),
    remove: null,
    release: async () => {
      offer.isOpen = false
      await released()
    },
  }
}

/** The first file that cannot be opened, for somebody has it to himself (SMB answers so while the collector writes). */
async function heldFile(store: PinnedFolder, files: readonly FoundFile[]): Promise<FoundFile | null> {
  const busy = ['EBUSY', 'ETXTBSY', 'EACCES', 'EPERM', 'EAGAIN']
  for (const file of files) {
    const isHeld = await store.use(`opening ${file.path.toString('latin1')}`, async (root) => {
      try {
        await (await open(joined(root, file.path), 'r')).close()
        return false
      } catch (error) {
        if (busy.includes((error as NodeJS.ErrnoException).code ?? '')) return true
        throw error
      }
    })
    if (isHeld) return file
  }
  return null
}

function contentOf(files: readonly FoundFile[]): string {
  return files.map(({ path, bytes, modifiedMs }) => `${path.toString('latin1')} ${bytes} ${modifiedMs}`).join('\n')
}

/** The store, held open; whoever uses it hears when its path leads elsewhere. */
async function openStore(folder: string): Promise<PinnedFolder> {
  const before = await stat(folder)
  const isThere = async () => {
    try {
      const { dev, ino } = await stat(folder)
      return dev === before.dev && ino === before.ino
    } catch {
      return false // its path leads nowhere any more
    }
  }
  return pinFolder(folder, isThere, () => undefined)
}
