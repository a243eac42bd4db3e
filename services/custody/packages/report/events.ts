import type { Block, Section } from './content.ts'
import type { PlacedBody } from './placed.ts'
import { type Reading, shownKind } from './reading.ts'
import { shownTime } from './words.ts'

const registerTypes: readonly string[] = [
  'account',
  'device-register',
  'dock-register',
  'custodianship',
  'hand-in-list',
]

/** All events, those of the case apart from those of the registers (accounts, devices, docks, the custodian's office). */
export function eventSections(reading: Reading): Section[] {
  const { events, loose } = reading.facts.closure
  const isOfRegister = ({ body }: PlacedBody) => body.subjects.some(({ type }) => registerTypes.includes(type))
  const ofCase = events.filter((one) => !isOfRegister(one))
  const ofRegisters = events.filter(isOfRegister)
  return [
    section(reading, '本案件的流转事件', ofCase, '本案件及其音像资料、上传、调阅和举证材料的事件，按流转日志的顺序。'),
    section(reading, '登记事件', ofRegisters, '有关账号、设备、采集站、资料管理员和交存单的登记，按流转日志的顺序。'),
    section(reading, '较早的登记事件', loose, '这些事件写成时登记尚无自己的编号：只能出示，不能证明没有遗漏。'),
  ].flatMap((one) => one ?? [])
}

function section(reading: Reading, title: string, events: readonly PlacedBody[], text: string): Section | null {
  if (events.length === 0) return null
  return { title, blocks: [{ kind: 'text', text: `${text}共 ${events.length} 条。` }, table(reading, events)] }
}

function table(reading: Reading, events: readonly PlacedBody[]): Block {
  return {
    kind: 'table',
    columns: [
      { title: '序号', share: 0.08 },
      { title: '时间', share: 0.17 },
      { title: '事件', share: 0.14 },
      { title: '经办', share: 0.2 },
      { title: '内容', share: 0.41 },
    ],
    rows: events.map(({ index, body }) => [
      String(index),
      shownTime(body.at),
      shownKind(body.kind),
      reading.actorOf(body),
      reading.summaryOf(body),
    ]),
  }
}
