import { plain } from '../../../../foundation/plain-text.ts'
import { areOnePerson } from '../../../signing/one-person.ts'
import type { ReportRecording } from '../facts.ts'
import { nameIn } from '../openings.ts'
import type { Reading } from '../reading.ts'
import { deviceKindName } from '../words.ts'
import { different, namesOfRecordings, sentence } from './sentence.ts'

/** 一: what recorded, collected, stored and transmitted it. */
export const environment = [
  sentence('no_recordings', ({ facts }) =>
    facts.recordings.length === 0 ? '本报告写成时没有音像资料归入本案件。' : null,
  ),
  sentence('recorded_by', (reading) => {
    const serials = different(reading.facts.recordings.map(({ sealed }) => reading.subjectOf(sealed, 'device')))
    if (serials.length === 0) return null
    return `生成设备 ${serials.length} 台：${serials.map((serial) => deviceText(reading, serial)).join('、')}。`
  }),
  sentence('dock_signed', (reading) => {
    const { recordings } = reading.facts
    if (recordings.length === 0 || recordings.some((one) => signatureFaultOf(reading, one) !== null)) return null
    const listed = recordings.flatMap((one) => reading.listedAs(one) ?? [])
    const docks = different(listed.map(({ handIn }) => handIn.dockId))
    const unread = recordings.filter((one) => reading.listedAs(one)?.line.sha256 === null)
    const later = unread.filter((one) => reading.handIns.signsDigest(one.sealed)).length
    const unsigned = unread.length - later
    const besides = [
      later === 0 ? '' : `其中 ${later} 份，交存单只列文件名和大小，校验值由采集站在读取时计算并签名。`,
      unsigned === 0 ? '' : `其中 ${unsigned} 份，交存单只列文件名和大小，采集站未签署校验值。`,
    ].join('')
    return `全部 ${recordings.length} 份音像资料都在采集站传输前签名的交存单上：${docks.map((id) => dockText(reading, id)).join('；')}。${besides}`
  }),
  sentence('dock_signature_missing', (reading) => {
    const faults = Map.groupBy(reading.facts.recordings, (one) => signatureFaultOf(reading, one))
    return [...faults].flatMap(([fault, recordings]) =>
      fault === null
        ? []
        : [
            `${namesOfRecordings(reading, recordings)}：未见由一人登记、另一人复核启用的采集站签名的交存单（${fault}）。`,
          ],
    )
  }),
  sentence('stored_on', (reading) => {
    const copies = reading.facts.recordings.flatMap(({ id }) => reading.copiesOf(id))
    const hosts = different(copies.flatMap(({ host, state }) => (state === 'damaged' ? [] : [host])))
    return hosts.length === 0 ? null : `事件载明的存放主机：${hosts.map(plain).join('、')}，共 ${hosts.length} 台。`
  }),
  sentence('separate_services', (reading) => {
    const { recordings } = reading.facts
    const isSeparate = recordings.length > 0 && recordings.every((one) => isEnteredSeparately(reading, one))
    return isSeparate ? '每份音像资料的固定入库、原始件复核和备份由三个不同的系统服务分别登记。' : null
  }),
  sentence('playable_made_with', (reading) => {
    const tools = different(reading.ofKind('rendition.published').map(({ details }) => details.tool))
    return tools.length === 0 ? null : `播放件的制作工具：${tools.map(plain).join('、')}；制作参数见附录。`
  }),
  sentence('no_playable', (reading) => {
    const isNone = reading.facts.recordings.length > 0 && reading.countOf('rendition.published') === 0
    return isNone ? '没有制成播放件的事件。' : null
  }),
]

/** Why it is not shown that a dock signed the list on which the recording stands; null when it is. */
export function signatureFaultOf(reading: Reading, recording: ReportRecording): string | null {
  const { flags } = recording.sealed.details
  if (flags.includes('no_list')) return '没有交存单'
  if (flags.includes('not_on_list')) return '不在交存单上'
  const handIn = reading.handIns.byId.get(reading.subjectOf(recording.sealed, 'hand_in') ?? '')
  if (!handIn) return '交存单的事件未随材料提供'
  if (handIn.signatureFault !== null) return handIn.signatureFault
  return reading.listedAs(recording) ? null : '随材料的交存单行中没有与其设备、文件名、大小和校验值一致的一行'
}

function dockText(reading: Reading, id: string): string {
  const dock = reading.register.docks.get(id)
  const [registered] = dock?.registered ?? []
  const released = dock?.released.find((one) => registered && !areOnePerson(nameIn(one), nameIn(registered)))
  if (!registered || !released) return reading.nameOf(id)
  return `${reading.nameOf(id)}由${reading.actorOf(registered)}登记、${reading.actorOf(released)}复核启用`
}

function deviceText(reading: Reading, serial: string): string {
  const details = reading.register.devices.get(serial)?.registered.details
  if (!details) return plain(`序号 ${serial}（登记未载入事件）`)
  return plain(`${deviceKindName(details.deviceKind)}${details.model ? ` ${details.model}` : ''} ${serial}`)
}

/** Whether each of the three was entered by services only, and no service entered two of them. */
function isEnteredSeparately(reading: Reading, { id, sealed }: ReportRecording): boolean {
  const of = (kind: string) => reading.about(id).filter((body) => body.kind === kind)
  const groups = [[sealed], of('recording.verified'), of('recording.copied')]
  if (groups.some((events) => events.length === 0)) return false
  if (groups.flat().some(({ actorRole }) => actorRole !== 'service')) return false
  const actors = groups.map((events) => new Set(events.map(({ actor }) => actor)))
  return new Set(actors.flatMap((one) => [...one])).size === actors.reduce((sum, { size }) => sum + size, 0)
}
