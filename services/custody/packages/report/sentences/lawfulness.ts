import { plain } from '../../../../foundation/plain-text.ts'
import type { EventBody } from '../../../../ledger/format/entry.ts'
import { fewerOfficersNotice } from '../../../events/few-officers.ts'
import { certificateOf } from '../people.ts'
import type { Reading } from '../reading.ts'
import { sameSeatWords } from '../reading.ts'
import { shownTime } from '../words.ts'
import { different, sentence } from './sentence.ts'

/** An account is new for so long: `account.new_days` as it is set unless the bureau sets another. */
const newDays = 30
const dayMs = 24 * 60 * 60_000
const noPerson: readonly string[] = ['service', 'dock', 'nobody', 'system']

/** 合法性: who took part and in what right, and whether two people acted where two have to. */
export const lawfulness = [
  sentence('two_officers', (reading) => {
    const filings = filingsOf(reading)
    if (filings.length === 0 || filings.some(({ details }) => details.officerIds.length < 2)) return null
    const who = different(filings.flatMap(({ details }) => details.officerIds)).map(reading.nameOf)
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
    return `参与人员（执法辅助人员）：${ids.map(reading.nameOf).join('、')}；不计入执法人员人数。`
  }),
  sentence('accounts_by_two', (reading) => {
    const ids = actingPeople(reading)
    if (ids.length === 0 || ids.some((id) => accountFault(reading, id) !== null)) return null
    return `在本案件中有行为的 ${ids.length} 个账号，都由一人开设、另一人复核启用。`
  }),
  sentence('accounts_otherwise', (reading) => {
    const faults = Map.groupBy(actingPeople(reading), (id) => accountFault(reading, id))
    return [...faults].flatMap(([fault, ids]) =>
      fault === null ? [] : [`${ids.map(reading.nameOf).join('、')}的账号：${fault}。`],
    )
  }),
  sentence('both_offices', (reading) => {
    const ids = actingPeople(reading).filter((id) =>
      reading.register.people.get(id)?.releases.some(({ details }) => details.isSecond === true),
    )
    return ids.length === 0 ? null : `${ids.map(reading.nameOf).join('、')}的账号由分管领导和法制办两方复核启用。`
  }),
  sentence('new_accounts', (reading) =>
    actingPeople(reading).flatMap((id) => {
      const createdAt = reading.register.people.get(id)?.created.at
      const actedAt = firstActOf(reading, id)?.at
      if (createdAt === undefined || actedAt === undefined) return []
      if (Date.parse(actedAt) - Date.parse(createdAt) >= newDays * dayMs) return []
      return [
        `${reading.nameOf(id)}的账号开设于 ${shownTime(createdAt)}，在本案件中最早的行为在 ${shownTime(actedAt)}，相距不足 ${newDays} 日。`,
      ]
    }),
  ),
  sentence('deputies', (reading) =>
    different(
      caseActs(reading).flatMap((body) =>
        body.onBehalfOf === undefined
          ? []
          : [`${reading.nameOf(body.actor)}受${reading.nameOf(body.onBehalfOf)}委托在本案件中行事。`],
      ),
    ),
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

/** Events that name the case, a recording or a package: what is done in the case, not to a register. */
function caseActs(reading: Reading): EventBody[] {
  const types = ['case', 'recording', 'viewing', 'package']
  return reading.bodies.filter(({ subjects }) => subjects.some(({ type }) => types.includes(type)))
}

function actingPeople(reading: Reading): string[] {
  return different(caseActs(reading).flatMap((body) => (noPerson.includes(body.actorRole) ? [] : [body.actor])))
}

function firstActOf(reading: Reading, id: string): EventBody | undefined {
  return caseActs(reading).find(({ actor }) => actor === id)
}

/** What keeps an account from having been made by one and opened by another; null when it was. */
function accountFault({ register }: Reading, id: string): string | null {
  const person = register.people.get(id)
  if (!person) return '其开设未载入事件'
  const { created, releases } = person
  if (releases.some(({ actor }) => actor !== created.actor && actor !== id)) return null
  if (created.actorRole === 'service' || created.actorRole === 'system') {
    return '由系统初始化开设，事件中没有另一人的复核启用'
  }
  return releases.length === 0 ? '事件中没有复核启用' : '复核启用的不是另一人'
}
