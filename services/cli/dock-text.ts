import { localTime } from './local-time.ts'

/** A dock as GET /docks shows it. */
export interface DockLine {
  readonly id: string
  readonly name: string
  readonly releasedAt: string | null
  readonly revokedAt: string | null
  readonly state: {
    readonly seenAt: string
    readonly version: string
    readonly slots: number
    readonly slotsUsed: number
    readonly spoolBytes: number
    readonly spoolUsedBytes: number
    readonly waitingBytes: number
    readonly attention: readonly unknown[]
    readonly remarks: readonly { readonly zh: string; readonly en: string }[]
  } | null
}

export interface EnrolmentLine {
  readonly id: string
  readonly name: string
  readonly expiresAt: string
  readonly usedAt: string | null
}

/** `ID  name  standing  …`, one line a dock. Pure. */
export function dockText(dock: DockLine, language: 'zh' | 'en'): string {
  return [dock.id, dock.name, standing(dock)[language], ...stateWords(dock.state, language)].join('  ')
}

function standing({ releasedAt, revokedAt }: DockLine): { zh: string; en: string } {
  if (revokedAt !== null) return { zh: '已停用', en: 'revoked' }
  return releasedAt === null ? { zh: '待复核启用', en: 'waits for its release' } : { zh: '在用', en: 'in service' }
}

function stateWords(state: DockLine['state'], language: 'zh' | 'en'): string[] {
  if (state === null) return [language === 'zh' ? '从未联系' : 'never heard of']
  const { slots, slotsUsed, spoolBytes, spoolUsedBytes, waitingBytes, attention } = state
  const spool = `${gigabytes(spoolUsedBytes)}/${gigabytes(spoolBytes)} GB`
  const words =
    language === 'zh'
      ? [
          `最后联系 ${localTime(state.seenAt)}`,
          `版本 ${state.version}`,
          `槽位 ${slotsUsed}/${slots}`,
          `暂存 ${spool}`,
          `待传 ${gigabytes(waitingBytes)} GB`,
          ...(attention.length > 0 ? [`${attention.length} 处需处理`] : []),
        ]
      : [
          `last heard of ${localTime(state.seenAt)}`,
          `version ${state.version}`,
          `slots ${slotsUsed}/${slots}`,
          `spool ${spool}`,
          `waiting ${gigabytes(waitingBytes)} GB`,
          ...(attention.length > 0 ? [`${attention.length} to look at`] : []),
        ]
  return [...words, ...state.remarks.map((remark) => `▲ ${remark[language]}`)]
}

/** A code that waits for its dock. Pure. */
export function enrolmentText({ id, name, expiresAt }: EnrolmentLine, language: 'zh' | 'en'): string {
  const waits = language === 'zh' ? '登记码有效至' : 'enrolment code until'
  return [id, name, `${waits} ${localTime(expiresAt)}`].join('  ')
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1)
}
