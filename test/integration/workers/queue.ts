import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeSecret } from '../../../services/foundation/config.ts'
import { openProducer } from '../../../services/foundation/queue/producer.ts'
import type { Store } from '../../../services/foundation/store/store.ts'
import { takePlaces } from '../../../workers/parts/transcode.ts'
import { runRelay } from '../../../workers/relay.ts'
import type { Teardown } from '../../support/stack.ts'
import type { World } from '../../support/world.ts'

/** Publishes this world's jobs through Redis until the test ends. */
export function startRelay(t: Teardown, world: World): void {
  const { clock, log, notices, redisUrl, redisPrefix } = world
  const stopper = new AbortController()
  const producer = openProducer({ redisUrl, prefix: redisPrefix, log })
  const ended = runRelay({ db: world.dbFor('worker'), notices, producer, clock, log }, stopper.signal)
  t.teardown(async () => {
    stopper.abort()
    await ended
    await producer.close()
  })
}

/** Makes footage playable in the two places, as the process does, until the test ends. */
export async function startPlaces(
  t: Teardown,
  world: World,
  options: { firstTryMs: number; get?: Store['get'] },
): Promise<void> {
  const { clock, log, redisUrl, redisPrefix } = world
  const scratchDirectory = await mkdtemp(join(tmpdir(), 'custody-places-'))
  const run = { db: world.dbFor('worker'), clock, log }
  const { primary } = world.storesFor('transcode')
  const deps = {
    ...{ ...run, scratchDirectory, requireSandbox: () => 'ffmpeg of the test' },
    primary: { ...primary, ...(options.get && { get: options.get }) },
  }
  const config = { redisUrl: makeSecret(redisUrl), redisPrefix }
  const places = takePlaces({ ...run, config }, deps, options.firstTryMs)
  t.teardown(async () => {
    await places.close()
    await rm(scratchDirectory, { recursive: true, force: true })
  })
}
