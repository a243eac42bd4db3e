import t from 'tap'
import { backoffMs } from '../../../services/foundation/queue/job-row.ts'
import { lastLine } from '../../../workers/transcode/complaint.ts'

t.test('a failed job waits longer each time, five minutes at most', async (t) => {
  t.same(
    [0, 1, 2, 3].map((attempts) => backoffMs(attempts, 0)),
    [1000, 2000, 4000, 8000],
  )
  t.equal(backoffMs(9, 0), 300_000)
  t.equal(backoffMs(1_000_000, 0), 300_000)
  t.equal(backoffMs(0, 1), 750, 'spread by a quarter')
})

t.test('a reason shows no control characters and no paths of the sandbox', async (t) => {
  t.equal(lastLine('first\n/in/source: \u001b[31mInvalid data\u0007\n\n'), 'source:  [31mInvalid data')
})
