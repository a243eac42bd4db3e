import t from 'tap'
import { reportContent } from '../../../services/custody/packages/report/build.ts'
import type { ReportFacts } from '../../../services/custody/packages/report/facts.ts'
import { readingOf } from '../../../services/custody/packages/report/reading.ts'
import { sentences } from '../../../services/custody/packages/report/sentences/all.ts'
import { sentenceCases } from '../../support/report/cases.ts'
import { recordingId } from '../../support/report/events.ts'
import {
  added,
  both,
  type Change,
  changed,
  detailed,
  factsFrom,
  inserted,
  soundEvents,
  without,
} from '../../support/report/facts.ts'
import {
  corrected,
  gapAccepted,
  gapDenied,
  gapExplained,
  gapFound,
  gapReturned,
  gapWithdrawn,
} from '../../support/report/gaps.ts'
import { reset, spareUse } from '../../support/report/openings.ts'
import { acceptedByTwo } from '../../support/report/quarantine.ts'

const said = (id: string, facts: ReportFacts) =>
  sentences
    .find((one) => one.id === id)!
    .say(readingOf(facts))
    .join('\n')
const saidAfter = (id: string, ...changes: Change[]) => said(id, factsFrom(both(...changes)(soundEvents())))

t.test('every sentence stands where the events say it, and nowhere else', async (t) => {
  t.same(Object.keys(sentenceCases).sort(), sentences.map(({ id }) => id).sort(), 'a case for each, and each once')
  for (const { id } of sentences) {
    const { said: where, unsaid } = sentenceCases[id]!
    t.not(said(id, where), '', `${id} is said`)
    t.equal(said(id, unsaid), '', `${id} is not said`)
  }
})

t.test('a dock counts when one registered it and another released it before the hand-in', async (t) => {
  t.equal(saidAfter('dock_signature_missing'), '')
  t.match(said('dock_signed', factsFrom(soundEvents())), /一号采集站由刘洋（系统管理员）登记、赵强（分管领导）复核启用/)
  const fault = (...changes: Change[]) => saidAfter('dock_signature_missing', ...changes)
  t.match(fault(without('dock.released')), /采集站未经另一人复核启用/)
  t.match(fault(changed('dock.released', { actor: 'administrator' })), /采集站未经另一人复核启用/)
  t.match(fault(without('dock.registered', 'dock.released')), /采集站的登记未载入事件/)
  t.match(fault(without('hand_in.opened')), /交存单的事件未随材料提供/)
  t.match(fault(detailed('hand_in.opened', { head: undefined })), /旧格式/)
  t.match(fault(detailed('recording.sealed', { flags: ['no_list'] })), /没有交存单/)
  const late: Change = (bodies) => [
    ...bodies.filter(({ kind }) => kind !== 'dock.released'),
    bodies.find(({ kind }) => kind === 'dock.released')!,
  ]
  t.match(fault(late), /采集站未经另一人复核启用/, 'a release after the hand-in comes too late')
  const revoked: Change = (bodies) =>
    bodies.flatMap((body) =>
      body.kind === 'dock.released' ? [body, { ...body, kind: 'dock.revoked', details: {} }] : [body],
    )
  t.match(fault(revoked), /采集站当时已停用/)
  t.equal(saidAfter('dock_signed', revoked), '')
})

