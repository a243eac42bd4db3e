import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { primaryCopy, type SealedRecording, sealedRecording } from '../services/custody/copies/copies.ts'
import type { Lockable } from '../services/custody/copies/object-lock.ts'
import { enterDamage, type Found } from '../services/custody/copies/verification.ts'
import { lateFlags } from '../services/custody/intake/late-flags.ts'
import { enterNotPlayable } from '../services/custody/viewing/not-playable.ts'
import { renditionIsSettled } from '../services/custody/viewing/rendition.ts'
import { filmInMaking } from '../services/custody/viewing/supplied-film.ts'
import type { Db } from '../services/foundation/db/database.ts'
import { heldLeases } from '../services/foundation/db/lease.ts'
import type { Store } from '../services/foundation/store/store.ts'
import { holdLease } from './hold-lease.ts'
import { finishJob, type PendingJob, type RunDeps } from './run.ts'
import { fetchOriginal } from './transcode/fetch-original.ts'
import { fileClockOf } from './transcode/inventory/file-clock.ts'
import { recordInventory } from './transcode/inventory/record-inventory.ts'
import { allowanceOf, footageLimits, lookInto } from './transcode/look-into.ts'
import { makeLookedInto } from './transcode/make/looked-into.ts'
import type { PublishDeps } from './transcode/make/publisher.ts'
import type { Making } from './transcode/make/rendition.ts'
import { makeSuppliedPlayable } from './transcode/make/supplied.ts'
import type { NotRead } from './transcode/not-playable.ts'
import type { Limit } from './transcode/places.ts'
import { comparePreview } from './transcode/preview/compare-preview.ts'
import { makePreview } from './transcode/preview/make-preview.ts'
import { makeRunDirectory } from './transcode/sandbox.ts'

export interface TranscodeDeps extends RunDeps, PublishDeps {
  readonly primary: Pick<Store, 'get' | 'put' | 'name' | 'hostName'> & Lockable
  readonly scratchDirectory: string
  /** First line of `ffmpeg -version`, once the sandbox is proven. @throws not_ready until then: nothing is opened. */
  readonly requireSandbox: () => string
}

/**
 * Jobs `transcode` and `transcode_long`: makes a recording playable. One run at a time per recording; a rendition that a
 * dead run left half done is abandoned and made afresh under new keys. Footage that cannot be played is a result, with its
 * reason; the original is only ever read. It is made of the original, or of a film that two people supplied.
 *
 * @throws PutAside when `limit` is short and it can be told that it will take long
 */
export async function transcode(
  deps: TranscodeDeps,
  job: PendingJob,
  limit: Limit,
  signal: AbortSignal,
): Promise<void> {
  const tool = deps.requireSandbox()
  const { db, clock } = deps
  await holdLease(deps, `rendition:${job.subjectId}`, signal, async (held) => {
    const recording = await sealedRecording(db, job.subjectId)
    const isSettled = await db.transaction().execute(async (trx) => {
      const settled = await renditionIsSettled(trx, recording.id)
      if (settled) await finishJob(trx, job.id, clock.now())
      return settled
    })
    if (isSettled) return
    await sweepScratch(db, deps.scratchDirectory, clock.now())
    const directory = await makeRunPlace(deps.scratchDirectory, recording.id)
    const place = { recording, jobId: job.id, directory, tool, limit }
    const film = await filmInMaking(db, recording.id)
    try {
      await (film ? makeSuppliedPlayable(deps, place, film, held) : makePlayable(deps, place, held))
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })
}

type Place = Pick<Making, 'recording' | 'jobId' | 'directory' | 'tool'> & { readonly limit: Limit }

async function makePlayable(deps: TranscodeDeps, place: Place, signal: AbortSignal): Promise<void> {
  const { recording, directory, tool } = place
  await makePreview(deps, { recording, directory, tool, signal })
  await makeRunDirectory(directory, footageLimits)
  const path = join(directory, 'in', 'source')
  const fetched = await fetchOriginal(deps.primary, recording, path, signal)
  if ('differs' in fetched) return endDamaged(deps, place, fetched.differs)
  await comparePreview(deps, recording, path, signal)
  const looked = await lookInto({ directory, head: fetched.head, signal })
  if ('reason' in looked) return endNotPlayable(deps, place, looked)
  const { inventory, input } = looked
  const file = { clock: fileClockOf(inventory.clocks), lengthMs: inventory.foundMs }
  const flags = await lateFlags(deps.db, recording.id, file)
  const inventorySha256 = await recordInventory(deps, recording, { inventory, tool: place.tool, flags }, signal)
  const making = { ...place, ...allowanceOf(inventory), signal, inventory, inventorySha256, supplied: null }
  const notMade = await makeLookedInto(deps, making, input)
  if (notMade) await endNotPlayable(deps, place, notMade)
}

async function endNotPlayable(deps: TranscodeDeps, place: Place, notPlayable: NotRead): Promise<void> {
  const { recording, jobId, tool } = place
  const { why, reason, complaint } = notPlayable
  deps.log.info({ recordingId: recording.id, why, reason, complaint }, 'transcode: not playable')
  await deps.db.transaction().execute(async (trx) => {
    await enterNotPlayable(trx, deps.clock, recording, { why, reason, tool })
    await finishJob(trx, jobId, deps.clock.now())
  })
}

async function endDamaged(deps: TranscodeDeps, place: Place, found: Found): Promise<void> {
  const { recording, jobId } = place
  await deps.db.transaction().execute(async (trx) => {
    const { object } = primaryCopy(recording)
    const { hostName } = deps.primary
    await enterDamage(trx, deps.clock, recording, { store: 'primary', hostName, object, found, actor: 'transcode' })
    await finishJob(trx, jobId, deps.clock.now())
  })
}

/** A fresh folder for this run; those of dead runs of the same recording go (the lease says that they are dead). */
async function makeRunPlace(scratchDirectory: string, recordingId: SealedRecording['id']): Promise<string> {
  await mkdir(scratchDirectory, { recursive: true, mode: 0o700 })
  for (const name of await readdir(scratchDirectory)) {
    if (name.startsWith(`${recordingId}-`)) await rm(join(scratchDirectory, name), { recursive: true, force: true })
  }
  const directory = join(scratchDirectory, `${recordingId}-${randomUUID()}`)
  await mkdir(directory, { mode: 0o700 })
  return directory
}

/** Folders of runs whose recording nobody works on any more (a killed worker's): at the start of a worker and before each run. */
export async function sweepScratch(db: Db, scratchDirectory: string, now: Date): Promise<void> {
  await mkdir(scratchDirectory, { recursive: true, mode: 0o700 })
  // Looked at before the leases: whoever made a folder since then has his lease, and is not in this list.
  const names = await readdir(scratchDirectory)
  const alive = await heldLeases(db, now)
  for (const name of names) {
    const recordingId = /^([0-9a-f-]{36})-[0-9a-f-]{36}$/.exec(name)?.[1]
    if (recordingId && !alive.has(`rendition:${recordingId}`)) {
      await rm(join(scratchDirectory, name), { recursive: true, force: true })
    }
  }
}
