import { plain } from '../../../foundation/plain-text.ts'
import { eventOf, type KnownEvent } from '../../events/read.ts'
import type { ReportRecording } from './facts.ts'
import type { Reading } from './reading.ts'
import { shownTime } from './words.ts'

/** The events by which docks removed the file of a recording from its device. */
export function clearingsOf(reading: Reading, { id }: Pick<ReportRecording, 'id'>): KnownEvent<'recording.cleared'>[] {
  return reading.about(id).flatMap((body) => eventOf(body, 'recording.cleared') ?? [])
}

/** The card that was kept under seal after the hand-in by which a recording came; null when no event says so. */
export function keptCardOf(reading: Reading, { sealed }: ReportRecording): KnownEvent<'device.card_kept'> | null {
  const handIn = reading.subjectOf(sealed, 'hand_in')
  const device = reading.subjectOf(sealed, 'device')
  const kept = reading
    .ofKind('device.card_kept')
    .filter((event) => event.details.handInId === handIn && reading.subjectOf(event, 'device') === device)
  return handIn === null ? null : (kept.at(-1) ?? null)
}

/** What the events say became of the file on the device; empty when none says anything. */
export function carrierSentences(reading: Reading, recording: ReportRecording): string[] {
  const cleared = clearingsOf(reading, recording).map((event) => clearedText(reading, event))
  const kept = keptCardOf(reading, recording)
  const unknown = unknownOf(reading, recording).map((event) => unknownText(reading, event))
  return [...cleared, ...unknown, ...(kept ? [keptText(reading, kept)] : [])]
}

/** The events by which it is not known whether the file was removed: no later one says it of the same clearing. */
export function unknownOf(
  reading: Reading,
  { id }: Pick<ReportRecording, 'id'>,
): KnownEvent<'recording.not_cleared'>[] {
  const said = reading.about(id).flatMap((body) => eventOf(body, 'recording.cleared', 'recording.not_cleared') ?? [])
  return said.flatMap((event, place) => {
    const { clearingId, line } = event.details
    const isSaidLater = said
      .slice(place + 1)
      .some(({ details }) => details.clearingId === clearingId && details.line === line)
    const isUnknown = event.kind === 'recording.not_cleared' && event.details.why === 'outcome_unknown'
    return isUnknown && !isSaidLater ? [event] : []
  })
}

/** 是否已清空不明, with who gave it up. */
export function unknownText(reading: Reading, event: KnownEvent<'recording.not_cleared'>): string {
  const dock = reading.nameOf(reading.subjectOf(event, 'dock') ?? '')
  const givenUp = reading
    .ofKind('clearing.given_up')
    .find(({ details }) => details.givingUpId === event.details.givingUpId)
  const who = givenUp
    ? `（${reading.nameOf(givenUp.details.askedBy)}申请，${reading.nameOf(givenUp.actor)}同意，理由：${givenUp.details.reason}）`
    : ''
  return plain(
    `设备上的原文件是否已清空不明：${dock}登记清空后没有结束登记，${shownTime(event.at)} 经两人办理不再等待${who}`,
  )
}

/** 已于…凭回执清空, or 未见证先清空，站内留存原件. */
export function clearedText(reading: Reading, event: KnownEvent<'recording.cleared'>): string {
  const when = shownTime(event.at)
  const dock = reading.nameOf(reading.subjectOf(event, 'dock') ?? '')
  const { basis, receiptIndex } = event.details
  const receipt = `交存回执为流转日志第 ${receiptIndex} 号`
  return basis === 'witnessed'
    ? `设备上的原文件已于 ${when} 由${dock}凭回执清空（${receipt}，清空前已有外部见证）`
    : `设备上的原文件已于 ${when} 由${dock}清空：未见证先清空，站内留存原件（${receipt}，当时外部见证逾期）`
}

export function keptText(reading: Reading, event: KnownEvent<'device.card_kept'>): string {
  const { sealNumber, keeper, place } = event.details
  const dock = reading.nameOf(reading.subjectOf(event, 'dock') ?? '')
  return plain(
    `原卡已封存，封条号 ${sealNumber}，保管人 ${keeper}，存放于 ${place}（${shownTime(event.at)} 在${dock}登记）`,
  )
}