t.test('what was handed in besides is counted by the signed lists and the lines of the case', async (t) => {
  t.match(
    saidAfter('hand_in_counts'),
    /2026-03-02 09:59:00 设备 ZF00000 交存：该设备该次交存 3 个文件，入本案 1 个，其余 2 个不在本案。/,
  )
  t.match(saidAfter('hand_in_days'), /2026-03-02 设备 ZF00000：1 次交存共 3 个文件，入本案 1 个，其余 2 个不在本案。/)
  // The same file handed in again: the line of the second list is of the case too.
  const again: Change = (bodies) => {
    const opened = bodies.find(({ kind }) => kind === 'hand_in.opened')!
    const created = bodies.find(({ kind }) => kind === 'upload.created')!
    const sealed = bodies.find(({ kind }) => kind === 'recording.sealed')!
    const renamed = (body: typeof opened) => ({
      ...body,
      subjects: body.subjects.map(({ type, id }) => ({ type, id: id === 'h0' ? 'h9' : id === 'u0' ? 'u9' : id })),
    })
    const { name, bytes, sha256 } = sealed.details
    const details = { name: name!, bytes: bytes!, sha256: sha256!, firstState: 'sealed' } as const
    const keptVersion = { store: 'primary', key: 'k', versionId: 'v' }
    const duplicate = { ...renamed(sealed), kind: 'recording.duplicate', details: { ...details, keptVersion } }
    return [...bodies, renamed(opened), renamed(created), duplicate]
  }
  t.match(saidAfter('hand_in_days', again), /ZF00000：2 次交存共 6 个文件，入本案 2 个，其余 4 个不在本案。/)
  const detached = added('recording.attached', {
    kind: 'recording.detached',
    details: { stage: 'investigation', reason: '误归' },
  })
  t.match(saidAfter('hand_in_counts', detached), /设备 ZF00000 交存：该设备该次交存 3 个文件，入本案 0 个/)
})

t.test('two are said to have acted only when two did, with whose commission and from whose seat', async (t) => {
  t.match(
    saidAfter('approved_by_another'),
    /王芳（资料管理员）申请、赵强（分管领导）于 .* 批准，申请人与批准人是两个账号。/,
  )
  const deputy = changed('package.signed', { actor: 'auditor', actorRole: 'deputy', onBehalfOf: 'supervisor' })
  t.match(saidAfter('approved_by_another', deputy), /陈静（受委托领导），受赵强委托/)
  const seat = detailed('package.signed', { sameSeat: { with: 'custodian', by: 'address', minutesApart: 2 } })
  t.match(saidAfter('approved_by_another', seat), /同机签署（与王芳，2 分钟内，同一地址）/)
  const byHimself = changed('person.released', { actor: 'supervisor' }, ({ subjects }) =>
    subjects.some(({ id }) => id === 'supervisor'),
  )
  t.match(saidAfter('accounts_otherwise', byHimself), /赵强的账号：复核启用的不是另一人/)
})

t.test('an administrator is one by the role he acts in or by the role of his account', async (t) => {
  const disguised = both(
    changed('viewing.opened', { actor: 'administrator' }),
    detailed('viewing.opened', { purpose: '看看' }),
  )
  t.equal(saidAfter('administrator_no_media', disguised), '')
  t.not(saidAfter('administrator_no_media', changed('case.opened', { actor: 'administrator' })), '')
})

t.test('what is the same of several recordings is said once', async (t) => {
  const oneHost = both(detailed('recording.copied', { host: '主机一' }), without('recording.secured'))
  t.equal(saidAfter('gap_one_host', oneHost), '录像1、录像2的存放（每份资料 3 份）只在 1 台主机上。')
  t.equal(
    saidAfter('gap_flags', detailed('recording.sealed', { flags: ['empty', 'no_dock_digest'] })),
    '录像1、录像2：采集站未给出校验值。\n录像1、录像2：空文件。',
  )
})

t.test('lawfulness itself names who opened an account anew that then accepted footage and a package', async (t) => {
  const resetAt = 18_900
  const hands = { sealed: 'supervisor', confirmed: 'officer', asked: 'supervisor', opened: 'custodian' } as const
  const bySpare = both(
    acceptedByTwo,
    changed('package.signed', { actor: 'auditor', actorRole: 'auditor' }),
    inserted(reset(resetAt, 'administrator', 'auditor'), ...spareUse(resetAt, 'auditor', hands)),
  )
  const { sections } = reportContent(factsFrom(bySpare(soundEvents())))
  const lawful = JSON.stringify(sections.find(({ title }) => title === '二、合法性'))
  t.match(
    lawful,
    /陈静的账号于 2026-03-15 12:00:00 由刘洋（系统管理员）重置密码，凭密封备用码启用：备用码由赵强（分管领导）密封、张伟（执法人员）核对，由赵强（分管领导）申请启封、王芳（资料管理员）于 2026-03-15 12:02:00 启封/,
  )
})

