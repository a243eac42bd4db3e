import { type TProperties, type TSchema, Type } from 'typebox'
import { storeNames } from '../../foundation/store/store.ts'

/** The pieces that the details of events are made of. No object is open: what is not declared is not written. */

export const Text = Type.String()
export const Id = Type.String({ title: 'id', minLength: 1 })
/** UTC in milliseconds, as `Date.toISOString` writes it. A device may claim a year that has six digits and a sign there. */
export const Time = Type.String({
  title: 'time',
  pattern: '^([+-]\\d\\d)?\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$',
})
/** A SHA-256 or SM3 in lower-case hex. */
export const Digest = Type.String({ title: 'digest', pattern: '^[0-9a-f]{64}$' })
export const Bytes = Type.Integer({ title: 'bytes', minimum: 0 })
export const Count = Type.Integer({ title: 'count', minimum: 0 })
/** A length or place of time in milliseconds; a clock's offset may be negative. */
export const Milliseconds = Type.Integer({ title: 'ms' })
export const YesNo = Type.Boolean()
export const StoreWord = Type.Enum([...storeNames])

/** An object with these members and no others. */
export function closed<Members extends TProperties>(members: Members) {
  return Type.Object(members, { additionalProperties: false })
}

export function orNull<Shape extends TSchema>(shape: Shape) {
  return Type.Union([shape, Type.Null()])
}

/** One word of a table with Chinese names, which `chineseOf` finds again. */
export function wordOf<Word extends string>(names: Readonly<Record<Word, string>>) {
  return Type.Enum(Object.keys(names) as Word[], { chinese: names })
}

/** A device's file name: the raw bytes in base64, and a form to read. */
export const FileName = closed({ base64: Text, text: Text })

/** Where a copy lies: store, host, and the version that counts. */
export const copyPlace = { store: StoreWord, host: Text, key: Text, versionId: Text }
