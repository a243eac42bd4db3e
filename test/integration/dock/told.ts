import type { SettingKey, SettingValue } from '../../../services/custody/settings/declared.ts'
import type { Db } from '../../../services/foundation/db/database.ts'
import { newId } from '../../../services/foundation/id.ts'
import { canonicalText, type JsonValue } from '../../../services/ledger/format/canonical.ts'
import type { World } from '../../support/world.ts'

/** What a station is told of a device: that an officer (张伟) keeps it. */
export async function giveToKeeper({ db, clock }: Pick<World, 'db' | 'clock'>, serial: string): Promise<string> {
  const id = await insertPerson(db, clock.now(), 'zhang', '张伟')
  await db.updateTable('device').set({ holder_id: id }).where('serial', '=', serial).execute()
  return id
}

/** A setting of the bureau, as two people have decided on it. */
export async function decideSetting<Key extends SettingKey>(
  { db, clock }: Pick<World, 'db' | 'clock'>,
  key: Key,
  value: SettingValue<Key>,
): Promise<void> {
  const [one, other] = await Promise.all([insertPerson(db, clock.now(), 'one'), insertPerson(db, clock.now(), 'other')])
  const at = new Date(clock.now().getTime() - 60_000)
  await db
    .insertInto('setting_version')
    .values({
      ...{
        id: newId(),
        key,
        value: canonicalText(value as JsonValue),
        source: 'the test',
        valid_from: at,
        state: 'accepted',
      },
      ...{ proposed_by: one, proposed_at: at, decided_by: other, decided_at: at },
    })
    .execute()
}

async function insertPerson(db: Db, at: Date, account: string, name = account): Promise<string> {
  const id = newId()
  await db
    .insertInto('person')
    .values({
      ...{ id, name, role: 'officer', account },
      ...{ officer_number: '012345', password_hash: 'none', created_at: at },
    })
    .execute()
  return id
}
