import t from 'tap'
import { isId, newId } from '../../../services/foundation/id.ts'

t.test('ids sort by time, and within a millisecond in the order in which they were made', async (t) => {
  const now = new Date('2026-11-23T08:00:00.123Z')
  const ids = Array.from({ length: 1000 }, () => newId(now))
  t.same(ids.toSorted(), ids)
  t.equal(new Set(ids).size, ids.length)
  t.ok(newId(new Date(now.getTime() + 1)) > ids.at(-1)!)
  t.ok(newId(new Date(now.getTime() - 1)) < ids[0]!, 'also when the clock goes back')
})

t.test('each is a UUID of version 7 with its time in front', async (t) => {
  const now = new Date('2026-11-23T08:00:00.123Z')
  for (let made = 0; made < 5000; made++) {
    const id = newId(now)
    if (!isId(id) || id[14] !== '7' || !/[89ab]/.test(id[19]!)) t.fail(id)
  }
  t.equal(Number.parseInt(newId(now).slice(0, 13).replace('-', ''), 16), now.getTime())
})
