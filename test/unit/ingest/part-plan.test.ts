import t from 'tap'
import { partBytesFor, partBytesMinFor } from '../../../services/custody/intake/upload.ts'
import { planParts } from '../../../services/ingest/receive/part-plan.ts'

const mebibyte = 1024 * 1024
const sizes = { partBytes: 16 * mebibyte, partBytesMin: 5 * mebibyte }

t.test('every part but the last of a file has at least the shortest length S3 takes', async (t) => {
  for (let total = 0; total <= 60 * mebibyte; total += 333_333) {
    for (const isEnd of [true, false]) {
      const { parts, tailBytes } = planParts(total, sizes, isEnd)
      t.equal(
        parts.reduce((sum, part) => sum + part, 0) + tailBytes,
        total,
        `nothing of ${total} is left out (end: ${isEnd})`,
      )
      const short = parts.filter((part) => part < sizes.partBytesMin)
      if (short.length > (isEnd ? 1 : 0)) t.fail(`parts too short: ${parts.join()}`)
      if (tailBytes >= sizes.partBytesMin || (isEnd && tailBytes > 0)) t.fail(`a tail of ${tailBytes}`)
    }
  }
})

t.test('a small remainder that is not the end becomes a tail, the end of the file a part', async (t) => {
  t.same(planParts(4 * mebibyte, sizes, false), { parts: [], tailBytes: 4 * mebibyte })
  t.same(planParts(4 * mebibyte, sizes, true), { parts: [4 * mebibyte], tailBytes: 0 })
  t.same(planParts(5 * mebibyte, sizes, false), { parts: [5 * mebibyte], tailBytes: 0 })
  t.same(planParts(18 * mebibyte, sizes, false), { parts: [18 * mebibyte], tailBytes: 0 }, 'joins the part before')
  t.same(planParts(21 * mebibyte, sizes, false), { parts: [16 * mebibyte, 5 * mebibyte], tailBytes: 0 })
})

t.test('no upload has more parts than S3 takes, however small its PATCHes are', async (t) => {
  for (const gibibytes of [0.001, 1, 45, 100, 512]) {
    const bytes = Math.round(gibibytes * 1024 * mebibyte)
    t.ok(Math.ceil(bytes / partBytesFor(bytes)) <= 10_000)
    t.ok(Math.ceil(bytes / partBytesMinFor(bytes)) + 1 <= 10_000, `${gibibytes} GiB in shortest parts`)
    t.ok(partBytesMinFor(bytes) <= 64 * mebibyte, 'a tail may be held in memory')
  }
})
