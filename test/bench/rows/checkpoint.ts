import { Worker } from 'node:worker_threads'
import { appendEvent } from '../../../services/ledger/log/append.ts'
import { type Bureau, inBureau } from '../bureau.ts'
import type { Family } from '../family.ts'
import { quantile, repeated } from '../harness.ts'
import { caughtUp, eventsOf, writeFor, writersMax } from './writers.ts'

const roundMs = 5_000

/** How long after its commit an event is below a signed checkpoint that others can read. */
export const checkpointRows: Family = {
  rows: [
    {
      name: 'checkpoint/p99',
      goal: { of: 'ours', atMost: 250 },
      unit: 'ms',
      what: `event committed → checkpoint over it readable, 99th percentile, ${writersMax} writers at full speed`,
    },
  ],
  run: (options) =>
    inBureau(options, async (bureau) => {
      await bureau.start('sequencer')
      const next = eventsOf()
      const pool = bureau.dbFor('worker', writersMax)
      await writeFor(1_000, pool, next, appendEvent)
      await caughtUp(bureau.db)
      const rounds = await repeated(options.rounds, async () => {
        const committed = new Map<string, number>()
        const watch = watchCheckpoints(bureau)
        const perSecond = await writeFor(roundMs, pool, next, appendEvent, (id) => {
          committed.set(id, performance.timeOrigin + performance.now())
        })
        await caughtUp(bureau.db)
        const latencies = await latenciesOf(bureau, committed, await watch.end())
        const figures = { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), perSecond }
        options.say(
          `p50 ${figures.p50.toFixed(0)} ms, p99 ${figures.p99.toFixed(0)} ms at ${perSecond.toFixed(0)} events/s`,
        )
        return figures
      })
      const note = `p50 ${rounds.map(({ p50 }) => p50.toFixed(0)).join(', ')} ms at ${rounds
        .map(({ perSecond }) => perSecond.toFixed(0))
        .join(', ')} events/s`
      return { 'checkpoint/p99': { ours: rounds.map(({ p99 }) => p99), theirs: null, note } }
    }),
}

interface SeenCheckpoint {
  readonly size: number
  readonly atMs: number
}

/** Looks for new checkpoints in a thread of its own, so that the writers' own work does not count as waiting. */
function watchCheckpoints(bureau: Bureau): { end(): Promise<SeenCheckpoint[]> } {
  const workerData = { url: bureau.stack.postgres.urlFor('access') }
  const worker = new Worker(new URL('./checkpoint-watch.ts', import.meta.url), { workerData })
  const { promise, resolve, reject } = Promise.withResolvers<SeenCheckpoint[]>()
  worker.on('message', resolve)
  worker.on('error', reject)
  promise.catch(() => undefined)
  return {
    end() {
      worker.postMessage('end')
      return promise
    },
  }
}

async function latenciesOf(
  bureau: Bureau,
  committed: ReadonlyMap<string, number>,
  seen: readonly SeenCheckpoint[],
): Promise<number[]> {
  const rows = await bureau.db.selectFrom('event').select(['id', 'leaf_index']).orderBy('leaf_index').execute()
  const latencies: number[] = []
  let next = 0
  for (const { id, leaf_index } of rows) {
    const committedMs = committed.get(id)
    if (committedMs === undefined || leaf_index === null) continue
    while (seen[next] && seen[next]!.size <= leaf_index) next++
    const checkpoint = seen[next]
    if (!checkpoint) throw new Error('an event is below no checkpoint that was seen')
    latencies.push(Math.max(0, checkpoint.atMs - committedMs))
  }
  if (latencies.length !== committed.size) throw new Error('some events were not found again')
  return latencies
}
