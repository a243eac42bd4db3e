import { Encrypter } from 'age-encryption'
import { enterContents, noteProgress } from '../../services/custody/packages/build.ts'
import { type Closure, closureOf } from '../../services/custody/packages/closure.ts'
import type { PackageRow } from '../../services/custody/packages/package.ts'
import { type PackageRecording, packageRecordings } from '../../services/custody/packages/recordings.ts'
import { Fault } from '../../services/foundation/errors.ts'
import { partBytesFor } from '../../services/foundation/store/minio.ts'
import type { UploadedPart } from '../../services/foundation/store/store.ts'
import { bagInfoText } from '../../services/ledger/format/bag-info.ts'
import type { PublishedCheckpoint } from '../../services/ledger/log/witnessed.ts'
import { openBagWriter } from './bag.ts'
import { checkpointCovering, checkpointForPackage } from './checkpoint.ts'
import { type PutFiles, putFiles, putLedger } from './contents.ts'
import type { PackageDeps } from './deps.ts'
import { BeginAgain } from './media.ts'
import { trackBytes } from './media-playable.ts'
import { type Output, type OutputTarget, openOutput } from './output.ts'
import type { PackageMaking } from './report-facts.ts'
import type { Write } from './zip.ts'

export interface WrittenPackage {
  readonly parts: readonly UploadedPart[]
  readonly bytes: number
  readonly sha256: Buffer
  readonly checkpoint: PublishedCheckpoint
  readonly recordings: number
  readonly events: number
}

const progressEveryMs = 1000
/** Beside the media: tiles, proofs, report. Only for the size of parts, which must not run out. */
const besideMediaBytes = 256 * 1024 * 1024

/**
 * Writes a package as one stream into a started upload: gathered, zipped, encrypted where asked, hashed, cut into parts.
 *
 * First come all files that do not depend on the last checkpoint; the event `package.contents` enters their digests; then
 * comes what the checkpoint over that event proves.
 *
 * @throws BeginAgain when the ledger says something else of the recordings by then
 */
export async function writePackage(
  deps: PackageDeps,
  order: { row: PackageRow; target: OutputTarget; afterEventId: string | null },
  signal: AbortSignal,
): Promise<WrittenPackage> {
  const { row, target } = order
  const making = await gather(deps, order, signal)
  const total = row.with_footage ? mediaBytes(making.recordings) : 0
  const partBytes = partBytesFor(total + besideMediaBytes)
  const output = openOutput(deps.stores.primary, target, { partBytes, signal })
  const progress = progressOf(deps, { id: row.id, multipartId: target.multipartId, total })
  const { madeAt } = making
  const clear = encryptedFor(row.recipient_key, output)
  try {
    const bag = openBagWriter(clear.write, {
      folder: `evidence-${row.id}`,
      madeAt,
      infoText: bagInfoText({ id: row.id, caseNumber: row.case_number, madeAt: madeAt.toISOString() }),
      onBytes: progress,
    })
    const put = await putFiles(deps, bag, making, signal)
    const last = await proveContents(deps, making, { target, put }, signal)
    await putLedger(deps, bag, making, { ...last, put })
    await bag.close()
    await clear.end()
    const written = await output.finish()
    const { checkpoint, closure } = last
    return { ...written, checkpoint, recordings: making.recordings.length, events: closure.events.length }
  } catch (error) {
    // No part may still be on its way when the upload is aborted.
    await output.settle()
    throw error
  }
}

async function gather(
  { db, clock, settings }: PackageDeps,
  { row, afterEventId }: { row: PackageRow; afterEventId: string | null },
  signal: AbortSignal,
): Promise<PackageMaking> {
  const { witnessWaitMs } = settings
  const checkpoint = await checkpointForPackage(db, row.id, { witnessWaitMs, after: afterEventId, signal })
  const closure = await closureOf(db, row.case_number, checkpoint.size)
  const recordings = packageRecordings(closure)
  if (recordings.length !== closure.recordingIds.length) {
    throw new Fault('not_ready', 'a recording of the case is not sealed below the checkpoint yet')
  }
  return { row, checkpoint, closure, recordings, madeAt: clock.now() }
}

/** Enters what was put in, and gathers what the checkpoint over it covers. */
async function proveContents(
  { db, clock, settings }: PackageDeps,
  { row, recordings }: PackageMaking,
  { target, put }: { target: OutputTarget; put: PutFiles },
  signal: AbortSignal,
): Promise<{ checkpoint: PublishedCheckpoint; closure: Closure }> {
  const build = { id: row.id, multipartId: target.multipartId }
  const eventId = await db.transaction().execute((trx) => enterContents(trx, clock, build, put.contents))
  const { witnessWaitMs } = settings
  const checkpoint = await checkpointCovering(db, [eventId], { witnessWaitMs, signal })
  const closure = await closureOf(db, row.case_number, checkpoint.size)
  const isSame =
    closure.recordingIds.length === recordings.length && toldOf(packageRecordings(closure)) === toldOf(recordings)
  if (!isSame) {
    throw new BeginAgain('recordings of the case, or their renditions, changed while the package was made')
  }
  return { checkpoint, closure }
}

/** What the package says of its recordings, but for what is written last. */
function toldOf(recordings: readonly PackageRecording[]): string {
  return JSON.stringify(
    recordings.map(({ id, bytes, sha256, withheld, playable }) => [id, bytes, sha256, withheld, playable]),
  )
}

/** Where the zip is written to: the output itself, or through age, which encrypts piece by piece as it comes. */
function encryptedFor(
  recipientKey: string | null,
  output: Pick<Output, 'write'>,
): { write: Write; end(): Promise<void> } {
  if (recipientKey === null) return { write: output.write, end: async () => undefined }
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipientKey)
  const clear = new TransformStream<Uint8Array, Uint8Array>()
  const sink = new WritableStream<Uint8Array>({ write: async (chunk) => output.write(chunk) })
  const piped = encrypter.encrypt(clear.readable).then((encrypted) => encrypted.pipeTo(sink))
  // Whoever writes the zip hears of it first, by the stream that ends.
  piped.catch(() => undefined)
  const writer = clear.writable.getWriter()
  writer.closed.catch(() => undefined)
  return {
    write: (chunk) => writer.write(chunk),
    end: async () => {
      await writer.close()
      await piped
    },
  }
}

function mediaBytes(recordings: readonly PackageRecording[]): number {
  return recordings
    .filter(({ withheld }) => withheld === null)
    .reduce(
      (sum, { bytes, playable }) =>
        sum + bytes + (playable?.tracks.reduce((all, track) => all + trackBytes(track), 0) ?? 0),
      0,
    )
}

/** Counts bytes and says so at most once a second; that it could not be said is no reason to stop. */
function progressOf(
  { db, log }: PackageDeps,
  of: { id: string; multipartId: string; total: number },
): (bytes: number) => void {
  let done = 0
  let saidAt = 0
  return (bytes) => {
    done += bytes
    const now = performance.now()
    if (now - saidAt < progressEveryMs) return
    saidAt = now
    const progress = { multipartId: of.multipartId, bytesDone: done, bytesTotal: Math.max(of.total, done) }
    noteProgress(db, of.id, progress).catch((error) => log.debug({ err: error }, 'package: progress is not noted'))
  }
}
