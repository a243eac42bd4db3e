import { filmPlace } from '../custody/viewing/film-place.ts'
import { localTime } from './local-time.ts'

/** A package as the service for people answers it. */
export interface ShownPackage {
  readonly id: string
  readonly caseNumber: string
  readonly withFootage: boolean
  readonly purpose: string
  readonly recipient: { readonly name: string; readonly organisation: string } | null
  readonly isEncrypted: boolean
  readonly recordings: readonly {
    readonly recordingId: string
    readonly deviceSerial: string
    readonly name: string
    readonly proves: string
    readonly fromMs: number | null
    readonly toMs: number | null
    readonly transcript: 'separate' | 'no_speech' | null
    readonly originalMedium: string | null
  }[]
  readonly requestedBy: { readonly name: string }
  readonly requestedAt: string
  readonly state: keyof (typeof words)['zh']['states']
  readonly decidedBy: { readonly name: string } | null
  readonly decidedAt: string | null
  readonly decisionReason: string | null
  readonly bytes: number | null
  readonly sha256: string | null
  readonly failure: string | null
  readonly expiresAt: string | null
}

const words = {
  zh: {
    states: {
      awaiting_signature: '待分管领导批准',
      refused: '未批准',
      queued: '待制作',
      building: '正在制作',
      ready: '可下载',
      failed: '制作失败',
      expired: '已过期',
    },
    case: '案件',
    purpose: '用途',
    footage: (isWhole: boolean, isEncrypted: boolean) =>
      `内容  ${isWhole ? '含音像资料' : '不含音像资料'}${isEncrypted ? '，加密给接收人' : ''}`,
    recipient: '接收人',
    requested: '申请人',
    decided: '决定人',
    reason: '理由',
    proves: '证明对象',
    noProves: '未填写证明对象',
    transcripts: { separate: '文字记录另附', no_speech: '无对话' },
    medium: '原始载体',
    file: '文件',
    failure: '原因',
    until: (time: string) => `${time} 前可下载`,
  },
  en: {
    states: {
      awaiting_signature: "waits for the supervisor's signature",
      refused: 'refused',
      queued: 'to be made',
      building: 'is being made',
      ready: 'ready',
      failed: 'failed',
      expired: 'expired',
    },
    case: 'case',
    purpose: 'for',
    footage: (isWhole: boolean, isEncrypted: boolean) =>
      `holds  ${isWhole ? 'footage too' : 'no footage'}${isEncrypted ? ', encrypted to the recipient' : ''}`,
    recipient: 'recipient',
    requested: 'asked for by',
    decided: 'decided by',
    reason: 'reason',
    proves: 'what it proves',
    noProves: 'nothing is said of what the recordings prove (证明对象)',
    transcripts: { separate: 'transcript apart', no_speech: 'no speech' },
    medium: 'original medium',
    file: 'file',
    failure: 'because',
    until: (time: string) => `to be fetched until ${time}`,
  },
} as const

type Language = keyof typeof words

/** A package in one line of a list. */
export function packageLine(one: ShownPackage, language: Language): string {
  const { id, state, caseNumber, purpose, requestedBy, requestedAt } = one
  const by = `${requestedBy.name} ${localTime(requestedAt)}`
  return [id, words[language].states[state], caseNumber, purpose, by].join('  ')
}

/** Everything that whoever signs a package must know of it. */
export function packageLines(one: ShownPackage, language: Language): string[] {
  const say = words[language]
  const { recipient, decidedBy } = one
  return [
    `${one.id}  ${say.states[one.state]}`,
    `  ${say.case}  ${one.caseNumber}`,
    `  ${say.purpose}  ${one.purpose}`,
    `  ${say.footage(one.withFootage, one.isEncrypted)}`,
    ...(recipient ? [`  ${say.recipient}  ${recipient.organisation} ${recipient.name}`] : []),
    `  ${say.requested}  ${one.requestedBy.name} ${localTime(one.requestedAt)}`,
    ...(decidedBy ? [`  ${say.decided}  ${decidedBy.name} ${localTime(one.decidedAt ?? '')}`] : []),
    ...(one.decisionReason ? [`  ${say.reason}  ${one.decisionReason}`] : []),
    ...(one.failure ? [`  ${say.failure}  ${one.failure}`] : []),
    ...(one.sha256 ? [`  ${say.file}  ${one.bytes} B  SHA-256 ${one.sha256}`] : []),
    ...(one.state === 'ready' && one.expiresAt ? [`  ${say.until(localTime(one.expiresAt))}`] : []),
    `  ${one.recordings.length > 0 ? say.proves : say.noProves}`,
    ...one.recordings.map((recording, at) => `    ${at + 1}  ${recordingLine(recording, language)}`),
  ]
}

function recordingLine(recording: ShownPackage['recordings'][number], language: Language): string {
  const { deviceSerial, name, proves, fromMs, toMs, transcript, originalMedium } = recording
  return [
    `${deviceSerial} ${name}`,
    ...(fromMs !== null && toMs !== null ? [`${filmPlace(fromMs)}–${filmPlace(toMs)}`] : []),
    proves,
    ...(transcript ? [words[language].transcripts[transcript]] : []),
    ...(originalMedium === null ? [] : [`${words[language].medium} ${originalMedium}`]),
  ].join('  ')
}
