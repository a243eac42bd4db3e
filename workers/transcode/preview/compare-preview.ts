import { createReadStream } from 'node:fs'
import type { SealedRecording } from '../../../services/custody/copies/copies.ts'
import { readOfPreview, withdrawPreview } from '../../../services/custody/viewing/preview.ts'
import type { Clock } from '../../../services/foundation/clock.ts'
import type { Db } from '../../../services/foundation/db/database.ts'
import { hashStream } from '../../../services/foundation/hash.ts'
import type { Logger } from '../../../services/foundation/log.ts'

/**
 * Compares the bytes that a recording's preview was made from with those of its original, which lies whole in the file
 * `path` and has the sealed digest. A store can give other bytes for a part than for the whole: then the preview is
 * withdrawn, with an alarm. Does nothing when there is no preview.
 *
 * @throws database_down; the signal's reason
 */
export async function comparePreview(
  deps: { readonly db: Db; readonly clock: Clock; readonly log: Logger },
  recording: SealedRecording,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const preview = await readOfPreview(deps.db, recording.id)
  for (const { fromByte, toByte, sha256: found = null } of preview?.read ?? []) {
    const source = createReadStream(path, { start: fromByte, end: toByte - 1 })
    const expected = (await hashStream(source, { sm3: false, signal })).sha256.toString('hex')
    if (found === expected) continue
    const differs = { renditionId: preview!.renditionId, fromByte, toByte, expected, found }
    deps.log.error({ recordingId: recording.id, ...differs }, 'transcode: the preview was made of other bytes')
    await deps.db.transaction().execute((trx) => withdrawPreview(trx, deps.clock, recording, differs))
    return
  }
}
