import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from '../../foundation/log.ts'
import { type Profile, phoneProfile } from '../profiles/profile.ts'
import { type FolderMedium, folderLooks, folderVolume } from './card-desk-folders.ts'
import type { CardDeskSettings } from './settings.ts'
import {
  type OriginKind,
  type SerialGrade,
  type Source,
  type SourceListener,
  type Volume,
  VolumeGone,
} from './source.ts'

/** A card in the reader, a device on a cable, or a folder that a device's own program has filled. */
export interface DeskMedium {
  readonly id: string
  readonly kind: 'card' | 'cable' | 'folder'
  /** For people: the card's label of its file system, the path of the folder. */
  readonly name: string
  /** What it says of itself, registered or not. */
  readonly serial: string | null
  readonly usedBytes: number | null
  /** Its folders are those of a telephone, or of a recorder that is built like one. */
  readonly isLikePhone: boolean
  /** It is there, but cannot be looked into. */
  readonly isUnreadable: boolean
  /** The volume that it was handed on as; null as long as nobody has said whose it is. */
  readonly volumeId: string | null
}

/** What somebody at the desk said of a medium. */
export interface DeskWord {
  readonly serial: string
  readonly serialBy: SerialGrade
  readonly isPhone: boolean
  /** 由〈姓名〉从〈设备〉取出存储卡导入 */
  readonly from: string
}

/** The desk for cards and exports (介质导入): a medium is handed on as a volume only when somebody has said whose it is. */
export interface CardDesk extends Source {
  media(): readonly DeskMedium[]
  /**
   * Hands a medium on; with no word about it as it came, so that the docking asks.
   *
   * @param before is done once the medium is this call's alone, and before anybody takes it in
   * @returns the id of its volume
   * @throws VolumeGone when the medium is not there, cannot be opened, or was handed on already; what `before` throws
   */
  begin(id: string, word: DeskWord | null, before?: () => Promise<void>): Promise<string>
}

export interface CardDeskDeps {
  readonly settings: CardDeskSettings
  readonly profiles: readonly Profile[]
  readonly log: Logger
  /** Readers and cables; each volume of theirs is a medium here. */
  readonly sources: readonly { readonly kind: 'card' | 'cable'; readonly source: Source }[]
}

/** For so long the screen shows that a folder is done, before it may be handed on again by itself. */
const shownDoneMs = 60_000

interface Attached {
  readonly kind: 'card' | 'cable'
  readonly volume: Volume
  isBegun: boolean
}

interface OpenFolder {
  readonly volumeId: string
  readonly root: string
  releasedMs: number | null
}

