import type { Role } from '../roles/roles.ts'
import { type SeatAct, type SeatState, seatActs } from './acts.ts'
import type { SeatForecast } from './forecast.ts'
import { concerned, newcomer, type Part } from './room.ts'

/** A forecast as JSON says it. */
export interface ShownForecast {
  readonly from: string
  readonly until: string
  readonly people: {
    readonly id: string
    readonly name: string
    readonly account: string
    readonly role: Role
    readonly inOffice: boolean
  }[]
  readonly absences: {
    readonly away: string[]
    readonly outcomes: ShownOutcome[]
  }[]
}

interface ShownOutcome {
  readonly act: SeatAct
  readonly role: Role | null
  readonly personId: string | null
  readonly state: SeatState
  readonly from: string
  readonly by: { readonly part: Part; readonly people: string[] }[]
}

export function shownForecast(forecast: SeatForecast): ShownForecast {
  return {
    from: forecast.from.toISOString(),
    until: forecast.until.toISOString(),
    people: forecast.seats.map(({ id, name, account, role, inOffice }) => ({ id, name, account, role, inOffice })),
    absences: forecast.absences.map(({ away, outcomes }) => ({
      away: [...away],
      outcomes: outcomes.map(({ by, from, ...rest }) => ({
        ...rest,
        from: from.toISOString(),
        by: by.map(({ part, people }) => ({ part, people: [...people] })),
      })),
    })),
  }
}

type Language = 'zh' | 'en'

const words = {
  zh: {
    span: (from: string, until: string) => `预测期间：${from} 至 ${until}`,
    nobody: '无人缺岗',
    away: (names: string) => `${names}不在岗`,
    together: '（在各自单独不在岗的影响以外，另有）',
    allPossible: '各项均可办理',
    states: { possible: '可办理', after_wait: '等待期后可办理', after_handover: '工作交接后可办理', stops: '停办' },
    waits: '须等其返岗',
    notNamed: '尚未指定',
    since: (time: string) => `自 ${time} 起`,
    people: { [concerned]: '本人', [newcomer]: '新账号持有人' } as Record<string, string>,
    roles: {
      supervisor: '分管领导',
      deputy: '受委托领导',
      auditor: '法制办',
      custodian: '资料管理员',
      administrator: '系统管理员',
      officer: '执法人员',
      legal_reviewer: '法制审核',
      assistant: '执法辅助人员',
    } as Record<string, string>,
    parts: {
      proposes: '提出',
      decides: '决定',
      confirms: '确认',
      outgoing: '移交人',
      incoming: '接收人',
      supervisor: '监交人',
      legal_office: '法制办',
      first_password: '发放初始密码',
      releases: '复核启用',
      opens_spare: '启封备用码',
      acts: '履职',
    } satisfies Record<Part, string>,
    join: '、',
    and: '；',
    about: (text: string) => `（${text}）`,
    colon: '：',
  },
  en: {
    span: (from: string, until: string) => `foreseen: ${from} to ${until}`,
    nobody: 'nobody away',
    away: (names: string) => `${names} away`,
    together: ' (besides what each absence alone stops)',
    allPossible: 'everything can be done',
    states: { possible: 'possible', after_wait: 'after a wait', after_handover: 'after a hand-over', stops: 'stops' },
    waits: 'waits for the return',
    notNamed: 'nobody named yet',
    since: (time: string) => `from ${time}`,
    people: { [concerned]: 'the person concerned', [newcomer]: 'the holder of the new account' } as Record<
      string,
      string
    >,
    roles: {} as Record<string, string>,
    parts: {
      proposes: 'proposed by',
      decides: 'decided by',
      confirms: 'confirmed by',
      outgoing: 'outgoing',
      incoming: 'incoming',
      supervisor: 'supervisor',
      legal_office: 'legal office',
      first_password: 'first password by',
      releases: 'released by',
      opens_spare: 'spare code opened by',
      acts: 'acting',
    } satisfies Record<Part, string>,
    join: ', ',
    and: '; ',
    about: (text: string) => ` (${text})`,
    colon: ': ',
  },
} as const

