import t from 'tap'
import { chainLines } from '../../../services/cli/chain-text.ts'
import type { CaseChain } from '../../../services/custody/chain/schema.ts'
import { reportContent } from '../../../services/custody/packages/report/build.ts'
import { canonicalText, type JsonValue } from '../../../services/ledger/format/canonical.ts'
import type { EventBody } from '../../../services/ledger/format/entry.ts'
import { packageId } from '../../support/report/events.ts'
import { both, changed, detailed, factsFrom, soundEvents } from '../../support/report/facts.ts'

const third = { id: packageId, name: '周敏', office: '区司法局', scanSha256: 'a3'.repeat(32) }
const mark = { with: 'custodian', by: 'browser', minutesApart: 10 }
const signed: EventBody = {
  kind: 'package.signed',
  at: '2026-03-02T09:00:00.000Z',
  actor: 'deputy',
  actorRole: 'supervisor',
  onBehalfOf: 'principal',
  subjects: [{ type: 'package', id: packageId }],
  details: { reason: '同意', requestedBy: 'custodian', withFootage: true, sameSeat: mark, third },
}

const approvalIn = (events: readonly EventBody[]) => {
  const { sections } = reportContent(factsFrom(events))
  const rows = sections.flatMap(({ blocks }) => blocks.flatMap((one) => (one.kind === 'facts' ? one.rows : [])))
  return { approval: rows.find(([label]) => label === '批准人')?.[1] ?? '', text: JSON.stringify(sections) }
}

t.test('the report says by whose commission a package was approved, and that one seat signed twice', async (t) => {
  const deputised = changed('package.signed', { actor: 'auditor', actorRole: 'supervisor', onBehalfOf: 'supervisor' })
  const marked = both(deputised, detailed('package.signed', { sameSeat: mark }))
  const { approval, text } = approvalIn(marked(soundEvents()))
  const words = '同机签署（与王芳，10 分钟内，同一浏览器）'
  t.match(approval, new RegExp(`^陈静，受赵强委托，${words}，2026-03-`))
  t.ok(text.includes('陈静（分管领导），受赵强委托'))
  t.ok(text.includes(`含音像内容：是；${words}`), 'the list of events says so, too')
  t.match(approvalIn(soundEvents()).approval, /^赵强，2026-03-/, 'of a signature without either nothing is said')
})

t.test('the report says whose paper stands under an approval, and what became of it', async (t) => {
  const events = detailed('package.signed', { third })(soundEvents())
  const words = (state: string) => `第三方签署（周敏，区司法局，纸质，扫描件 SHA-256 a3a3a3a3a3a3a3a3…，${state}）`
  t.ok(approvalIn(events).approval.includes(words('法制办尚未核对')))
  for (const [kind, state] of [
    ['signature.third_confirmed', '法制办未按期核对'],
    ['signature.third_refused', '法制办核对不符'],
  ] as const) {
    const details = { act: 'package.signed', ...(kind === 'signature.third_refused' && { reason: '签名不符' }) }
    const decided = { ...signed, kind, subjects: [{ type: 'third_signature', id: packageId }], details }
    t.ok(approvalIn([...events, decided]).approval.includes(words(state)), kind)
  }
  t.notMatch(approvalIn(soundEvents()).approval, /第三方签署/)
})

t.test('custody chain says the same beside the event', async (t) => {
  const shownOf = (body: EventBody, more: object) => {
    const { kind, at, actor, actorRole, details } = body
    const text = canonicalText(body as unknown as JsonValue)
    return { id: actor, index: 1, kind, kindName: '', at, actor, actorRole, details, body: text, salt: '', ...more }
  }
  const requested = { ...signed, kind: 'package.requested', actor: 'custodian', actorRole: 'custodian', details: {} }
  const chain = {
    case: { number: 'X', id: null, title: null, kind: null, openedAt: null },
    recordings: [],
    loose: [],
    events: [
      shownOf(requested, { actorName: '王芳' }),
      shownOf(signed, { actorName: '李强', onBehalfOf: 'principal', onBehalfOfName: '赵刚' }),
    ],
  } as unknown as CaseChain
  const verified = { checkpoint: null, findings: [], proven: [], uncovered: [] }
  const lines = (language: 'zh' | 'en') => chainLines(chain, verified, [], language).join('\n')
  t.match(lines('zh'), /受赵刚委托 {2}第三方签署（周敏，区司法局） {2}同机签署（与王芳，10 分钟内，同一浏览器）/)
  t.match(
    lines('en'),
    /on behalf of 赵刚 {2}third signature \(周敏, 区司法局\) {2}signed from the seat of 王芳 \(same browser, within 10 minutes\)/,
  )
})
