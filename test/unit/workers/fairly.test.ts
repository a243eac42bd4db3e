import t from 'tap'
import { fairly } from '../../../workers/transcode/fairly.ts'

t.test('of too many, each kind keeps its first ones, in their order', async (t) => {
  const all = ['a1', 'a2', 'a3', 'b1', 'a4', 'c1', 'b2']
  const kindOf = (one: string) => one[0]!
  t.same(fairly(all, 7, kindOf), all)
  t.same(fairly(all, 3, kindOf), ['a1', 'b1', 'c1'])
  t.same(fairly(all, 5, kindOf), ['a1', 'a2', 'b1', 'c1', 'b2'])
  t.same(fairly([], 3, kindOf), [])
})
