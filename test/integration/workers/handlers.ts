import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RecordingJob } from '../../../services/foundation/queue/jobs.ts'
import type { JobHandler } from '../../../services/foundation/queue/worker.ts'
import type { Stores } from '../../../services/foundation/store/store.ts'
import { checksum } from '../../../workers/checksum.ts'
import { copy } from '../../../workers/copy.ts'
import { jobHandler, type RunDeps } from '../../../workers/run.ts'
import { transcode } from '../../../workers/transcode.ts'
import type { Teardown } from '../../support/stack.ts'
import type { World } from '../../support/world.ts'

export interface HandlerDeps extends RunDeps {
  readonly stores: Stores
  readonly scratchDirectory: string
}

/** The three jobs' handlers as the workers' process makes them, with the test's stores and clock. */
export function handlersOf(deps: HandlerDeps): Readonly<Record<RecordingJob, JobHandler>> {
  const { stores, scratchDirectory } = deps
  const primary = stores.primary
  const transcodeDeps = { ...deps, primary, scratchDirectory, requireSandbox: () => 'ffmpeg of the test' }
  return {
    checksum: jobHandler(deps, 'checksum', (job, signal) => checksum({ ...deps, primary }, job, signal)),
    copy: jobHandler(deps, 'copy', (job, signal) =>
      copy({ ...deps, requireLocksProven: () => undefined }, job, signal),
    ),
    transcode: jobHandler(deps, 'transcode', (job, signal) => transcode(transcodeDeps, job, 'long', signal)),
  }
}

/** Handlers on the world's stores by the workers' own roles and keys; `with` replaces what the test wants to break. */
export async function worldHandlers(t: Teardown, world: World, replaced: Partial<Stores> = {}) {
  const scratchDirectory = await mkdtemp(join(tmpdir(), 'custody-workers-'))
  t.teardown(() => rm(scratchDirectory, { recursive: true, force: true }))
  const { clock, log } = world
  const db = world.dbFor('worker')
  const worker = { db, clock, log, scratchDirectory, stores: { ...world.storesFor('worker'), ...replaced } }
  const { checksum, copy } = handlersOf(worker)
  const transcodeStores = { ...world.storesFor('transcode'), ...replaced }
  const { transcode } = handlersOf({ ...worker, stores: transcodeStores })
  return { checksum, copy, transcode, scratchDirectory }
}

export const never = new AbortController().signal
