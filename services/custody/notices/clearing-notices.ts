import { clearingsLeftOpen } from '../clearing/open-clearings.ts'
import { may } from '../roles/permissions.ts'
import { filesText, type NoticeSource, noticeTime } from './notice.ts'

/** Clearings that a dock announced and never closed: nobody knows what is still on the device. */
export const clearingsNotClosed: NoticeSource = async (db, reader, at) => {
  if (reader.role !== 'custodian' && reader.role !== 'administrator') return []
  return (await clearingsLeftOpen(db, at)).map(({ id, dockName, deviceSerial, files, announcedAt }) => ({
    ...{ id: `clearing_open:${id}`, kind: 'clearing_open', at: announcedAt, waits: true },
    text: {
      zh: `采集站“${dockName}”于${noticeTime(announcedAt)}登记清空设备${deviceSerial}上的${files}个文件，至今没有结束登记：请让该设备再次放上该采集站，核对还有哪些文件；该采集站已损毁或停用的，由资料管理员申请不再等待（custody clearing give-up ${id}）。`,
      en: `The dock “${dockName}” announced at ${noticeTime(announcedAt)} that it clears ${filesText(files)} of ${deviceSerial}, and has not said how that ended: put the device back on that dock, which looks what is left. Of a dock that is destroyed or revoked the custodian asks to give it up (custody clearing give-up ${id}).`,
    },
  }))
}

/** Clearings that somebody asked to give up: a second person decides. */
export const clearingsToGiveUp: NoticeSource = async (db, reader, at) => {
  if (!may(reader.role, 'clearing.decide_giving_up')) return []
  const asked = (await clearingsLeftOpen(db, at)).flatMap((one) => (one.givingUp ? [{ ...one, ...one.givingUp }] : []))
  return asked
    .filter(({ askedBy }) => askedBy.id !== reader.id)
    .map(({ id: clearingId, askedBy, askedAt, reason, dockName, deviceSerial, files }) => ({
      ...{ id: `clearing_giving_up:${clearingId}`, kind: 'clearing_giving_up', at: askedAt, waits: true },
      text: {
        zh: `${askedBy.name}申请不再等待采集站“${dockName}”对设备${deviceSerial}上${files}个文件的清空结束登记（${reason}）：同意后这些文件清空结果不明，请决定。`,
        en: `${askedBy.name} asks to give up the clearing of ${filesText(files)} of ${deviceSerial} that the dock “${dockName}” never closed (${reason}): what became of them is unknown then. Please decide on it.`,
      },
    }))
}
