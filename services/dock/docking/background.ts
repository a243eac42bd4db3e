import { endLeftClearings } from '../clearing/clear.ts'
import { Away, Refused } from '../ingest/client.ts'
import { postWaiting } from '../ingest/outbox.ts'
import { askReceipts, waitsForReceipt } from '../receipts/ask.ts'
import { isLasting } from '../receipts/check.ts'
import { dropWitnessed, mendCopies } from '../receipts/mend-copies.ts'
import type { FileRecord, HandInRecord } from '../spool/records.ts'
import type { StationDeps } from './deps.ts'
import { dropHandedInElsewhere, offerRefusedAgain } from './refused-copies.ts'
import { keyOfFile, sendFromSpool, waitsOnSpool } from './send.ts'

/** What goes on whether a device is there or not. */
export interface Background {
  /** Something waits to be posted or sent: not later than the next turn. */
  wake(): void
  stop(): Promise<void>
}

const turnMs = 1000
const registerMs = 60_000
/** How often what the bureau refused is offered to it again, where a kept copy may be the only one. */
const refusedAgainMs = 60 * 60_000
/** How often the folder of kept copies is compared with what should lie in it. */
const mendCopiesMs = 60 * 60_000
/** Devices that stood in their slots when the agent started are found by then: their clearings go on, and are not given up. */
const findingMs = 30_000
/** How long between two questions for the receipts of one list, while its device waits in its slot and when it does not. */
const receiptMs = { docked: 5000, away: 5 * 60_000 }

export function startBackground(
  deps: StationDeps,
  station: { isDocked: (serial: string) => boolean; tellState: () => Promise<void> },
): Background {
  const stopping = new AbortController()
  const startedMs = performance.now()
  const loops = [
    loop(deps, stopping.signal, turnMs, () => postAndSend(deps, stopping.signal)),
    loop(deps, stopping.signal, turnMs, receiptTurns(deps, station.isDocked)),
    loop(deps, stopping.signal, turnMs, registerTurns(deps, station.tellState)),
    loop(deps, stopping.signal, mendCopiesMs, () => mendCopies(deps)),
    loop(deps, stopping.signal, refusedAgainMs, () => offerRefusedAgain(deps)),
    loop(deps, stopping.signal, 10 * turnMs, async () => {
      if (performance.now() - startedMs > findingMs) await endLeftClearings(deps, station.isDocked)
      await closeDone(deps)
    }),
  ]
  return {
    wake: () => loops[0]!.wake(),
    async stop() {
      stopping.abort()
      await Promise.all(loops.map(({ done }) => done))
    },
  }
}

/** Runs `work` again and again, with a rest in between that `wake` cuts short. What it throws is said, and it goes on. */
function loop(deps: StationDeps, signal: AbortSignal, restMs: number, work: () => Promise<void>) {
  let wake: () => void = () => undefined
  let isWoken = false
  const rest = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, isWoken ? 0 : restMs)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  signal.addEventListener('abort', () => wake(), { once: true })
  const run = async () => {
    while (!signal.aborted) {
      isWoken = false
      await work().catch((error: unknown) => {
        if (signal.aborted || error instanceof Away) return
        deps.log.error({ err: error }, 'work of the background failed and is tried again')
      })
      if (!signal.aborted) await rest()
    }
  }
  return {
    done: run(),
    wake: () => {
      isWoken = true
      wake()
    },
  }
}

async function postAndSend(deps: StationDeps, signal: AbortSignal): Promise<void> {
  await postWaiting(deps)
  for (const handIn of deps.book.open()) {
    for (const file of handIn.files) {
      if (waitsOnSpool(handIn, file)) void sendOne(deps, handIn, file, signal)
    }
  }
}

async function sendOne(deps: StationDeps, handIn: HandInRecord, file: FileRecord, signal: AbortSignal): Promise<void> {
  const key = keyOfFile(handIn, file)
  if (deps.sending.has(key)) return
  deps.sending.add(key)
  try {
    await sendFromSpool(deps, handIn, file, signal)
  } catch (error) {
    if (!signal.aborted && !(error instanceof Away))
      deps.log.error({ err: error, handIn: handIn.id }, 'a kept copy is not sent')
  } finally {
    deps.sending.delete(key)
  }
}

function receiptTurns(deps: StationDeps, isDocked: (serial: string) => boolean): () => Promise<void> {
  const asked = new Map<string, { atMs: number; waitMs: number; said: number }>()
  return async () => {
    for (const handIn of deps.book.open()) {
      const said = handIn.files.filter(waitsForReceipt).length
      if (said === 0 || handIn.serverId === null) {
        asked.delete(handIn.id)
        continue
      }
      const last = asked.get(handIn.id)
      const isNew = last === undefined || last.said !== said
      const nowMs = performance.now()
      if (!isNew && nowMs - last.atMs < last.waitMs) continue
      const mostMs = isDocked(handIn.serial) ? receiptMs.docked : receiptMs.away
      asked.set(handIn.id, { atMs: nowMs, waitMs: isNew ? turnMs : Math.min(mostMs, last.waitMs * 1.5), said })
      try {
        await askReceipts(deps, handIn)
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        deps.log.error({ handIn: handIn.id, code: error.code, reason: error.message }, 'receipts are refused')
      }
    }
  }
}

/** The register each minute, at once when the bureau is in reach again; it shows too whether the bureau is there. */
function registerTurns(deps: StationDeps, tellState: () => Promise<void>): () => Promise<void> {
  let askedMs = Number.NEGATIVE_INFINITY
  return async () => {
    const isOnline = deps.ingest.reach().state === 'online'
    if (isOnline && performance.now() - askedMs < registerMs) return
    askedMs = performance.now()
    try {
      await deps.register.refresh()
      await tellState()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      deps.log.error({ code: error.code, reason: error.message }, 'the bureau refuses the register or the state')
    }
    if (!isOnline) deps.wake()
  }
}

/**
 * Lists that nothing is left to do for: here, on the device, or with the bureau, which must have heard everything of it. One
 * that the bureau refuses is not over while copies of its files are kept here: they may be the only ones.
 */
export async function closeDone(deps: Pick<StationDeps, 'book' | 'copies' | 'log' | 'database'>): Promise<void> {
  const { book, database } = deps
  const unfinished = await database.read<{ hand_in: string }>(
    "select hand_in from post where state = 'waiting' and hand_in is not null union select hand_in from clearing where state in ('intended', 'announced')",
  )
  const standing = new Set(unfinished.map(({ hand_in }) => hand_in))
  for (const handIn of book.open()) {
    await dropWitnessed(deps, handIn)
    await dropHandedInElsewhere(deps, handIn)
    const isOver =
      handIn.state === 'refused'
        ? handIn.files.every(({ keptCopy }) => keptCopy === null)
        : handIn.files.every((file) => file.home !== null || isFinished(file))
    if (isOver && !standing.has(handIn.id)) await book.saveHandIn(handIn, { state: 'done' })
  }
}

function isFinished(file: FileRecord): boolean {
  if (file.cleared === 'no' || file.cleared === 'failed' || file.keptCopy !== null) return false
  const isOut = file.reading !== 'done' || file.sending === 'refused' || isLasting(file.receiptReason)
  return file.receipt === 'witnessed' || isOut
}
