import t from 'tap'
import { partBytesFor } from '../../../services/custody/intake/upload.ts'
import { planParts } from '../../../services/ingest/receive/part-plan.ts'

const mebibyte = 1024 * 1024
const partBytes = 5 * mebibyte

t.test('every part but the last of a file has at least the shortest length S3 takes', async (t) => {
  for (let total = 0; total <= 60 * mebibyte; total += 333_333) {
    for (const isEnd of [true, false]) {
      const parts = planParts(total, partBytes, isEnd)
      if (parts === null) {
        if (isEnd || total >= partBytes) t.fail(`no parts for ${total} (end: ${isEnd})`)
        continue
      }
      t.equal(
        parts.reduce((sum, part) => sum + part, 0),
        total,
        `nothing of ${total} is left out (end: ${isEnd})`,
      )
      const short = parts.slice(0, isEnd ? -1 : undefined).filter((part) => part < partBytes)
      if (short.length > 0) t.fail(`parts too short: ${parts.join()}`)
      if (isEnd && parts.some((part) => part > partBytes)) t.fail(`a cut costs more than a part: ${parts.join()}`)
    }
  }
})

t.test('a body too short for a part has none, unless it ends the file', async (t) => {
  t.equal(planParts(4 * mebibyte, partBytes, false), null)
  t.same(planParts(4 * mebibyte, partBytes, true), [4 * mebibyte])
  t.same(planParts(5 * mebibyte, partBytes, false), [5 * mebibyte])
  t.same(planParts(12 * mebibyte, partBytes, false), [5 * mebibyte, 7 * mebibyte], 'the rest joins the part before')
  t.same(planParts(12 * mebibyte, partBytes, true), [5 * mebibyte, 5 * mebibyte, 2 * mebibyte])
})

t.test('no upload has more parts than S3 takes, however small its PATCHes are', async (t) => {
  const gibibyte = 1024 * mebibyte
  for (const gibibytes of [0.001, 1, 45, 48, 49, 100, 512]) {
    const bytes = Math.round(gibibytes * gibibyte)
    t.ok(Math.ceil(bytes / partBytesFor(bytes)) + 1 <= 10_000, `${gibibytes} GiB`)
  }
  t.equal(partBytesFor(48 * gibibyte), partBytes, 'the shortest parts for every file up to 48 GiB')
  t.ok(partBytesFor(49 * gibibyte) > partBytes)
})
