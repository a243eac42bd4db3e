import { dockPassesInEnglish, dockPassNames, gapKindNames, gapKindsInEnglish } from '../events/hand-in-words.ts'
import { listGaps, type ShownGap } from '../hand-ins/gap-list.ts'
import { listPasses } from '../people/dock-pass.ts'
import { may } from '../roles/permissions.ts'
import { type Notice, type NoticeSource, noticesOfOneKindMax, noticeTime } from './notice.ts'

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
