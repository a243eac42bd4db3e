import t from 'tap'
import { handInPage, slipCode } from '../../../services/access/receipt/hand-in-page.ts'
import { detailOf, fileOf, proven } from './shown-hand-in.ts'

const options = { form: 'a4', printedAt: new Date('2026-11-26T10:00:00.000Z'), address: 'https://access.test' } as const
const witnessed = { state: 'witnessed', reason: null, message: null } as const

t.test('the slip of a hand-in whose receipts are all witnessed', async (t) => {
  const files = [
    fileOf({ number: 0, mark: true, receipt: { ...witnessed, index: 48_211 } }),
    fileOf({ number: 1, receipt: { ...witnessed, index: 48_224 } }),
  ]
  const page = handInPage({ handIn: detailOf(), files, lastReceipt: proven }, options)
  for (const text of [
    ...[
      '已外部见证',
      '2026年11月26日17时58分',
      '李娜（排班）',
      '快 12 秒（校时前测得）',
      '采集站直接读取设备（3 号槽）',
    ],
    ...['2 个，1,624,000,000 字节，重点 1 个', '已外部见证 2，共 2', '第 48,211 至 48,224 条', '48,902 条'],
    ...[
      'nas-1、nas-2、nas-3',
      '0000000000000000',
      '⚑重点',
      '1 处，说明：电量不足',
      '与执法无关：第 2 个文件，午间用餐',
    ],
    ...['本回执只证明交存以后未改动，不证明交存以前的情况。', '<svg'],
  ]) {
    t.ok(page.includes(text), text)
  }
  t.notMatch(page, /临时|尚未收到|更正/)
  const roll = handInPage({ handIn: detailOf(), files, lastReceipt: proven }, { ...options, form: 'roll' })
  t.notMatch(roll, /<table/)
  t.match(roll, /第 48,211 至 48,224 条/)
})

t.test('what is missing, provisional or in quarantine stands on it', async (t) => {
  const provisional = { ...witnessed, state: 'provisional', index: 5 } as const
  const page = (files: ReturnType<typeof fileOf>[]) =>
    handInPage({ handIn: detailOf(), files, lastReceipt: null }, options)
  t.match(page([fileOf({ receipt: provisional })]), /class="state provisional">临时</)
  t.match(page([fileOf({ state: 'expected', sha256: null })]), /1 个文件尚未收到，请把设备重新放上采集站[\s\S]*/)
  t.match(page([fileOf({ state: 'quarantined' })]), /1 个文件待核实，设备请勿清空/)
  t.match(page([]), /0 个，0 字节/)
})

t.test('the code is an address whose fragment alone says what to check', async (t) => {
  const code = new URL(slipCode(proven, 'https://access.test'))
  t.equal(code.origin + code.pathname, 'https://access.test/check')
  t.equal(code.hash, `#receipt/v2/48224/${'ab'.repeat(32)}/48902/a-b_${'c'.repeat(40)}`)
})
