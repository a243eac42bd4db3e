import { hash } from 'node:crypto'
import type { BucketKind } from '../../foundation/store/store.ts'

/** One call by which bytes of footage left a store, as the store reports it. */
export interface StoreRead {
  /** Of this report alone, however often it is sent. */
  readonly requestId: string
  /** The store's name of the call. Only `getObject` is ever explained. */
  readonly api: string
  readonly startedAt: Date
  readonly at: Date
  /** Name of the credential that read; `root`, `unknown` or `anonymous`. */
  readonly credential: string
  readonly bucket: BucketKind
  readonly objectKey: string
  readonly versionId: string | null
  readonly bytes: number
}

export interface ReportReading {
  /** Bucket names as the store knows them. */
  readonly buckets: Readonly<Record<BucketKind, string>>
  /** Lower-case hex of SHA-256 of an access key → name of the credential. */
  readonly credentials: ReadonlyMap<string, string>
}

/** What MinIO calls an S3 GetObject. */
export const getObject = 'GetObject'
/** A report that nobody can read may hide a read: it is kept as one, and explained by nothing. */
const unreadable = 'unreadable'

/**
 * Calls that give no bytes of an object away. What is not listed counts as a read: copies within the store, S3 Select,
 * replication and tiering to other servers, whatever a later version adds.
 */
const givesNothing =
  /^(Put|Delete|MultipleDelete|List|Head|New|Complete|Abort|PostPolicy|Get(Bucket|Object(Retention|LegalHold|Tagging|ACL|Attributes|Lock)))/
const sendsElsewhere = /Replication|Lifecycle/
/**
 * Calls of MinIO's administration, which name no bucket, that hand out files of the disks, send objects to other servers, or
 * change what is reported. Nobody needs them while the service runs.
 */
const administersReads =
  /^(Inspect|(Set|Del|Restore)Config|ClearConfigHistory|StartBatchJob|SetRemoteTarget|(Add|Edit)Tier|SiteReplication(Add|Edit)|SRPeer|SRInternal)/
/** Whose work the remainders of unfinished uploads are: he reads each again before it becomes a part. */
const tailsCredential = 'ingest'

interface AuditEntry {
  readonly time?: unknown
  readonly requestID?: unknown
  readonly accessKey?: unknown
  readonly parentUser?: unknown
  readonly requestQuery?: Readonly<Record<string, unknown>>
  readonly requestPath?: unknown
  readonly api?: {
    readonly name?: unknown
    readonly bucket?: unknown
    readonly object?: unknown
    readonly statusCode?: unknown
    readonly tx?: unknown
    readonly timeToResponseInNS?: unknown
  }
}

/**
 * Reads one line of MinIO's audit webhook: a JSON object a call (github.com/minio/pkg logger/message/audit, Entry). Null
 * when no bytes of footage left the store by it.
 */
export function readReport(line: string, reading: ReportReading, receivedAt: Date): StoreRead | null {
  const id = hash('sha256', line, 'hex').slice(0, 16)
  const entry = parse(line)
  const unclear: StoreRead = {
    requestId: `${unreadable}-${id}`,
    api: unreadable,
    startedAt: receivedAt,
    at: receivedAt,
    credential: 'unknown',
    bucket: 'originals',
    objectKey: '',
    versionId: null,
    bytes: 0,
  }
  if (!entry) return unclear
  const { api } = entry
  // The first report after a start has no call.
  if (typeof api?.name !== 'string') return null
  const bucket = bucketOf(entry, api.name, reading)
  const isGone = typeof api.statusCode === 'number' && (api.statusCode < 200 || api.statusCode > 299)
  if (!bucket || isGone || (givesNothing.test(api.name) && !sendsElsewhere.test(api.name))) return null
  const credential = credentialOf(entry, reading.credentials)
  if (bucket === 'tails' && credential === tailsCredential && api.name === getObject) return null
  const at = new Date(typeof entry.time === 'string' ? entry.time : Number.NaN)
  if (Number.isNaN(at.getTime())) return unclear
  const tookMs = Number(api.timeToResponseInNS) / 1e6
  const startedAt = tookMs > 0 ? new Date(at.getTime() - tookMs) : at
  const versionId = entry.requestQuery?.versionId
  return {
    requestId: `${textOf(entry.requestID, 64)}-${id}`,
    api: textOf(api.name, 100),
    startedAt,
    at,
    credential,
    bucket,
    objectKey: textOf(api.object) || textOf(entry.requestQuery?.file),
    versionId: textOf(versionId, 100) || null,
    bytes: typeof api.tx === 'number' && Number.isSafeInteger(api.tx) && api.tx > 0 ? api.tx : 0,
  }
}

/** The bucket that a call reads, as we name it. Calls about no bucket, such as the server's own health, read none. */
function bucketOf({ api, requestQuery, requestPath }: AuditEntry, name: string, { buckets }: ReportReading) {
  const isAdministration = typeof requestPath === 'string' && requestPath.startsWith('/minio/admin/')
  const asked = isAdministration ? requestQuery?.volume : api?.bucket
  const bucket = (['originals', 'derived', 'tails'] as const).find((kind) => buckets[kind] === asked)
  return isAdministration && administersReads.test(name)
    ? (bucket ?? 'originals')
    : isAdministration
      ? undefined
      : bucket
}

/** Key ids are secrets, so they are known by their digests only and never kept. */
function credentialOf(entry: AuditEntry, credentials: ReadonlyMap<string, string>): string {
  const keys = [entry.accessKey, entry.parentUser].filter((key) => typeof key === 'string' && key !== '')
  if (keys.length === 0) return 'anonymous'
  for (const key of keys) {
    const name = credentials.get(hash('sha256', key as string, 'hex'))
    if (name) return name
  }
  return 'unknown'
}

function parse(line: string): AuditEntry | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as AuditEntry) : null
  } catch {
    return null
  }
}

/** PostgreSQL takes neither zero bytes nor halves of surrogate pairs, and S3 keys have at most 1024 bytes. */
function textOf(value: unknown, lengthMax = 1024): string {
  return typeof value === 'string' ? value.slice(0, lengthMax).toWellFormed().replaceAll('\0', '�') : ''
}