/**
 * The forecast for people: what stops first. For one person away also who could do the rest, for two only what neither's
 * absence alone stops.
 *
 * @param time how a time is written
 */
export function forecastLines(shown: ShownForecast, language: Language, time: (iso: string) => string): string[] {
  const say = words[language]
  const lines = [say.span(time(shown.from), time(shown.until))]
  for (const { away, outcomes } of shown.absences) {
    const whole = away.length < 2
    const known = whole ? [] : away.flatMap((id) => stoppedWhile(shown, [id]))
    const told = outcomes.filter((one) => (whole ? isHindered(one) : isStopped(one) && !known.includes(keyOf(one))))
    if (!whole && told.length === 0) continue
    const head = away.length === 0 ? say.nobody : say.away(away.map((id) => nameOf(shown, id, language)).join(say.join))
    const remark = whole ? (told.some(isStopped) ? '' : `${say.colon}${say.allPossible}`) : say.together
    lines.push(`${head}${remark}`)
    for (const one of told) lines.push(`  ${outcomeLine(shown, one, language, time)}`)
    if (!whole) continue
    for (const one of outcomes.filter((other) => !isHindered(other))) {
      lines.push(`  ${outcomeLine(shown, one, language, time)}`)
    }
  }
  return lines
}

/** What stops, in words: `停用账号、更改设置`. */
export function matterText(
  shown: Pick<ShownForecast, 'people'>,
  matter: Pick<ShownOutcome, 'act' | 'role' | 'personId'>,
  language: Language,
): string {
  const say = words[language]
  const { personId, role } = matter
  const about = personId === null ? role && (say.roles[role] ?? role) : nameOf(shown, personId, language)
  return `${seatActs[matter.act][language]}${about ? say.about(about) : ''}`
}

function outcomeLine(
  shown: ShownForecast,
  one: ShownOutcome,
  language: Language,
  time: (iso: string) => string,
): string {
  const say = words[language]
  const state = stateText(shown, one, language)
  const since = one.from === shown.from ? '' : ` ${say.since(time(one.from))}`
  const by = one.by.map(
    ({ part, people }) => `${say.parts[part]} ${people.map((id) => nameOf(shown, id, language)).join(say.join)}`,
  )
  const who = by.length > 0 ? `${say.colon}${by.join(say.and)}` : ''
  return `${state}${since}  ${matterText(shown, one, language)}${who}`
}

/** A deputy whom nobody named is missing whoever is there. */
function stateText(shown: ShownForecast, one: ShownOutcome, language: Language): string {
  const say = words[language]
  if (one.state !== 'stops') return say.states[one.state]
  if (one.act === 'new_account') return say.waits
  const isAnyhow = one.act === 'deputyship' && stoppedWhile(shown, []).includes(keyOf(one))
  return isAnyhow ? say.notNamed : say.states.stops
}

function nameOf(shown: Pick<ShownForecast, 'people'>, id: string, language: Language): string {
  return shown.people.find((person) => person.id === id)?.name ?? words[language].people[id] ?? id
}

/** A new account can be made when everybody is back. */
function isStopped({ act, state }: ShownOutcome): boolean {
  return state === 'stops' && act !== 'new_account'
}

function isHindered({ state }: ShownOutcome): boolean {
  return state !== 'possible'
}

function keyOf({ act, role, personId }: ShownOutcome): string {
  return `${act} ${role} ${personId}`
}

function stoppedWhile(shown: ShownForecast, away: readonly string[]): string[] {
  const absence = shown.absences.find((one) => one.away.join() === away.join())
  return (absence?.outcomes ?? []).filter(({ state }) => state === 'stops').map(keyOf)
}
