import { listDocks } from '../devices/dock.ts'
import { waitingKeeperChanges } from '../devices/keeper.ts'
import { deviceActNames } from '../events/words.ts'
import { openingNotices } from '../people/opening-notices.ts'
import { recoveryNotices } from '../people/recovery.ts'
import { may } from '../roles/permissions.ts'
import { filesText, type Notice, type NoticeSource, noticeTime } from './notice.ts'

/** Accounts that wait for this person's release, his own that was opened anew, and releases in another office's place. */
export const openings: NoticeSource = async (db, reader, at) =>
  (await openingNotices(db, reader.id, reader.role, at)).map(({ kind, opening, at: since }): Notice => {
    const who = `${opening.person.name}（${opening.person.account}）`
    const whoEn = `${opening.person.name} (${opening.person.account})`
    const why = opening.cause === 'created' ? '新建账号' : '密码重置'
    const whyEn = opening.cause === 'created' ? 'account made' : 'password reset'
    const place = opening.released ? noticeTime(opening.released.effectiveFrom) : ''
    const text = {
      own_account: {
        zh: `您的账号：${why}，经办人${opening.madeBy.name}，复核人${opening.released?.by.name ?? '尚无'}。如非您本人所知，请立即告知另一复核部门。`,
        en: `Your account: ${whyEn} by ${opening.madeBy.name}, released by ${opening.released?.by.name ?? 'nobody yet'}. If you do not know of it, tell the other releasing office (supervisor or auditor) at once.`,
      },
      awaits_your_release: {
        zh: `${who}${why}，待您复核启用。`,
        en: `${whoEn}, ${whyEn}: waits for your release.`,
      },
      released_in_place: {
        zh: `${who}由另一复核部门代为复核，${place}起生效；此前可以阻止。`,
        en: `${whoEn} was released in another office's place, effective from ${place}; until then it can be stopped.`,
      },
    }[kind]
    return { id: `opening_${kind}:${opening.id}`, kind, text, at: since, waits: kind === 'awaits_your_release' }
  })

/** Docks that wait for their second person. */
export const docksThatWait: NoticeSource = async (db, reader) => {
  if (!may(reader.role, 'dock.release')) return []
  const waiting = (await listDocks(db)).filter(({ releasedAt, revokedAt }) => !releasedAt && !revokedAt)
  return waiting.map((dock) => ({
    ...{ id: `dock_waits:${dock.id}`, kind: 'dock_waits', at: dock.registeredAt, waits: true },
    text: {
      zh: `采集站“${dock.name}”待复核启用：请与站上显示的公钥核对。`,
      en: `The dock "${dock.name}" waits for its release: compare its public key with the one that the dock shows.`,
    },
  }))
}

/** Devices that are to leave while files of them have no receipt. */
export const deviceActsThatWait: NoticeSource = async (db, reader) => {
  if (!may(reader.role, 'device.decide_act')) return []
  const rows = await db
    .selectFrom('device_act')
    .innerJoin('device', 'device.id', 'device_act.device_id')
    .where('device_act.decided_at', 'is', null)
    .where('device_act.asked_by', '<>', reader.id)
    .select(['device_act.id', 'device_act.act', 'device_act.files_missing', 'device_act.asked_at', 'device.serial'])
    .orderBy('device_act.asked_at', 'desc')
    .execute()
  return rows.map((row) => ({
    ...{ id: `device_act_waits:${row.id}`, kind: 'device_act_waits', at: row.asked_at, waits: true },
    text: {
      zh: `设备${row.serial}拟${deviceActNames[row.act]}，尚有${row.files_missing}个已列入交存单的文件没有有效的交存回执，请决定。`,
      en: `The device ${row.serial} is to leave (${row.act}) while ${filesText(row.files_missing)} of its lists have no receipt that holds: please decide on it.`,
    },
  }))
}

/** Devices whose keeper changes when this person has confirmed it. */
export const keeperChangesThatWait: NoticeSource = async (db, reader) => {
  if (!may(reader.role, 'device.confirm_keeper')) return []
  const own = reader.role === 'supervisor' ? null : reader.id
  return (await waitingKeeperChanges(db, own)).map((change) => ({
    ...{ id: `keeper_waits:${change.id}`, kind: 'keeper_waits', at: change.askedAt, waits: true },
    text: change.toPersonId
      ? {
          zh: `设备${change.deviceSerial}拟变更保管人，待本人确认。`,
          en: `The device ${change.deviceSerial} is to have another keeper, who confirms it.`,
        }
      : {
          zh: `设备${change.deviceSerial}拟收回，待原保管人确认。`,
          en: `The device ${change.deviceSerial} is to go back to the unit; whoever kept it confirms it.`,
        },
  }))
}

/** Accounts that were made by the recovery key: everybody is told. */
export const recoveries: NoticeSource = async (db, _reader, at) =>
  (await recoveryNotices(db, at)).map(({ eventId, at: when, accounts, shares }) => {
    const names = accounts.map(({ name, account }) => `${name} (${account})`).join(', ')
    return {
      ...{ id: `recovered:${eventId}`, kind: 'recovered', at: new Date(when), waits: false },
      text: {
        zh: `凭恢复密钥（第${shares.join('、')}份）重新开设账号：${names}。`,
        en: `Accounts were made by the recovery key (shares ${shares.join(', ')}): ${names}.`,
      },
    }
  })
