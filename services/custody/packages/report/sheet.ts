import { plain } from '../../../foundation/plain-text.ts'
import { fewerOfficersNotice } from '../../events/few-officers.ts'
import { originNames, transcriptNames } from '../../events/words.ts'
import { carrierSentences } from './carrier.ts'
import type { LabelledText, Sheet } from './content.ts'
import type { ReportRecording } from './facts.ts'
import { officerText, participantText, useText } from './people.ts'
import { quarantineRows } from './quarantine.ts'
import type { Reading } from './reading.ts'
import { signatureFaultOf } from './sentences/environment.ts'
import { offsetText } from './sentences/origin.ts'
import * as words from './words.ts'

/**
 * 《视听资料证据说明》 of a recording: what 最高人民法院关于行政诉讼证据若干问题的规定 第十二条 asks of audio-visual evidence,
 * on one page. Everything in it is from the disclosed events.
 */
export function sheetOf(reading: Reading, recording: ReportRecording): Sheet {
  const { facts } = reading
  const opened = reading.ofKind('case.opened')[0]
  const asked = reading.askedOf(recording.id)
  const verb = words.makingVerb(reading.kindOf(recording))
  return {
    title: '视听资料证据说明',
    caption: plain(
      `案件 ${facts.closure.caseNumber}　${reading.numberOf(recording.id)}（共 ${facts.recordings.length} 份）`,
    ),
    rows: [
      ['证据名称', plain(`${reading.numberOf(recording.id)}　${recording.name}`)],
      ['案件', caseLines(reading, opened)],
      ...madeBy(reading, recording, verb),
      [`${verb}设备`, deviceLine(reading, recording)],
      [`${verb}时间`, timeLines(reading, recording, verb)],
      [`${verb}方法`, methodLine(reading, recording, verb)],
      ...quarantineRows(reading, recording),
      ['证明对象', asked ? plain(asked.proves) : '未填写'],
      ['相关片段', partLine(reading, recording)],
      ['原始载体', carrierLine(reading, recording)],
      ['复制情况', copyLines(reading, recording)],
      ['声音文字记录', transcriptLine(reading, recording)],
      [
        '完整性校验值',
        [`SHA-256 ${recording.sha256}`, recording.sm3 === null ? 'SM3 校验尚未完成' : `SM3 ${recording.sm3}`],
      ],
    ],
    signatures: ['提供人（签名）', '核对人（签名）', '单位（盖章）', '日期'],
    note: '本材料可由任何人在本单位系统以外离线核验，方法见“如何核验”。',
  }
}

function caseLines(reading: Reading, opened: ReturnType<typeof openedOf>): string[] {
  if (!opened) return [plain(reading.facts.closure.caseNumber), '建立案件的事件无法读取']
  return [plain(opened.details.title), `行政相对人：${partyText(reading)}`]
}

function openedOf(reading: Reading) {
  return reading.ofKind('case.opened')[0]
}

/** As the event that opened the case calls the party; older events have its id only. */
export function partyText(reading: Reading): string {
  const opened = openedOf(reading)
  if (opened?.details.partyName !== undefined) return plain(opened.details.partyName)
  const id = opened && reading.subjectOf(opened, 'party')
  return plain(`${id ?? '—'}（名称未载入事件）`)
}

