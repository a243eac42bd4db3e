import { clearingsLeftOpen } from '../clearing/open-clearings.ts'
import { filesText, type NoticeSource, noticeTime } from './notice.ts'

/** Clearings that a dock announced and never closed: nobody knows what is still on the device. */
export const clearingsNotClosed: NoticeSource = async (db, reader, at) => {
  if (reader.role !== 'custodian' && reader.role !== 'administrator') return []
  return (await clearingsLeftOpen(db, at)).map(({ id, dockName, deviceSerial, files, announcedAt }) => ({
    ...{ id: `clearing_open:${id}`, kind: 'clearing_open', at: announcedAt, waits: true },
    text: {
      zh: `采集站“${dockName}”于${noticeTime(announcedAt)}登记清空设备${deviceSerial}上的${files}个文件，至今没有结束登记：请让该设备再次放上该采集站，核对还有哪些文件。`,
      en: `The dock “${dockName}” announced at ${noticeTime(announcedAt)} that it clears ${filesText(files)} of ${deviceSerial}, and has not said how that ended: put the device back on that dock, which looks what is left.`,
    },
  }))
}
