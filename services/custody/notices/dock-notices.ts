import { dockPassesInEnglish, dockPassNames, gapKindNames, gapKindsInEnglish } from '../events/hand-in-words.ts'
import { listGaps, type ShownGap } from '../hand-ins/gap-list.ts'
import { docksWithoutCodes, wrongCodesADayMax } from '../people/dock-codes.ts'
import { listPasses } from '../people/dock-pass.ts'
import { may } from '../roles/permissions.ts'
import { type Notice, type NoticeSource, noticesOfOneKindMax, noticeTime } from './notice.ts'

/** † Wrong tries are told for so long. */
const wrongTriesShownMs = 30 * 24 * 60 * 60_000

/** Work cards and dock codes that wait for their second person. */
export const passesThatWait: NoticeSource = async (db, reader) => {
  if (!may(reader.role, 'dock_pass.release')) return []
  const waiting = (await listPasses(db, { waiting: true })).slice(0, noticesOfOneKindMax)
  return waiting.map(({ id, means, person, givenBy, givenAt }) => ({
    ...{ id: `dock_pass_waits:${id}`, kind: 'dock_pass_waits', at: givenAt, waits: true },
    text: {
      zh: `${person.name}（${person.account}）的${dockPassNames[means]}待复核启用；经办人${givenBy.name}。`,
      en: `The ${dockPassesInEnglish[means]} of ${person.name} (${person.account}) waits for its release; given by ${givenBy.name}.`,
    },
  }))
}

/** What this person is to explain, and what was explained at a dock in his name and is to be confirmed. */
export const gapsToExplain: NoticeSource = async (db, reader, at) => {
  if (!may(reader.role, 'gap.explain_own')) return []
  const own = await listGaps(db, { personId: reader.id, limit: noticesOfOneKindMax }, at)
  const waiting = await listGaps(db, { saidBy: reader.id, limit: noticesOfOneKindMax }, at)
  return [
    ...own.filter(({ state }) => state === 'open' || state === 'returned').map(toExplain),
    ...waiting.flatMap((gap) => toConfirm(gap, reader.id)),
  ]
}

/** Explanations that wait for the custodian's word. */
export const gapsToDecide: NoticeSource = async (db, reader, at) => {
  if (!may(reader.role, 'gap.decide')) return []
  const explained = await listGaps(db, { state: 'explained', limit: noticesOfOneKindMax }, at)
  return explained.map((gap) => ({
    ...{ id: `gap_decision:${gap.id}`, kind: 'gap_decision', at: new Date(gap.foundAt), waits: true },
    text: {
      zh: `设备${gap.deviceSerial}${gapKindNames[gap.kind]}已说明${byWhom(gap, '（', '）')}，待您复核。`,
      en: `The gap of ${gap.deviceSerial} (${gapKindsInEnglish[gap.kind]}) was explained${byWhom(gap, ' by ', '')}: please accept or return it.`,
    },
  }))
}

/** Gaps that were accepted on an explanation which the person in whose name it was given denied afterwards. */
export const gapsReopened: NoticeSource = async (db, reader) => {
  if (!may(reader.role, 'gap.decide')) return []
  const denied = await db
    .selectFrom('gap_explanation as denied')
    .innerJoin('gap', 'gap.id', 'denied.gap_id')
    .innerJoin('person', 'person.id', 'denied.person_id')
    .where('denied.is_own', 'is', false)
    .where('gap.state', 'in', ['open', 'explained'])
    .whereRef('denied.confirmed_at', '>', 'gap.decided_at')
    .select(['denied.id', 'denied.confirmed_at', 'gap.device_serial', 'gap.kind', 'person.name'])
    .orderBy('denied.confirmed_at', 'desc')
    .limit(noticesOfOneKindMax)
    .execute()
  return denied.map(({ id, confirmed_at, device_serial, kind, name }) => ({
    ...{ id: `gap_reopened:${id}`, kind: 'gap_reopened', at: confirmed_at!, waits: false },
    text: {
      zh: `设备${device_serial}${gapKindNames[kind]}：${name}否认采集站上以其名义作出的说明，此前的复核结论不再有效，须重新说明并复核。`,
      en: `${device_serial}: ${name} denies the explanation that was given in that name (${gapKindsInEnglish[kind]}); the gap is open again.`,
    },
  }))
}

