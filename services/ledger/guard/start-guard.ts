import { setTimeout as delay } from 'node:timers/promises'
import type { Db } from '../../foundation/db/database.ts'
import { Fault, isFault } from '../../foundation/errors.ts'
import type { Logger } from '../../foundation/log.ts'
import type { Head, HeadFile } from '../log/head.ts'
import { holdsTree } from '../log/sequence/tree-state.ts'
import type { Memory } from './memory.ts'

/** Holds the database against those who remember what the log signed, before it signs again. */
export interface StartGuard {
  /** Names of those who could not be asked since the last start. */
  unanswered(): readonly string[]
  /**
   * Asks all of them, then runs `work`, which signs. Who does not answer in time is asked again while it runs: an outage
   * must not stop the office. Without a head of its own a log cannot know whether it ever signed (an emptied database looks
   * like a new one): then everybody must have answered before `work` begins.
   *
   * @throws log_forked, before or while `work` runs, when somebody remembers a tree that the database does not hold;
   *   naming everybody who does, with size and root. Else what `work` throws.
   */
  run(signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void>
}

export interface StartGuardDeps {
  readonly db: Db
  readonly head: Pick<HeadFile, 'read'>
  readonly memories: readonly Memory[]
  readonly log: Logger
  /** How long each may take to answer. Default 5 s at the start, six times as long later. */
  readonly answerTimeoutMs?: number
  /** Default 30 s, and 2 s while a log without a head waits for the answers. */
  readonly askAgainMs?: number
}

/** `agrees`: the database holds what he remembers. */
type Answer = { readonly kind: 'agrees' } | { readonly kind: 'forked' | 'unknown'; readonly reason: string }

export function openStartGuard(deps: StartGuardDeps): StartGuard {
  const { log, memories, answerTimeoutMs = 5_000, askAgainMs = 30_000 } = deps
  const withoutHeadMs = Math.min(askAgainMs, 2_000)
  let waiting: readonly Memory[] = []

  async function ask(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const answers = await Promise.all(waiting.map((memory) => askOne(deps.db, memory, timeoutMs, signal)))
    if (signal.aborted) return
    const forks = answers.flatMap((answer) => (answer.kind === 'forked' ? [answer.reason] : []))
    if (forks.length > 0) throw forked(forks)
    waiting = waiting.filter((memory, at) => {
      const answer = answers[at]!
      if (answer.kind !== 'unknown') return false
      log.warn({ memory: memory.name, reason: answer.reason }, 'what it remembers of the log could not be asked')
      return true
    })
  }

  async function askUntilAnswered(everyMs: number, signal: AbortSignal): Promise<void> {
    while (waiting.length > 0 && !signal.aborted) {
      await delay(everyMs, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) return
      await ask(answerTimeoutMs * 6, signal).catch((error) => {
        if (isFault(error, 'log_forked')) throw error
        log.warn({ err: error }, 'the log could not be compared with what others remember of it')
      })
    }
  }

  return {
    unanswered: () => waiting.map(({ name }) => name),
    run: async (signal, work) => {
      waiting = memories
      await ask(answerTimeoutMs, signal)
      if (waiting.length > 0 && (await deps.head.read()) === null) {
        log.error(
          { memories: waiting.map(({ name }) => name) },
          'this log has no head: nothing is signed until these say that they remember nothing of it; see "ledger head" in deploy/RUNBOOK.md',
        )
        await askUntilAnswered(withoutHeadMs, signal)
      }
      if (signal.aborted) return
      const stopper = new AbortController()
      const held = AbortSignal.any([signal, stopper.signal])
      let fork: unknown = null
      const asking = askUntilAnswered(askAgainMs, held).catch((error) => {
        fork = error
        stopper.abort()
      })
      try {
        await work(held)
      } finally {
        stopper.abort()
        await asking
      }
      if (fork !== null) throw fork
    },
  }
}

async function askOne(db: Db, memory: Memory, timeoutMs: number, signal: AbortSignal): Promise<Answer> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  let remembered: readonly Head[]
  try {
    remembered = await orAborted(memory.recall(inTime), inTime)
  } catch (error) {
    if (inTime.aborted) return { kind: 'unknown', reason: `no answer within ${timeoutMs} ms` }
    // What our own database cannot answer is no outage of others: nothing is signed until it can.
    if (!isFault(error)) throw error
    if (error.code === 'database_down') throw error
    if (error.code === 'log_forked') return { kind: 'forked', reason: `${memory.name}: ${error.message}` }
    return { kind: 'unknown', reason: error.message }
  }
  for (const head of remembered) {
    const { holds, size } = await holdsTree(db, head)
    if (holds) continue
    const tree = `a tree of ${head.size} events with root ${head.root.toString('hex')}`
    const reason = `${memory.name} remembers that this log has signed ${tree}, but the database (${size} events) does not hold it`
    return { kind: 'forked', reason }
  }
  return { kind: 'agrees' }
}

/** Some calls know no signal: they end by their own limits, and nobody waits for them any more. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

function forked(reasons: readonly string[]): Fault {
  return new Fault(
    'log_forked',
    `${reasons.join('; ')}. The database was put back to an earlier state or changed. Nothing is signed; see "restored database" in deploy/RUNBOOK.md`,
  )
}
