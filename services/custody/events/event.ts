import type { Static, TObject, TProperties, TSchema } from 'typebox'
import type { JsonValue } from '../../ledger/format/canonical.ts'
import type { RowRule } from './replay.ts'
import { closed } from './shapes.ts'
import type { Subjects } from './subjects.ts'

export type DeepReadonly<T> = T extends object ? { readonly [Name in keyof T]: DeepReadonly<T[Name]> } : T
/** The details of an event, by their shape. */
export type DetailsIn<Shape extends TSchema> = Exact<DeepReadonly<Static<Shape>>>
/** Without members there is nothing that TypeScript would call unknown: `{}` takes everything, this takes nothing. */
type Exact<Details> = [keyof Details] extends [never] ? { readonly [name: string]: never } : Details
type JsonObject = { readonly [name: string]: JsonValue }

/** Everything there is to know of a kind of event. */
export interface EventDefinition<Shape extends TSchema> {
  /** For screens and reports. */
  readonly zh: string
  readonly en: string
  readonly subjects: Subjects
  readonly shape: Shape
  /** The rows that it leaves behind, or null: it is about no row, or about rows of mere progress. */
  readonly rows: RowRule<DetailsIn<Shape>> | null
  /** Brings the details of a body that was written before the shape was what it is into that shape. */
  readonly fromOlder?: (details: JsonObject) => JsonObject
}

/**
 * Declares a kind of event. Bodies are permanent: a member is only ever added, as an optional one, and `rows` says what it
 * concludes from its absence.
 */
export function event<Details extends TProperties>(declared: {
  readonly zh: string
  readonly en: string
  readonly subjects: Subjects
  readonly details: Details
  readonly rows: RowRule<DetailsIn<TObject<Details>>> | null
}): EventDefinition<TObject<Details>> {
  const { details, ...rest } = declared
  return { ...rest, shape: closed(details) }
}
