import t from 'tap'
import type { Difference } from '../../../../workers/transcode/check/findings.ts'
import { summarise } from '../../../../workers/transcode/check/summarise.ts'

const damaged = (fromMs: number, toMs: number): Difference => ({ what: 'damaged', fromMs, toMs })

t.test('stretches of one kind that meet are one, in whole milliseconds', async (t) => {
  t.same(summarise([damaged(1000.4, 2000), damaged(2080, 3000.6), damaged(0, 100)]), [
    damaged(0, 100),
    damaged(1000, 3001),
  ])
})

t.test('differences of two channels, or with two times, are not joined', async (t) => {
  const quiet: Difference = { what: 'sound_differs', fromMs: 0, toMs: 100, channel: 1 }
  const moved: Difference = { what: 'sound_displaced', fromMs: 0, toMs: 100, statedMs: 0, foundMs: 80 }
  const all = [quiet, { ...quiet, channel: 2 }, moved, { ...moved, foundMs: 120 }]
  t.same(summarise(all), all)
})

t.test('where something is damaged it is not said again that it sounds different', async (t) => {
  const inside: Difference = { what: 'sound_missing', fromMs: 1100, toMs: 1900, channel: 1 }
  const beyond: Difference = { what: 'sound_differs', fromMs: 1100, toMs: 2500, channel: 1 }
  t.same(summarise([damaged(1000, 2000), inside, beyond]), [damaged(1000, 2000), beyond])
})

t.test('a hundred differences are enough', async (t) => {
  const many = Array.from({ length: 150 }, (_, at) => damaged(at * 1000, at * 1000 + 100))
  t.same(summarise(many), many.slice(0, 100))
})
