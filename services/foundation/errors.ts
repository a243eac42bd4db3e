/** What a fault code means at every edge: HTTP status, whether trying again can help, whether it must raise an alarm. */
interface FaultRow {
  readonly status: number
  readonly retry: boolean
  readonly alarm?: boolean
}

/** The one table of error codes. HTTP, workers and the command line each map `code` in one place. */
export const faults = {
  bad_config: { status: 500, retry: false },
  bad_request: { status: 400, retry: false },
  malformed: { status: 400, retry: false },
  not_signed_in: { status: 401, retry: false },
  password_change_required: { status: 403, retry: false },
  wrong_role: { status: 403, retry: false },
  not_released: { status: 403, retry: false },
  wrong_origin: { status: 403, retry: false },
  not_found: { status: 404, retry: false },
  conflict: { status: 409, retry: false },
  gone: { status: 410, retry: false },
  preview_withdrawn: { status: 410, retry: false },
  rendition_abandoned: { status: 410, retry: false },
  length_required: { status: 411, retry: false },
  precondition_failed: { status: 412, retry: false },
  too_large: { status: 413, retry: false },
  unsupported_media: { status: 415, retry: false },
  range_not_satisfiable: { status: 416, retry: false },
  locked: { status: 423, retry: true },
  too_many_requests: { status: 429, retry: true },
  checksum_differs: { status: 460, retry: true },
  offset_differs: { status: 409, retry: false },
  internal: { status: 500, retry: false },
  bytes_differ: { status: 500, retry: false, alarm: true },
  not_locked: { status: 500, retry: false, alarm: true },
  unproven: { status: 500, retry: false, alarm: true },
  log_forked: { status: 500, retry: false, alarm: true },
  database_down: { status: 503, retry: true },
  queue_down: { status: 503, retry: true },
  store_down: { status: 503, retry: true },
  ledger_behind: { status: 503, retry: true },
  not_ready: { status: 503, retry: true },
  store_full: { status: 507, retry: true },
} as const satisfies Record<string, FaultRow>

export type FaultCode = keyof typeof faults

/**
 * The one error class. `message` is written for the person who reads it (what, where, the limit, what to do) and is the
 * only text that reaches a client; `details` are fields a program may want; `cause` stays in the log.
 */
export class Fault extends Error {
  readonly code: FaultCode
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: FaultCode, message: string, options: { cause?: unknown; details?: Record<string, unknown> } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Fault'
    this.code = code
    this.details = options.details ?? {}
  }

  get status(): number {
    return faults[this.code].status
  }

  get retry(): boolean {
    return faults[this.code].retry
  }
}

/** True when `error` is a Fault (of that code, if one is given). */
export function isFault(error: unknown, code?: FaultCode): error is Fault {
  return error instanceof Fault && (code === undefined || error.code === code)
}
