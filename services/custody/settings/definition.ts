import type { Static, TSchema } from 'typebox'
import type { Db } from '../../foundation/db/database.ts'

/** One sentence of what a change does, with counts where something can be counted. */
export interface EffectLine {
  readonly zh: string
  readonly en: string
}

/** A change of a setting as its effect is worked out: `after` replaces `before` at `at`. */
export interface SettingChange<Value> {
  readonly before: Value
  readonly after: Value
  readonly at: Date
}

/** Everything there is to know of a setting. Numbers that the bureau's rules mark as its own to change are settings. */
export interface SettingDefinition<Shape extends TSchema> {
  readonly zh: string
  readonly en: string
  readonly shape: Shape
  /** In force while nobody has set another. */
  readonly standard: Static<Shape>
  /** What the shape cannot say: why a value of the right shape is wrong all the same, or null. */
  readonly problem?: (value: Static<Shape>) => string | null
  /** What a change does, shown before it is proposed and before it is decided. */
  readonly effect?: (db: Db, change: SettingChange<Static<Shape>>) => Promise<EffectLine[]>
}

export function setting<Shape extends TSchema>(declared: SettingDefinition<Shape>): SettingDefinition<Shape> {
  return declared
}
