import { sql } from 'kysely'

/**
 * How one file of a list stands; `expected` is one that nothing was sent for, or whose upload came to nothing; `duplicate` one
 * that was here before, whether it was sent again or not.
 */
export const listedFileStates = ['expected', 'receiving', 'complete', 'sealed', 'quarantined', 'duplicate'] as const
export type ListedFileState = (typeof listedFileStates)[number]

/**
 * The recording that a line names by its digest: the same device, digest and length. A dock reads each file once; what lies
 * unchanged on a device that is docked again stands on the new list with the digest of that reading, and is not sent again.
 */
const recordingNamed = sql`coalesce(
  (select same.id from recording same where same.quarantine_reason is null
    and same.device_serial = (select device_serial from hand_in where hand_in.id = file.hand_in_id)
    and same.sha256 = file.sha256 and same.bytes = file.bytes),
  (select same.id from recording same where same.quarantine_reason is not null
    and same.device_serial = (select device_serial from hand_in where hand_in.id = file.hand_in_id)
    and same.sha256 = file.sha256 and same.bytes = file.bytes
    order by same.sealed_at limit 1))`

const hasOwnUpload = sql`coalesce(upload.state not in ('terminated', 'expired'), false)`

/** For queries of `hand_in_file file left join upload on upload.id = file.upload_id`: how the line stands. */
export const listedState = sql<ListedFileState>`(case when ${hasOwnUpload} then upload.state
  when ${recordingNamed} is not null then 'duplicate' else 'expected' end)`

/** For the same queries: the recording that the line's bytes are, or null. */
export const listedRecording = sql<string | null>`(case when ${hasOwnUpload} then upload.recording_id
  else ${recordingNamed} end)`

/**
 * Where `recording` and `receipt` are joined by that: a receipt is issued, and the recording is still as it was then, neither
 * damaged nor in quarantine. Until then the device keeps its file.
 */
export const hasReceipt = sql<boolean>`(receipt.event_id is not null and recording.state = 'secured'
  and recording.quarantine_reason is null)`

/** For the same queries: the line's bytes never came, or not all of them. */
export const isNotHere = sql<boolean>`(${listedState} in ('expected', 'receiving'))`
