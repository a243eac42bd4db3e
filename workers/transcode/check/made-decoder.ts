import type { Writable } from 'node:stream'
import { type CheckRun, gridOf, startDecoding, type TimedPicture } from './check-run.ts'
import type { Thumbnail } from './findings.ts'

export const thumbnailsMax = 60
const thumbnailSecondsMin = 2
const thumbnailWidth = 160
/** What ffmpeg says of each packet that it gives up. */
const notDecoded = 'Error while decoding stream'

/** Everything that is decoded of what was made, as it comes. */
export interface MadeListener {
  onPicture(found: TimedPicture): void
  onThumbnail(found: Thumbnail): void
  /** 16-bit samples, interleaved, at `sampleRate`. */
  onSound(timeMs: number, bytes: Buffer): void
}

export interface MadeDecoder {
  /** Resolves when the bytes are taken; also when the program has ended and nothing takes them any more. */
  write(bytes: Buffer): Promise<void>
  /** Resolves when everything that can be decoded was. */
  end(): Promise<void>
  /** Whether something could not be decoded, known at the end. */
  readonly hasFailed: boolean
}

/**
 * Starts one sandboxed ffmpeg that is given what was made, piece by piece, without the pictures that need not be decoded (see
 * `partToDecode`), and decodes all of that as Media Source does: edit lists ignored, nothing trimmed. `sampleRate` is null
 * without sound.
 */
export function startMadeDecoder(
  run: CheckRun & { readonly hasPicture: boolean; readonly lengthMs: number; readonly sampleRate: number | null },
  listener: MadeListener,
): MadeDecoder {
  const { hasPicture, sampleRate } = run
  const thumbnailSeconds = Math.max(thumbnailSecondsMin, Math.ceil(run.lengthMs / 1000 / thumbnailsMax))
  const flags = madeArguments({ hasPicture, sampleRate, thumbnailSeconds })
  let hasFailed = false
  let lastLine = ''
  const onComplaint = (text: string) => {
    hasFailed ||= (lastLine + text).includes(notDecoded)
    lastLine = (lastLine + text).slice(-notDecoded.length)
  }
  const decoding = startDecoding(
    { ...run, startSeconds: 0, stdin: 'pipe', onComplaint },
    flags,
    ({ stream, timeMs, bytes }) => {
      if (!hasPicture || stream === 2) listener.onSound(timeMs, bytes)
      else if (stream === 0) listener.onPicture({ timeMs, picture: Uint8Array.from(bytes) })
      else listener.onThumbnail({ startMs: timeMs, jpeg: Buffer.from(bytes) })
    },
  )
  const stdin = decoding.stdin!
  return {
    async write(bytes) {
      run.signal.throwIfAborted()
      if (!stdin.writable || stdin.write(bytes)) return
      await taken(stdin)
      run.signal.throwIfAborted()
    },
    async end() {
      stdin.end()
      await decoding.ended
    },
    get hasFailed() {
      return hasFailed
    },
  }
}

/** Resolves when there is room again, or when nobody reads any more. */
function taken(stdin: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stdin.off('drain', done).off('close', done)
      resolve()
    }
    stdin.once('drain', done).once('close', done)
  })
}

function madeArguments(what: { hasPicture: boolean; sampleRate: number | null; thumbnailSeconds: number }): string[] {
  const every = `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${what.thumbnailSeconds})'`
  const filters = `[0:v]split[a][b];[a]${gridOf('')}[grid];[b]${every},scale=${thumbnailWidth}:-2[small]`
  return [
    ...['-threads', '1', '-err_detect', 'explode'],
    // Without smoothing the edges of blocks a key frame costs a seventh less; small pictures look the same.
    ...['-skip_loop_filter:v', 'all'],
    ...['-flags2', '+skip_manual', '-noautorotate', '-ignore_editlist', '1', '-f', 'mov', '-i', 'pipe:0'],
    ...(what.hasPicture
      ? [
          ...['-filter_complex', filters, '-map', '[grid]', '-map', '[small]', '-c:v:0', 'rawvideo'],
          ...['-c:v:1', 'mjpeg', '-q:v:1', '6', '-pix_fmt:v:1', 'yuvj420p', '-frames:v:1', String(thumbnailsMax)],
        ]
      : []),
    ...(what.sampleRate ? ['-map', '0:a', '-c:a', 'pcm_s16le', '-ar', String(what.sampleRate)] : []),
  ]
}
