import type { UploadRow } from '../../custody/intake/upload.ts'
import type { TailPiece } from '../../custody/intake/upload-tail.ts'
import type { Logger } from '../../foundation/log.ts'
import { tailKey } from '../../foundation/store/keys.ts'
import type { Store } from '../../foundation/store/store.ts'
import type { BodyReader } from './body-reader.ts'
import { type Gathering, gather } from './buffered.ts'
import { type Cursor, type PartTarget, sendPiece, sendPieces } from './part-sender.ts'
import type { Progress } from './progress.ts'
import { bytesOfPieces } from './tail-source.ts'

/** Bytes of a piece; the last piece of a tail may be shorter. Also all that a connection that breaks can cost. */
export const pieceBytes = 1024 * 1024

/** What a body goes through in pieces. */
export interface PieceFlow {
  readonly store: Store
  readonly log: Logger
  readonly upload: UploadRow
  readonly holder: string
  readonly reader: BodyReader
  readonly cursor: Cursor
  readonly progress: Progress
  readonly target: () => Promise<PartTarget>
  /** The body has a checksum: when it breaks off, nothing of it counts. */
  readonly isWholeOrNothing: boolean
}

/**
 * Takes a body in pieces of 1 MiB, the way that loses least and needs no announced length: each piece that is full goes to
 * `tails` and counts; as soon as they make up a part they are streamed into one. When the body breaks off, what had arrived
 * of the last piece is kept as well. Memory is one piece, whatever the length of a part.
 *
 * A last piece that an earlier body left unfinished is read back and goes on growing, so that small bodies make no more
 * pieces than large ones.
 *
 * @throws what ended the body early; too_large; the store's errors
 */
export async function receiveInPieces(flow: PieceFlow): Promise<void> {
  const { reader, cursor, progress, upload } = flow
  const begun = cursor.position
  const gathering: Gathering = { buffer: Buffer.allocUnsafe(pieceBytes), filled: 0 }
  await takeBackUnfinished(flow, gathering)
  try {
    await gather(reader, gathering, { cursor, bytesMax: upload.bytes }, () => putAway(flow, gathering))
  } catch (error) {
    // The end of the file counts only when the body has ended: more might have followed.
    const isKept = !flow.isWholeOrNothing && reader.hasBroken() && cursor.position < upload.bytes
    const hasMore = gathering.filled > 0 && cursor.position > progress.offset()
    if (isKept && hasMore) await keepBrokenOff(flow, gathering)
    throw error
  }
  if (cursor.position > begun) await putAway(flow, gathering)
}

/** The pieces before what is being gathered. */
function piecesBefore({ cursor, progress }: PieceFlow, gathering: Gathering): readonly TailPiece[] {
  const startsAt = cursor.position - gathering.filled
  return progress.tail().filter((piece) => piece.startsAt < startsAt)
}

async function takeBackUnfinished({ store, progress }: PieceFlow, gathering: Gathering): Promise<void> {
  const last = progress.tail().at(-1)
  if (!last || last.bytes >= pieceBytes) return
  for await (const chunk of bytesOfPieces(store, [last], Buffer.alloc(0))) {
    gathering.filled += chunk.copy(gathering.buffer, gathering.filled)
  }
}

/** Empties the buffer: into a part with the pieces before it when that is long enough or ends the file, else into a piece. */
async function putAway(flow: PieceFlow, gathering: Gathering): Promise<void> {
  const { upload, cursor, progress, target } = flow
  const before = piecesBefore(flow, gathering)
  const bytes = before.reduce((sum, piece) => sum + piece.bytes, gathering.filled)
  if (bytes < upload.part_bytes && cursor.position < upload.bytes) return putPiece(flow, gathering, before)
  const rest = gathering.buffer.subarray(0, gathering.filled)
  const { part, to, hash } = await sendPieces(await target(), cursor, before, rest)
  gathering.filled = 0
  await progress.advance({ to, hash, parts: [part], tail: [] })
}

async function putPiece(flow: PieceFlow, gathering: Gathering, before: readonly TailPiece[]): Promise<void> {
  const { store, upload, holder, cursor, progress } = flow
  const bytes = gathering.filled
  const startsAt = cursor.position - bytes
  const piece = { startsAt, bytes, key: tailKey(upload.id, startsAt, holder) }
  progress.wrote(piece.key)
  await sendPiece(store, piece.key, gathering.buffer.subarray(0, bytes))
  gathering.filled = 0
  const hash = cursor.hash?.copy() ?? null
  await progress.advance({ to: cursor.position, hash, parts: [], tail: [...before, piece] })
}

/** What ended the body is what the dock must hear; when this fails as well, a piece is sent again. */
async function keepBrokenOff(flow: PieceFlow, gathering: Gathering): Promise<void> {
  try {
    await putPiece(flow, gathering, piecesBefore(flow, gathering))
  } catch (error) {
    flow.log.warn({ err: error, uploadId: flow.upload.id }, 'what arrived before the body broke off could not be kept')
  }
}
