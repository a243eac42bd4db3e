import { sql } from 'kysely'
import type { EventKind } from '../events/kinds.ts'
import { may } from '../roles/permissions.ts'
import { type NoticeSource, noticeTime } from './notice.ts'

/** Devices that were docked after they had been entered as lost, until the register says otherwise. */
export const lostDevicesDocked: NoticeSource = async (db, reader) => {
  if (!may(reader.role, 'device.manage') && !may(reader.role, 'device.decide_act')) return []
  const { rows } = await sql<{ serial: string; dock: string; handInId: string; at: Date }>`
    select device.serial, dock.name as dock, first.id as "handInId", first.opened_at as at
    from device cross join lateral (
      select hand_in.id, hand_in.dock_id, hand_in.opened_at from hand_in
      where hand_in.device_serial = device.serial and hand_in.opened_at > (
        select max(committed_at) from event
        where subjects @> array['device-register:' || device.serial] and kind = ${'device.changed' satisfies EventKind})
      order by hand_in.opened_at limit 1
    ) first join dock on dock.id = first.dock_id
    where device.state = 'lost' order by device.serial`.execute(db)
  return rows.map(({ serial, dock, handInId, at }) => ({
    ...{ id: `lost_device_docked:${handInId}`, kind: 'lost_device_docked', at, waits: true },
    text: {
      zh: `已登记遗失的设备${serial}于${noticeTime(at)}放上采集站“${dock}”交存：请查明由谁送回，并恢复使用或另行处置。`,
      en: `The device ${serial}, entered as lost, was docked at “${dock}” at ${noticeTime(at)}: find out who brought it back, and take it back into service or say otherwise.`,
    },
  }))
}
