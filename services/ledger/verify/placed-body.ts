import { isJsonObject, type JsonValue } from '../format/canonical.ts'
import type { EventBody } from '../format/entry.ts'
import { subjectText } from '../format/links.ts'

/** An event with the leaf that it is said to be. */
export interface PlacedBody {
  readonly index: number
  readonly body: EventBody
}

/** Whether an event is about a subject (`type:id`). */
export function names({ subjects }: Pick<EventBody, 'subjects'>, subject: string): boolean {
  return subjects.some((one) => subjectText(one) === subject)
}

/** Ids of an event's subjects of a type; one that is named twice counts once. */
export function idsOf(type: string, { subjects }: Pick<EventBody, 'subjects'>): string[] {
  return [...new Set(subjects.filter((one) => one.type === type).map(({ id }) => id))]
}

/** The id of an event's one subject of a type; null when it has none, or several. */
export function onlyId(type: string, body: Pick<EventBody, 'subjects'>): string | null {
  const [id, ...others] = idsOf(type, body)
  return id !== undefined && others.length === 0 ? id : null
}

/** A text within a member that is an object; null when there is none. */
export function textIn(value: JsonValue | undefined, member: string): string | null {
  const one = value !== undefined && isJsonObject(value) ? value[member] : undefined
  return typeof one === 'string' ? one : null
}

/** Whether a member is 32 bytes as lower-case hex. */
export function isHex32(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}
