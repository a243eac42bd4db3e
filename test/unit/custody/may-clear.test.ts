import t from 'tap'
import type { ClearedFile } from '../../../services/custody/clearing/clearing-text.ts'
import { clearingListDigest, clearingOutcomesDigest } from '../../../services/custody/clearing/clearing-text.ts'
import {
  type ClearingRefusal,
  clearingRefusal,
  clearingRefusals,
  type KnownFile,
  type Lateness,
} from '../../../services/custody/clearing/may-clear.ts'

const hourMs = 60 * 60_000
const at = new Date('2026-11-28T18:00:00Z')
const before = (hours: number) => new Date(at.getTime() - hours * hourMs)
const sha256 = 'ab'.repeat(32)
const asked: ClearedFile = { number: 3, sha256, basis: 'witnessed', receiptIndex: 40 }
const late: ClearedFile = { ...asked, basis: 'before_witness' }
const recording = { id: 'r', state: 'secured', isQuarantined: false, sha256 } as const
const known: KnownFile = {
  isKept: false,
  uploadState: 'sealed',
  completedAt: before(30),
  recording,
  copies: [before(29), before(29), before(29)],
  receipt: { index: 40, issuedAt: before(25) },
  readAgain: null,
  earlier: null,
}
/** Handed in again after its receipt was issued, and its copies read again since. */
const anew = {
  uploadState: 'duplicate',
  completedAt: before(23),
  copies: [before(22), before(22), before(22)],
} as const
const witnessed: Lateness = { at, witnessedSize: 41, lateMs: 24 * hourMs }
const unwitnessed: Lateness = { ...witnessed, witnessedSize: 40 }

t.test('a sealed file with a witnessed receipt may go, and one without while the witnesses are late', async (t) => {
  t.equal(clearingRefusal(asked, known, witnessed), null)
  t.equal(clearingRefusal(late, known, unwitnessed), null)
})

t.test('everything else is refused for what is missing', async (t) => {
  const copies = known.copies
  const cases: [why: ClearingRefusal, asked: ClearedFile, known: Partial<KnownFile>, lateness: Lateness][] = [
    ['kept_by_setting', asked, { isKept: true }, witnessed],
    ['not_sealed', asked, { recording: null }, witnessed],
    ['not_sealed', asked, { uploadState: 'terminated' }, witnessed],
    ['not_sealed', asked, { uploadState: 'expired' }, witnessed],
    ['quarantined', asked, { recording: { ...recording, isQuarantined: true } }, witnessed],
    ['damaged', asked, { recording: { ...recording, state: 'damaged' } }, witnessed],
    ['digest_differs', { ...asked, sha256: 'cd'.repeat(32) }, {}, witnessed],
    ['no_receipt', asked, { receipt: null }, witnessed],
    ['no_receipt', asked, { receipt: { index: null, issuedAt: before(25) } }, witnessed],
    ['other_receipt', { ...asked, receiptIndex: 39 }, {}, witnessed],
    ['not_witnessed', asked, {}, unwitnessed],
    ['is_witnessed', late, {}, witnessed],
    ['copies_missing', late, { copies: copies.slice(1) }, unwitnessed],
    ['copies_missing', late, { copies: [null, ...copies.slice(1)] }, unwitnessed],
    ['not_late', late, { receipt: { index: 40, issuedAt: before(23.9) } }, unwitnessed],
    ['announced', asked, { earlier: 'open' }, witnessed],
    ['cleared', asked, { earlier: 'cleared' }, witnessed],
    ['duplicate_unread', asked, { uploadState: 'duplicate', completedAt: before(1) }, witnessed],
    ['duplicate_unread', asked, { uploadState: 'duplicate', completedAt: null }, witnessed],
    ['duplicate_unread', asked, { uploadState: 'duplicate', copies: [] }, witnessed],
    ['duplicate_unread', asked, { ...anew, readAgain: null }, witnessed],
    ['duplicate_unread', asked, { ...anew, readAgain: { index: null, at: before(22) } }, witnessed],
    ['not_witnessed', asked, { ...anew, readAgain: { index: 41, at: before(22) } }, witnessed],
    ['not_late', late, { ...anew, readAgain: { index: 41, at: before(22) } }, unwitnessed],
  ]
  for (const [why, file, changed, lateness] of cases) {
    t.equal(clearingRefusal(file, { ...known, ...changed }, lateness), why, clearingRefusals[why])
  }
  const tested = new Set(cases.map(([why]) => why))
  t.same(
    Object.keys(clearingRefusals).filter((why) => why !== 'not_on_list' && !tested.has(why as ClearingRefusal)),
    [],
  )
})

t.test(
  'a file that was handed in anew goes once its copies were read again, and lateness counts to the moment',
  async (t) => {
    const again = { ...known, uploadState: 'duplicate' as const, completedAt: before(29) }
    t.equal(clearingRefusal(asked, again, witnessed), null)
    const read = { ...known, ...anew, readAgain: { index: 41, at: before(22) } }
    t.equal(clearingRefusal(asked, read, { ...witnessed, witnessedSize: 42 }), null)
    t.equal(clearingRefusal(late, read, { ...witnessed, lateMs: 22 * hourMs }), null, 'late since they were read again')
    const justLate = { ...known, receipt: { index: 40, issuedAt: before(24) } }
    t.equal(clearingRefusal(late, justLate, unwitnessed), null)
    t.equal(clearingRefusal(late, justLate, { ...unwitnessed, lateMs: 24 * hourMs + 1 }), 'not_late')
  },
)

t.test('the digests of a clearing do not depend on the order, and on everything else', async (t) => {
  const files = [asked, { ...late, number: 1 }]
  const digest = clearingListDigest(files).toString('hex')
  t.equal(clearingListDigest([...files].reverse()).toString('hex'), digest)
  for (const changed of [
    { ...asked, number: 4 },
    { ...asked, sha256: 'cd'.repeat(32) },
    { ...asked, receiptIndex: 41 },
    { ...asked, basis: 'before_witness' as const },
  ]) {
    t.not(clearingListDigest([changed, files[1]!]).toString('hex'), digest)
  }
  const outcomes = [
    { number: 1, outcome: 'cleared' as const },
    { number: 2, outcome: 'gone' as const },
  ]
  t.same(clearingOutcomesDigest(outcomes), clearingOutcomesDigest([...outcomes].reverse()))
  t.notSame(clearingOutcomesDigest(outcomes), clearingOutcomesDigest(outcomes.slice(1)))
})
