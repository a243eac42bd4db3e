import { setTimeout as delay } from 'node:timers/promises'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { runArchive } from '../../../workers/archive.ts'
import { copyAndVerify } from '../../support/populate.ts'
import type { Teardown } from '../../support/stack.ts'
import type { World } from '../../support/world.ts'
import type { Bureau } from '../access/bureau.ts'
import { startLoop } from '../receipts/place.ts'

export interface Workers {
  readonly recoveryRecipient: string
  start(): void
  /** Ends them between two steps of theirs. */
  stop(): Promise<void>
}

/** What the workers of a bureau do for a dock: two backups that are read again, receipts, the ledger's archive. */
export async function keepWorking(t: Teardown, { world, log }: Bureau): Promise<Workers> {
  const recoveryRecipient = await identityToRecipient(await generateX25519Identity())
  let stopper = new AbortController()
  let ended: Promise<unknown>[] = []
  const start = () => {
    stopper = new AbortController()
    const { signal } = stopper
    const { clock, notices } = world
    const deps = { db: world.dbFor('worker'), notices, stores: world.storesFor('archive'), clock, log: world.log }
    const keys = { origin: log.origin, verifierKey: log.verifierKeys, recoveryRecipient }
    const stopReceipts = startLoop({ teardown: () => undefined }, { archive: { world } })
    ended = [runArchive({ ...deps, ...keys, lockFirstDays: 1 }, signal), copyWhatIsSealed(world, signal)]
    signal.addEventListener('abort', () => ended.push(stopReceipts()))
  }
  const stop = async () => {
    stopper.abort()
    await Promise.all(ended)
  }
  start()
  t.teardown(stop)
  return { recoveryRecipient, start, stop }
}

async function copyWhatIsSealed(world: World, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const rows = await world.db
      .selectFrom('copy')
      .where('store', '=', 'primary')
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('copy as backup')
              .whereRef('backup.recording_id', '=', 'copy.recording_id')
              .where('backup.store', '=', 'backup-b')
              .select('backup.store'),
          ),
        ),
      )
      .select(['recording_id', 'object_key', 'version_id'])
      .execute()
    for (const { recording_id, object_key, version_id } of rows) {
      const object = { bucket: 'originals', key: object_key, versionId: version_id } as const
      const chunks: Buffer[] = []
      for await (const chunk of await world.stores.primary.get(object)) chunks.push(chunk)
      await copyAndVerify(world, recording_id, Buffer.concat(chunks))
    }
    await delay(100)
  }
}
