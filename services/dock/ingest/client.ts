import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { Agent, type Dispatcher, request } from 'undici'

/** No answer, one that asks to come again, or one that is not the bureau's: nothing was decided, what was sent counts only as far as the server says. */
export class Away extends Error {
  readonly retryAfterMs: number | null
  /** The server did answer, and could not take this one question: another may fare better. */
  readonly isAboutQuestion: boolean

  constructor(
    message: string,
    options: { cause?: unknown; retryAfterMs?: number | null; isAboutQuestion?: boolean } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.retryAfterMs = options.retryAfterMs ?? null
    this.isAboutQuestion = options.isAboutQuestion ?? false
  }
}

/** The server has looked at it and says no. Asking the same again gives the same answer. */
export class Refused extends Error {
  readonly status: number
  readonly code: string
  /** What the server says besides, each member as it came. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(status: number, code: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.details = details
  }
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
}

export interface Ask {
  readonly method: 'GET' | 'POST' | 'PUT' | 'HEAD' | 'PATCH'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly stream?: AsyncIterable<Buffer>
  readonly signal?: AbortSignal
  /** 403 and 429 are about somebody at the screen, not about this station. */
  readonly isAboutPerson?: boolean
}

/** `refused`: it answers, but not to this station: not released, or its token was revoked. */
export type Reach = 'online' | 'offline' | 'refused'

/** Why the certificate of whoever answered was not accepted. */
export type CertificateFault = 'not_trusted' | 'out_of_date' | 'other_name'

export interface Ingest {
  /** @throws Away, Refused */
  ask(question: Ask): Promise<Answer>
  /** `lastedMs` does not follow the station's clock when that is set. */
  reach(): { readonly state: Reach; readonly sinceMs: number; readonly lastedMs: number }
  /** Null while certificates are not what keeps it away. */
  certificate(): CertificateFault | null
  /** The server's clock less this station's, of its last answer, and how far that may be off; null before the first. */
  clock(): { readonly offsetMs: number; readonly errorMs: number; readonly atMs: number } | null
  onReach(listener: () => void): void
  close(): Promise<void>
}

/** These mean: not now. 401 and 403 are about the station, not about what it asks; 423 is decided by whoever asks. */
const notNow = new Set([401, 403, 408, 425, 429, 507])

/**
 * Talks to the bureau's ingest.
 *
 * @param options.origin `https://…`, without a slash at its end
 * @param options.caFile certificates that its own must lead to, PEM; null: those of the system
 */
export function openIngest(options: {
  origin: string
  caFile: string | null
  token: () => string
  answerMsMax: number
  now: () => number
}): Ingest {
  const { origin, answerMsMax, now } = options
  const connect = options.caFile === null ? {} : { ca: readFileSync(options.caFile) }
  const dispatcher = new Agent({
    connect: { ...connect, timeout: answerMsMax },
    headersTimeout: answerMsMax,
    bodyTimeout: answerMsMax,
    keepAliveTimeout: 4000,
  })
  let reach = { state: 'offline' as Reach, sinceMs: now(), sinceTicksMs: performance.now() }
  let clock: { offsetMs: number; errorMs: number; atMs: number } | null = null
  let certificate: CertificateFault | null = null
  const listeners: (() => void)[] = []
  const reached = (state: Reach) => {
    if (reach.state === state) return
    reach = { state, sinceMs: now(), sinceTicksMs: performance.now() }
    for (const listener of listeners) listener()
  }
  return {
    async ask(question) {
      const askedMs = now()
      let response: Dispatcher.ResponseData
      let text: string
      try {
        response = await request(origin + question.path, { ...requestOf(question, options.token()), dispatcher })
        text = await response.body.text()
      } catch (error) {
        if (question.signal?.aborted) throw question.signal.reason
        if (error instanceof SourceFailed) throw error.cause
        certificate = certificateFault(error)
        reached('offline')
        throw new Away(`no answer from ${origin}: ${reasonOf(error)}`, { cause: error })
      }
      certificate = null
      const { statusCode: status } = response
      const headers = plainHeaders(response)
      if (isForeign(question, status, headers, text)) {
        reached('offline')
        throw new Away(`somebody else answers for ${origin}: ${status}`, { isAboutQuestion: true })
      }
      clock = clockOf(headers.date, askedMs, now()) ?? clock
      const isOurs = question.isAboutPerson !== true || status === 401
      if (isOurs && (status === 401 || status === 403)) reached('refused')
      else reached(status >= 500 && status !== 507 ? 'offline' : 'online')
      if (status < 400) return { status, headers, text }
      throw failureOf(status, headers, text, isOurs)
    },
    reach: () => ({ ...reach, lastedMs: performance.now() - reach.sinceTicksMs }),
    certificate: () => certificate,
    clock: () => clock,
    onReach: (listener) => {
      listeners.push(listener)
    },
    close: () => dispatcher.destroy(),
  }
}

