import { IsNull, IsObject, IsUnion, type TSchema } from 'typebox'
import { type EventKind, eventKinds } from './kinds.ts'

/** The Chinese name of a word that stands in this member of this kind's details; null where the member has no such names. */
export function chineseOf(kind: EventKind, member: string, word: string): string | null {
  const shape: TSchema = eventKinds[kind].shape
  const declared = IsObject(shape) ? shape.properties[member] : undefined
  const options = declared && IsUnion(declared) ? declared.anyOf.filter((one) => !IsNull(one)) : [declared]
  const names = options.map((one) => (one as { chinese?: Readonly<Record<string, string>> } | undefined)?.chinese)
  return names.find((table) => table !== undefined)?.[word] ?? null
}
