import { join } from 'node:path'
import { primaryCopy } from '../../../services/custody/copies/copies.ts'
import { openOriginal } from '../../../services/custody/copies/read-original.ts'
import { enterDamage, equalsSealed, type Found } from '../../../services/custody/copies/verification.ts'
import { openSuppliedFilm, type SuppliedFilm } from '../../../services/custody/viewing/supplied-film.ts'
import { enterSupplyFailed, raiseFilmDiffers } from '../../../services/custody/viewing/supply-end.ts'
import type { Trx } from '../../../services/foundation/db/database.ts'
import { isFault } from '../../../services/foundation/errors.ts'
import { hashStream } from '../../../services/foundation/hash.ts'
import type { Logger } from '../../../services/foundation/log.ts'
import { finishJob } from '../../../services/foundation/queue/job-row.ts'
import type { Store } from '../../../services/foundation/store/store.ts'
import { fetchCompared } from '../fetch-original.ts'
import { allowanceOf, footageLimits, lookInto } from '../look-into.ts'
import { makeRunDirectory } from '../sandbox.ts'
import { makeLookedInto } from './looked-into.ts'
import type { PublishDeps } from './publisher.ts'
import type { Making } from './rendition.ts'

interface SuppliedDeps extends PublishDeps {
  readonly primary: Pick<Store, 'get' | 'put' | 'hostName'>
  readonly log: Logger
}

type Place = Pick<Making, 'recording' | 'jobId' | 'directory' | 'tool' | 'limit'>

/**
 * Makes a recording playable of the film that two people supplied, in the sandbox like any footage, and compares what is
 * made with that film. The original is read as well: what is said beside the rendition is that it is unchanged. A film of
 * which nothing can be made leaves the recording as it was, with the reason.
 *
 * @throws PutAside when `limit` is short and it can be told that it will take long; store_down, store_full, locked
 */
export async function makeSuppliedPlayable(
  deps: SuppliedDeps,
  place: Place,
  film: SuppliedFilm,
  signal: AbortSignal,
): Promise<void> {
  const { recording, directory } = place
  const fail = (reason: string, also?: (trx: Trx) => Promise<unknown>) => endFailed(deps, place, { film, reason, also })
  // A flipped bit on the way is not damage: what differs is read a second time before it counts.
  const first = await digestOfOriginal(deps, place, signal)
  const found = equalsSealed(recording, first) ? first : await digestOfOriginal(deps, place, signal)
  if (!equalsSealed(recording, found)) {
    const { hostName } = deps.primary
    const damage = {
      store: 'primary',
      hostName,
      object: primaryCopy(recording).object,
      found,
      actor: 'transcode',
    } as const
    return fail('the original is not what was sealed', (trx) => enterDamage(trx, deps.clock, recording, damage))
  }
  await makeRunDirectory(directory, footageLimits)
  const open = () => openSuppliedFilm(deps.primary, film, signal)
  const fetched = await fetchCompared({ ...film, open }, join(directory, 'in', 'source'))
  if ('differs' in fetched) {
    const seen = { film, found: fetched.differs }
    return fail('the stored film is not the one that was supplied', (trx) =>
      raiseFilmDiffers(trx, deps.clock, recording, seen),
    )
  }
  const looked = await lookInto({ directory, head: fetched.head, signal })
  if ('reason' in looked) return fail(looked.reason)
  const { inventory, input } = looked
  const making = { ...place, ...allowanceOf(inventory), signal, inventory, inventorySha256: null, supplied: film }
  const notMade = await makeLookedInto(deps, making, input)
  if (notMade) await fail(notMade.reason)
}

async function digestOfOriginal(deps: SuppliedDeps, { recording }: Place, signal: AbortSignal): Promise<Found> {
  const copy = primaryCopy(recording).object
  const { bytes, id: recordingId } = recording
  try {
    const store = deps.primary
    const source = await openOriginal({ of: { recordingId }, store, copy, bytes, length: 'compared', signal })
    return await hashStream(source, { sm3: false, signal })
  } catch (error) {
    if (isFault(error, 'not_found')) return null
    throw error
  }
}

async function endFailed(
  deps: SuppliedDeps,
  { recording, jobId, tool }: Place,
  failed: { film: SuppliedFilm; reason: string; also?: (trx: Trx) => Promise<unknown> },
): Promise<void> {
  const { film, reason, also } = failed
  deps.log.info({ recordingId: recording.id, reason }, 'transcode: nothing can be made of the supplied film')
  await deps.db.transaction().execute(async (trx) => {
    await also?.(trx)
    await enterSupplyFailed(trx, deps.clock, recording, { film, reason, tool })
    await finishJob(trx, jobId, deps.clock.now())
  })
}
