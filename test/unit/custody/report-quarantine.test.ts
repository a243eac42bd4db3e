import t from 'tap'
import { reportContent } from '../../../services/custody/packages/report/build.ts'
import { linesOf } from '../../../services/custody/packages/report/content.ts'
import { both, type Change, detailed, factsFrom, soundEvents } from '../../support/report/facts.ts'
import { acceptedByTwo, withoutList } from '../../support/report/quarantine.ts'

const contentAfter = (change: Change) => reportContent(factsFrom(change(soundEvents())))
const rowsOf = (change: Change, sheet = 0) =>
  new Map(contentAfter(change).sheets[sheet]!.rows.map(([label, text]) => [label, linesOf(text).join('\n')]))
const sectionOf = (change: Change, title: string) =>
  JSON.stringify(contentAfter(change).sections.find((one) => one.title === title))

t.test('page one says of a recording without a list that it was doubtful, why, and who accepted it', async (t) => {
  const rows = rowsOf(acceptedByTwo)
  t.equal(
    rows.get('待核实情况'),
    '入库时列为待核实资料，原因：不在采集站签名的交存单上\n' +
      '王芳（资料管理员）于 2026-03-15 13:40:00 提议接收入库（理由：存储卡由张伟当面交来），陈静（法制办（监督））于 2026-03-15 13:50:00 同意',
  )
  t.equal(rows.get('摄录方法'), '由执法记录仪摄录；经一号采集站上传入库时没有交存单，如何从设备中取出没有记载')
  t.equal(rows.get('摄录时间'), '没有设备自报的时间，何时摄录不能说明\n入库时间：2026-03-02 10:00:00（北京时间，下同）')
  t.equal(rowsOf(acceptedByTwo, 1).get('待核实情况'), undefined, 'nothing of it on the page of another recording')
  t.equal(rowsOf((bodies) => bodies).get('待核实情况'), undefined)
})

t.test('page one of a recording that waits says that nobody has decided, and repeats what was refused', async (t) => {
  t.match(rowsOf(withoutList).get('待核实情况'), /尚未由两人决定接收$/)
  const refused = rowsOf(both(acceptedByTwo, detailed('quarantine.resolved', { confirmed: false })))
  t.match(refused.get('待核实情况'), /陈静（法制办（监督））于 2026-03-15 13:50:00 不同意$/)
})

t.test('a list that is there but lacks the recording is not said to be missing', async (t) => {
  const notOnIt = rowsOf(detailed('recording.sealed', { flags: ['not_on_list'] }))
  t.match(notOnIt.get('摄录方法'), /经一号采集站上传入库，但不在交存单上，如何从设备中取出没有记载/)
  const unsigned = rowsOf(detailed('dock.registered', { publicKey: 'ab'.repeat(32) }))
  t.match(unsigned.get('摄录方法'), /交存单不能采用（所签内容、签名或文件行核对不符）/)
})

t.test('the other pages agree: where it is listed, and that no time is said', async (t) => {
  const authentic = sectionOf(acceptedByTwo, '一、真实性')
  t.match(authentic, /列为待核实资料 1 份；逐条列于“发现的问题与缺口”中的“异常与例外事件”。/)
  t.match(authentic, /录像1：入库事件没有设备自报的时间，何时形成本材料不能说明/)
  t.notMatch(authentic, /录像1：入库事件没有设备时钟偏差/)
  t.notMatch(authentic, /设备自报 —/)
  const found = sectionOf(acceptedByTwo, '发现的问题与缺口')
  t.match(found, /录像1：入库时列为待核实资料，原因：不在采集站签名的交存单上；王芳（资料管理员）于 .* 提议接收入库/)
  t.match(found, /异常与例外事件/)
})
