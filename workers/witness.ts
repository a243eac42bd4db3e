import { setTimeout as delay } from 'node:timers/promises'
import { raiseWitnessAlarm } from '../services/custody/anchoring/witness-alarm.ts'
import type { Notices } from '../services/foundation/db/notices.ts'
import { Fault, isFault } from '../services/foundation/errors.ts'
import type { Policy } from '../services/ledger/format/policy.ts'
import type { Witness } from '../services/ledger/format/witnesses.ts'
import { newestCheckpoint, newestCheckpointSize } from '../services/ledger/log/newest-checkpoint.ts'
import { askWitness, type Submission } from '../services/ledger/witness/ask.ts'
import type { WitnessClient } from '../services/ledger/witness/client.ts'
import { lastCosignedSize, recordWitnessFailure, storeCosignatures } from '../services/ledger/witness/cosignatures.ts'
import type { RunDeps } from './run.ts'

export interface WitnessDeps extends RunDeps {
  readonly notices: Notices
  /** The ledger's name. */
  readonly origin: string
  readonly policy: Policy
  readonly client: WitnessClient
  readonly pace?: Partial<Pace>
}

/** How often a witness is asked. */
export interface Pace {
  /** A checkpoint whose notice was lost is found after this time. */
  readonly unnoticedMs: number
  /** At least so long from one request to the next: a burst of checkpoints costs a witness one request, not one each. */
  readonly restMs: number
  readonly firstRetryMs: number
  readonly retryMsMax: number
}

const usualPace: Pace = { unnoticedMs: 2_000, restMs: 200, firstRetryMs: 1000, retryMsMax: 60_000 }

/**
 * Has one witness cosign the newest published checkpoint as soon as there is one, until `signal` ends it. After an outage only
 * the newest is caught up with: its consistency proof leads over all before. The caller holds the lease of this witness;
 * two at once would ask twice and store the same. Cosigning writes no event; a witness that speaks against the log does, once.
 */
export async function runWitness(deps: WitnessDeps, witness: Witness, signal: AbortSignal): Promise<void> {
  const pace = { ...usualPace, ...deps.pace }
  const checkpoints = deps.notices.subscribe('checkpoint', signal)
  let doneSize = -1
  let retryMs = 0
  while (!signal.aborted) {
    let waitMs = pace.restMs
    try {
      const submission = await newestCheckpoint(deps.db, doneSize)
      if (!submission) {
        await checkpoints.wait(pace.unnoticedMs, signal)
        continue
      }
      if (await haveCosigned(deps, witness, submission, signal)) doneSize = submission.size
      retryMs = 0
    } catch (error) {
      if (signal.aborted) return
      retryMs = retryMs === 0 ? pace.firstRetryMs : Math.min(retryMs * 2, pace.retryMsMax)
      waitMs = retryMs
      await tellFailure(deps, witness, error, waitMs)
    }
    await delay(waitMs, undefined, { signal }).catch(() => undefined)
  }
}

/** False when there is a newer checkpoint to be cosigned instead. */
async function haveCosigned(
  deps: WitnessDeps,
  witness: Witness,
  submission: Submission,
  signal: AbortSignal,
): Promise<boolean> {
  const { db, clock, policy, log } = deps
  const lastSize = await lastCosignedSize(db, witness.name)
  const nowSeconds = clock.now().getTime() / 1000
  const cosignatures = await askWitness(deps, witness, submission, { lastSize, nowSeconds, signal })
  if (cosignatures === null) return false
  const { size } = submission
  const given = { witness: witness.name, size, cosignatures, at: clock.now() }
  const isWitnessed = await storeCosignatures(db, policy, given)
  log.debug({ witness: witness.name, size, isWitnessed }, 'witness: cosigned')
  return true
}

async function tellFailure(deps: WitnessDeps, witness: Witness, error: unknown, waitMs: number): Promise<void> {
  const { db, clock, log, origin } = deps
  const fault = isFault(error) ? error : new Fault('internal', 'asking the witness failed', { cause: error })
  log.warn({ err: error, witness: witness.name, waitMs }, 'witness: not cosigned')
  try {
    const told = { witness: witness.name, message: fault.message }
    if (fault.code !== 'log_forked') return await recordWitnessFailure(db, { ...told, at: clock.now() })
    const isNew = await raiseWitnessAlarm(db, clock, { ...told, origin, size: await newestCheckpointSize(db) })
    if (isNew) log.error({ err: error, witness: witness.name }, 'witness: an alarm was raised')
  } catch (failure) {
    // The database is away: what could not be noted is met again at the next try.
    log.warn({ err: failure, witness: witness.name }, 'witness: the failure could not be noted')
  }
}
