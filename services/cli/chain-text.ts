import type { CaseChain } from '../custody/chain/schema.ts'
import { fewerOfficersNotice } from '../custody/events/few-officers.ts'
import { kindName } from '../custody/events/kinds.ts'
import { eventOf } from '../custody/events/read.ts'
import type { SameSeat } from '../custody/events/signature.ts'
import { sharedSeats } from '../custody/events/words.ts'
import { signedKinds } from '../custody/signing/put-up.ts'
import { bodyOrNull } from '../ledger/format/entry.ts'
import { codeWords, type ShownFinding } from './chain-codes.ts'
import type { VerifiedChain } from './chain-verify.ts'
import { localTime } from './local-time.ts'
import { printable } from './terminal.ts'

export type Language = 'zh' | 'en'

const words = {
  zh: {
    chain: '证据保管链',
    checkpoint: '存证节点',
    noCheckpoint: '存证节点未通过验证',
    leaves: '条记录，根',
    recordings: '音像资料',
    copies: '存放',
    events: '流转事件',
    proven: '已独立验证',
    uncovered: '尚未列入存证节点',
    loose: '登记的旧流转事件（逐条出示，未必齐全）',
    findings: '发现的问题',
    sound: '验证通过：未发现问题，无缺失事件',
    unsound: (count: number) => `验证未通过：${count} 个问题`,
    by: { service: '服务自查', verifier: '独立验证' },
    gone: '资料行缺失',
    locked: (until: string) => `防删改锁定至 ${until}`,
    hold: '暂停销毁',
    noHold: '未设暂停销毁',
    hashed: 'SHA-256 已重算',
    onBehalfOf: (name: string) => `受${name}委托`,
    third: (name: string, office: string) => `第三方签署（${name}，${office}）`,
    sameSeat: (name: string, { by, minutesApart }: SameSeat) =>
      `同机签署（与${name}，${minutesApart} 分钟内，${sharedSeats[by]}）`,
  },
  en: {
    chain: 'Evidence chain',
    checkpoint: 'Checkpoint',
    noCheckpoint: 'the checkpoint does not hold',
    leaves: 'entries, root',
    recordings: 'Recordings',
    copies: 'copies',
    events: 'Events',
    proven: 'verified independently',
    uncovered: 'not under a checkpoint yet',
    loose: 'Older acts of registers (shown one by one, perhaps not all)',
    findings: 'Findings',
    sound: 'Verified: nothing found, no event missing',
    unsound: (count: number) => `NOT verified: ${count} findings`,
    by: { service: 'service', verifier: 'verifier' },
    gone: 'its row is gone',
    locked: (until: string) => `locked until ${until}`,
    hold: 'legal hold',
    noHold: 'no legal hold',
    hashed: 'SHA-256 computed again',
    onBehalfOf: (name: string) => `on behalf of ${name}`,
    third: (name: string, office: string) => `third signature (${name}, ${office})`,
    sameSeat: (name: string, { by, minutesApart }: SameSeat) =>
      `signed from the seat of ${name} (same ${by}, within ${minutesApart} minutes)`,
  },
} as const

/** The chain and what was found, for people; times in Asia/Shanghai. */
export function chainLines(
  chain: CaseChain,
  verified: VerifiedChain,
  findings: readonly ShownFinding[],
  language: Language,
): string[] {
  const say = words[language]
  const { checkpoint } = verified
  return [
    `${say.chain}  ${chain.case.number}${chain.case.title ? `  ${chain.case.title}` : ''}`,
    checkpoint
      ? `${say.checkpoint}  ${checkpoint.origin}  ${checkpoint.size} ${say.leaves} ${checkpoint.root.toString('base64')}`
      : `${say.checkpoint}  ${say.noCheckpoint}`,
    '',
    `${say.recordings} (${chain.recordings.length})`,
    ...chain.recordings.flatMap((recording) => recordingLines(recording, language)),
    '',
    `${say.events} (${chain.events.length}; ${say.proven} ${verified.proven.length}; ${say.uncovered} ${verified.uncovered.length})`,
    ...chain.events.flatMap((event) => [
      eventLine(event, chain, { verified, findings, language }),
      ...fewerOfficersLines(event, language),
    ]),
    ...(chain.loose.length === 0 ? [] : ['', `${say.loose} (${chain.loose.length})`]),
    ...chain.loose.map((event) => eventLine(event, chain, { verified, findings, language })),
    '',
    ...(findings.length === 0 ? [] : [`${say.findings} (${findings.length})`]),
    ...findings.map((finding) => findingLine(finding, language)),
    findings.length === 0 ? say.sound : say.unsound(findings.length),
  ].map(printable)
}

