import { whyNotPlayable } from '../../../foundation/db/words.ts'
import { plain } from '../../../foundation/plain-text.ts'
import { alarms } from '../../events/alarms.ts'
import type { DetailsOf, EventKind } from '../../events/kinds.ts'
import { chineseOf } from '../../events/names.ts'
import { notPlayableInChinese } from '../../events/not-playable-words.ts'
import type { KnownEvent } from '../../events/read.ts'
import { clearingBases, quarantineOutcomeNames } from '../../events/words.ts'
import * as words from './words.ts'

type AnyDetails = DetailsOf<EventKind>
type Member = MemberIn<AnyDetails>
// Kinds without members have none that could be shown.
type MemberIn<Details> = Details extends unknown ? (string extends keyof Details ? never : keyof Details) : never
/** What a member of this name can be, over all kinds that have it. */
type ValueOf<Name extends Member> = ValueIn<AnyDetails, Name>
type ValueIn<Details, Name> = Details extends unknown
  ? Name extends MemberIn<Details>
    ? NonNullable<Details[Name & keyof Details]>
    : never
  : never
type Shown<Name extends Member> = readonly [
  label: string,
  inWords: (value: ValueOf<Name>, kind: EventKind, details: Partial<Record<string, unknown>>) => string | null,
]

/** Members of details that people understand, in the order in which they are told. */
const shown: { readonly [Name in Member]?: Shown<Name> } = {
  purpose: ['事由', (value) => value],
  stage: ['环节', words.stageName],
  reason: ['原因', (value, kind, details) => (value === null ? null : reasonInWords(value, kind, details))],
  fewerOfficersReason: ['▲ 现场执法人员不足两名', (value) => value],
  outcome: ['处理', (value) => quarantineOutcomeNames[value].zh],
  confirmed: ['结论', (value) => (value ? '确认' : '不予确认')],
  alarm: ['告警', (value) => alarms[value].zh],
  title: ['名称', (value) => value],
  // A person's or a dock's name stands in front already.
  name: ['文件', (value) => (typeof value === 'string' ? null : value.text)],
  role: ['角色', words.roleName],
  officerNumber: ['执法人员编号', (value) => value],
  certificateNumber: ['执法证号', (value) => value],
  deviceKind: ['种类', words.deviceKindName],
  model: ['型号', (value) => value],
  basis: ['依据', (value) => clearingBases[value]],
  sealNumber: ['封条号', (value) => value],
  keeper: ['保管人', (value) => value],
  place: ['存放', (value) => value],
  store: ['存储', words.storeName],
  host: ['主机', (value) => value],
  bytes: ['文件大小', words.shownBytes],
  sha256: ['SHA-256', (value) => `${value.slice(0, 16)}…`],
  servedMs: ['已播放', words.shownSeconds],
  endKind: ['方式', words.endKindName],
  // That of a refused request is a word of the protocol, which says nothing here.
  method: ['方法', (value, kind) => (kind.startsWith('rendition.') ? words.renditionMethodName(value) : null)],
  tool: ['工具', (value) => value],
  toolVersion: ['版本', (value) => value],
  how: ['制作方式', (value) => value],
  files: [
    '文件数',
    (value) => (typeof value === 'number' ? String(value) : Array.isArray(value) ? String(value.length) : null),
  ],
  summary: ['清点', ({ tracksInAll, foundMs }) => `${tracksInAll} 条轨道，实有 ${words.shownSeconds(foundMs)}`],
  withFootage: ['含音像内容', (value) => (value ? '是' : '否')],
  recordings: ['音像资料', (value) => (Array.isArray(value) ? `${value.length} 份已填证明对象` : `${value} 份`)],
  recipient: ['接收人', ({ organisation, name }) => `${organisation} ${name}`],
  failure: ['失败', (value) => value],
  sentBytes: ['本次送出至多', words.shownBytes],
  sentInAll: ['累计送出至多', words.shownBytes],
  // Of a rendition it is told with the reason.
  why: ['结束原因', (value, kind) => (kind === 'package.download_ended' ? chineseOf(kind, 'why', value) : null)],
  // The flags of a tool are its command line, not what a recording is marked with.
  flags: ['标记', (value, kind) => (kind.startsWith('rendition.') ? null : value.map(words.flagName).join('、'))],
}

function reasonInWords(reason: string, kind: EventKind, { why }: Partial<Record<string, unknown>>): string {
  const ofRendition = kind === 'rendition.not_playable' || kind === 'rendition.supply_failed'
  const word = whyNotPlayable.find((one) => one === why)
  return (ofRendition ? notPlayableInChinese({ why: word, reason }) : chineseOf(kind, 'reason', reason)) ?? reason
}

/** What an event's details say, a phrase for each member that people understand. */
export function detailsInWords({ kind, details }: KnownEvent): string[] {
  return Object.entries(shown).flatMap(([name, [label, inWords]]) => {
    const members = details as Partial<Record<string, unknown>>
    const value = members[name]
    if (value === undefined || value === null) return []
    // The member and its words have one name, which the compiler cannot follow through the table.
    const text = (inWords as (value: unknown, kind: EventKind, details: typeof members) => string | null)(
      value,
      kind,
      members,
    )
    return text ? [`${label}：${plain(text)}`] : []
  })
}
