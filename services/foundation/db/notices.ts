import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Logger } from '../log.ts'

/** Each transaction that adds a row to one of these notifies its readers (triggers of migrations/0009_notices.ts). */
export const noticedTables = [
  'job',
  'checkpoint',
  'event_archive_batch',
  'archive_progress',
  'timestamp_order',
] as const
export type NoticedTable = (typeof noticedTables)[number]

/**
 * Wakes loops when PostgreSQL has work for them: LISTEN, on one connection for the whole process. A notice carries nothing
 * and only says "look again". It may be lost with its connection, so each wait has a time after which the loop looks
 * without one. After a lost connection and after a new one everybody is woken.
 */
export interface Notices {
  /** Hears of new rows in `table` until `signal` is aborted. The first subscription opens the connection. */
  subscribe(table: NoticedTable, signal: AbortSignal): Subscription
  /** Hears of new events while it asks for that. One process at a time can. */
  subscribeToEvents(signal: AbortSignal): RequestedSubscription
  close(): Promise<void>
}

/** For one loop, which looks for work first and waits afterwards. */
export interface Subscription {
  /**
   * Returns at the next notice, at once when one came since the last return, and in any case after `timeoutMs` or when
   * `signal` is aborted. Two returns are at least 5 ms apart, so that a flood of notices makes no busy loop. Never rejects.
   */
  wait(timeoutMs: number, signal: AbortSignal): Promise<void>
}

/**
 * Writers of events notify only while the reader asks for it. The request is an exclusive advisory lock. Each writer tries
 * to share it until its transaction ends: who gets it does not notify, and no request is granted until he has committed;
 * who does not get it notifies. So a reader that looks once more after a granted request has seen every event of which it
 * will not be told.
 *
 * A plain trigger would cost too much: a transaction that notifies holds one lock of the whole cluster until its commit is
 * on the disk (PostgreSQL's PreCommit_Notify), so that no two of them share a write. Measured with 64 writers: 0.58 of the
 * events a second that they make without a trigger; on request no difference to be seen, and 8 µs of CPU an event.
 */
export interface RequestedSubscription extends Subscription {
  /**
   * False without a connection, while a writer is under way that will not notify, or while another process asks. A connection
   * that does not answer in `requestMsMax` counts as lost.
   */
  request(): Promise<boolean>
  /** True from a granted request on until it is withdrawn or the connection is lost. */
  isRequested(): boolean
  /** Takes effect at once, and need not be waited for: a later request is asked after it. Never rejects. */
  withdraw(): Promise<void>
}

export interface NoticesOptions {
  readonly url: string
  /** Shown in pg_stat_activity. */
  readonly applicationName: string
  readonly log: Logger
  /** The longest that a reader of events waits for an answer, and so the longest that a dead connection delays it. Default 250. */
  readonly requestMsMax?: number
  /** Refused requests in a row before one warning. Default 10,000: at the sequencer's pace, a few minutes. */
  readonly refusalsMax?: number
}

interface Bell {
  readonly channel: NoticedTable | 'event'
  ring(): void
}

interface Connection {
  readonly client: pg.Client
  /** Aborted when the connection broke or did not answer in time. */
  readonly lost: AbortController
  isRequested: boolean
}

const answerMsMax = 5_000
const requestMsMaxDefault = 250
const refusalsMaxDefault = 10_000
const returnsApartMsMin = 5
const refusedWarning =
  'notices: requests to be notified of events are refused again and again: a transaction stays open, or another process asks'
/** A connection that a firewall forgot does not say so: it is asked this often. */
const checkEveryMs = 60_000
const reconnectMsMin = 100
const reconnectMsMax = 5_000
const requestLock = `hashtextextended('event notices', 0)`
/** In seconds. PostgreSQL ends the session of a reader that is gone within a minute; the system's default is two hours. */
const keepalives = '-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3'

