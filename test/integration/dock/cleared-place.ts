import type { Test } from 'tap'
import type { Db } from '../../../services/foundation/db/database.ts'
import { parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { hex, registerTestDevice } from '../../support/ingest.ts'
import { copyAndVerify } from '../../support/populate.ts'
import { openPlace, type Place, startLoop } from '../receipts/place.ts'
import { type Front, openFront } from './front.ts'

/** A bureau that gives real receipts for what docks hand in, and cosigns when it is told to. */
export interface ReceiptPlace {
  readonly place: Place
  readonly front: Front
  readonly trust: { readonly log: ReturnType<typeof parseLogKeys>; readonly policy: Place['witness']['policy'] }
  /** Waits until each of these is sealed and has three verified copies. */
  secure(contents: readonly Buffer[]): Promise<void>
}

/** What the bureau has entered of each file of each clearing, what was cleared first. */
export function clearedFiles(db: Db) {
  return db
    .selectFrom('clearing_file')
    .innerJoin('clearing', 'clearing.id', 'clearing_id')
    .orderBy('outcome')
    .orderBy('number')
    .select(['outcome', 'basis'])
    .execute()
}

export async function openReceiptPlace(t: Test, serials: readonly string[]): Promise<ReceiptPlace> {
  const place = await openPlace(t)
  const { archive, ingest, witness } = place
  for (const serial of serials) if (serial !== 'DSJ0001') await registerTestDevice(archive.world, serial)
  startLoop(t, place)
  archive.startArchive()
  const front = await openFront(t, () => ingest.origin)
  return {
    place,
    front,
    trust: { log: parseLogKeys(archive.log.verifierKeys), policy: witness.policy },
    async secure(contents) {
      for (const bytes of contents) {
        const recordingId = await archive.world.until(async () => {
          const row = await archive.world.db
            .selectFrom('upload')
            .where('sha256', '=', Buffer.from(hex(bytes), 'hex'))
            .select('recording_id')
            .executeTakeFirst()
          return row?.recording_id
        })
        await copyAndVerify(archive.world, recordingId, bytes as Buffer<ArrayBuffer>)
      }
    },
  }
}
