import t from 'tap'
import { readingOf } from '../../../services/custody/packages/report/reading.ts'
import { sentences } from '../../../services/custody/packages/report/sentences/all.ts'
import { at, writtenAt } from '../../support/report/events.ts'
import { both, type Change, changed, detailed, factsFrom, inserted, soundEvents } from '../../support/report/facts.ts'
import { release, reset, spareUse, stop, thirdAdded, thirdDecided, thirdSigner } from '../../support/report/openings.ts'

const saidAfter = (id: string, ...changes: Change[]) =>
  sentences
    .find((one) => one.id === id)!
    .say(readingOf(factsFrom(both(...changes)(soundEvents()))))
    .join('\n')

/** After the viewings, before the custodian asks for the package. */
const resetAt = writtenAt - 1100
const custodian = [resetAt, 'custodian'] as const
const isReset = inserted(reset(resetAt, 'administrator', 'custodian'))

t.test('an account is judged by the opening in force when it acted, not by its first', async (t) => {
  t.match(saidAfter('accounts_by_two'), /^在本案件中有行为的 3 个账号/)
  const fault = (...changes: Change[]) => {
    t.equal(saidAfter('accounts_by_two', ...changes), '')
    return saidAfter('accounts_otherwise', ...changes)
  }
  t.match(fault(isReset), /^王芳的账号：事件中没有复核启用。$/, 'what was released before the reset stands for nothing')
  const released = (...more: Parameters<typeof inserted>) => both(isReset, inserted(...more))
  t.match(fault(released(release(resetAt + 5, 'administrator', custodian))), /复核启用的不是另一人/)
  t.match(fault(released(release(resetAt + 5, 'custodian', custodian))), /复核启用的不是另一人/)
  t.match(fault(released(release(writtenAt - 900, 'auditor', custodian))), /行为时尚无复核启用/)
  const waiting = release(resetAt + 5, 'auditor', custodian, { effectiveFrom: at(writtenAt + 100) })
  t.match(fault(released(waiting)), /行为时尚未生效/)
  const second = release(resetAt + 6, 'supervisor', custodian, { isSecond: true })
  t.not(saidAfter('accounts_by_two', released(waiting, second)), '', 'the other office ends the wait')
  t.match(
    fault(released(release(resetAt + 5, 'auditor', custodian), stop(resetAt + 6, 'supervisor', custodian))),
    /行为前已被中止/,
  )
  const deputy = { ...release(resetAt + 5, 'auditor', custodian), onBehalfOf: 'administrator' }
  t.match(fault(released(deputy)), /复核启用的不是另一人/, 'nobody’s deputy opens for him')
  const good = released(release(resetAt + 5, 'auditor', custodian))
  t.not(saidAfter('accounts_by_two', good), '')
  t.equal(saidAfter('accounts_otherwise', good), '')
  const bySetup = changed('person.created', { actor: 'setup', actorRole: 'service' })
  const made = detailed('person.released', { openingId: 'another' })
  t.match(saidAfter('accounts_otherwise', bySetup, made), /由系统初始化开设，事件中没有另一人的复核启用/)
})

t.test('an account is created once, and by no event that comes after its acts', async (t) => {
  const twice: Change = (bodies) =>
    bodies.flatMap((body) =>
      body.kind === 'person.created' && body.id === 'o2' ? [body, { ...body, id: 'again' }] : [body],
    )
  t.match(saidAfter('accounts_otherwise', twice), /王芳的账号：开设的事件不止一条/)
  const late: Change = (bodies) => [
    ...bodies.filter(({ id }) => id !== 'o2'),
    ...bodies.filter(({ id }) => id === 'o2'),
  ]
  t.match(saidAfter('accounts_otherwise', late), /王芳的账号：行为在其开设以前/)
})

