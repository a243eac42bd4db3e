import t from 'tap'
import { reportContent } from '../../../services/custody/packages/report/build.ts'
import { linesOf } from '../../../services/custody/packages/report/content.ts'
import type { ReportFacts } from '../../../services/custody/packages/report/facts.ts'
import { recordingId } from '../../support/report/events.ts'
import { both, type Change, changed, detailed, factsFrom, soundEvents, without } from '../../support/report/facts.ts'
import { readLater } from '../../support/report/read-later.ts'

/** The text beside a label of the first sheet, its lines one after another. */
function row(label: string, ...changes: Change[]): string | null {
  return rowOf(label, factsFrom(both(...changes)(soundEvents())))
}

function rowOf(label: string, facts: ReportFacts): string | null {
  const found = reportContent(facts).sheets[0]!.rows.find(([name]) => name === label)
  return found ? linesOf(found[1]).join('\n') : null
}

const sealed = (details: object) => detailed('recording.sealed', details)
const askedWith = (more: object) => detailed('package.requested', { recordings: [{ ...askedFirst, ...more }] })
const askedFirst = { recordingId: recordingId(0), proves: '证明当事人占用人行道经营', transcript: null }

t.test(
  'who filmed: officers with their certificates, the user of the shift with its grade, assistants apart',
  async (t) => {
    t.equal(
      row('摄录人'),
      '张伟（执法证号 津执00，执法人员编号 012340），当班使用该设备（本人确认）\n李娜（执法证号 津执01，执法人员编号 012341），归入案件时列为执法人员',
    )
    t.equal(row('参与人员'), null)
    t.match(
      row('摄录人', sealed({ userGrade: 'register' })),
      /张伟.*，推定当班使用该设备（登记的保管人，没有本人确认或排班的记载）/,
    )
    t.match(row('摄录人', sealed({ userGrade: 'roster' })), /张伟.*，按排班当班使用该设备/)
    t.match(
      row('摄录人', sealed({ userGrade: undefined })),
      /张伟.*，入库事件载为当班使用人（依据当时未记录）/,
      'of before it was kept',
    )
    t.match(row('摄录人', detailed('person.created', { certificateNumber: null })), /张伟（执法证号未载入事件/)
    const byAssistant: Change = (bodies) =>
      bodies.map((body) => ({
        ...body,
        subjects: body.subjects.map((one) =>
          body.kind === 'recording.sealed' && one.type === 'person' ? { type: 'person', id: 'assistant' } : one,
        ),
      }))
    t.equal(row('参与人员', byAssistant), '孙杰（执法辅助人员），当班使用该设备（本人确认）')
    t.notMatch(row('摄录人', byAssistant), /孙杰|当班/)
    const filedBy = (details: object) => detailed('recording.attached', details)
    t.match(row('摄录人', filedBy({ officerIds: ['other'] })), /张伟.*（本人确认）；未列为本案执法人员/)
    t.match(
      row('摄录人', filedBy({ officerIds: ['officer'], fewerOfficersReason: '当日仅一名持证人员在岗' })),
      /▲ 现场执法人员不足两名（当日仅一名持证人员在岗）/,
    )
    t.match(row('摄录人', without('recording.attached')), /未列为本案执法人员/)
  },
)

t.test('when: what the device says, what the dock measured, in words, and when it came in', async (t) => {
  t.match(
    row('摄录时间'),
    /^设备自报：2026-03-02 09:05:00\n设备时钟比采集站时钟快 1.5 秒（一号采集站于 .* 在其签名的交存单中载明）；校正后 .*\n入库时间：/,
  )
  t.match(
    row('摄录时间', sealed({ clockOffsetMs: -61_000 })),
    /入库事件所载设备时钟偏差慢 61 秒（由谁测得未载入签名的交存单）/,
    'of another clock than the dock’s list says',
  )
  t.match(row('摄录时间', sealed({ clockOffsetMs: null })), /没有设备时钟偏差的记载，设备自报的时间无从校正/)
  const noSuchTime = sealed({ deviceTime: null, deviceTimeText: '2026-02-30 08:00', correctedTime: null })
  t.match(row('摄录时间', noSuchTime), /2026-02-30 08:00（日历上没有这个时间）/)
  t.match(
    row('摄录时间', sealed({ deviceTime: null, clockOffsetMs: null, correctedTime: null })),
    /^没有设备自报的时间，何时摄录不能说明\n入库时间：2026/,
  )
})

