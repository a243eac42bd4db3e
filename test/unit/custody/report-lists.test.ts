import t from 'tap'
import type { ReportFacts } from '../../../services/custody/packages/report/facts.ts'
import { readingOf } from '../../../services/custody/packages/report/reading.ts'
import { sentences } from '../../../services/custody/packages/report/sentences/all.ts'
import type { EventBody } from '../../../services/ledger/format/entry.ts'
import { nameOf } from '../../support/report/events.ts'
import { both, type Change, changed, detailed, factsFrom, soundEvents } from '../../support/report/facts.ts'
import { readLater } from '../../support/report/read-later.ts'

const said = (id: string, facts: ReportFacts) =>
  sentences
    .find((one) => one.id === id)!
    .say(readingOf(facts))
    .join('\n')
const sound = factsFrom(soundEvents())
/** What the event says that sealed the first recording. */
const detailsOf = (facts: ReportFacts) =>
  facts.closure.events.find(({ body }) => body.kind === 'recording.sealed' && isOf('h0')(body))!.body.details
/** What is said when the events are changed and the lists are those of a sound case. */
const saidAfter = (id: string, ...changes: Change[]) =>
  said(id, factsFrom(both(...changes)(soundEvents()), { handIns: sound.handIns }))
const isOf =
  (id: string) =>
  ({ subjects }: EventBody) =>
    subjects.some((one) => one.id === id)
const renamed =
  (kind: string, type: string, from: string, to: string): Change =>
  (bodies) =>
    bodies.map((body) =>
      body.kind === kind
        ? {
            ...body,
            subjects: body.subjects.map((one) => (one.type === type && one.id === from ? { type, id: to } : one)),
          }
        : body,
    )

t.test('a recording stands on a list only by a line that is shown, of its device, name, size and digest', async (t) => {
  t.match(said('dock_signed', sound), /^全部 2 份音像资料都在采集站传输前签名的交存单上/)
  const sealed = (details: object) => detailed('recording.sealed', details, isOf('h0'))
  for (const [what, change] of Object.entries({
    'another digest': sealed({ sha256: 'f'.repeat(64), listedSha256: 'f'.repeat(64) }),
    'another size': sealed({ bytes: 1 }),
    'another name': sealed({ name: { base64: 'eA==', text: nameOf(0).text } }),
    'another device': renamed('recording.sealed', 'device', 'ZF00000', 'ZF00001'),
    'another hand-in': renamed('recording.sealed', 'hand_in', 'h0', 'h1'),
    'no upload': renamed('recording.sealed', 'upload', 'u0', 'u8'),
    'an upload on no list': detailed('upload.created', { onList: false }, isOf('h0')),
    'an upload without a line': detailed('upload.created', { line: undefined }, isOf('h0')),
    'a line that is not shown': detailed('upload.created', { line: 1 }, isOf('h0')),
    'an upload under another hand-in': renamed('upload.created', 'hand_in', 'h0', 'h1'),
  })) {
    t.equal(saidAfter('dock_signed', change), '', what)
    t.match(saidAfter('dock_signature_missing', change), /录像1.*未见由一人登记/, what)
    t.match(saidAfter('on_no_list', change), /录像1.*不在随材料的任何经采集站签名的交存单上/, what)
    t.equal(saidAfter('proves_dock', change), '', what)
    t.equal(saidAfter('no_gaps', change), '', what)
  }
  const late: Change = (bodies) => {
    const opened = bodies.find((body) => body.kind === 'hand_in.opened' && isOf('h0')(body))!
    return [...bodies.filter((body) => body !== opened), opened]
  }
  t.equal(saidAfter('dock_signed', late), '', 'a list that was opened after the transfer')
  const shownAs = (changes: object) => {
    const [first, ...others] = sound.handIns
    const lines = first!.lines.map((one) => ({ ...one, line: { ...one.line, ...changes } }))
    return { ...sound, handIns: [{ ...first!, lines }, ...others] }
  }
  t.equal(said('dock_signed', shownAs({ mark: true })), '', 'a line that is not the one that was signed')
  t.equal(said('dock_signed', { ...sound, handIns: [] }), '', 'without any line')
})