t.test('a reset is said with whoever made it and whoever stood for it', async (t) => {
  t.equal(saidAfter('account_resets', isReset), '', 'of one that nobody released the fault is said')
  t.match(
    saidAfter('account_resets', isReset, inserted(release(resetAt + 5, 'auditor', custodian))),
    /^王芳的账号于 .* 由刘洋（系统管理员）重置密码，于 .* 由陈静（法制办（监督））复核启用，其后在本案件中有行为。$/,
  )
  const afterAll = reset(writtenAt - 20, 'administrator', 'custodian')
  const releasedAfter = release(writtenAt - 19, 'auditor', [writtenAt - 20, 'custodian'])
  t.equal(saidAfter('account_resets', inserted(afterAll, releasedAfter)), '', 'after which nobody acted')
  t.not(saidAfter('accounts_by_two', inserted(afterAll)), '', 'and which no act rests on')
})

t.test('both offices are said of the opening in force only', async (t) => {
  const offices = (...more: Parameters<typeof inserted>) =>
    saidAfter('both_offices', inserted(reset(1, 'administrator', 'custodian'), ...more))
  const of = [1, 'custodian'] as const
  const [one, other] = [release(2, 'auditor', of), release(3, 'supervisor', of, { isSecond: true })]
  t.match(offices(one, other), /^王芳的账号由分管领导和法制办两方复核启用。$/)
  t.equal(offices(one, { ...other, actor: 'auditor' }), '', 'one person is not both')
  t.equal(offices(one, other, reset(resetAt, 'administrator', 'custodian')), '')
})

t.test('a sealed spare code opens an account by two when no hand held both secrets', async (t) => {
  const hands = { sealed: 'supervisor', confirmed: 'officer', asked: 'supervisor', opened: 'auditor' } as const
  const used = (changes: Partial<Record<keyof typeof hands, 'administrator' | 'custodian' | 'supervisor'>>) =>
    both(isReset, inserted(...spareUse(resetAt, 'custodian', { ...hands, ...changes })))
  t.match(
    saidAfter('account_spares', used({})),
    /^王芳的账号于 .* 由刘洋（系统管理员）重置密码，凭密封备用码启用：备用码由赵强（分管领导）密封、张伟（执法人员）核对，由赵强（分管领导）申请启封、陈静（法制办（监督））于 .* 启封；其后在本案件中有行为。$/,
  )
  t.equal(saidAfter('accounts_otherwise', used({})), '')
  t.equal(saidAfter('accounts_by_two', used({})), '', 'nobody released it')
  for (const [changes, words] of [
    [{ sealed: 'administrator' }, /给出初始密码的人也经手了备用码/],
    [{ asked: 'administrator' }, /给出初始密码的人也经手了备用码/],
    [{ opened: 'administrator' }, /给出初始密码的人也经手了备用码/],
    [{ sealed: 'custodian' }, /账号本人经手了备用码/],
    [{ opened: 'supervisor' }, /申请启封和启封的是同一人/],
    [{ confirmed: 'supervisor' }, /密封和核对的是同一人/],
  ] as const) {
    t.match(saidAfter('accounts_otherwise', used(changes)), words)
    t.equal(saidAfter('account_spares', used(changes)), '')
  }
  const noOpening: Change = (bodies) => bodies.filter(({ kind }) => kind !== 'spare.opened')
  t.match(saidAfter('accounts_otherwise', used({}), noOpening), /申请启封或启封未载入事件/)
})

t.test('an act that rests on a third signature says so, and whether an auditor compared the sheet', async (t) => {
  const signed = detailed('package.signed', { third: thirdSigner })
  const added = (confirmBy: number) => inserted(thirdAdded(writtenAt - 600, confirmBy))
  const words = (...changes: Change[]) => saidAfter('third_signatures', signed, ...changes)
  t.match(
    words(added(writtenAt + 10)),
    /赵强（分管领导）的“批准举证材料”另依据第三方签署：据载由周敏（区司法局）在纸上签署，扫描件 SHA-256 (a3){32}，由王芳（资料管理员）于 .* 登记；应于 .* 前核对，本报告写成时尚无核对的事件。/,
  )
  t.match(words(added(writtenAt - 10)), /逾期没有核对的事件/)
  t.match(words(added(writtenAt + 10), inserted(thirdDecided(writtenAt - 400, true))), /陈静.*于 .* 核对相符/)
  t.match(words(added(writtenAt + 10), inserted(thirdDecided(writtenAt - 400, false))), /陈静.*于 .* 核对不符/)
  t.match(words(), /其登记和核对未载入事件/)
})