/** 摄录人: the officers of the filing and who of them used the device; 辅助人员 apart, they are no officers. */
function madeBy(reading: Reading, recording: ReportRecording, verb: string): LabelledText[] {
  const filing = reading.filingOf(recording.id)
  const { officerIds = [], participantIds = [], fewerOfficersReason } = filing?.details ?? {}
  const user = reading.subjectOf(recording.sealed, 'person')
  const use = useText(recording)
  const withUse = (id: string, text: string) => (id === user ? `${text}，${use}` : text)
  const isAssistant = user !== null && reading.register.people.get(user)?.created.details.role === 'assistant'
  const isNamed = user !== null && [...officerIds, ...participantIds].includes(user)
  const officers = officerIds.map((id) =>
    id === user ? withUse(id, officerText(reading, id)) : `${officerText(reading, id)}，归入案件时列为执法人员`,
  )
  if (user !== null && !isNamed && !isAssistant) {
    officers.push(`${officerText(reading, user)}，${use}；未列为本案执法人员`)
  }
  if (officers.length === 0) officers.push(filing ? '归入案件时未载明执法人员' : '尚未归入本案件，未载明执法人员')
  if (user === null) officers.push('当班使用该设备的人不明')
  if (fewerOfficersReason !== undefined) officers.push(plain(fewerOfficersNotice(fewerOfficersReason).zh))
  const assistants = different([...participantIds, ...(isAssistant ? [user] : [])])
  return [
    [`${verb}人`, officers],
    ...(assistants.length === 0
      ? []
      : [['参与人员', assistants.map((id) => withUse(id, participantText(reading, id)))] as const]),
  ]
}

function different(ids: readonly string[]): string[] {
  return [...new Set(ids)]
}

/** Kind, model and serial as they were registered, and who kept the device then. */
export function deviceLine(reading: Reading, { sealed }: ReportRecording): string {
  const serial = reading.subjectOf(sealed, 'device') ?? '—'
  const device = reading.register.devices.get(serial)
  if (!device) return plain(`序号 ${serial}（登记未载入事件）`)
  const { deviceKind, model } = device.registered.details
  const index = reading.events.find(({ body }) => body.id !== undefined && body.id === sealed.id)?.index
  const keeper = device.keeperAt(index ?? Number.POSITIVE_INFINITY)
  const what = `${words.deviceKindName(deviceKind)}${model ? ` ${model}` : ''}，序号 ${serial}`
  return `${plain(what)}，保管人：${keeper === null ? '本单位' : reading.nameOf(keeper)}`
}

/** 设备自报; how far the device's clock was off, by whom that is said, and the corrected time; 入库. */
function timeLines(reading: Reading, recording: ReportRecording, verb: string): string[] {
  const { sealed } = recording
  const { clockOffsetMs, correctedTime } = sealed.details
  const corrected = correctedTime === null ? '没有校正时间' : `校正后 ${words.shownTime(correctedTime)}`
  const enteredAt = `入库时间：${words.shownTime(sealed.at)}（北京时间，下同）`
  if (!words.saysItsTime(sealed.details)) return [`没有设备自报的时间，何时${verb}不能说明`, enteredAt]
  return [
    `设备自报：${words.shownDeviceTime(sealed.details)}`,
    clockOffsetMs === null
      ? '没有设备时钟偏差的记载，设备自报的时间无从校正'
      : `${offsetText(reading, recording, clockOffsetMs)}；${corrected}`,
    enteredAt,
  ]
}

function methodLine(reading: Reading, recording: ReportRecording, verb: string): string {
  const { sealed } = recording
  const device = reading.register.devices.get(reading.subjectOf(sealed, 'device') ?? '')
  const kind = device ? words.deviceKindName(device.registered.details.deviceKind) : '设备'
  const fault = signatureFaultOf(reading, recording)
  const handIn = fault === null ? reading.listedAs(recording)?.handIn : undefined
  if (!handIn) return `由${kind}${verb}；${notListedText(reading, recording, fault)}，如何从设备中取出没有记载`
  const origin = handIn.opened.details.head?.origin
  const how = origin ? originNames[origin.kind] : '采集方式未载入交存单'
  return `由${kind}${verb}，${words.shownTime(handIn.opened.at)} 交存${reading.nameOf(handIn.dockId)}（${how}）`
}

/** That no list came with it is said as that; any other list is named with what is wrong with it. */
function notListedText(reading: Reading, { sealed }: ReportRecording, fault: string | null): string {
  const dock = reading.subjectOf(sealed, 'dock')
  const way = dock === null ? '上传' : `经${reading.nameOf(dock)}上传`
  if (sealed.details.flags.includes('no_list')) return `${way}入库时没有交存单`
  if (sealed.details.flags.includes('not_on_list')) return `${way}入库，但不在交存单上`
  return `${way}入库，交存单不能采用${fault === null ? '' : `（${fault}）`}`
}

