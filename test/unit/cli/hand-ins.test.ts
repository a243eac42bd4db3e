import t from 'tap'
import { tellTable } from '../../../services/cli/csv-table.ts'
import { gapLine, gapTable } from '../../../services/cli/gap-text.ts'
import { readHandIn, readHandIns } from '../../../services/cli/hand-in-read.ts'
import type { ShownGap } from '../../../services/custody/hand-ins/gap-list.ts'
import { testTerminal } from '../../support/terminal.ts'

t.test('hand-ins and the files of one are read page by page', async (t) => {
  const asked: string[] = []
  const answers: Record<string, object> = {
    '/hand-ins?from=a&limit=200': { handIns: [{ id: '1' }, { id: '2' }], next: 'b' },
    '/hand-ins?from=a&limit=200&cursor=b': { handIns: [{ id: '3' }], next: null },
    '/hand-ins/x%2Fy?fromNumber=0': { id: 'x/y', listed: [{ number: 0 }], nextNumber: 1 },
    '/hand-ins/x%2Fy?fromNumber=1': { id: 'x/y', listed: [{ number: 1 }], nextNumber: null },
  }
  const client = {
    json: async (path: string) => {
      asked.push(path)
      return answers[path]
    },
  }
  t.same(
    (await readHandIns(client, { from: 'a' })).map(({ id }) => id),
    ['1', '2', '3'],
  )
  t.same(await readHandIn(client, 'x/y'), { id: 'x/y', listed: [{ number: 0 }, { number: 1 }] })
  t.same(asked, Object.keys(answers))
})

const person = { id: 'p-1', name: '张伟' }
const explanation: ShownGap['explanations'][number] = {
  ...{ id: 'e-1', reason: 'battery', reasonWords: { zh: '电量不足', en: 'battery was empty' }, words: '=1+1' },
  ...{
    by: person,
    grade: 'slot',
    gradeWords: { zh: '凭设备在槽', en: 'by the device in its slot' },
    identified: false,
  },
  ...{ saidAt: null, at: '2026-11-28T10:02:11.000Z', confirmBy: '2026-12-05T10:02:11.000Z', confirmedAt: null },
  isOwn: null,
}
const gap: ShownGap = {
  ...{ id: 'g-1', kind: 'time', kindWords: { zh: '时间中断', en: 'a stretch of time without a recording' } },
  ...{ deviceSerial: 'ZJ00012', handInId: 'h-1', person, before: null, after: null, lengthMs: 3_672_000 },
  ...{ fromTime: '2026-11-28T06:21:07Z', toTime: '2026-11-28T15:22:19+08:00', missingNumbers: null, lineNumbers: [] },
  ...{ stillMissing: null, deviceState: null, proposed: null, foundAt: '2026-11-28T10:00:00.000Z' },
  ...{ dueAt: '2026-12-05T10:00:00.000Z', state: 'explained', stateWords: { zh: '待复核', en: 'to be decided on' } },
  ...{ overdue: false, explanations: [explanation], decision: null },
}

t.test('a custodian sees how far an explanation can be relied on', async (t) => {
  const shown = (one: object) => gapLine({ ...gap, explanations: [{ ...explanation, ...one }] }, 'zh')
  t.equal(
    shown({}),
    'g-1  时间中断  ZJ00012  张伟  2026-11-28 14:21:07 – 2026-11-28 15:22:19  1:01:12  待复核  说明：电量不足“=1+1”（张伟，凭设备在槽，e-1 待本人核对，至 2026-12-05 18:02:11）',
  )
  t.match(shown({ isOwn: false }), /凭设备在槽，本人否认）$/)
  t.match(shown({ isOwn: true }), /（张伟，凭设备在槽）$/)
  t.match(shown({ by: null, confirmBy: null }), /（未载明何人，凭设备在槽，未经本人核对）$/)
  t.match(shown({ identified: true, words: null }), /说明：电量不足（张伟，凭设备在槽）$/)
})

t.test('the table of gaps counts all explanations, and shows the last that nobody denied', async (t) => {
  const denied = { ...explanation, reason: 'lost' as const, isOwn: false }
  const lines = { lineNumbers: [0, 4], stillMissing: 1, overdue: true, state: 'open' as const }
  const { columns, rows } = gapTable([{ ...gap, ...lines, explanations: [explanation, denied] }])
  const row = Object.fromEntries(columns.map((column, at) => [column, rows[0]![at]]))
  t.match(row, { seconds: 3672, lines: '1 5', still_missing: 1, overdue: '已逾期', state: '待说明' })
  t.match(row, { explanations: 2, reason: '电量不足', words: '=1+1', explained_by: '张伟' })
})

t.test('a printed table is a line a row, and steers neither a terminal nor a spreadsheet', async (t) => {
  const terminal = testTerminal()
  tellTable(terminal, {
    columns: ['words', 'count'],
    rows: [
      ['\u001b[2J', -1],
      ['=1\n"2"', null],
      ['\t+1', 0],
    ],
  })
  t.same(terminal.printed, ['words,count', '\\u{1b}[2J,-1', `"'=1\\u{a}""2""",`, "'\\u{9}+1,0"])
})
