import t from 'tap'
import { limitedRuns } from '../../../services/foundation/limited-runs.ts'

/** Work that ends when the test says so. */
function held() {
  let end = () => undefined as unknown
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  return { end, work: () => ended }
}

t.test('so many run at a time, the others wait in their order, and too many are refused', async (t) => {
  const run = limitedRuns({ runsMax: 2, waitingMax: 2, refusal: 'come back later' })
  const started: number[] = []
  const pieces = [held(), held(), held(), held()]
  const runs = pieces.map(({ work }, n) =>
    run(() => {
      started.push(n)
      return work()
    }),
  )
  t.same(started, [0, 1])
  await t.rejects(
    run(async () => 'one too many'),
    { code: 'too_many_requests', message: 'come back later' },
  )
  pieces[1]!.end()
  await runs[1]
  t.same(started, [0, 1, 2])
  for (const { end } of pieces) end()
  await Promise.all(runs)
  t.same(started, [0, 1, 2, 3])
  t.equal(await run(async () => 'free again'), 'free again')
})

t.test('work that fails gives its place back', async (t) => {
  const run = limitedRuns({ runsMax: 1, waitingMax: 1, refusal: 'come back later' })
  const failing = () => run(() => Promise.reject(new Error('broken')))
  await Promise.all([t.rejects(failing(), /broken/), t.rejects(failing(), /broken/)])
  t.equal(await run(async () => 1), 1)
})