/** Does not wait for the database: while it is away, waits end by their time. */
export function openNotices(options: NoticesOptions): Notices {
  const { log, requestMsMax = requestMsMaxDefault, refusalsMax = refusalsMaxDefault } = options
  const stopper = new AbortController()
  const bells = new Set<Bell>()
  let connection: Connection | null = null
  let kept: Promise<void> | null = null
  let refusals = 0
  const usable = () => (connection?.lost.signal.aborted ? null : connection)
  const isGranted = (current: Connection, question: string) => askGranted(current, question, requestMsMax)

  const subscribe = (channel: Bell['channel'], signal: AbortSignal): Subscription => {
    const bell = makeBell(channel)
    bells.add(bell)
    signal.addEventListener('abort', () => bells.delete(bell), { once: true })
    kept ??= keepListening(options, bells, (current) => (connection = current), stopper.signal)
    return bell
  }
  return {
    subscribe,
    subscribeToEvents: (signal) => ({
      ...subscribe('event', signal),
      isRequested: () => usable()?.isRequested ?? false,
      async request() {
        const current = usable()
        if (!current) return false
        current.isRequested ||= await isGranted(current, `select pg_try_advisory_lock(${requestLock}) as granted`)
        if (current.lost.signal.aborted) return false
        refusals = current.isRequested ? 0 : refusals + 1
        if (refusals === refusalsMax) log.warn({ refusals }, refusedWarning)
        return current.isRequested
      },
      async withdraw() {
        const current = usable()
        if (!current?.isRequested) return
        current.isRequested = false
        await isGranted(current, `select pg_advisory_unlock(${requestLock}) as granted`)
      },
    }),
    async close() {
      stopper.abort()
      // A connection that is being opened has its own, longer limit.
      await Promise.race([kept, delay(2_000, undefined, { ref: false })])
    },
  }
}

/** A failure, or an answer that is late, means that the connection is lost, and with it the lock. */
async function askGranted({ client, lost }: Connection, text: string, timeoutMs: number): Promise<boolean> {
  try {
    // The driver's types do not know of a limit for one query.
    const question = { text, query_timeout: timeoutMs }
    const { rows } = await client.query<{ granted: boolean }>(question)
    return rows[0]?.granted === true
  } catch (error) {
    lost.abort(error)
    return false
  }
}

async function keepListening(
  options: NoticesOptions,
  bells: ReadonlySet<Bell>,
  use: (connection: Connection | null) => void,
  signal: AbortSignal,
): Promise<void> {
  const ringAll = () => {
    for (const bell of bells) bell.ring()
  }
  let waitMs = reconnectMsMin
  let isAway = false
  while (!signal.aborted) {
    try {
      await listen(options, bells, signal, (connection) => {
        use(connection)
        if (isAway) options.log.info('notices: the database is listened to again')
        isAway = false
        waitMs = reconnectMsMin
        ringAll()
      })
    } catch (error) {
      if (!isAway)
        options.log.warn({ err: error }, 'notices: the database cannot be listened to: loops look by the clock')
      isAway = true
    }
    use(null)
    ringAll()
    await delay(waitMs, undefined, { signal }).catch(() => undefined)
    waitMs = Math.min(waitMs * 2, reconnectMsMax)
  }
}

/** Listens until `signal` is aborted. @throws when the connection cannot be opened, or is lost */
async function listen(
  { url, applicationName }: NoticesOptions,
  bells: ReadonlySet<Bell>,
  signal: AbortSignal,
  onOpen: (connection: Connection) => void,
): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `notices of ${applicationName}`,
    connectionTimeoutMillis: answerMsMax,
    query_timeout: answerMsMax,
    keepAlive: true,
    options: keepalives,
  })
  const lost = new AbortController()
  client.on('error', (error) => lost.abort(error))
  client.on('end', () => lost.abort(new Error('the connection ended')))
  client.on('notification', ({ channel }) => {
    for (const bell of bells) if (bell.channel === channel) bell.ring()
  })
  const over = AbortSignal.any([signal, lost.signal])
  try {
    await client.connect()
    await client.query(['event', ...noticedTables].map((table) => `listen ${table}`).join(';'))
    onOpen({ client, lost, isRequested: false })
    while (!over.aborted) {
      await delay(checkEveryMs, undefined, { signal: over }).catch(() => undefined)
      if (!over.aborted) await client.query('select')
    }
    if (!signal.aborted) throw lost.signal.reason
  } finally {
    // A connection that does not answer any more need not hear that it is over.
    await Promise.race([client.end().catch(() => undefined), delay(1_000, undefined, { ref: false })])
  }
}

function makeBell(channel: Bell['channel']): Bell & Subscription {
  let isRung = false
  let returnedMs = Number.NEGATIVE_INFINITY
  let wake: () => void = () => undefined
  return {
    channel,
    ring() {
      isRung = true
      wake()
    },
    async wait(timeoutMs, signal) {
      if (!isRung && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const end = () => {
            clearTimeout(timer)
            signal.removeEventListener('abort', end)
            resolve()
          }
          const timer = setTimeout(end, timeoutMs)
          signal.addEventListener('abort', end, { once: true })
          wake = end
        })
      }
      const restMs = returnedMs + returnsApartMsMin - performance.now()
      if (restMs > 0) await delay(Math.ceil(restMs), undefined, { signal }).catch(() => undefined)
      returnedMs = performance.now()
      isRung = false
    },
  }
}