/** Cards and codes that were nobody's: for whoever supervises and whoever gives them out. Each further one shows it again. */
export const wrongTriesAtDocks: NoticeSource = async (db, reader, at) => {
  if (reader.role !== 'supervisor' && reader.role !== 'administrator') return []
  const rows = await db
    .selectFrom('dock_identification as wrong')
    .innerJoin('dock', 'dock.id', 'wrong.dock_id')
    .where('wrong.person_id', 'is', null)
    .where('wrong.at', '>', new Date(at.getTime() - wrongTriesShownMs))
    .select(['wrong.event_id', 'wrong.dock_id', 'wrong.device_serial', 'wrong.at', 'dock.name'])
    .orderBy('wrong.at', 'desc')
    .orderBy('wrong.event_id', 'desc')
    .execute()
  const groups = Map.groupBy(rows, (row) => `${row.dock_id} ${row.device_serial} ${noticeTime(row.at).slice(0, 10)}`)
  return [...groups.values()].slice(0, noticesOfOneKindMax).map((tries) => {
    const [{ event_id, device_serial, at: last, name }] = tries as [(typeof rows)[number]]
    const times = { zh: `${tries.length}次`, en: tries.length === 1 ? 'once' : `${tries.length} times` }
    return {
      ...{ id: `dock_wrong_try:${event_id}`, kind: 'dock_wrong_try', at: last, waits: false },
      text: {
        zh: `采集站“${name}”上有人为设备${device_serial}出示的工作卡或采集站码不符，当日${times.zh}，最近一次在${noticeTime(last)}。`,
        en: `At the dock “${name}” a card or code shown for ${device_serial} was nobody’s, ${times.en} that day, last at ${noticeTime(last)}.`,
      },
    }
  })
}

/** Docks that take no dock code any more today. */
export const docksWithoutDockCodes: NoticeSource = async (db, reader, at) => {
  if (!may(reader.role, 'dock.lift_code_limit')) return []
  return (await docksWithoutCodes(db, at)).map(({ id, name, since }) => ({
    ...{ id: `dock_codes_closed:${id}:${since.toISOString()}`, kind: 'dock_codes_closed', at: since, waits: true },
    text: {
      zh: `采集站“${name}”当日输错的采集站码已达${wrongCodesADayMax}次，今日只认工作卡：请查明是谁在试码；无异常的可恢复（custody dock lift-code-limit ${id}）。`,
      en: `At the dock “${name}” ${wrongCodesADayMax} wrong dock codes were tried today, so that only work cards count there until midnight: find out who tried. If all is well, lift it (custody dock lift-code-limit ${id}).`,
    },
  }))
}

function toExplain(gap: ShownGap): Notice {
  const due = noticeTime(new Date(gap.dueAt))
  const late = gap.overdue ? { zh: '，已逾期', en: ', which is over' } : { zh: '', en: '' }
  const returned = gap.state === 'returned' && gap.decision ? `（退回：${gap.decision.reason ?? ''}）` : ''
  return {
    ...{ id: `gap_open:${gap.id}`, kind: 'gap_open', at: new Date(gap.foundAt), waits: true },
    text: {
      zh: `设备${gap.deviceSerial}${gapKindNames[gap.kind]}，请在${due}前说明${late.zh}${returned}。`,
      en: `${gap.deviceSerial}: ${gapKindsInEnglish[gap.kind]}; please explain it by ${due}${late.en}.`,
    },
  }
}

function toConfirm(gap: ShownGap, personId: string): Notice[] {
  return gap.explanations.flatMap((one) => {
    if (one.by?.id !== personId || one.confirmBy === null || one.confirmedAt !== null) return []
    const due = noticeTime(new Date(one.confirmBy))
    return {
      ...{ id: `gap_confirm:${one.id}`, kind: 'gap_confirm', at: new Date(one.at), waits: true },
      text: {
        zh: `设备${gap.deviceSerial}${gapKindNames[gap.kind]}，采集站上以您的名义说明为“${one.reasonWords.zh}”，请在${due}前核对。`,
        en: `${gap.deviceSerial}: a gap was explained at the dock in your name (${one.reasonWords.en}); please say by ${due} whether it is yours.`,
      },
    }
  })
}

function byWhom(gap: ShownGap, before: string, after: string): string {
  const name = gap.explanations.at(-1)?.by?.name
  return name ? `${before}${name}${after}` : ''
}
