import type { Db } from '../../foundation/db/database.ts'
import { isId } from '../../foundation/id.ts'
import type { JudgedRead } from './reported-read.ts'

/** What a read was of. `bytes` is the size of that object; null where nobody knows of such an object. */
export type Target =
  | {
      readonly kind: 'original'
      readonly recordingId: string | null
      readonly uploadId: string | null
      readonly bytes: number
    }
  | {
      readonly kind: 'rendition'
      readonly recordingId: string
      readonly bytes: number
      readonly file: RenditionFileKey
    }
  /** A film of a vendor's player, as it was supplied. */
  | { readonly kind: 'supplied'; readonly recordingId: string; readonly bytes: number }
  | { readonly kind: 'package'; readonly packageId: string; readonly bytes: number }
  | { readonly kind: 'unknown'; readonly recordingId: string | null }

export interface RenditionFileKey {
  readonly renditionId: string
  readonly track: number
  readonly kind: string
  readonly number: number
}

/** Looks up what lies under the key that was read. Of a version that no row names nothing is known but its recording. */
export async function targetOf(db: Db, read: JudgedRead): Promise<Target> {
  return read.bucket === 'originals' ? originalOf(db, read) : derivedOf(db, read)
}

/** The recording that a read touched, null when it is not known. */
export function recordingIdOf(target: Target): string | null {
  return target.kind === 'package' ? null : target.recordingId
}

async function originalOf(db: Db, read: JudgedRead): Promise<Target> {
  const copy = await db
    .selectFrom('copy')
    .innerJoin('recording', 'recording.id', 'copy.recording_id')
    .where('copy.object_key', '=', read.object_key)
    .select(['recording.id', 'recording.bytes'])
    .executeTakeFirst()
  const upload = await db
    .selectFrom('upload')
    .where('object_key', '=', read.object_key)
    .select(['id', 'bytes'])
    .executeTakeFirst()
  if (!copy && !upload) return inventoryOf(db, read)
  const bytes = copy?.bytes ?? upload!.bytes
  return { kind: 'original', recordingId: copy?.id ?? null, uploadId: upload?.id ?? null, bytes }
}

/** An inventory lies beside the originals; whoever may read the one for a recording's sake may read the other. */
async function inventoryOf(db: Db, read: JudgedRead): Promise<Target> {
  const inventory = await db
    .selectFrom('recording_inventory')
    .where('object_key', '=', read.object_key)
    .select(['recording_id', 'bytes'])
    .executeTakeFirst()
  if (!inventory) return { kind: 'unknown', recordingId: null }
  return { kind: 'original', recordingId: inventory.recording_id, uploadId: null, bytes: inventory.bytes }
}

async function derivedOf(db: Db, read: JudgedRead): Promise<Target> {
  const file = await db
    .selectFrom('rendition_file')
    .innerJoin('rendition', 'rendition.id', 'rendition_file.rendition_id')
    .where('rendition_file.object_key', '=', read.object_key)
    .$if(read.version_id !== null, (query) => query.where('rendition_file.version_id', '=', read.version_id!))
    .select('rendition.recording_id')
    .select(['rendition_file.rendition_id', 'rendition_file.track', 'rendition_file.kind', 'rendition_file.number'])
    .select('rendition_file.bytes')
    .executeTakeFirst()
  if (file) {
    const key = { renditionId: file.rendition_id, track: file.track, kind: file.kind, number: file.number }
    return { kind: 'rendition', recordingId: file.recording_id, bytes: file.bytes, file: key }
  }
  const supplied = await db
    .selectFrom('rendition_supply')
    .where('object_key', '=', read.object_key)
    .$if(read.version_id !== null, (query) => query.where('version_id', '=', read.version_id!))
    .select(['recording_id', 'bytes'])
    .executeTakeFirst()
  if (supplied) return { kind: 'supplied', recordingId: supplied.recording_id, bytes: supplied.bytes }
  const made = await db
    .selectFrom('package')
    .where('object_key', '=', read.object_key)
    .select(['id', 'bytes'])
    .executeTakeFirst()
  if (made) return { kind: 'package', packageId: made.id, bytes: made.bytes ?? 0 }
  const [first] = read.object_key.split('/')
  const known =
    first && isId(first)
      ? await db.selectFrom('recording').select('id').where('id', '=', first).executeTakeFirst()
      : null
  return { kind: 'unknown', recordingId: known?.id ?? null }
}
