import { plain } from '../../../foundation/plain-text.ts'
import { eventOf, type KnownEvent } from '../../events/read.ts'
import { quarantineOutcomeNames, quarantineReasonNames } from '../../events/words.ts'
import type { LabelledText } from './content.ts'
import type { ReportRecording } from './facts.ts'
import type { Reading } from './reading.ts'
import { shownTime } from './words.ts'

/** Characters of a reason on a page that has to hold everything else too. */
const reasonLengthMax = 60

/**
 * 待核实: why a recording came in as one, who proposed what, and who decided; empty for a recording that never was.
 *
 * @param lengthMax characters of a reason beyond which it is cut
 */
export function quarantineLines(
  reading: Reading,
  { id, sealed }: ReportRecording,
  lengthMax = Number.POSITIVE_INFINITY,
): string[] {
  if (sealed.kind !== 'recording.quarantined') return []
  const { reason } = sealed.details
  const decided = reading.about(id).flatMap((body) => eventOf(body, 'quarantine.resolved') ?? [])
  return [
    `入库时列为待核实资料${reason ? `，原因：${quarantineReasonNames[reason]}` : ''}`,
    ...(decided.length === 0
      ? ['尚未由两人决定接收']
      : decided.map((one) => decisionText(reading, id, one, lengthMax))),
  ]
}

/** The same for one page: the last decision alone, its reason cut where it is long. All of it stands among the findings. */
export function quarantineRows(reading: Reading, recording: ReportRecording): LabelledText[] {
  const [entered, ...decisions] = quarantineLines(reading, recording, reasonLengthMax)
  const last = decisions.at(-1)
  if (entered === undefined || last === undefined) return []
  const earlier = decisions.length > 1 ? [`此前另有 ${decisions.length - 1} 次决定，见“异常与例外事件”`] : []
  return [['待核实情况', [entered, ...earlier, last]]]
}

function decisionText(
  reading: Reading,
  id: string,
  decided: KnownEvent<'quarantine.resolved'>,
  lengthMax: number,
): string {
  const { proposalId, proposedBy, outcome, confirmed } = decided.details
  const proposed = reading
    .about(id)
    .flatMap((body) => eventOf(body, 'quarantine.proposed') ?? [])
    .find(({ details }) => details.proposalId === proposalId)
  const by = proposed ? `${reading.actorOf(proposed)}于 ${shownTime(proposed.at)} ` : reading.nameOf(proposedBy)
  const because = proposed ? `（理由：${plain(shortened(proposed.details.reason, lengthMax))}）` : ''
  const remarks = reading
    .signatureRemarks(decided)
    .map((remark) => `，${remark}`)
    .join('')
  return `${by}提议${quarantineOutcomeNames[outcome].zh}${because}，${reading.actorOf({ ...decided, onBehalfOf: undefined })}于 ${shownTime(decided.at)} ${confirmed ? '同意' : '不同意'}${remarks}`
}

function shortened(text: string, lengthMax: number): string {
  const characters = [...text]
  return characters.length <= lengthMax ? text : `${characters.slice(0, lengthMax).join('')}…`
}
