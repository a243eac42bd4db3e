// The thread of rows/checkpoint.ts: notes when each new checkpoint could first be read, until it is told to end.

import { setTimeout as delay } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import pg from 'pg'

const pollMs = 2
const { url } = workerData as { url: string }
const client = new pg.Client({ connectionString: url })
await client.connect()
const seen: { size: number; atMs: number }[] = []
let isEnding = false
parentPort?.once('message', () => {
  isEnding = true
})
for (;;) {
  // What was published before the end was asked for is still looked at.
  const isLast = isEnding
  const { rows } = await client.query<{ size: string }>({
    name: 'newest checkpoint',
    text: 'select size from checkpoint order by size desc limit 1',
  })
  const size = Number(rows[0]?.size ?? 0)
  if (size > (seen.at(-1)?.size ?? 0)) seen.push({ size, atMs: performance.timeOrigin + performance.now() })
  if (isLast) break
  await delay(pollMs)
}
await client.end()
parentPort?.postMessage(seen)
