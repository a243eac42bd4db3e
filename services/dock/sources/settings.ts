import { type Static, Type } from 'typebox'

const Argv = Type.Array(Type.String({ minLength: 1, maxLength: 4096 }), { minItems: 1, maxItems: 64 })
const Command = Type.Object({ argv: Argv, timeLimitMs: Type.Integer({ minimum: 100, maximum: 600_000 }) })
/** `/srv/export`; on Windows `D:\\export` or `\\\\server\\share`. */
const AbsolutePath = Type.String({ pattern: '^(?:/|[A-Za-z]:[\\\\/]|\\\\\\\\[^\\\\])' })
const CommandOrNull = Type.Union([Command, Type.Null()])

/** How the agent mounts devices by itself, read-only until it clears. `{device}` and `{folder}` are replaced. */
const OwnMounting = Type.Object({
  /** `/dev/disk/by-path/…-part1` → place on the wall. A port keeps its path whatever is plugged in. */
  devices: Type.Record(AbsolutePath, Type.Integer({ minimum: 1 })),
  /** Mount points are made below it: `slot-07`. */
  folder: AbsolutePath,
  /** `["mount", "-o", "ro,nosuid,nodev,noexec,utf8", "{device}", "{folder}"]` */
  mount: Command,
  /** `["mount", "-o", "remount,rw", "{folder}"]`, before the first file is cleared; it may mount it again as well. */
  makeWritable: Command,
})

/** Settings of the source for cards and devices that show up as mass storage. */
export const MassStorageSettings = Type.Object({
  /** A reader's cards are hand-ins of kind `card`. */
  kind: Type.Enum(['mass_storage', 'card']),
  /** Mounts below these folders count, whoever mounted them. */
  mountRoots: Type.Array(AbsolutePath),
  /** Mounts of removable block devices count wherever they are. */
  takesRemovable: Type.Boolean(),
  /** Device path or mount point → place on the wall; others get the next free place. */
  slots: Type.Record(AbsolutePath, Type.Integer({ minimum: 1 })),
  slotCount: Type.Integer({ minimum: 1, maximum: 240 }),
  mounting: Type.Union([OwnMounting, Type.Null()]),
  /**
   * Drivers, by the type that the mount table says (`fuse.fat32`), of which somebody knows that they read the device each time,
   * besides the kernel's for FAT and exFAT. What others mount by another driver is never cleared.
   */
  uncachedDrivers: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 16 })),
  /** Where a device shows up as long as its storage is shut (a udev rule names it so) → profile whose command opens it. */
  locked: Type.Optional(
    Type.Record(AbsolutePath, Type.Object({ profile: Type.String(), slot: Type.Integer({ minimum: 1 }) })),
  ),
  /** `["umount", "{folder}"]` */
  unmount: Command,
  /** For a device that went while it was mounted: `["umount", "-l", "{folder}"]` */
  unmountGone: Command,
  /** Switches the port of a released device to charging; `{device}`, `{slot}`. */
  charge: CommandOrNull,
  pollMs: Type.Integer({ minimum: 10, maximum: 10_000 }),
  listTimeMs: Type.Integer({ minimum: 100, maximum: 600_000 }),
})
export type MassStorageSettings = Static<typeof MassStorageSettings>

/** Settings of the source for a vendor's collecting station, whose store is followed and never changed. */
export const StationFolderSettings = Type.Object({
  /** The station's name, as it stands in the signed list. */
  name: Type.String({ minLength: 1, maxLength: 128 }),
  folder: AbsolutePath,
  /** Profile that reads the names of its files. */
  profile: Type.String(),
  /** Grammar of the folders above the files (profiles/name-template.ts): `{date}/{officer:6}_{serial:7}`. */
  folders: Type.String({ minLength: 1, maxLength: 255 }),
  /** Suffixes of files that the station is still writing. */
  unfinished: Type.Array(Type.String({ pattern: '^[A-Za-z0-9]{1,16}$' })),
  /** So long nothing about a file may change before it counts. */
  restMs: Type.Integer({ minimum: 1000 }),
  pollMs: Type.Integer({ minimum: 10, maximum: 600_000 }),
  listTimeMs: Type.Integer({ minimum: 100, maximum: 600_000 }),
})
export type StationFolderSettings = Static<typeof StationFolderSettings>

/** Settings of the source for devices that speak PTP or MTP, by the program gphoto2. They are read, never changed. */
export const MtpSettings = Type.Object({
  /** `["gphoto2"]`: what every call begins with. */
  program: Argv,
  /** Ports that are looked at besides those where gphoto2 finds a device by itself: `disk:/srv/camera`. */
  ports: Type.Array(Type.Object({ port: Type.String({ minLength: 1, maxLength: 255 }), model: Type.String() })),
  /**
   * gphoto2 fetches a whole file before it gives any of it: into this folder, the agent's alone. What an earlier run left
   * there is removed at each start.
   */
  workFolder: AbsolutePath,
  pollMs: Type.Integer({ minimum: 100, maximum: 60_000 }),
  /** Of one question, and of the listing. */
  timeLimitMs: Type.Integer({ minimum: 100, maximum: 600_000 }),
  /** A file may take `timeLimitMs`, and as much longer as its length needs at this rate. */
  bytesPerSecondMin: Type.Integer({ minimum: 1024 }),
})
export type MtpSettings = Static<typeof MtpSettings>

/** Settings of the desk where cards, exports and telephones are taken in (介质导入). */
export const CardDeskSettings = Type.Object({
  /** The readers; null where there is none. */
  cards: Type.Union([MassStorageSettings, Type.Null()]),
  /** Cameras and telephones on a cable; null where none is taken. */
  cables: Type.Union([MtpSettings, Type.Null()]),
  /** Folders into which a device's own program exports; `profile` says which files count. */
  folders: Type.Array(
    Type.Object({ name: Type.String({ minLength: 1, maxLength: 60 }), folder: AbsolutePath, profile: Type.String() }),
    { maxItems: 16 },
  ),
  pollMs: Type.Integer({ minimum: 10, maximum: 60_000 }),
  listTimeMs: Type.Integer({ minimum: 100, maximum: 600_000 }),
})
export type CardDeskSettings = Static<typeof CardDeskSettings>
