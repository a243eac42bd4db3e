import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { SealedRecording } from '../../services/custody/copies/copies.ts'
import { viewingGrantMs } from '../../services/custody/viewing/open.ts'
import {
  publishFiles,
  type RenditionFile,
  type RenditionMaking,
  setCodecs,
} from '../../services/custody/viewing/rendition.ts'
import type { Clock } from '../../services/foundation/clock.ts'
import type { Db } from '../../services/foundation/db/database.ts'
import { Fault } from '../../services/foundation/errors.ts'
import { sha256 } from '../../services/foundation/hash.ts'
import { derivedKey } from '../../services/foundation/store/keys.ts'
import type { Store } from '../../services/foundation/store/store.ts'
import { codecNames, isWellFormed } from './boxes.ts'
import type { CheckOutput } from './check-output.ts'
import { readOutFile } from './out-file.ts'
import { initFileName, type ListedSegment, listedSegments } from './playlist.ts'
import { requireModest } from './rendition-size.ts'

export interface PublishDeps {
  readonly db: Db
  readonly clock: Clock
  readonly primary: Pick<Store, 'put'>
}

/** A rendition under way: where its files appear, and what they belong to. */
export interface Publishing {
  readonly recording: SealedRecording
  readonly rendition: { readonly id: string; readonly making: RenditionMaking }
  readonly directory: string
  readonly playlistFileName: string
  readonly audioProfile: string | null
  readonly check: CheckOutput
}

export interface Published {
  readonly segments: number
  readonly durationMs: number
}

type LocalFile = Pick<RenditionFile, 'kind' | 'number' | 'startMs' | 'durationMs' | 'contentType'> & {
  readonly fileName: string
}

const pollMs = 60
const batchEveryMs = 500
const filesPerBatchMax = 32
const uploadsAtOnce = 4

/**
 * Publishes segments while ffmpeg still makes them: the first batch as soon as the init section and one segment are
 * there, then about twice a second; each batch is one event. Ends when ffmpeg has ended (`ended`) and all that its
 * playlist lists is out.
 *
 * @throws bad_request when what the sandbox made is not what was asked for; nothing of that batch is published
 */
export async function publishWhileRunning(
  deps: PublishDeps,
  publishing: Publishing,
  ended: Promise<unknown>,
  signal: AbortSignal,
): Promise<Published> {
  let isOver = false
  const over = ended.then(
    () => {
      isOver = true
    },
    () => {
      isOver = true
    },
  )
  let segments = 0
  let durationMs = 0
  let bytes = 0
  for (;;) {
    signal.throwIfAborted()
    const wasOver = isOver
    const begun = performance.now()
    const playlist = await readOutFile(join(publishing.directory, 'out', publishing.playlistFileName))
    const listed = playlist ? listedSegments(playlist.toString('utf8')).segments : []
    const fresh = listed.slice(segments, segments + filesPerBatchMax)
    if (fresh.length > 0) {
      requireShowable(publishing.rendition.making, fresh)
      const contentType = publishing.rendition.making.kind === 'audio' ? 'audio/mp4' : 'video/mp4'
      const files = fresh.map((segment): LocalFile => ({ ...segment, kind: 'segment', contentType }))
      const init: LocalFile[] =
        segments === 0
          ? [{ kind: 'init', number: 0, startMs: 0, durationMs: 0, contentType, fileName: initFileName }]
          : []
      bytes += await publishBatch(deps, publishing, [...init, ...files])
      requireModest(bytes, publishing.recording.bytes)
      segments += fresh.length
      const last = fresh.at(-1)!
      durationMs = last.startMs + last.durationMs
    }
    const isAllOut = segments >= listed.length
    if (wasOver && isAllOut) return { segments, durationMs }
    if (!isAllOut) continue
    // The first segment is waited for closely, later ones are gathered.
    const waitMs = segments === 0 ? pollMs : Math.max(pollMs, batchEveryMs - (performance.now() - begun))
    await Promise.race([delay(waitMs, undefined, { signal }).catch(() => undefined), over])
  }
}

/**
 * A segment is served whole or not at all, so one that is longer than a grant could never be shown: key frames that lie so
 * far apart are made anew. What is still that long after transcoding holds no more pictures, and stays.
 */
function requireShowable(making: RenditionMaking, segments: readonly ListedSegment[]): void {
  const long = segments.find(({ durationMs }) => durationMs > viewingGrantMs)
  if (!long || making.method !== 'remux') return
  const seconds = Math.round(long.durationMs / 1000)
  throw new Fault('bad_request', `its key frames lie ${seconds} s apart, more than one viewing grant shows`)
}

/** Publishes single pictures (thumbnails, a still) in one event. */
export async function publishPictures(
  deps: PublishDeps,
  publishing: Pick<Publishing, 'recording' | 'rendition' | 'directory'>,
  pictures: readonly Omit<LocalFile, 'contentType'>[],
): Promise<void> {
  const files = pictures.map((picture) => ({ ...picture, contentType: 'image/jpeg' }))
  const stored = await storeAll(deps, publishing, files, (_file, bytes) => {
    const isJpeg =
      bytes.length > 4 && bytes.readUInt16BE(0) === 0xffd8 && bytes.readUInt16BE(bytes.length - 2) === 0xffd9
    if (!isJpeg) throw new Fault('bad_request', 'a picture of the rendition is no JPEG')
  })
  const { recording, rendition } = publishing
  await deps.db.transaction().execute((trx) => publishFiles(trx, deps.clock, { recording, ...rendition }, stored))
}

/** Publishes files in one event; resolves to their bytes. */
async function publishBatch(deps: PublishDeps, publishing: Publishing, files: readonly LocalFile[]): Promise<number> {
  let codecs: string | null = null
  if (files[0]?.kind === 'init') {
    const { init } = await publishing.check(files[1]!.fileName)
    codecs = codecNames(init, publishing.audioProfile)
  }
  const stored = await storeAll(deps, publishing, files, (file, bytes) => {
    if (!isWellFormed(file.kind === 'init' ? 'init' : 'segment', bytes)) {
      throw new Fault('bad_request', `${file.kind} ${file.number} of the rendition is not what it should be`)
    }
  })
  const { recording, rendition } = publishing
  await deps.db.transaction().execute(async (trx) => {
    await publishFiles(trx, deps.clock, { recording, ...rendition }, stored)
    if (codecs !== null) await setCodecs(trx, rendition.id, codecs)
  })
  return stored.reduce((sum, file) => sum + file.bytes, 0)
}

/** Reads, checks, hashes and stores files, some at once. The keys are fresh: they hold the rendition's id. */
async function storeAll(
  deps: PublishDeps,
  { recording, rendition, directory }: Pick<Publishing, 'recording' | 'rendition' | 'directory'>,
  files: readonly LocalFile[],
  check: (file: LocalFile, bytes: Buffer) => void,
): Promise<RenditionFile[]> {
  const stored: RenditionFile[] = []
  const waiting = files.entries()
  const work = async (): Promise<void> => {
    for (const [index, file] of waiting) {
      const bytes = await readOutFile(join(directory, 'out', file.fileName))
      if (!bytes) throw new Fault('bad_request', `${file.kind} ${file.number} of the rendition is missing`)
      check(file, bytes)
      const key = derivedKey(recording.id, rendition.id, file.fileName)
      const object = await deps.primary.put('derived', key, bytes, file.contentType)
      const { fileName: _fileName, ...rest } = file
      stored[index] = { ...rest, bytes: bytes.length, sha256: sha256(bytes), object }
    }
  }
  await Promise.all(Array.from({ length: uploadsAtOnce }, work))
  return stored
}
