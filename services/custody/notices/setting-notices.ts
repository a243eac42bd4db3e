import { may } from '../roles/permissions.ts'
import { isSettingKey, settings } from '../settings/declared.ts'
import { type Notice, type NoticeSource, noticesOfOneKindMax, noticeTime } from './notice.ts'

/** Proposals that wait for this person's decision. */
export const settingsThatWait: NoticeSource = async (db, reader) => {
  if (!may(reader.role, 'setting.decide')) return []
  const rows = await db
    .selectFrom('setting_version as version')
    .innerJoin('person', 'person.id', 'version.proposed_by')
    .where('version.state', '=', 'proposed')
    .where('version.proposed_by', 'not in', [reader.id, ...(reader.onBehalfOf ? [reader.onBehalfOf] : [])])
    .select(['version.id', 'version.key', 'version.proposed_at', 'person.name'])
    .orderBy('version.proposed_at', 'desc')
    .execute()
  return rows.map(({ id, key, proposed_at, name }): Notice => {
    const setting = namesOf(key)
    return {
      id: `setting_waits:${id}`,
      kind: 'setting_waits',
      text: {
        zh: `${name}提议更改设置“${setting.zh}”，请决定。`,
        en: `${name} proposes another value of “${setting.en}”: please decide on it.`,
      },
      at: proposed_at,
      waits: true,
    }
  })
}

/** Settings that others have changed since this person's account exists. */
export const settingsChanged: NoticeSource = async (db, reader) => {
  if (!may(reader.role, 'setting.read')) return []
  const rows = await db
    .selectFrom('setting_version as version')
    .innerJoin('person as reader', (join) => join.on('reader.id', '=', reader.id))
    .where('version.state', '=', 'accepted')
    .whereRef('version.decided_at', '>=', 'reader.created_at')
    .where('version.decided_by', '<>', reader.id)
    .where('version.proposed_by', '<>', reader.id)
    .select(['version.id', 'version.key', 'version.valid_from', 'version.decided_at', 'version.source'])
    .orderBy('version.decided_at', 'desc')
    .limit(noticesOfOneKindMax)
    .execute()
  return rows.map(({ id, key, valid_from, decided_at, source }): Notice => {
    const setting = namesOf(key)
    return {
      id: `setting_changed:${id}`,
      kind: 'setting_changed',
      text: {
        zh: `设置“${setting.zh}”已更改，自 ${noticeTime(valid_from)} 起生效；依据：${source}。`,
        en: `The setting “${setting.en}” was changed, in force from ${noticeTime(valid_from)}; source: ${source}.`,
      },
      at: decided_at!,
      waits: false,
    }
  })
}

function namesOf(key: string): { zh: string; en: string } {
  return isSettingKey(key) ? settings[key] : { zh: key, en: key }
}
