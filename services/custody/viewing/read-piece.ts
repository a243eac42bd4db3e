import type { Readable } from 'node:stream'
import type { Db } from '../../foundation/db/database.ts'
import type { RenditionFileTable } from '../../foundation/db/schema/renditions.ts'
import { isFault } from '../../foundation/errors.ts'
import type { Store } from '../../foundation/store/store.ts'

/** Where a piece of a rendition lies: one init section, segment, thumbnail or still. */
export type PiecePlace = Pick<RenditionFileTable, 'rendition_id' | 'kind' | 'number' | 'object_key' | 'version_id'>

/** The same, with the track of the rendition that the piece belongs to. */
export type TrackPiecePlace = PiecePlace & { readonly track: number }

/** Which piece is read, from which store. */
export interface PieceRead {
  /** The recording that the rendition shows. */
  readonly recordingId: string
  readonly store: Pick<Store, 'get'>
  readonly piece: PiecePlace
  readonly signal?: AbortSignal
}

/** Where the pieces of a rendition lie, all tracks, in no order. */
export async function piecesOfRendition(db: Db, renditionId: string): Promise<TrackPiecePlace[]> {
  return db
    .selectFrom('rendition_file')
    .where('rendition_id', '=', renditionId)
    .select(['rendition_id', 'track', 'kind', 'number', 'object_key', 'version_id'])
    .execute()
}

/**
 * Opens a piece. Every byte of a rendition that is read from a store comes through here; whoever reads compares it with
 * what the ledger committed.
 *
 * @throws not_found when the version is gone; store_down
 */
export async function openPiece({ store, piece, signal }: PieceRead): Promise<Readable> {
  return store.get({ bucket: 'derived', key: piece.object_key, versionId: piece.version_id }, { signal })
}

/**
 * Reads a piece into memory: pieces are seconds of film. Null when it is gone or longer than `bytesMax`, the committed
 * length: its bytes are not the committed ones either way.
 *
 * @throws store_down
 */
export async function readPiece(read: PieceRead & { readonly bytesMax: number }): Promise<Buffer | null> {
  try {
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of (await openPiece(read)) as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > read.bytesMax) return null
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch (error) {
    if (isFault(error, 'not_found')) return null
    throw error
  }
}
