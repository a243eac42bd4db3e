import type { EventBody } from '../format/entry.ts'
import { idsOf, names, onlyId, type PlacedBody } from './placed-body.ts'

/**
 * Recordings (`recording:…`) whose file was removed from its device without the events showing on what (DESIGN.md §7,
 * "Remarks"): each `recording.cleared` rests on the receipt of that recording at the leaf that it names, with the digest that
 * the dock read last, and, where it names one, on an announcement of its clearing that was entered before.
 *
 * @param events the disclosed ones
 */
export function unprovenClearings(events: readonly PlacedBody[]): string[] {
  const unproven = events.filter(
    (cleared) =>
      cleared.body.kind === 'recording.cleared' && !(hasReceipt(cleared, events) && isAnnounced(cleared, events)),
  )
  return [...new Set(unproven.flatMap(({ body }) => idsOf('recording', body).map((id) => `recording:${id}`)))]
}

/**
 * Recordings (`recording:…`) of which nobody knows whether their file is on the device still: their clearing was given up
 * (`outcome_unknown`), and its dock has not said since what it found.
 *
 * @param events the disclosed ones
 */
export function unknownClearings(events: readonly PlacedBody[]): string[] {
  const unknown = events.filter(
    (left) =>
      left.body.kind === 'recording.not_cleared' &&
      left.body.details.why === 'outcome_unknown' &&
      !events.some((one) => one.index > left.index && isLaterWord(one.body, left.body)),
  )
  return [...new Set(unknown.flatMap(({ body }) => idsOf('recording', body).map((id) => `recording:${id}`)))]
}

/** What was said of the same line of the same clearing, by whoever did not give it up. */
function isLaterWord(one: EventBody, left: EventBody): boolean {
  const isWord =
    one.kind === 'recording.cleared' || (one.kind === 'recording.not_cleared' && one.details.why !== 'outcome_unknown')
  const recordingId = onlyId('recording', left)
  const { clearingId, line } = left.details
  return (
    isWord &&
    recordingId !== null &&
    names(one, `recording:${recordingId}`) &&
    typeof clearingId === 'string' &&
    one.details.clearingId === clearingId &&
    typeof line === 'number' &&
    one.details.line === line
  )
}

function hasReceipt({ index, body }: PlacedBody, events: readonly PlacedBody[]): boolean {
  const recordingId = onlyId('recording', body)
  const { receiptIndex, sha256 } = body.details
  return events.some(
    (one) =>
      one.index === receiptIndex &&
      one.index < index &&
      one.body.kind === 'receipt.issued' &&
      recordingId !== null &&
      names(one.body, `recording:${recordingId}`) &&
      typeof sha256 === 'string' &&
      one.body.details.sha256 === sha256,
  )
}

/** One whose announcement is of no register of a list says no id of it: nothing is shown then, and nothing demanded. */
function isAnnounced({ index, body }: PlacedBody, events: readonly PlacedBody[]): boolean {
  const { announcement } = body.details
  if (announcement === undefined) return true
  return events.some(({ index: at, body: one }) => at < index && isAnnouncementOf(one, body))
}

function isAnnouncementOf(one: EventBody, cleared: EventBody): boolean {
  const handInId = onlyId('hand_in', cleared)
  const { announcement, clearingId } = cleared.details
  return (
    one.kind === 'clearing.announced' &&
    one.id === announcement &&
    typeof clearingId === 'string' &&
    one.details.clearingId === clearingId &&
    handInId !== null &&
    names(one, `hand_in:${handInId}`)
  )
}
