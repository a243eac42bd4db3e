import { Value } from 'typebox/value'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import type { JsonValue } from '../../ledger/format/canonical.ts'
import { isSettingKey, type SettingKey, settings } from './declared.ts'
import type { EffectLine, SettingChange, SettingDefinition } from './definition.ts'

/** @throws not_found for a key that is not declared */
export function requireSettingKey(key: string): SettingKey {
  if (isSettingKey(key)) return key
  throw new Fault('not_found', `there is no setting ${key.slice(0, 100)}: \`custody setting list\` shows all of them`)
}

/**
 * The value, if the setting can have it.
 *
 * @throws bad_request naming the key, the limit and what to do
 */
export function checkedValue(key: SettingKey, value: unknown): JsonValue {
  const { shape, problem } = definitionOf(key)
  const [misfit] = Value.Errors(shape, value)
  if (misfit) {
    const place = misfit.instancePath === '' ? '' : ` at ${misfit.instancePath}`
    const given = JSON.stringify(value)?.slice(0, 60) ?? 'nothing'
    throw new Fault(
      'bad_request',
      `${key}: the value${place} ${misfit.message}; ${given} was given: choose another value`,
    )
  }
  const why = problem?.(value as never) ?? null
  if (why !== null) throw new Fault('bad_request', `${key}: ${why}: correct the value and propose it again`)
  return value as JsonValue
}

/** What a change does, in words; for a setting that declares no effect, the value before and after, and from when. */
export async function effectOf(db: Db, key: SettingKey, change: SettingChange<JsonValue>): Promise<EffectLine[]> {
  const { effect } = definitionOf(key)
  if (effect) return effect(db, change as never)
  const [before, after, at] = [JSON.stringify(change.before), JSON.stringify(change.after), change.at.toISOString()]
  return [{ zh: `自 ${at} 起由 ${before} 改为 ${after}。`, en: `From ${at} on it is ${after} instead of ${before}.` }]
}

/** Values of different settings have different shapes, which the compiler cannot follow by a key of all. */
function definitionOf(key: SettingKey): SettingDefinition<(typeof settings)[SettingKey]['shape']> {
  return settings[key] as never
}
