import { type Static, Type } from 'typebox'
import { compileTemplate, type NameTemplate } from './name-template.ts'

const Text = Type.String({ minLength: 1, maxLength: 255 })
/** A folder or file below the volume's root: `DCIM/100MEDIA`. Capitals and small letters are alike; `*` is any one folder. */
const Path = Type.String({ pattern: '^[^/\\\\]+(?:/[^/\\\\]+)*$', maxLength: 255 })
const Suffix = Type.String({ pattern: '^[A-Z0-9]{1,5}$' })
const Argv = Type.Array(Type.String({ maxLength: 4096 }), { minItems: 1, maxItems: 64 })

/** A program of the vendor. `{device}` in an argument is replaced by the device's path. No shell ever sees it. */
const Command = Type.Object({ argv: Argv, timeLimitMs: Type.Integer({ minimum: 100, maximum: 600_000 }) })

/**
 * What is known of one vendor's devices: a file of JSON in services/dock/profiles, or in the bureau's own folder of them.
 * Everything a profile reads is hearsay of the device; nothing of it is trusted.
 */
export const ProfileFile = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9]+(?:-[a-z0-9]+)*$', maxLength: 64 }),
    /** For people who look for their device: what it is, in words. */
    words: Text,
    kind: Type.Enum(['recorder', 'camera', 'audio_pen', 'drone', 'phone', 'other']),
    /** What a volume must have, all of it, to be of this kind. Empty: decided by the names of its files. */
    signs: Type.Object({
      folders: Type.Array(Path, { maxItems: 16 }),
      files: Type.Array(Path, { maxItems: 16 }),
      /** The volume's label begins with it; null: any. */
      label: Type.Union([Text, Type.Null()]),
    }),
    /** Where footage lies, with all folders below; empty: anywhere. */
    folders: Type.Array(Path, { maxItems: 32 }),
    /** Never cleared, and of what lies in them only films and sound are read. */
    untouched: Type.Array(Path, { maxItems: 32 }),
    /** Suffixes of names that count as footage. */
    footage: Type.Array(Suffix, { minItems: 1, maxItems: 64 }),
    /** Grammar of the names without their suffix (name-template.ts); the first that fits wins. */
    names: Type.Array(Text, { maxItems: 16 }),
    /** Suffix of marked files, and folders that the device moves them to. */
    marks: Type.Object({ suffixes: Type.Array(Text, { maxItems: 16 }), folders: Type.Array(Path, { maxItems: 8 }) }),
    /** After which number the device begins again at 1; null: not known. */
    runningMax: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
    /** Zone of the device's clock, for the list. */
    zone: Type.String({ pattern: '^[+-]\\d{2}:\\d{2}$' }),
    /** Where the 89 bytes with serial, officer and unit stand. */
    identity: Type.Union([Type.Object({ file: Path, offset: Type.Integer({ minimum: 0 }) }), Type.Null()]),
    /** Opens the device's storage. The secret is named here and stands in the station's own key file. */
    unlock: Type.Union([
      Type.Object({ ...Command.properties, secret: Text, secretBy: Type.Enum(['stdin', 'environment']) }),
      Type.Null(),
    ]),
    /** Program that speaks the vendor's eight calls (vendor/calls.ts). */
    calls: Type.Union([Command, Type.Null()]),
    /** Name of the secret with which those calls set the device's clock; absent: it is never set. */
    clockSecret: Type.Optional(Text),
    /** How much else may lie on such a device before its card says so; absent: 256 MiB. */
    otherBytesMax: Type.Optional(Type.Integer({ minimum: 0 })),
    /** What may be cleared at all, if the bureau's policy says so. */
    mayClear: Type.Enum(['footage', 'nothing']),
  },
  { additionalProperties: false },
)
export type ProfileFile = Static<typeof ProfileFile>

/**
 * Its signs are those of every Android device, a recorder too: so a volume that fits may be said to be a recorder's, and that is
 * said with it. It is never cleared.
 */
export const phoneProfile = 'phone'

/** A profile that was checked, with its grammar ready to use. */
export interface Profile extends Omit<ProfileFile, 'names'> {
  readonly names: readonly NameTemplate[]
}

/** @throws Error when a template of the profile cannot be understood */
export function compileProfile(file: ProfileFile): Profile {
  return { ...file, names: file.names.map((text) => compileTemplate(text, file.marks.suffixes)) }
}