/** Marks an error of the bytes' source, so that it is not taken for one of the line. */
class SourceFailed extends Error {}

function requestOf({ method, headers, json, stream, signal }: Ask, token: string) {
  return {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body:
      json !== undefined ? JSON.stringify(json) : stream ? Readable.from(marked(stream), { objectMode: false }) : null,
    ...(signal ? { signal } : {}),
  }
}

async function* marked(stream: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  try {
    yield* stream
  } catch (cause) {
    throw new SourceFailed('the bytes cannot be read', { cause })
  }
}

function failureOf(status: number, headers: Answer['headers'], text: string, isOurs: boolean): Away | Refused {
  const unsaid = { code: `status_${status}`, message: `the server answers ${status}`, details: {} }
  const { code, message, details } = errorIn(text) ?? unsaid
  if (status < 500 && !(isOurs && notNow.has(status))) return new Refused(status, code, message, details)
  const seconds = Number(headers['retry-after'] ?? Number.NaN)
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : null
  return new Away(message, { retryAfterMs, isAboutQuestion: status === 500 })
}

/**
 * Whether a proxy, a portal or another server on the way gave this answer: the bureau redirects nobody, refuses in words of its
 * own (`errorBody` of foundation/http/failures.ts) and says everything else in JSON. An answer to HEAD has no body to know it by.
 */
function isForeign({ method }: Ask, status: number, headers: Answer['headers'], text: string): boolean {
  if (status >= 500 || method === 'HEAD') return false
  if (status >= 400) return errorIn(text) === null
  const isJson = /^application\/json\b/.test(headers['content-type'] ?? '')
  return (status >= 300 && status !== 304) || (text.length > 0 && !isJson)
}

function errorIn(text: string): { code: string; message: string; details: Record<string, unknown> } | null {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: unknown; message?: unknown; details?: unknown } }
    if (typeof error?.code !== 'string' || typeof error.message !== 'string') return null
    const { code, message, details } = error
    return { code, message, details: { ...(details as Record<string, unknown>) } }
  } catch {
    return null
  }
}

function plainHeaders({ headers }: Dispatcher.ResponseData): Answer['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  )
}

/** The header has whole seconds: the answer was made within the second after it, and between asking and getting it. */
function clockOf(date: string | undefined, askedMs: number, answeredMs: number) {
  const saidMs = date === undefined ? Number.NaN : Date.parse(date)
  if (Number.isNaN(saidMs)) return null
  const errorMs = (answeredMs - askedMs) / 2 + 500
  return { offsetMs: Math.round(saidMs + 500 - (askedMs + answeredMs) / 2), errorMs, atMs: answeredMs }
}

/** By the code that Node gives an error of TLS (X509_verify_cert_error_string(3), tls.checkServerIdentity). */
function certificateFault(error: unknown): CertificateFault | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'other_name'
  if (/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/.test(code)) return 'out_of_date'
  return /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_)/.test(code) ? 'not_trusted' : null
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error)
}
