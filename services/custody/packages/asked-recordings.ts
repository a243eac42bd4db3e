import type { Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import type { TranscriptKind } from '../events/words.ts'
import { filmPlace } from '../viewing/film-place.ts'
import { checkedText } from './checked-text.ts'

/** What whoever asks for a package says of one recording (行政诉讼证据规定 第十二条). */
export interface AskedRecording {
  readonly recordingId: string
  /** 证明对象: the fact that this recording shows. */
  readonly proves: string
  /** 相关片段, in milliseconds of the film: both or neither. */
  readonly fromMs?: number
  readonly toMs?: number
  /** 声音文字记录; null: not said. */
  readonly transcript: TranscriptKind | null
  /** 原始载体: where it is, or why it is difficult to hand it over. */
  readonly originalMedium?: string
}

/** Fewest and most characters of 证明对象. */
export const provesLengthMin = 8
export const provesLengthMax = 200
/** Fewest and most characters of 原始载体. */
export const originalMediumLengthMin = 4
export const originalMediumLengthMax = 60
export const askedRecordingsMax = 200

/**
 * What is said of the recordings, each in its one spelling, and how many recordings lie in the case of which nothing is said
 * (缺证明对象). A package is made all the same; its report says 未填写 there.
 *
 * @throws bad_request naming the field: a recording that does not lie in the case or is named twice, a text that is too
 *   short, too long or the package's own purpose, a part that ends before it begins or after the film does
 */
export async function checkAskedRecordings(
  trx: Trx,
  order: { caseId: string; purpose: string; recordings: readonly AskedRecording[] },
): Promise<{ recordings: AskedRecording[]; missing: number }> {
  const rows = await trx
    .selectFrom('case_recording')
    .leftJoin('rendition', (join) =>
      join.onRef('rendition.recording_id', '=', 'case_recording.recording_id').on('rendition.state', '=', 'ready'),
    )
    .where('case_id', '=', order.caseId)
    .where('detached_at', 'is', null)
    .select(['case_recording.recording_id', 'rendition.duration_ms'])
    .distinct()
    .execute()
  const inCase = new Map(rows.map((row) => [row.recording_id, row.duration_ms]))
  const recordings = order.recordings.map((one, at) => checkedRecording(one, `recordings[${at}]`, order.purpose))
  const named = new Set<string>()
  for (const [at, { recordingId, toMs }] of recordings.entries()) {
    if (!inCase.has(recordingId)) throw wrong('recordings', `recording ${recordingId} does not lie in this case`)
    if (named.has(recordingId)) throw wrong('recordings', `recording ${recordingId} is named twice`)
    named.add(recordingId)
    const lengthMs = inCase.get(recordingId) ?? null
    if (toMs !== undefined && lengthMs !== null) requireWithin(`recordings[${at}].toMs`, toMs, lengthMs)
  }
  return { recordings, missing: inCase.size - named.size }
}

function checkedRecording(asked: AskedRecording, field: string, purpose: string): AskedRecording {
  const { recordingId, fromMs, toMs, transcript } = asked
  const proves = checkedText(`${field}.proves`, asked.proves)
  const length = [...proves].length
  if (length < provesLengthMin || length > provesLengthMax) {
    const limits = `${provesLengthMin} to ${provesLengthMax}`
    throw wrong(`${field}.proves`, `it has ${length} characters, ${limits} say what fact the recording shows`)
  }
  if (proves === purpose) {
    throw wrong(`${field}.proves`, 'this is what the package is for: say what fact this recording shows')
  }
  const said = { recordingId, proves, transcript, ...checkedMedium(asked, field) }
  if ((fromMs === undefined) !== (toMs === undefined)) throw wrong(field, 'a part has both fromMs and toMs')
  if (fromMs === undefined || toMs === undefined) return said
  if (fromMs >= toMs) throw wrong(`${field}.toMs`, 'the part ends before it begins')
  return { ...said, fromMs, toMs }
}

function checkedMedium(asked: AskedRecording, field: string): Pick<AskedRecording, 'originalMedium'> {
  if (asked.originalMedium === undefined) return {}
  const originalMedium = checkedText(`${field}.originalMedium`, asked.originalMedium)
  const length = [...originalMedium].length
  if (length < originalMediumLengthMin || length > originalMediumLengthMax) {
    const limits = `${originalMediumLengthMin} to ${originalMediumLengthMax}`
    throw wrong(
      `${field}.originalMedium`,
      `it has ${length} characters, ${limits} say where the original medium is or why it cannot be handed over`,
    )
  }
  return { originalMedium }
}

/** A film's last second may be a part of one: people say whole seconds. @throws bad_request */
function requireWithin(field: string, toMs: number, lengthMs: number): void {
  if (toMs <= Math.ceil(lengthMs / 1000) * 1000) return
  throw wrong(field, `the part ends at ${filmPlace(toMs)}, but the recording is ${filmPlace(lengthMs)} long`)
}

function wrong(field: string, why: string): Fault {
  return new Fault('bad_request', `${field}: ${why}`)
}
