import { undecodable } from '../../services/custody/events/not-playable-words.ts'
import type { NotPlayable } from '../../services/custody/viewing/not-playable.ts'
import { Fault } from '../../services/foundation/errors.ts'
import { lastLine } from './complaint.ts'
import { tooMuchBy } from './footage-limits.ts'

/** Why nothing can be played, and what a program of ours said of it: a line of its own words, for the log alone. */
export interface NotRead extends NotPlayable {
  readonly complaint?: string
}

/** That a file, or what is made of it, is beyond a limit of ours; `notPlayableBy` reads the word back. */
export function beyondLimit(reason: string): Fault {
  return new Fault('bad_request', reason, { details: { why: 'beyond_limit' } })
}

/** That a program of ours gave up a file; `notPlayableBy` reads it back. */
export function notRead({ why, reason, complaint }: NotRead, cause?: unknown): Fault {
  return new Fault('bad_request', reason, { details: { why, complaint }, cause })
}

/** Why nothing can be played, by the fault that ended the work on a file: a limit, or what could not be decoded. */
export function notPlayableBy({ message, details: { why, complaint } }: Fault): NotRead {
  return {
    ...{ why: why === 'beyond_limit' ? 'beyond_limit' : 'undecodable', reason: message },
    ...(typeof complaint === 'string' ? { complaint } : {}),
  }
}

/** Why a program of ours could not read a file, by its complaints; `otherwise` is said when they name no limit. */
export function notReadBecause(complaints: string, otherwise: string): NotRead {
  const tooMuch = tooMuchBy(complaints)
  const complaint = lastLine(complaints)
  return tooMuch === null
    ? { why: 'undecodable', reason: otherwise, complaint }
    : { why: 'beyond_limit', reason: tooMuch, complaint }
}

/** Why ffmpeg could not make pictures or sound of what it had opened. */
export function notDecodedBecause(complaints: string): NotRead {
  return notReadBecause(complaints, undecodable.decoding_failed.en)
}
