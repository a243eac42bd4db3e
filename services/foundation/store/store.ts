import type { Readable } from 'node:stream'

export const storeNames = ['primary', 'backup-a', 'backup-b'] as const
export type StoreName = (typeof storeNames)[number]
export type BucketKind = 'originals' | 'derived' | 'tails'

/** One version of one object: the only way an original is ever named. */
export interface ObjectVersion {
  readonly bucket: BucketKind
  readonly key: string
  readonly versionId: string
}

export interface ObjectInfo extends ObjectVersion {
  readonly bytes: number
  readonly etag: string
  readonly lastModified: Date
}

export interface UploadedPart {
  readonly number: number
  readonly etag: string
  readonly bytes: number
}

export interface LockState {
  /** COMPLIANCE retention's end, or null when the version has none. */
  readonly retainUntil: Date | null
  readonly mode: 'COMPLIANCE' | 'GOVERNANCE' | null
  readonly legalHold: boolean
}

/** For a source that holds more than one part: the fastest way from an incoming request into several parts. */
export interface PartSending {
  /** Sees each chunk as it is sent, and no byte twice: for a running digest. */
  readonly onBytes?: (chunk: Uint8Array) => void
  /**
   * The source may go on after this part: what is beyond stays unread in it. It is paused afterwards, and not destroyed
   * when the call fails; its errors between two parts are the caller's to hear.
   */
  readonly keepSource?: boolean
  /**
   * The store has just taken the part before: it is not asked first whether it takes this one as well, which saves a way to
   * it and back. If it does not, some bytes are lost with the part, and the error may say no more than `store_down`.
   */
  readonly isFollowing?: boolean
}

/**
 * One S3 server with Object Lock, as this service uses it. Promises, checked by one contract suite
 * (test/contract/store.test.ts):
 *
 * - **Write-once.** `put` of a key that exists succeeds when the bytes are equal (and returns the existing version) and
 *   throws `bytes_differ` otherwise. There is no overwrite and, for `originals`, no delete.
 * - **By version.** Reads of originals name the version; a delete marker never hides bytes from them.
 * - **Durable.** What a resolved call wrote is durable. Listing may lag.
 * - **Constant memory.** Streams are passed through; a part's length is known before its first byte.
 * - **Errors.** Unreachable or 5xx: `store_down`. No space: `store_full`. No such object: `not_found`. An aborted
 *   `signal`: the signal's reason. Every call has a time limit of its own (idle, not total, for streams).
 */
export interface Store {
  readonly name: StoreName
  /** The machine the bytes lie on, as the bureau declared it: three copies in one box are not three. */
  readonly hostName: string

  /** Writes a whole small object (at most 64 MiB, held in memory). */
  put(bucket: BucketKind, key: string, bytes: Uint8Array, contentType?: string): Promise<ObjectVersion>
  /**
   * Streams an object of exactly `bytes` bytes, whole or as multipart, and always makes a new version: whoever may run
   * twice looks at `versions` first. On failure the source is destroyed and nothing is left behind.
   */
  putStream(
    bucket: BucketKind,
    key: string,
    source: Readable,
    options: { bytes: number; signal?: AbortSignal },
  ): Promise<ObjectVersion>
  /** A byte range (end inclusive) or everything of one version; `versionId` null reads the newest (derived and tails only). */
  get(
    object: { bucket: BucketKind; key: string; versionId: string | null },
    options?: { start?: number; end?: number; signal?: AbortSignal },
  ): Promise<Readable>
  stat(object: { bucket: BucketKind; key: string; versionId: string | null }): Promise<ObjectInfo>
  /** Every version of exactly this key, newest first; delete markers are listed apart. */
  versions(bucket: BucketKind, key: string): Promise<{ versions: ObjectInfo[]; deleteMarkers: number }>
  /** Every object version whose key begins with `prefix`, in the order of the keys' bytes. */
  list(bucket: BucketKind, prefix: string): AsyncIterable<ObjectInfo & { deleteMarker: boolean }>
  /**
   * Deletes the object (tails and derived only). In `derived`, which keeps versions, its bytes go only when the version is
   * named. Deleting what is not there succeeds.
   */
  remove(bucket: 'derived' | 'tails', key: string, versionId?: string): Promise<void>

  startMultipart(bucket: BucketKind, key: string): Promise<{ multipartId: string }>
  /**
   * Sends part `number` (from 1) of exactly `bytes` bytes. The source must end there and is destroyed when the call
   * fails, unless `keepSource` says otherwise.
   */
  putPart(
    target: { bucket: BucketKind; key: string; multipartId: string; number: number; bytes: number },
    source: Readable | Uint8Array,
    signal?: AbortSignal,
    sending?: PartSending,
  ): Promise<UploadedPart>
  /**
   * Completes the upload. Called again after a lost answer it finds and returns the version that is there. Throws
   * `not_found` when the upload is gone, or a part is not the one that was acknowledged.
   */
  completeMultipart(
    target: { bucket: BucketKind; key: string; multipartId: string },
    parts: readonly UploadedPart[],
  ): Promise<ObjectVersion>
  /** Aborting what is gone succeeds. */
  abortMultipart(target: { bucket: BucketKind; key: string; multipartId: string }): Promise<void>

  /**
   * Sets legal hold and COMPLIANCE retention on the version and reads them back: what it returns is what the server then
   * said. A later end extends, an earlier one throws `not_locked`.
   */
  lock(object: ObjectVersion, retainUntil: Date): Promise<LockState>
  /** Sets the legal hold alone, which the disposal credential can lift, and reads it back. @throws not_locked */
  hold(object: ObjectVersion): Promise<LockState>
  lockState(object: ObjectVersion): Promise<LockState>
  /** Tries to delete the version (the canary's proof). Resolves to true when the server refused. */
  deleteIsRefused(object: ObjectVersion): Promise<boolean>
  /** Tries to set an earlier retention end (the canary's proof). Resolves to true when the server refused. */
  shorteningIsRefused(object: ObjectVersion, retainUntil: Date): Promise<boolean>
  /** The server's clock minus ours, in milliseconds. */
  clockOffsetMs(): Promise<number>
  close(): Promise<void>
}

export type Stores = Readonly<Record<StoreName, Store>>
