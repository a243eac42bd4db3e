import type { NotPlayable } from '../../services/custody/viewing/not-playable.ts'
import { Fault } from '../../services/foundation/errors.ts'
import { tooMuchBy } from './footage-limits.ts'

/** That a file, or what is made of it, is beyond a limit of ours; `notPlayableBy` reads the word back. */
export function beyondLimit(reason: string): Fault {
  return new Fault('bad_request', reason, { details: { why: 'beyond_limit' } })
}

/** Why nothing can be played, by the fault that ended the work on a file: a limit, or what could not be decoded. */
export function notPlayableBy({ message, details }: Fault): NotPlayable {
  return { why: details.why === 'beyond_limit' ? 'beyond_limit' : 'undecodable', reason: message }
}

/** Why a program of ours could not read a file, by its complaints; `otherwise` is said when they name no limit. */
export function notReadBecause(complaints: string, otherwise: string): NotPlayable {
  const tooMuch = tooMuchBy(complaints)
  return tooMuch === null ? { why: 'undecodable', reason: otherwise } : { why: 'beyond_limit', reason: tooMuch }
}
