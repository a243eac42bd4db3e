import type { Logger } from '../../../services/foundation/log.ts'
import type { Input } from '../look-into.ts'
import { makeFilm } from './film.ts'
import type { PublishDeps } from './publisher.ts'
import type { Making, NotMade } from './rendition.ts'
import { makeStill } from './still.ts'

/** Makes the rendition of a file that was looked into, and ends the job with it. */
export async function makeLookedInto(
  deps: PublishDeps & { readonly log: Logger },
  making: Making,
  input: Input,
): Promise<NotMade> {
  return input.media === 'still' ? makeStill(deps, making, input) : makeFilm(deps, making)
}