t.test(
  'the original carrier: as whoever asked says, or that nobody did, and how far the copy is known to be the same',
  async (t) => {
    const unknown = /^在何处，或者提供原始载体确有困难的原因：申请时未填写；系统也未记录原始存储介质的去向\n/
    t.match(row('原始载体'), /入库文件自 2026-03-02 10:00:00 起由本系统保存，其校验值与采集站签名的交存单所列一致$/)
    const noLine = detailed('upload.created', { onList: false, line: undefined })
    const neither = both(noLine, sealed({ listedSha256: null, declaredSha256: null }))
    const differs = both(noLine, sealed({ listedSha256: 'f'.repeat(64) }))
    t.match(row('原始载体', noLine), /该校验值未经采集站签名$/)
    t.match(rowOf('原始载体', readLater()), /其校验值由采集站在读取时计算并签名$/)
    t.match(rowOf('原始载体', readLater({ dockDigest: undefined })), /该校验值未经采集站签名$/)
    t.match(row('原始载体', neither), /采集站未给出校验值，不能说明其与介质上的文件一致$/)
    t.match(row('原始载体', differs), /其校验值与采集站给出的不一致$/)
    for (const changes of [[], [noLine], [neither], [differs]]) t.match(row('原始载体', ...changes), unknown)
    const originalMedium = '存储卡循环使用，已由采集站清空，提供原始载体确有困难'
    const said = row('原始载体', askedWith({ originalMedium }))
    t.match(said, new RegExp(`^${originalMedium}（申请人填写，系统未核实）\n入库文件自`))
    t.notMatch(said, /未填写|未记录/)
  },
)

t.test('what it shows, which part, whether there is a transcript; never the purpose of the package', async (t) => {
  const none = detailed('package.requested', { recordings: undefined })
  t.equal(row('证明对象'), '证明当事人占用人行道经营（1）')
  t.equal(row('证明对象', none), '未填写')
  t.equal(row('相关片段'), '00:00:12 至 00:01:35.500')
  t.equal(row('相关片段', none), '未指明片段')
  t.same([row('声音文字记录'), row('声音文字记录', none)], ['另附', '未提供'])
  t.match(
    row('复制情况'),
    /^方法（系统自述）：.*\n时间：2026-03-23 05:00:00\n复制人：由系统复制（依王芳（资料管理员）于 .* 的申请）$/,
  )
  const noFootage = detailed('package.requested', { withFootage: false })
  t.equal(row('复制情况', noFootage), '本材料不含音像内容，没有该资料的拷贝')
  t.match(row('案件'), /行政相对人：某某小吃店/)
  t.match(row('案件', detailed('case.opened', { partyName: undefined })), /行政相对人：party（名称未载入事件）/)
  t.match(row('摄录设备'), /^执法记录仪 DSJ-A8，序号 ZF00000，保管人：张伟$/)
  t.match(row('摄录设备', without('device.registered')), /序号 ZF00000（登记未载入事件）/)
  const later = changed('device.registered', { kind: 'device.keeper_changed' })
  t.match(row('摄录设备', later), /登记未载入事件/, 'a change of keeper alone registers nothing')
})

t.test(
  'the first pages hold nothing that only technicians ask, and each tool’s flags stand in one place',
  async (t) => {
    const { sheets, sections, footer } = reportContent(factsFrom(soundEvents(1)))
    const technical = /盐|承诺|默克尔|检查点|存证节点|frag_keyframe/
    const first = sections.slice(0, 2)
    t.notMatch(JSON.stringify([sheets, first, footer]), technical)
    t.equal(sections[0]!.startsPage, true)
    t.equal(sections[2]!.startsPage, true)
    const many = JSON.stringify(reportContent(factsFrom(soundEvents(3))))
    t.equal(many.split('frag_keyframe').length - 1, 1)
  },
)

t.test('a photograph and a sound recording are not treated as film', async (t) => {
  const noRendition = without('rendition.ready', 'rendition.published')
  const rowsOf = (mediaKind: string, asked = askedWith({})) =>
    new Map(
      reportContent(factsFrom(both(noRendition, asked, sealed({ mediaKind }))(soundEvents()))).sheets[0]!.rows.map(
        ([label, text]) => [label, linesOf(text).join('\n')],
      ),
    )
  const still = rowsOf('still')
  t.same([still.get('相关片段'), still.get('声音文字记录')], ['不适用', '不适用'])
  t.match(still.get('证据名称'), /^照片1　ZF00000_/)
  t.match(still.get('拍摄方法'), /^由执法记录仪拍摄，/)
  t.ok(still.has('拍摄人') && still.has('拍摄设备') && still.has('拍摄时间') && !still.has('摄录人'))
  const noSpeech = askedWith({ transcript: 'no_speech' })
  t.equal(rowsOf('still', noSpeech).get('声音文字记录'), '不适用')
  t.equal(rowsOf('audio', noSpeech).get('声音文字记录'), '无对话')
  const audio = rowsOf('audio')
  t.same([audio.get('相关片段'), audio.get('声音文字记录')], ['未指明片段', '未提供'])
  t.match(audio.get('证据名称'), /^录音1　/)
  t.match(audio.get('录制方法'), /^由执法记录仪录制，/)
  t.ok(audio.has('录制人') && !audio.has('摄录人'))
})

t.test(
  'sound alone in a film’s container is a sound recording, a film whose picture is not shown is none',
  async (t) => {
    const named = (details: object) => row('证据名称', detailed('rendition.ready', details))
    t.match(named({ renditionKind: 'audio' }), /^录音1/)
    t.match(named({ renditionKind: 'audio', notShown: [{ stream: 0, why: 'encrypted' }] }), /^录像1/)
    t.match(row('证据名称', sealed({ mediaKind: 'unknown' })), /^录像1/)
    t.match(row('证据名称', sealed({ mediaKind: 'document' })), /^文档1/, 'what was taken for a document stays one')
  },
)