t.test(
  'who made the digest is said only where the dock signed it, in its list or when it had read the file',
  async (t) => {
    const signed = /其中 1 份，交存单只列文件名和大小，校验值由采集站在读取时计算并签名。/
    const unsigned = /其中 1 份，交存单只列文件名和大小，采集站未签署校验值。/
    t.match(said('dock_signed', readLater()), signed)
    t.match(said('dock_digest_signed', readLater()), /^1 份的入库校验值由采集站在读取时计算并签名。$/)
    t.match(said('dock_digest_same', readLater()), /^1 份的入库校验值与采集站签名的交存单所列一致。$/, 'the other one')
    const { signature } = (detailsOf(readLater()).dockDigest ?? {}) as { signature?: string }
    for (const [what, sealed] of Object.entries({
      'no signature': { dockDigest: undefined },
      'another signature': { dockDigest: { sm3: null, signature: `AA${signature?.slice(2)}` } },
      'an SM3 that was not signed': { dockDigest: { sm3: 'ab'.repeat(32), signature } },
    })) {
      t.match(said('dock_signed', readLater(sealed)), unsigned, what)
      t.notMatch(said('dock_signed', readLater(sealed)), signed, what)
      t.equal(said('dock_digest_signed', readLater(sealed)), '', what)
    }
    const other = readLater({ declaredSha256: 'ab'.repeat(32) })
    t.equal(said('dock_signed', other), '', 'another digest was sealed than the dock said')
    t.equal(said('dock_digest_signed', other), '')
  },
)

t.test(
  'nothing is said of a dock’s signature that is not over the head, or not of the key that two registered',
  async (t) => {
    for (const [what, change] of Object.entries({
      'another key': detailed('dock.registered', { publicKey: 'ab'.repeat(32) }),
      'another clock': detailed('hand_in.opened', { clockOffsetMs: 0 }, isOf('h0')),
      'more files': detailed('hand_in.opened', { files: 4 }, isOf('h0')),
      'another signature': detailed('hand_in.opened', { signature: 'c2ln' }, isOf('h0')),
      'no head': detailed('hand_in.opened', { head: undefined }, isOf('h0')),
      'a deputy of whoever registered it': changed('dock.released', { onBehalfOf: 'administrator' }),
    })) {
      t.equal(saidAfter('dock_signed', change), '', what)
      t.match(saidAfter('hand_in_not_counted', change), /设备 ZF00000 的交存单不据以计数/, what)
      t.notMatch(saidAfter('hand_in_counts', change), /设备 ZF00000/, what)
      t.notMatch(saidAfter('clock_measured', change), /录像1.*在其签名的交存单中载明/, what)
      t.match(saidAfter('clock_measured', change), /录像1：入库事件所载设备时钟偏差快 1.5 秒/, what)
    }
    t.match(
      saidAfter('clock_measured'),
      /录像1：设备时钟比采集站时钟快 1.5 秒（一号采集站于 .* 在其签名的交存单中载明）/,
    )
  },
)

t.test('files are counted only where each recording that came by a list is one of its lines', async (t) => {
  const unclear = detailed('upload.created', { line: undefined }, isOf('h0'))
  t.notMatch(saidAfter('hand_in_counts', unclear), /ZF00000/)
  t.match(saidAfter('hand_in_not_counted', unclear), /有的音像资料不能对应到其中的一行|核对不符/)
  const besides = both(
    detailed('upload.created', { onList: false, line: undefined }, isOf('h0')),
    detailed('recording.sealed', { flags: ['not_on_list'], listedSha256: null }, isOf('h0')),
  )
  const facts = factsFrom(besides(soundEvents()))
  t.match(said('hand_in_counts', facts), /设备 ZF00000 交存：该设备该次交存 3 个文件，入本案 0 个，其余 3 个不在本案/)
})
