import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { type EventKind, eventKinds } from './kinds.ts'

const writing = new Map<EventKind, Validator>()
const reading = new Map<EventKind, Validator>()

/** What is wrong with the details of an event that is to be written: the member and the rule; null when they fit. */
export function misfitOf(kind: EventKind, details: unknown): string | null {
  const validator = compiled(writing, kind, (shape) => shape)
  if (validator.Check(details)) return null
  const [first] = validator.Errors(details)
  return first ? `details${first.instancePath}: ${first.message}` : 'details do not fit'
}

/**
 * Whether the details of a stored event of this kind can be read: every declared member is as declared. Members that are not
 * declared are passed over, for a later version may have added them.
 */
export function isReadable(kind: EventKind, details: unknown): boolean {
  return compiled(reading, kind, opened).Check(details)
}

/** Compiled once for each kind. */
function compiled(known: Map<EventKind, Validator>, kind: EventKind, shapeOf: (shape: TSchema) => TSchema): Validator {
  const earlier = known.get(kind)
  if (earlier) return earlier
  const validator = Compile(shapeOf(eventKinds[kind].shape))
  known.set(kind, validator)
  return validator
}

/** The same shape without the rule that no object has other members than those declared. */
function opened<Shape>(shape: Shape): Shape {
  if (Array.isArray(shape)) return shape.map(opened) as Shape
  if (typeof shape !== 'object' || shape === null) return shape
  const members = Object.entries(shape).filter(([name]) => name !== 'additionalProperties')
  return Object.fromEntries(members.map(([name, value]) => [name, opened(value)])) as Shape
}
