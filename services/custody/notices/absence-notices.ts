import { hash } from 'node:crypto'
import { may } from '../roles/permissions.ts'
import { seatFacts } from '../seats/facts.ts'
import { forecastSeats, stoppedBy } from '../seats/forecast.ts'
import { matterText, shownForecast } from '../seats/shown.ts'
import { type Notice, type NoticeSource, noticeTime } from './notice.ts'

/**
 * What would stop if one more person were away: told to supervisor and auditor before it happens. A notice
 * that was acknowledged comes back when what would stop is something else.
 */
export const absencesThatStop: NoticeSource = async (db, reader, at) => {
  // Who names deputies, and who signs that.
  if (!may(reader.role, 'deputyship.name') && !may(reader.role, 'deputyship.sign')) return []
  const forecast = forecastSeats(await seatFacts(db, at), 1)
  const shown = shownForecast(forecast)
  return forecast.seats.flatMap(({ id, name }): Notice[] => {
    const stopped = stoppedBy(forecast, id)
    if (stopped.length === 0) return []
    const zh = stopped.map((one) => matterText(shown, one, 'zh')).join('、')
    const en = stopped.map((one) => matterText(shown, one, 'en')).join(', ')
    const until = noticeTime(forecast.until)
    return [
      {
        id: `absence_stops:${id}:${hash('sha256', zh, 'hex').slice(0, 16)}`,
        kind: 'absence_stops',
        text: {
          zh: `如${name}不在岗（至${until}），将无法办理：${zh}。请事先指定受委托人、存放密封备用码或增补人员。`,
          en: `If ${name} were away (until ${until}), this would stop: ${en}. Name a deputy, deposit a sealed spare or have another account made beforehand.`,
        },
        at,
        waits: false,
      },
    ]
  })
}