function partLine(reading: Reading, recording: ReportRecording): string {
  const { fromMs, toMs } = reading.askedOf(recording.id) ?? {}
  if (fromMs === undefined || toMs === undefined) return hasLength(reading, recording) ? '未指明片段' : '不适用'
  return `${words.shownPlace(fromMs)} 至 ${words.shownPlace(toMs)}`
}

function transcriptLine(reading: Reading, recording: ReportRecording): string {
  const transcript = reading.askedOf(recording.id)?.transcript ?? null
  if (transcript !== 'separate' && !hasLength(reading, recording)) return '不适用'
  return transcript === null ? '未提供' : transcriptNames[transcript]
}

function hasLength(reading: Reading, recording: ReportRecording): boolean {
  const kind = reading.kindOf(recording)
  return kind !== 'still' && kind !== 'document'
}

/**
 * Where the medium is: what events say became of the file on the device or its card, and what whoever asked for the package
 * says. How far the copy is known to be the file on it depends on the dock.
 */
function carrierLine(reading: Reading, recording: ReportRecording): string[] {
  const kept = `入库文件自 ${words.shownTime(recording.sealed.at)} 起由本系统保存`
  const said = reading.askedOf(recording.id)?.originalMedium
  const known = carrierSentences(reading, recording)
  const asked = said === undefined ? [] : [`${plain(said)}（申请人填写，系统未核实）`]
  const medium = [...known, ...asked]
  return [...(medium.length === 0 ? [noMediumText] : medium), `${kept}，${comparedText(reading, recording)}`]
}

const noMediumText = '在何处，或者提供原始载体确有困难的原因：申请时未填写；系统也未记录原始存储介质的去向'

function comparedText(reading: Reading, recording: ReportRecording): string {
  const { sealed, sha256 } = recording
  const isSigned = signatureFaultOf(reading, recording) === null
  if (isSigned && reading.listedAs(recording)?.line.sha256 === sha256) return '其校验值与采集站签名的交存单所列一致'
  if (isSigned && reading.handIns.signsDigest(sealed)) return '其校验值由采集站在读取时计算并签名'
  const given = [sealed.details.listedSha256, sealed.details.declaredSha256].filter((one) => one !== null)
  if (given.length === 0) return '采集站未给出校验值，不能说明其与介质上的文件一致'
  return given.every((one) => one === sha256)
    ? '其校验值与入库事件所载采集站给出的一致，该校验值未经采集站签名'
    : '其校验值与采集站给出的不一致'
}

function copyLines(reading: Reading, recording: ReportRecording): string[] {
  if (!recording.hasOriginal) return [contentOf(reading, recording)]
  const { request, facts } = reading
  return [
    '方法（系统自述）：由本系统读出入库时的原始文件，边读边与校验值核对，未作编辑，写入本材料',
    `时间：${words.shownTime(facts.madeAt)}`,
    `复制人：由系统复制（${request ? `依${reading.actorOf(request)}于 ${words.shownTime(request.at)} 的申请` : '申请事件无法读取'}）`,
  ]
}

/** What of the recording goes along with this package. */
export function contentOf({ request }: Reading, recording: ReportRecording): string {
  if (recording.withheld === 'quarantined') return '未随材料：待核实资料，尚未由两人决定接收'
  if (recording.withheld === 'not_in_case') return '未随材料：已不在本案件中'
  if (!request?.details.withFootage) return '本材料不含音像内容，没有该资料的拷贝'
  const tracks = recording.playable?.tracks.length ?? 0
  const playable = recording.hasPlayable ? `播放件${tracks > 1 ? `（${tracks} 个轨道）` : ''}` : '无播放件'
  return `原始文件${recording.hasOriginal ? '' : '（缺）'}，${playable}`
}
