import { lockRecording, type SealedRecording, sealedRecording } from '../services/custody/copies/copies.ts'
import { enterReadAgain, waitingToBeRead } from '../services/custody/copies/read-again.ts'
import { type Damage, enterDamage, equalsSealed } from '../services/custody/copies/verification.ts'
import { type Stores, storeNames } from '../services/foundation/store/store.ts'
import { readSha256 } from './read-copy.ts'
import { finishJob, type PendingJob, type RunDeps } from './run.ts'

export interface RereadDeps extends RunDeps {
  readonly stores: Stores
}

/**
 * Job `reread`: a file was handed in again, so every copy of its recording is read again, by its version. All three equal what
 * was sealed: the event `recording.read_again`, by which a dock may act on the earlier receipt. Anything else: damaged, and an
 * alarm. A reading that another upload asked for counts when it began after this one's last byte, so that many hand-ins at
 * once are read once.
 */
export async function reread(deps: RereadDeps, job: PendingJob, signal: AbortSignal): Promise<void> {
  const { db, clock } = deps
  const uploadId = job.subjectId
  const waiting = await waitingToBeRead(db, uploadId)
  const now = clock.now()
  // It began after the last byte, however the clocks of the two hosts differ.
  const begunAt = waiting && now < waiting.completedAt ? waiting.completedAt : now
  const read = waiting ? await readCopies(deps, await sealedRecording(db, waiting.recordingId), signal) : null
  await db.transaction().execute(async (trx) => {
    if (read) await enter(trx, deps, read, { uploadId, begunAt })
    await finishJob(trx, job.id, clock.now())
  })
}

type Read = Awaited<ReturnType<typeof readCopies>>

async function enter(
  trx: Parameters<typeof enterReadAgain>[0],
  { clock }: RereadDeps,
  { recording, copies }: Read,
  { uploadId, begunAt }: { uploadId: string; begunAt: Date },
): Promise<void> {
  await lockRecording(trx, recording.id)
  const damages = copies.filter(({ found }) => !equalsSealed(recording, found))
  for (const { store, hostName, object, found } of damages) {
    const damage: Damage = { store, hostName, object, found, actor: 'checksum' }
    await enterDamage(trx, clock, recording, damage)
  }
  // Another run may have entered it, or found damage, since this one looked.
  if (damages.length > 0 || !(await waitingToBeRead(trx, uploadId))) return
  await enterReadAgain(trx, clock, recording, { uploadId, begunAt, copies })
}

/** One after the other: nobody waits for it at the dock, and receipts of new files come first. */
async function readCopies({ stores }: RereadDeps, recording: SealedRecording, signal: AbortSignal) {
  const copies = []
  for (const store of storeNames) {
    const { object } = recording.copies.get(store)!
    const found = await readSha256(stores[store], object, recording, signal)
    copies.push({ store, hostName: stores[store].hostName, object, found })
  }
  return { recording, copies }
}
