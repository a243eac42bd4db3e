import type { SealedRecording } from '../../../services/custody/copies/copies.ts'
import {
  publishFiles,
  type RenditionFile,
  type RenditionMaking,
  setCodecs,
} from '../../../services/custody/viewing/rendition.ts'
import type { Clock } from '../../../services/foundation/clock.ts'
import type { Db } from '../../../services/foundation/db/database.ts'
import { sha256 } from '../../../services/foundation/hash.ts'
import { derivedKey } from '../../../services/foundation/store/keys.ts'
import type { Store } from '../../../services/foundation/store/store.ts'
import { requireModest } from '../rendition-size.ts'

export interface PublishDeps {
  readonly db: Db
  readonly clock: Clock
  readonly primary: Pick<Store, 'put'>
}

/** The rendition that files are published of. */
export interface Publishing {
  readonly recording: SealedRecording
  readonly rendition: { readonly id: string; readonly making: RenditionMaking }
}

/** A file of a rendition as it was made. */
export interface MadeFile extends Omit<RenditionFile, 'bytes' | 'sha256' | 'object'> {
  readonly content: Buffer
  /** Of an init section: what players call the coding of its track. */
  readonly codecs?: string
}

/** Takes files as they are made and publishes them in batches. */
export interface Publisher {
  /** Resolves at once, or when enough of what came before is stored. @throws what storing or entering it failed with */
  add(file: MadeFile): Promise<void>
  /** Publishes what is left. @throws what storing or entering it failed with */
  flush(): Promise<void>
}

const batchEveryMs = 500
const filesPerBatchMax = 32
const waitingBytesMax = 64 * 1024 * 1024
const uploadsAtOnce = 4

/**
 * Publishes files while more are made: the first batch as soon as there is something to show, then about twice a second.
 * Each batch is stored first and then entered by one event.
 *
 * @throws bad_request (from `add` or `flush`) when the rendition grows far beyond its original; locked when another run
 *   took the rendition over
 */
export function openPublisher(deps: PublishDeps, publishing: Publishing): Publisher {
  let waiting: MadeFile[] = []
  let waitingBytes = 0
  let totalBytes = 0
  let lastMs = Number.NEGATIVE_INFINITY
  let running: Promise<void> = Promise.resolve()
  let failure: { readonly error: unknown } | null = null
  const start = (): void => {
    const batch = waiting
    waiting = []
    waitingBytes = 0
    lastMs = performance.now()
    const before = running
    running = before
      .then(() => publishBatch(deps, publishing, batch))
      .catch((error: unknown) => {
        failure ??= { error }
      })
  }
  const throwFailure = (): void => {
    if (failure) throw failure.error
  }
  return {
    async add(file) {
      throwFailure()
      totalBytes += file.content.length
      requireModest(totalBytes, publishing.recording.bytes)
      waiting.push(file)
      waitingBytes += file.content.length
      const isDue = performance.now() - lastMs >= batchEveryMs || waiting.length >= filesPerBatchMax
      // An init section alone shows nothing.
      if (isDue && file.kind !== 'init') start()
      if (waitingBytes < waitingBytesMax) return
      start()
      await running
      throwFailure()
    },
    async flush() {
      if (waiting.length > 0) start()
      await running
      throwFailure()
    },
  }
}

async function publishBatch(
  deps: PublishDeps,
  { recording, rendition }: Publishing,
  batch: readonly MadeFile[],
): Promise<void> {
  const files = await storeFiles(deps.primary, { recordingId: recording.id, renditionId: rendition.id }, batch)
  await deps.db.transaction().execute(async (trx) => {
    await publishFiles(trx, deps.clock, { recording, ...rendition }, files)
    for (const { track, codecs } of batch) {
      if (codecs !== undefined) await setCodecs(trx, { renditionId: rendition.id, track }, codecs)
    }
  })
}

/** Stores files of a rendition, a few at a time. They are nobody's until an event lists them. */
export async function storeFiles(
  primary: Pick<Store, 'put'>,
  { recordingId, renditionId }: { readonly recordingId: string; readonly renditionId: string },
  made: readonly MadeFile[],
): Promise<RenditionFile[]> {
  const files: RenditionFile[] = []
  const left = made.entries()
  const storeSome = async (): Promise<void> => {
    for (const [index, { content, codecs: _codecs, ...file }] of left) {
      const key = derivedKey(recordingId, renditionId, `${file.track}-${file.kind}-${file.number}`)
      const object = await primary.put('derived', key, content, file.contentType)
      files[index] = { ...file, bytes: content.length, sha256: sha256(content), object }
    }
  }
  await Promise.all(Array.from({ length: uploadsAtOnce }, storeSome))
  return files
}
