import { Fault } from '../../errors.ts'
import type { StoreName } from '../store.ts'

/** A refusal as S3 sends it: an error with the HTTP status and the `Code` of its XML. */
export function storeRefusal(status: number, xml: string): Error {
  const code = /<Code>([^<]*)<\/Code>/.exec(xml)?.[1] ?? `status ${status}`
  const message = /<Message>([^<]*)<\/Message>/.exec(xml)?.[1] ?? 'no message'
  return Object.assign(new Error(`${code}: ${message}`), { name: 'S3Error', code, status })
}

const fullCodes =
  /^(XMinioStorageFull|InsufficientStorage|QuotaExceeded|XMinioAdminBucketQuotaExceeded|ENOSPC|status 507)$/
// A 404 without S3's own code comes from something in between and says nothing about the object: it counts as away.
const missingCodes = /^(NoSuchKey|NoSuchVersion|NoSuchUpload|InvalidPart|NotFound|MethodNotAllowed)$/
// The bucket is part of the store's set-up: a store that lost it is away, not empty.
const awayCodes =
  /^(NoSuchBucket|InternalError|ServiceUnavailable|SlowDown|SlowDownRead|SlowDownWrite|RequestTimeout|OperationAborted|XMinio.*|Busy|status 404)$/
const deniedCodes =
  /^(AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|RequestTimeTooSkewed|Forbidden|status 403)$/

/** The Fault that an error of a call to a store means; `what` says what was tried, without secrets. */
export function storeFault(store: StoreName, what: string, error: unknown): Fault {
  if (error instanceof Fault) return error
  const code = codeOf(error)
  const fault = (kind: ConstructorParameters<typeof Fault>[0], text: string) =>
    new Fault(kind, text, { cause: error, details: { store } })
  if (fullCodes.test(code) || isDiskFull(error))
    return fault('store_full', `${store} has no space left (${what}): it takes no more footage until space is made`)
  if (missingCodes.test(code)) return fault('not_found', `${store} holds no such object (${what})`)
  if (isAway(error, code))
    return fault('store_down', `${store} cannot be reached or does not answer (${what}): try again`)
  if (deniedCodes.test(code)) return fault('not_ready', `${store} refuses this service's credential (${what})`)
  return fault('internal', `${store} refused: ${code} (${what})`)
}

/** MinIO notices a full disk in the middle of a part, and then calls it an internal error with this cause. */
function isDiskFull(error: unknown): boolean {
  return error instanceof Error && /no space left on device|disk quota exceeded/i.test(error.message)
}

/** True when the server itself answered no: the error is its decision, not a broken connection. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && !isAway(error, codeOf(error)) && codeOf(error) !== ''
}

/** The S3 code or the system's error code; '' when there is none. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return ''
  return String(error.code)
}

function isAway(error: unknown, code: string): boolean {
  if (error instanceof Error && 'status' in error && Number(error.status) >= 500) return true
  if (awayCodes.test(code)) return true
  if (!(error instanceof Error) || error.name === 'S3Error') return code === ''
  // The client's own words for a 5xx answer; everything else without an S3 answer is a broken connection.
  if (/^Request failed after|^Retryable HTTP status/.test(error.message)) return true
  return (
    'syscall' in error ||
    /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOST|ENET|EAI_|HPE_|ERR_STREAM|ERR_TLS|CERT_|UNABLE_|DEPTH_|SELF_)/.test(code)
  )
}
