import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { type EventKind, eventKinds } from './kinds.ts'

const validators = new Map<EventKind, Validator>()

/** What is wrong with the details of an event of this kind: the member and the rule; null when they fit. */
export function misfitOf(kind: EventKind, details: unknown): string | null {
  const validator = validatorOf(kind)
  if (validator.Check(details)) return null
  const [first] = validator.Errors(details)
  return first ? `details${first.instancePath}: ${first.message}` : 'details do not fit'
}

/** Compiled once for each kind. */
function validatorOf(kind: EventKind): Validator {
  const known = validators.get(kind)
  if (known) return known
  const shape: TSchema = eventKinds[kind].shape
  const validator = Compile(shape)
  validators.set(kind, validator)
  return validator
}