export function cardDesk({ settings, profiles, log, sources }: CardDeskDeps): CardDesk {
  const attached = new Map<string, Attached>()
  const openFolders = new Map<string, OpenFolder>()
  /** Folders that one call opens now. */
  const opening = new Set<string>()
  const stopping = new AbortController()
  const lookForFolders = folderLooks(settings.folders, settings.listTimeMs)
  let folders: readonly FolderMedium[] = []
  let listener: SourceListener | null = null
  let watching: Promise<void> | null = null

  const end = (id: string) => {
    const open = openFolders.get(id)
    openFolders.delete(id)
    if (open) listener?.vanished(open.volumeId)
  }

  const look = async () => {
    const before = folders
    folders = await lookForFolders()
    for (const { path, fault } of folders) {
      if (fault === null || before.some((one) => one.path === path && one.fault !== null)) continue
      log.warn({ folder: path, fault }, 'a folder of the desk cannot be looked into; tried again')
    }
    for (const [id, { root, releasedMs }] of openFolders) {
      const isDone = releasedMs !== null && performance.now() - releasedMs > shownDoneMs
      const isGone = !folders.some((one) => one.id === id || (one.path === root && one.fault !== null))
      if (isDone || isGone) end(id)
    }
  }

  const watch = async () => {
    while (!stopping.signal.aborted) {
      await look().catch((error) => log.warn({ error }, 'the folders of the desk cannot be read; tried again'))
      await pause(settings.pollMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  const beginFolder = async (folder: FolderMedium, word: DeskWord | null, before: () => Promise<void>) => {
    if (opening.has(folder.id) || openFolders.get(folder.id)?.releasedMs === null) {
      throw new VolumeGone(`${folder.path} is being taken in`)
    }
    opening.add(folder.id)
    try {
      return await openFolder(folder, word, before)
    } finally {
      opening.delete(folder.id)
    }
  }

  const openFolder = async (folder: FolderMedium, word: DeskWord | null, before: () => Promise<void>) => {
    const profile = profiles.find(({ name }) => name === (word?.isPhone ? phoneProfile : folder.profile)) ?? null
    const released = () => {
      open.releasedMs = performance.now()
    }
    const volume = await folderVolume(folder, profile, settings.listTimeMs, released).catch((error: unknown) => {
      throw new VolumeGone(`${folder.path} cannot be opened`, { cause: error })
    })
    const open: OpenFolder = { volumeId: volume.id, root: folder.root, releasedMs: null }
    try {
      await before()
    } catch (error) {
      await volume.release()
      throw error
    }
    end(folder.id)
    openFolders.set(folder.id, open)
    listener?.appeared(word ? spoken(volume, 'export', word) : volume)
    return volume.id
  }

  return {
    async start(given) {
      listener = given
      for (const { kind, source } of sources) {
        await source.start({
          ...(given.unlocks && { unlocks: given.unlocks }),
          appeared: (volume) => void attached.set(volume.id, { kind, volume, isBegun: false }),
          vanished(id) {
            const one = attached.get(id)
            attached.delete(id)
            if (one?.isBegun) given.vanished(id)
          },
        })
      }
      watching = watch()
    },
    async stop() {
      stopping.abort()
      await watching
      for (const { source } of sources) await source.stop()
    },
    media: () => [
      ...[...attached.values()].map(({ kind, volume, isBegun }) => ({
        id: volume.id,
        kind,
        name: volume.origin.from ?? volume.uuid ?? '',
        serial: volume.facts.serial,
        usedBytes: volume.sizeBytes > 0 ? volume.sizeBytes - volume.freeBytes : null,
        isLikePhone: volume.profile === phoneProfile,
        isUnreadable: false,
        volumeId: isBegun ? volume.id : null,
      })),
      ...folders.map(({ id, name, profile, fault }) => ({
        ...{ id, kind: 'folder' as const, name, serial: null, usedBytes: null },
        isLikePhone: profile === phoneProfile,
        isUnreadable: fault !== null,
        volumeId: openFolders.get(id)?.volumeId ?? null,
      })),
    ],
    async begin(id, word, before = async () => undefined) {
      const one = attached.get(id)
      if (one && !one.isBegun) {
        one.isBegun = true
        const { kind, volume } = one
        try {
          await before()
        } catch (error) {
          one.isBegun = false
          throw error
        }
        // Pulled out meanwhile: its end would be told before its beginning.
        if (!attached.has(id)) throw new VolumeGone('this medium is not there any more')
        listener?.appeared(word ? spoken(volume, kind === 'card' ? 'card' : 'mtp', word) : { ...volume, slot: null })
        return id
      }
      const folder = folders.find((other) => other.id === id && other.fault === null)
      if (folder) return beginFolder(folder, word, before)
      throw new VolumeGone('this medium is not there any more, or is being taken in')
    },
  }
}

/** A volume as somebody said it is. Nobody's own telephone is ever cleared. */
function spoken(volume: Volume, kind: OriginKind, { serial, serialBy, isPhone, from }: DeskWord): Volume {
  return {
    ...volume,
    slot: null,
    facts: { ...volume.facts, serial },
    serialBy,
    origin: { kind: isPhone ? 'phone' : kind, from },
    remove: isPhone ? null : volume.remove,
  }
}