function findingLine(finding: ShownFinding, language: Language): string {
  const { by, code, where, what } = finding
  const named = finding.by === 'verifier' ? `${codeWords(finding.code)[language]} [${code}]` : code
  return `  [${words[language].by[by]}] ${named}  ${where}${what === '' ? '' : `: ${what}`}`
}

function recordingLines(recording: CaseChain['recordings'][number], language: Language): string[] {
  const say = words[language]
  if (recording.state === null) return [`  ${recording.id}  ${say.gone}`]
  const stages = recording.stages.map(({ stage }) => stage).join(', ')
  return [
    `  ${recording.id}  ${recording.deviceSerial}  ${recording.name?.text}  ${recording.bytes} B  ${recording.state}  ${stages}`,
    `    SHA-256 ${recording.sha256}`,
    ...(recording.sm3 ? [`    SM3     ${recording.sm3}`] : []),
    ...recording.copies.map((copy) => `    ${copyLine(copy, language)}`),
  ]
}

function copyLine(copy: CaseChain['recordings'][number]['copies'][number], language: Language): string {
  const say = words[language]
  const { found } = copy
  const facts = found
    ? [
        `${found.bytes} B`,
        ...(found.retainUntil ? [say.locked(found.retainUntil.slice(0, 10))] : []),
        found.legalHold ? say.hold : say.noHold,
        ...(found.sha256 ? [say.hashed] : []),
      ]
    : []
  // What lies on a store is what the service says of it: no tick of ours.
  const mark = copy.problem === null ? '·' : '✗'
  return [mark, copy.store, copy.hostName, ...facts, copy.problem].filter((part) => part !== null).join('  ')
}

function eventLine(
  event: CaseChain['events'][number],
  chain: CaseChain,
  shown: { verified: VerifiedChain; findings: readonly ShownFinding[]; language: Language },
): string {
  const { verified, findings, language } = shown
  const isNamed = findings.some(({ where }) => where === `event ${event.id}` || where === `leaf ${event.index}`)
  // A tick is this program's own word: what it did not prove gets none.
  const mark = isNamed ? '✗' : verified.proven.includes(event.id) ? '✓' : '?'
  const index = String(event.index ?? '–').padStart(8)
  // This program's own words for the kinds: the answer's could call a viewing anything.
  const kind = kindName(event.kind, language)
  const actor = `${event.actorName ?? event.actor} (${event.actorRole})`
  const remarks = signatureRemarks(event, chain, language).map((remark) => `  ${remark}`)
  return `  ${mark}${index}  ${localTime(event.at)}  ${kind}  ${actor}${remarks.join('')}`
}

/** By whose commission an act was done, and that it came from the seat of another signer. */
function signatureRemarks(event: CaseChain['events'][number], chain: CaseChain, language: Language): string[] {
  const say = words[language]
  const remarks = event.onBehalfOf ? [say.onBehalfOf(event.onBehalfOfName || event.onBehalfOf)] : []
  const body = bodyOrNull(event.body)
  const { sameSeat: mark, third } = (body && eventOf(body, ...signedKinds)?.details) ?? {}
  if (third) remarks.push(say.third(third.name, third.office))
  if (!mark) return remarks
  // Whoever signed before is the actor of an event of this chain; the answer has no other names.
  const other = chain.events.find(({ actor }) => actor === mark.with)?.actorName ?? mark.with
  return [...remarks, say.sameSeat(other, mark)]
}

/** Under the opening of a case, or the filing of a recording, that names fewer than two officers. */
function fewerOfficersLines(event: CaseChain['events'][number], language: Language): string[] {
  const body = bodyOrNull(event.body)
  const reason = body && eventOf(body, 'case.opened', 'recording.attached')?.details.fewerOfficersReason
  return reason ? [`${' '.repeat(12)}${fewerOfficersNotice(reason)[language]}`] : []
}
