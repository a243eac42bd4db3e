import { sql } from 'kysely'
import type { Db, Trx } from '../../../services/foundation/db/database.ts'
import { newId } from '../../../services/foundation/id.ts'
import type { NewEvent } from '../../../services/ledger/log/append.ts'
import { stepLimitMs } from '../harness.ts'

export const writersMax = 64
/** One in 64 events is the first of a new recording, whose subject secret the sequencer must make: 30 new ones a second. */
const eventsPerRecording = 64
const devices = 57

export type NextEvent = NewEvent

/** Events as a busy day writes them: of a recording and of one of 57 devices. */
export function eventsOf(): () => NextEvent {
  let count = 0
  const recordings: string[] = []
  return () => {
    const writer = count % writersMax
    // Each writer's next recording comes at a time of its own.
    if (!recordings[writer] || (count + writer * writersMax) % (writersMax * eventsPerRecording) === writer) {
      recordings[writer] = newId(new Date())
    }
    const number = count++
    return {
      kind: 'recording.copied',
      at: new Date(),
      actor: 'copy',
      actorRole: 'service',
      subjects: [
        { type: 'recording', id: recordings[writer]! },
        { type: 'device', id: `BENCH-${number % devices}` },
      ],
      details: {
        store: 'backup-a',
        host: 'bench',
        bytes: 2_147_483_648,
        sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        number,
      },
    }
  }
}

/**
 * 64 writers, each one transaction after another for `ms`, one `write` in each. Returns transactions a second; `onWritten`
 * hears each commit with what `write` returned.
 */
export async function writeFor<T>(
  ms: number,
  pool: Db,
  next: () => NextEvent,
  write: (trx: Trx, event: NextEvent) => Promise<T>,
  onWritten: (written: T) => void = () => undefined,
): Promise<number> {
  let written = 0
  const begun = performance.now()
  const end = begun + ms
  const writer = async () => {
    while (performance.now() < end) {
      const event = next()
      onWritten(await pool.transaction().execute((trx) => write(trx, event)))
      written++
    }
  }
  await Promise.all(Array.from({ length: writersMax }, writer))
  return written / ((performance.now() - begun) / 1000)
}

/** Waits until every event has its place below a signed checkpoint. @throws after `stepLimitMs` */
export async function caughtUp(db: Db): Promise<void> {
  const deadline = performance.now() + stepLimitMs
  for (;;) {
    const { rows } = await sql<{ behind: boolean }>`
      select exists (select from event where leaf_index is null)
        or (select coalesce(max(index) + 1, 0) from leaf) > (select coalesce(max(size), 0) from checkpoint) as behind`.execute(
      db,
    )
    if (rows[0]?.behind === false) return
    if (performance.now() > deadline) throw new Error('the sequencer did not catch up within five minutes')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
