import { Value } from 'typebox/value'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { type SettingKey, type SettingValue, settings } from './declared.ts'

/**
 * The value of a setting that is in force at `at`: of the accepted versions whose time has come the one with the latest
 * `valid_from`, of those the one decided on last; the standard when there is none.
 *
 * @throws internal when the stored value does not have the setting's shape
 */
export async function settingValue<Key extends SettingKey>(db: Db, key: Key, at: Date): Promise<SettingValue<Key>> {
  const version = await acceptedVersion(db, key, at)
  return version ? version.value : (settings[key].standard as SettingValue<Key>)
}

/** The version that `settingValue` reads; null while the standard holds. @throws as `settingValue` */
export async function acceptedVersion<Key extends SettingKey>(
  db: Db,
  key: Key,
  at: Date,
): Promise<{ id: string; value: SettingValue<Key> } | null> {
  const version = await db
    .selectFrom('setting_version')
    .where('key', '=', key)
    .where('state', '=', 'accepted')
    .where('valid_from', '<=', at)
    .select(['id', 'value'])
    .orderBy('valid_from', 'desc')
    .orderBy('decided_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!version) return null
  const value: unknown = JSON.parse(version.value)
  if (!Value.Check(settings[key].shape, value)) {
    throw new Fault('internal', `the setting ${key} is stored with a value that it cannot have: run \`custody fsck\``)
  }
  return { id: version.id, value: value as SettingValue<Key> }
}