t.test('the end of a download says how much went out and why; methods are words', async (t) => {
  const ended = added('package.requested', {
    kind: 'package.download_ended',
    details: { downloadId: 'd', firstByte: 0, lastByte: 9999, sentBytes: 500, sentInAll: 700, why: 'session_ended' },
  })
  const facts = factsFrom(ended(soundEvents()))
  const reading = readingOf(facts)
  const summary = (kind: string) => reading.summaryOf(reading.bodies.find((body) => body.kind === kind)!)
  t.match(summary('package.download_ended'), /本次送出至多：500 字节；累计送出至多：700 字节；结束原因：登录已结束/)
  t.match(summary('rendition.ready'), /方法：重新封装，画面和声音不重新编码/)
  t.notMatch(JSON.stringify(reportContent(facts)), /remux/)
  const failure = `recording ${recordingId(1)} has no copy left`
  const failed = added('package.requested', { kind: 'package.failed', details: { failure } })
  const afterFailure = readingOf(factsFrom(failed(soundEvents())))
  t.match(afterFailure.summaryOf(afterFailure.bodies.at(-1)!), /失败：recording 录像2 has no copy left/)
})

t.test('a witness with keys of two kinds is named once', async (t) => {
  const [witness] = factsFrom(soundEvents()).witnesses
  const facts = factsFrom(soundEvents(), { witnesses: [witness!, witness!] })
  const text = JSON.stringify(reportContent(facts).sections.find(({ title }) => title === '附录：技术细节'))
  t.equal(text.split('witness.test/一').length - 1, 1)
})

t.test('what is missing in a hand-in stands with its explanations and whether they were accepted', async (t) => {
  const gap = (...changes: Change[]) => saidAfter('gap_in_hand_in', gapFound, ...changes)
  const [tapped, own] = [gapExplained('e1', 'slot'), gapExplained('e2', 'password')]
  t.equal(
    gap(),
    '设备 ZF00000 的交存：时间中断，设备时钟 2026-03-02T09:21:07+08:00 至 2026-03-02T09:27:19+08:00，372 秒；没有说明；未作认可。',
  )
  t.match(gap(tapped), /说明：电量不足（张伟，凭设备在槽，未经本人核对）；未作认可。/)
  t.match(gap(tapped, gapAccepted), /王芳（资料管理员）认可。/)
  t.match(gap(tapped, gapAccepted, gapDenied('e1')), /凭设备在槽，本人否认）；未作认可。/)
  t.match(gap(own, gapReturned), /（张伟，密码）；王芳（资料管理员）退回：请写明。/)
  t.match(gap(own, gapReturned, gapExplained('e3', 'password')), /；未作认可。/)
  t.match(gap(own, gapReturned, gapWithdrawn, gapExplained('e3', 'password')), /；所缺资料其后已补到，系统撤销此中断。/)
  t.equal(
    saidAfter('gap_in_hand_in', gapExplained('x-1', 'password'), gapAccepted),
    gap(gapExplained('x-1', 'password'), gapAccepted).replace(/：[^；]+；/, '：中断登记早于本格式，未载入；'),
    'its finding is of before',
  )
  t.equal(saidAfter('no_gaps', gapFound, tapped, gapAccepted), '', 'a gap that was accepted is one')
  t.equal(
    saidAfter('gap_hand_in_corrected', corrected),
    '设备 ZF00000 的交存经更正：当班使用人为李娜；原因：卡插错槽位；王芳申请、赵强（分管领导）确认。交存单原载不变。',
  )
})
