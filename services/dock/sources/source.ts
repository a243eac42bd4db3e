import type { ClockOrder, ClockSet } from '../vendor/device-clock.ts'

/**
 * Where footage comes from: volumes that are plugged in, folders that another program fills, devices that speak MTP, cards
 * in a reader. Everything above sees volumes only.
 */
export interface Source {
  /** Begins to watch. Both callbacks may come at any time after it, also for what is there already. */
  start(listener: SourceListener): Promise<void>
  /** Ends the watch; volumes stay readable until their own use ends. */
  stop(): Promise<void>
  /** What has kept it from giving its files for a while, where nothing in a slot can show it; absent where that cannot be. */
  readonly trouble?: () => SourceTrouble | null
}

/** `store_unreadable`: the folder cannot be read at all. `file_held`: a file in it cannot be opened, and its day waits. */
export interface SourceTrouble {
  readonly word: 'store_unreadable' | 'file_held'
  /** Of the store, as the settings name it. */
  readonly store: string
}

export interface SourceListener {
  readonly appeared: (volume: Volume) => void
  /** Pulled, unmounted, or gone in any other way; of what this agent released, when its device is gone too. */
  readonly vanished: (volumeId: string) => void
  /** Keeps each use of a vendor's command on a locked device; without it none is opened. What is opened appears by itself. */
  readonly unlocks?: UnlockBook
}

export interface UnlockBook {
  /** Whether it is known by now which devices are ours. */
  isReady(): boolean
  /** Keeps that the command is about to be used; null when it must not be: the device is none of ours. */
  begin(use: UnlockUse): Promise<UnlockEnd | null>
}

export interface UnlockUse {
  /** As the device says over its vendor's program, or as somebody at the screen said of one that says nothing before it is open. */
  readonly serial: string
  /** Name of the profile whose command it is. */
  readonly profile: string
}

/** Keeps how it ended. */
export type UnlockEnd = (isOpen: boolean) => Promise<void>

/** How a hand-in's files came here: the words that a signed list knows (custody's `originNames`). */
export const originKinds = [
  'mass_storage',
  'mtp',
  'card',
  'station_folder',
  'export',
  'phone',
  'other',
  'self_test',
] as const
export type OriginKind = (typeof originKinds)[number]

/** How it is known which registered device a volume belongs to. */
export type SerialGrade = 'device' | 'remembered' | 'label' | 'stated'

/** One file system, folder or device with files on it, as long as it is attached. */
export interface Volume {
  /** Unique among all volumes that this process ever sees: plugged in again it is another one. */
  readonly id: string
  /** Place on the wall, from 1; null where the source knows none. */
  readonly slot: number | null
  /** UUID of the file system, or what else stays the same when it is plugged in again; null where there is none. */
  readonly uuid: string | null
  readonly origin: { readonly kind: OriginKind; readonly from: string | null }
  /** What the device says of itself; each null where it says nothing. Nothing of it is proven. */
  readonly facts: DeviceFacts
  /** How the serial among the facts is known; without it the device said it. */
  readonly serialBy?: SerialGrade
  /** Name of the vendor profile that fitted, or null: then every plain file counts as footage. */
  readonly profile: string | null
  /** After which running number the device begins again, by its profile. */
  readonly runningMax?: number | null
  /** Which counter the running number of a file is of, by its path and the profile. Without it all are of one. */
  readonly counterOf?: (path: Buffer) => string | null
  readonly sizeBytes: number
  readonly freeBytes: number
  /** Why nothing of it can be read, where that shows before it is listed: `list` throws VolumeDamaged then. */
  readonly damage?: string
  /** It would be cleared, but for the driver that mounts it: a second reading may come from this computer's memory. */
  readonly isReadFromMemory?: boolean
  /** It is damaged only in that its vendor's command did not open it. */
  readonly isLocked?: boolean
  /**
   * Of a device that names itself only once it is open: what makes it open, for somebody who said that it is this one of ours. What
   * it opened shows up as another volume. Why it did not open, or null.
   */
  readonly open?: (serial: string) => Promise<string | null>
  /** Every file that is to be handed in, in the order of their paths. @throws VolumeGone, ReadFailed */
  list(): Promise<readonly SeenFile[]>
  /** What the last listing left out; null before one, absent where the source does not see it. */
  readonly leftOut?: () => LeftOut | null
  /** How much of that is usual for such a device, by its profile. */
  readonly otherBytesMax?: number
  /** The bytes from `from` on. @throws VolumeGone, ReadFailed */
  read(file: SeenFile, from: number, signal: AbortSignal): AsyncIterable<Buffer>
  /**
   * Forgets what this computer holds of the volume, so that what is read next comes from the device: a transfer that went
   * wrong would come from memory again, and again agree with itself. Absent where there is nothing to forget, or no way to.
   *
   * @throws VolumeGone; ReadFailed: it is as it was
   */
  readonly renew?: () => Promise<void>
  /**
   * Takes a file away, for ever; null where nothing is ever cleared: also where no second reading would come from the device.
   *
   * @throws VolumeGone, ReadFailed when it did not go
   */
  readonly remove: ((file: SeenFile) => Promise<void>) | null
  /** Writes everything out, unmounts, and lets the port charge where it can. Nothing is read afterwards. */
  release(): Promise<void>
  /** Asks the device again, also after it was released; absent where the source cannot. */
  readonly condition?: () => Promise<Condition>
  /** Sets the device's clock, as `setDeviceClock`; absent where nobody can. @throws HelperRefused, HelperFailed */
  readonly setClock?: (order: ClockOrder) => Promise<ClockSet | null>
}

/** How a device is by now; each null where it says nothing at this moment. */
export interface Condition {
  readonly batteryPercent: number | null
  /** The device's clock less this station's. */
  readonly clockOffsetMs: number | null
  readonly freeBytes: number | null
}

export interface DeviceFacts {
  /** 产品序号, as far as the device names it. */
  readonly serial: string | null
  /** 执法人员编号 and name as the device holds them: a claim, shown only. */
  readonly officerNumber: string | null
  readonly officerName: string | null
  readonly batteryPercent: number | null
  /** The device's clock less this station's, measured before anything set it; null when it could not be asked. */
  readonly clockOffsetMs: number | null
}

export interface SeenFile {
  /** Below the volume's root, raw bytes as the file system has them, `/` between the parts. */
  readonly path: Buffer
  /** Its last part, raw. */
  readonly name: Buffer
  readonly bytes: number
  /** As the file system says, milliseconds since 1970 by the device's own clock and zone; null when it says none. */
  readonly modifiedMs: number | null
  /** When the recording began by the device's clock, as text for the list (`2026-11-26T14:03:22+08:00`), or null. */
  readonly deviceTime: string | null
  /** The running number of its name, or null. */
  readonly runningNumber: number | null
  readonly mark: boolean
  /** A film outside of where such a device keeps its footage: handed in, and never cleared. */
  readonly isElsewhere?: true
}

/** Files that are on a volume and not on its list. */
export interface LeftOut {
  readonly files: number
  readonly bytes: number
}

/** The volume is not there any more: pulled, or its file system died. Nothing is lost; it can be plugged in again. */
export class VolumeGone extends Error {}

/** The volume is there, but this file (or the folder) cannot be read: a bad sector, a broken file system. */
export class ReadFailed extends Error {}

/**
 * The tables of the file system cannot be right: names without end, folders in folders without end, or no answer at all. The
 * next file would fare no better.
 */
export class VolumeDamaged extends ReadFailed {}
