import { localTime } from './local-time.ts'

export type Language = 'zh' | 'en'

interface BothLanguages {
  readonly zh: string
  readonly en: string
}

/** A version of a setting as the service answers it. */
export interface Version {
  readonly id: string
  readonly value: unknown
  readonly source: string
  readonly validFrom: string
  readonly state: 'proposed' | 'accepted' | 'refused' | 'withdrawn'
  readonly proposedBy: { readonly name: string }
  readonly proposedAt: string
  readonly decidedBy: { readonly name: string } | null
  readonly decidedAt: string | null
}

export interface Setting {
  readonly key: string
  readonly name: BothLanguages
  readonly value: unknown
  readonly standard: unknown
  readonly current: Version | null
  readonly coming: readonly Version[]
  readonly open: (Version & { readonly effect: readonly BothLanguages[] }) | null
}

const words = {
  zh: {
    standard: '标准值',
    remark: (text: string) => `（${text}）`,
    coming: '待生效',
    open: '待决定的提议',
    effect: '影响',
    source: '依据',
    from: '生效时间',
    proposedBy: '提议人',
    decidedBy: '决定人',
    none: '无',
    days: (count: number) => `${count} 天`,
    entries: (count: number) => `${count} 项`,
    states: { proposed: '待决定', accepted: '已同意', refused: '未同意', withdrawn: '已撤回' },
  },
  en: {
    standard: 'standard',
    remark: (text: string) => ` (${text})`,
    coming: 'coming',
    open: 'proposal to be decided',
    effect: 'effect',
    source: 'source',
    from: 'from',
    proposedBy: 'proposed by',
    decidedBy: 'decided by',
    none: 'none',
    days: (count: number) => (count === 1 ? '1 day' : `${count} days`),
    entries: (count: number) => (count === 1 ? '1 entry' : `${count} entries`),
    states: { proposed: 'open', accepted: 'accepted', refused: 'refused', withdrawn: 'withdrawn' },
  },
} as const

/** One setting for people; `short` leaves out where its value comes from. */
export function settingLines(setting: Setting, language: Language, short: boolean): string[] {
  const say = words[language]
  const isStandard = setting.current === null
  const head = `${setting.key}  ${valueText(setting.value, language)}${isStandard ? say.remark(say.standard) : ''}  ${setting.name[language]}`
  const more = [
    ...setting.coming.map((version) => `  ${say.coming}  ${versionLine(version, language)}`),
    ...(setting.open ? [`  ${say.open}  ${versionLine(setting.open, language)}`] : []),
    ...(setting.open ? effectLines(setting.open.effect, language).map((line) => `  ${line}`) : []),
  ]
  if (short) return [head, ...more]
  const current = setting.current ? [`  ${versionLine(setting.current, language)}`] : []
  return [head, `  ${say.standard}  ${valueText(setting.standard, language)}`, ...current, ...more]
}

/** A version in one line. */
export function versionLine(version: Version, language: Language): string {
  const say = words[language]
  return [
    valueText(version.value, language),
    say.states[version.state],
    `${say.from} ${localTime(version.validFrom)}`,
    `${say.source} ${version.source}`,
    `${say.proposedBy} ${version.proposedBy.name} ${localTime(version.proposedAt)}`,
    ...(version.decidedBy ? [`${say.decidedBy} ${version.decidedBy.name} ${localTime(version.decidedAt ?? '')}`] : []),
  ].join('  ')
}

/** What a change does, a line each. */
export function effectLines(effect: readonly BothLanguages[], language: Language): string[] {
  return effect.map((line) => `${words[language].effect}  ${line[language]}`)
}

/** A list is too long for a line: `--json` prints it. */
function valueText(value: unknown, language: Language): string {
  const say = words[language]
  if (!Array.isArray(value)) return JSON.stringify(value)
  if (value.length === 0) return say.none
  const isCalendar = value.every((one) => typeof one === 'object' && one !== null && 'day' in one)
  return isCalendar ? say.days(value.length) : say.entries(value.length)
}
