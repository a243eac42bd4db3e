import { primaryCopy, sealedRecording } from '../services/custody/copies/copies.ts'
import { enterDamage, enterVerified, equalsSealed } from '../services/custody/copies/verification.ts'
import type { Store } from '../services/foundation/store/store.ts'
import { readBothDigests } from './read-copy.ts'
import { finishJob, type PendingJob, type RunDeps } from './run.ts'

export interface ChecksumDeps extends RunDeps {
  readonly primary: Pick<Store, 'get' | 'name' | 'hostName'>
}

/**
 * Job `checksum`: re-reads what the primary store really holds, by its version, with both digests in one pass. Equal to
 * what was sealed: verified. Anything else: damaged, and an alarm. Either is a result; only a store that does not answer
 * is a failure.
 */
export async function checksum(deps: ChecksumDeps, job: PendingJob, signal: AbortSignal): Promise<void> {
  const { db, clock, primary } = deps
  const recording = await sealedRecording(db, job.subjectId)
  const copy = primaryCopy(recording)
  const digests = copy.state === 'stored' ? await readBothDigests(primary, copy.object, recording, signal) : null
  await db.transaction().execute(async (trx) => {
    if (copy.state === 'stored') {
      if (digests && equalsSealed(recording, digests)) {
        await enterVerified(trx, clock, recording, digests)
      } else {
        const { hostName } = primary
        const { object } = copy
        const damage = { store: 'primary', hostName, object, found: digests, actor: 'checksum' } as const
        await enterDamage(trx, clock, recording, damage)
      }
    }
    await finishJob(trx, job.id, clock.now())
  })
}
