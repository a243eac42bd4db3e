import t from 'tap'
import { remarksOn, type SaidState } from '../../../services/custody/docks/state.ts'
import { lastRunningNumber } from '../../../services/custody/intake/running-number.ts'

const minuteMs = 60_000
const at = new Date('2026-11-28T10:00:00Z')
const state: SaidState = {
  version: '1.0',
  slots: 24,
  slotsUsed: 3,
  spoolBytes: 1000,
  spoolUsedBytes: 899,
  waitingBytes: 0,
  clock: 'proven',
  offlineSince: null,
  attention: [],
}
const seen = (minutes: number) => new Date(at.getTime() - minutes * minuteMs)
const remarks = (changed: Partial<SaidState>, minutes = 1) =>
  remarksOn({ ...state, ...changed, seenAt: seen(minutes) }, at, 15 * minuteMs).map(({ zh }) => zh)

t.test('a dock of which nothing is wrong has no remark', async (t) => {
  t.same(remarks({}), [])
  t.same(remarks({ spoolBytes: 0, spoolUsedBytes: 0 }), [], 'a dock without a spool')
})

t.test('a dock that is silent, nearly full or without a proven time says so', async (t) => {
  t.match(remarks({}, 15), [/^15分钟未联系.*没有等待传送的资料$/])
  t.match(remarks({ waitingBytes: 1 }, 3 * 60), [/^3小时未联系.*尚有资料/])
  t.match(remarks({}, 3 * 24 * 60), [/^3天未联系/])
  t.same(remarks({}, 14), [])
  t.same(remarks({ spoolUsedBytes: 900 }), ['暂存盘将满'])
  t.match(remarks({ clock: 'unproven' }), [/时间未经核实/])
  t.match(remarks({ clock: 'off' }), [/时间未经核实/])
})

t.test('the last running number is that of the latest time, also after 9999', async (t) => {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const name = (time: string, running: string) => base64(`DSJ0001_012345_${time}_${running}.MP4`)
  t.equal(lastRunningNumber([]), null)
  t.equal(lastRunningNumber([base64('IMG_0001.JPG')]), null)
  t.equal(lastRunningNumber([name('20261120083000', '9999'), name('20261120084000', '0001')]), 1)
  const photograph = base64('ZJ00012_012345_20261120090000_0003.JPG')
  t.equal(lastRunningNumber([name('20261120084000', '0057'), photograph]), 57, 'it counts by itself')
  t.equal(lastRunningNumber([name('20261120084000', '0002'), photograph]), 3, 'it counts on with the films')
  t.equal(lastRunningNumber([photograph]), 3)
  t.equal(lastRunningNumber([name('20261120084000', '0002'), name('20261120084000', '0003'), base64('x.txt')]), 3)
})
