import { type Static, type TSchema, Type } from 'typebox'
import { DeviceChoice } from './schemas.ts'

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** What lies at the desk for cards and exports (介质导入), and whose it may be. */
export const DeskState = Type.Object({
  media: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: Type.Enum(['card', 'cable', 'folder']),
      name: Type.String({ description: 'to read; never trusted as markup' }),
      serial: orNull(Type.String({ description: 'the device that it says it is of; registered or not' })),
      bytes: orNull(Type.Integer({ minimum: 0 })),
      isUnreadable: Type.Boolean({ description: 'it is there, but cannot be looked into' }),
      /** Where it is being taken in; null as long as nobody has said whose it is. */
      slot: orNull(Type.Integer({ minimum: 1 })),
    }),
  ),
  devices: Type.Array(DeviceChoice),
  people: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), number: orNull(Type.String()) })),
})
export type DeskState = Static<typeof DeskState>

/** Whose a medium is, and who says so. Without a device it is taken to a slot, where that is asked as of any other volume. */
export const DeskImport = Type.Object({
  medium: Type.String({ maxLength: 4200 }),
  serial: orNull(Type.String({ maxLength: 64 })),
  /** The device's label was scanned; else it was chosen from the list. */
  isScanned: Type.Boolean(),
  by: orNull(
    Type.Union([
      Type.Object({ personId: Type.String({ maxLength: 64 }) }),
      Type.Object({ card: Type.String({ minLength: 4, maxLength: 64 }) }),
    ]),
  ),
})
export type DeskImport = Static<typeof DeskImport>
