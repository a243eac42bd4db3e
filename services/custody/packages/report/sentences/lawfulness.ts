import { plain } from '../../../../foundation/plain-text.ts'
import { fewerOfficersNotice } from '../../../events/few-officers.ts'
import { certificateOf, participantText } from '../people.ts'
import type { Reading } from '../reading.ts'
import { sameSeatWords, shownKind } from '../reading.ts'
import { decisionText, thirdUnder } from '../third-signatures.ts'
import { shownTime } from '../words.ts'
import { accounts, isCaseAct } from './accounts.ts'
import { different, sentence } from './sentence.ts'

/** 合法性: who took part and in what right, and whether two people acted where two have to. */
export const lawfulness = [
  sentence('two_officers', (reading) => {
    const filings = filingsOf(reading)
    const officers = ({ details }: (typeof filings)[number]) =>
      different(details.officerIds).filter(
        (id) => reading.register.people.get(id)?.created.details.role !== 'assistant',
      )
    if (filings.length === 0 || filings.some((filing) => officers(filing).length < 2)) return null
    const who = different(filings.flatMap(officers)).map(reading.nameOf)
    return `归入本案件的 ${filings.length} 份音像资料都载明两名以上执法人员：${who.join('、')}。`
  }),
  sentence('fewer_officers', ({ ofKind, subjectOf, numberOf }) =>
    ofKind('case.opened', 'recording.attached').flatMap((event) => {
      const { fewerOfficersReason } = event.details
      if (fewerOfficersReason === undefined) return []
      const recordingId = subjectOf(event, 'recording')
      const what = recordingId === null ? '本案件' : numberOf(recordingId)
      return [plain(`${what}：${fewerOfficersNotice(fewerOfficersReason).zh}`)]
    }),
  ),
  sentence('certificates', (reading) => {
    const shown = officersOf(reading).filter((id) => certificateOf(reading, id) !== null)
    if (shown.length === 0) return null
    const texts = shown.map((id) => `${reading.nameOf(id)} ${certificateOf(reading, id)}`)
    return `执法证号：${texts.join('、')}；系开设账号时填写，本系统未与发证机关核对，也未记载有效期。`
  }),
  sentence('certificate_missing', (reading) => {
    const missing = officersOf(reading).filter((id) => certificateOf(reading, id) === null)
    return missing.length === 0 ? null : `执法证号未载入事件：${missing.map(reading.nameOf).join('、')}。`
  }),
  sentence('assistants', (reading) => {
    const ids = different(
      reading.ofKind('case.opened', 'recording.attached').flatMap(({ details }) => details.participantIds ?? []),
    )
    if (ids.length === 0) return null
    return `参与人员：${ids.map((id) => participantText(reading, id)).join('、')}；不计入执法人员人数。`
  }),
  ...accounts,
  sentence('deputies', (reading) =>
    different(
      reading.bodies
        .filter(isCaseAct)
        .flatMap((body) =>
          body.onBehalfOf === undefined
            ? []
            : [`${reading.nameOf(body.actor)}受${reading.nameOf(body.onBehalfOf)}委托在本案件中行事。`],
        ),
    ),
  ),
  sentence('third_signatures', ({ bodies, facts, actorOf }) =>
    bodies.flatMap((body) => {
      const under = thirdUnder(body, bodies)
      if (!under) return []
      const { name, office, scanSha256 } = under.third
      const sheet = scanSha256 ? `在纸上签署，扫描件 SHA-256 ${scanSha256}` : '签署'
      const added = under.added ? `，由${actorOf(under.added)}于 ${shownTime(under.added.at)} 登记` : ''
      return [
        `${shownTime(body.at)} ${actorOf(body)}的“${shownKind(body.kind)}”另依据第三方签署：据载由${plain(name)}（${plain(office)}）${sheet}${added}；${decisionText(under, facts.madeAt, actorOf)}。`,
      ]
    }),
  ),
  sentence('same_seat', (reading) =>
    reading.bodies.flatMap((body) =>
      sameSeatWords(body, reading.nameOf).map((words) => `${shownTime(body.at)} ${reading.actorOf(body)}：${words}。`),
    ),
  ),
]

function filingsOf(reading: Reading) {
  return reading.facts.recordings.flatMap(({ id }) => reading.filingOf(id) ?? [])
}

function officersOf(reading: Reading): string[] {
  return different(reading.ofKind('case.opened', 'recording.attached').flatMap(({ details }) => details.officerIds))
}
