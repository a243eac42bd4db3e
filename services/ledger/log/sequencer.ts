import { setTimeout as delay } from 'node:timers/promises'
import type { Db } from '../../foundation/db/database.ts'
import type { Notices, RequestedSubscription } from '../../foundation/db/notices.ts'
import { isFault } from '../../foundation/errors.ts'
import type { Logger } from '../../foundation/log.ts'
import { appendToFrontier, rootOf } from '../format/merkle.ts'
import { requireDurableDatabase } from './sequence/database-durability.ts'
import { publish } from './sequence/publish.ts'
import { type Signing, sign } from './sequence/sign.ts'
import { lookAhead, stage } from './sequence/stage.ts'
import { forgetProgress, openSecretSource, type SecretSource } from './sequence/subject-secrets.ts'
import { loadTreeState, type TreeState } from './sequence/tree-state.ts'

export interface SequencerDeps extends Signing {
  readonly db: Db
  readonly notices: Notices
  readonly vrfSecretKey: Uint8Array
  readonly log: Logger
}

/** Events that get their leaves in one transaction: large enough for a burst, small enough for a checkpoint in 250 ms. */
const eventsPerBatchMax = 250
const idlePollMs = 15
/** Looks in vain before writers are asked to notify: asking again after each event of a busy hour would only cost. */
const looksBeforeAsking = 20
/** An event whose notice was lost is found after this time. */
const unnoticedMs = 1_000
const retryMs = 500

/**
 * Gives committed events their place in the tree and signs it, until `signal` ends it. One at a time: the caller holds
 * the lease `sequence`; a second one is stopped by the keys of the leaf table and by the head file.
 *
 * @throws log_forked or bad_config, which a restart cannot mend. A database that is away is waited for.
 */
export async function runSequencer(deps: SequencerDeps, signal: AbortSignal): Promise<void> {
  const secrets = openSecretSource(deps.vrfSecretKey)
  const idle = openIdleWait(deps.notices.subscribeToEvents(signal), signal)
  try {
    await sequenceUntilEnded(deps, { secrets, idle }, signal)
  } finally {
    idle.end()
    await secrets.close()
  }
}

async function sequenceUntilEnded(
  deps: SequencerDeps,
  { secrets, idle }: { secrets: SecretSource; idle: IdleWait },
  signal: AbortSignal,
): Promise<void> {
  let state: TreeState | null = null
  while (!signal.aborted) {
    try {
      if (!state) {
        await requireDurableDatabase(deps.db)
        // An answer to a commit may have been lost, or another sequencer at work: what was given is read again.
        forgetProgress(secrets)
        state = await loadTreeState(deps.db, deps.head)
        deps.log.info({ size: state.frontier.size, published: state.publishedSize }, 'sequencer: tree loaded')
      }
      const next: TreeState = await sequenceOnce(deps, secrets, state)
      if (next === state) await idle.wait()
      else idle.end()
      state = next
    } catch (error) {
      if (isFault(error, 'log_forked') || isFault(error, 'bad_config')) throw error
      deps.log.warn({ err: error }, 'sequencer: a step failed, the state is read again')
      state = null
      await delay(retryMs, undefined, { signal }).catch(() => undefined)
    }
  }
}

/** One round: stage what waits, then sign and publish what is staged. Returns the same state when nothing was to do. */
export async function sequenceOnce(
  deps: Pick<SequencerDeps, keyof Signing | 'db' | 'log'>,
  secrets: SecretSource,
  state: TreeState,
): Promise<TreeState> {
  const hashes = await stage(deps.db, {
    treeSize: state.frontier.size,
    eventsMax: eventsPerBatchMax,
    secrets,
    log: deps.log,
  })
  const staged: TreeState = {
    publishedSize: state.publishedSize,
    frontier: appendToFrontier(state.frontier, hashes),
    unpublished: [...state.unpublished, ...hashes],
  }
  if (staged.frontier.size === staged.publishedSize) return state
  const ahead = lookAhead(deps.db, { eventsMax: eventsPerBatchMax, secrets, log: deps.log })
  // Handled from the start: if it fails while the batch is still being signed, an unhandled rejection would end the process.
  const aheadEnded = ahead.catch(() => undefined)
  // If one fails, the other still ends before the error is passed on.
  await signAndPublish(deps, staged).finally(() => aheadEnded)
  await ahead
  return { publishedSize: staged.frontier.size, frontier: staged.frontier, unpublished: [] }
}

async function signAndPublish(deps: Pick<SequencerDeps, keyof Signing | 'db'>, staged: TreeState): Promise<void> {
  const root = rootOf(staged.frontier)
  const note = await sign(deps, { size: staged.frontier.size, root })
  await publish(deps.db, {
    oldSize: staged.publishedSize,
    leafHashes: staged.unpublished,
    size: staged.frontier.size,
    root,
    note,
    at: deps.clock.now(),
  })
}

/** What the sequencer does between a look in vain and the next: at first it looks often, then it waits to be notified. */
interface IdleWait {
  wait(): Promise<void>
  /** There was something to do. */
  end(): void
}

function openIdleWait(events: RequestedSubscription, signal: AbortSignal): IdleWait {
  let looks = 0
  return {
    async wait() {
      looks += 1
      if (events.isRequested()) return events.wait(unnoticedMs, signal)
      // Once granted, one more look finds whatever was written before; only then may it wait for a notice.
      if (looks > looksBeforeAsking && (await events.request())) return
      await delay(idlePollMs, undefined, { signal }).catch(() => undefined)
    },
    end() {
      looks = 0
      // Not waited for: a connection that hangs must not delay the next round.
      void events.withdraw()
    },
  }
}
