import type { JsonValue } from '../../ledger/canonical.ts'
import type { EventBody } from '../../ledger/entry.ts'
import { eventKinds } from '../events.ts'
import { listOf, membersOf, textOf } from '../replay/details.ts'
import type { ReportFacts } from './facts.ts'
import * as words from './words.ts'

/** How the sections read the facts: names instead of ids, recordings by their number in the list. */
export interface Reading {
  readonly facts: ReportFacts
  readonly bodies: readonly EventBody[]
  ofKind(...kinds: string[]): EventBody[]
  /** Events that name this recording. */
  about(recordingId: string): EventBody[]
  /** `录像1` */
  numberOf(recordingId: string): string
  /** Name and role of whoever acted. */
  actorOf(body: EventBody): string
  nameOf(id: string): string
  subjectOf(body: EventBody, type: string): string | null
  /** What an event says, in words. */
  summaryOf(body: EventBody): string
}

export function readingOf(facts: ReportFacts): Reading {
  const bodies = facts.closure.events.map(({ body }) => body)
  const numbers = new Map(facts.recordings.map(({ id }, at) => [id, `录像${at + 1}`]))
  const nameOf = (id: string) => words.plain(facts.rows.names.get(id) ?? words.serviceName(id))
  const subjectOf = (body: EventBody, type: string) => body.subjects.find((one) => one.type === type)?.id ?? null
  const numberOf = (id: string) => numbers.get(id) ?? '未列录像'
  return {
    facts,
    bodies,
    nameOf,
    numberOf,
    subjectOf,
    ofKind: (...kinds) => bodies.filter(({ kind }) => kinds.includes(kind)),
    about: (id) => bodies.filter(({ subjects }) => subjects.some((one) => one.type === 'recording' && one.id === id)),
    actorOf: (body) => `${nameOf(body.actor)}（${words.plain(words.roleName(body.actorRole))}）`,
    summaryOf: (body) => {
      const recordings = body.subjects.filter(({ type }) => type === 'recording').map(({ id }) => numberOf(id))
      return [...new Set(recordings), ...detailsInWords(body)].join('；')
    },
  }
}

export function kindName(kind: string): string {
  return (eventKinds as Partial<Record<string, string>>)[kind] ?? words.plain(kind)
}

export function numberAt(details: EventBody['details'], name: string): number | null {
  const value = details[name]
  return typeof value === 'number' ? value : null
}

/** Members of details that people understand, in the order in which they are told. */
const told: readonly (readonly [string, string, (value: JsonValue) => string | null])[] = [
  ['purpose', '事由', textOf],
  ['stage', '环节', (value) => words.stageName(textOf(value))],
  ['reason', '原因', (value) => words.quarantineName(textOf(value))],
  ['outcome', '处理', (value) => ({ accept: '接收', keep_apart: '单独保存' })[textOf(value)] ?? textOf(value)],
  ['confirmed', '结论', (value) => (value === true ? '确认' : '不予确认')],
  ['alarm', '告警', textOf],
  ['title', '名称', textOf],
  ['name', '文件', (value) => textOf(membersOf(value).text) || textOf(value)],
  ['store', '存储', (value) => words.storeName(textOf(value))],
  ['host', '主机', textOf],
  ['bytes', '长度', (value) => (typeof value === 'number' ? words.shownBytes(value) : null)],
  ['sha256', 'SHA-256', (value) => shortened(textOf(value))],
  ['servedMs', '实际观看', (value) => (typeof value === 'number' ? words.shownSeconds(value) : null)],
  ['endKind', '方式', (value) => words.endKindName(textOf(value))],
  ['method', '方法', textOf],
  ['tool', '工具', textOf],
  ['files', '文件数', (value) => (Array.isArray(value) ? String(listOf(value).length) : null)],
  ['withFootage', '含录像', (value) => (value === true ? '是' : '否')],
  ['recipient', '接收人', (value) => recipientText(value)],
  ['failure', '失败', textOf],
  [
    'flags',
    '标记',
    (value) =>
      listOf(value)
        .map((one) => words.flagName(textOf(one)))
        .join('、'),
  ],
]

function detailsInWords({ kind, details }: EventBody): string[] {
  return told.flatMap(([name, label, read]) => {
    const value = details[name]
    // The flags of a tool are its command line, not what a recording is marked with.
    if (value === undefined || value === null || (name === 'flags' && !kind.startsWith('recording.'))) return []
    const text = read(value)
    return text ? [`${label}：${words.plain(text)}`] : []
  })
}

function recipientText(value: JsonValue): string | null {
  const { name, organisation } = membersOf(value)
  return name ? `${textOf(organisation)} ${textOf(name)}` : null
}

function shortened(digest: string): string | null {
  return digest === '' ? null : `${digest.slice(0, 16)}…`
}
