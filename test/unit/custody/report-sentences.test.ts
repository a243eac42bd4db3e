import t from 'tap'
import type { ReportFacts } from '../../../services/custody/packages/report/facts.ts'
import { readingOf } from '../../../services/custody/packages/report/reading.ts'
import { sentences } from '../../../services/custody/packages/report/sentences/all.ts'
import { sentenceCases } from '../../support/report/cases.ts'
import {
  added,
  both,
  type Change,
  changed,
  detailed,
  factsFrom,
  soundEvents,
  without,
} from '../../support/report/facts.ts'

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
