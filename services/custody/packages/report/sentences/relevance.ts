import { plain } from '../../../../foundation/plain-text.ts'
import type { ReportRecording } from '../facts.ts'
import type { HandIn } from '../hand-ins.ts'
import type { Reading } from '../reading.ts'
import { shownTime, stageName } from '../words.ts'
import { signatureFaultOf } from './environment.ts'
import { namesOfRecordings, saidTogether, sentence } from './sentence.ts'

/** 关联性: what each recording shows, how it came into the case, and what was handed in besides. */
export const relevance = [
  sentence('proves', (reading) =>
    saidTogether(reading, ({ id }) => {
      const asked = reading.askedOf(id)
      return asked ? `的证明对象：${plain(asked.proves)}。` : null
    }),
  ),
  sentence('proves_missing', (reading) => {
    const names = namesOfRecordings(
      reading,
      reading.facts.recordings.filter(({ id }) => !reading.askedOf(id)),
    )
    return names && `${names}：证明对象未填写。`
  }),
  sentence('filed', (reading) =>
    saidTogether(reading, ({ id }) => {
      const filed = reading.filingOf(id)
      if (!filed) return null
      return `于 ${shownTime(filed.at)} 由${reading.actorOf(filed)}归入本案件（${stageName(filed.details.stage)}环节）。`
    }),
  ),
  sentence('hand_in_counts', (reading) =>
    countedHandIns(reading).map(
      (handIn) =>
        `${shownTime(handIn.opened.at)} 设备 ${plain(handIn.serial)} 交存：${countsText(reading, '该设备该次交存', [handIn])}`,
    ),
  ),
  sentence('hand_in_days', (reading) => {
    const days = [...Map.groupBy(countedHandIns(reading), dayAndDevice)]
    if (days.length === 0) return null
    const parts = days.map(
      ([place, handIns]) => `${plain(place)}：${countsText(reading, `${handIns.length} 次交存共`, handIns)}`,
    )
    return `按设备和日合计，就随材料的交存单而言：${parts.join('')}其他交存是否存在，本材料不能说明。`
  }),
  sentence('hand_in_not_counted', ({ handIns }) =>
    [...handIns.byId.values()].flatMap((handIn) => {
      const fault = handIns.countFault(handIn)
      if (fault === null) return []
      return [`${shownTime(handIn.opened.at)} 设备 ${plain(handIn.serial)} 的交存单不据以计数：${fault}。`]
    }),
  ),
  sentence('on_no_list', (reading) => {
    const names = namesOfRecordings(
      reading,
      reading.facts.recordings.filter((one) => signatureFaultOf(reading, one) !== null),
    )
    return names && `${names}不在随材料的任何经采集站签名的交存单上，不计入上述数目。`
  }),
  sentence('taken_out', (reading) => {
    const names = namesOfRecordings(
      reading,
      reading.facts.recordings.filter((one) => wasTakenOut(reading, one)),
    )
    return names && `${names}曾归入本案件，后移出；其事件仍列出，内容不随材料。`
  }),
]

/** Whether it was filed into this case and taken out again; a recording that was never filed is not in it either. */
export function wasTakenOut({ facts, about, subjectOf }: Reading, { id, withheld }: ReportRecording): boolean {
  const { caseNumber } = facts.closure
  return (
    withheld === 'not_in_case' &&
    about(id).some((body) => body.kind === 'recording.detached' && subjectOf(body, 'case') === caseNumber)
  )
}

/** How many files a dock saw, and which of them are of the case, is known of a list that it signed, line by line. */
function countedHandIns({ handIns }: Reading): HandIn[] {
  return [...handIns.byId.values()].filter((handIn) => handIns.countFault(handIn) === null)
}

function countsText(reading: Reading, what: string, handIns: readonly HandIn[]): string {
  const files = handIns.reduce((sum, { opened }) => sum + opened.details.files, 0)
  const inCase = handIns.reduce((sum, one) => sum + reading.handIns.filesInCase(one), 0)
  return `${what} ${files} 个文件，入本案 ${inCase} 个，其余 ${files - inCase} 个不在本案。`
}

function dayAndDevice({ opened, serial }: HandIn): string {
  return `${shownTime(opened.at).slice(0, 10)} 设备 ${serial}`
}
