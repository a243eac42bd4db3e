import t from 'tap'
import { chainLines } from '../../../services/cli/chain-text.ts'
import type { CaseChain } from '../../../services/custody/chain/schema.ts'
import { reportContent } from '../../../services/custody/packages/report/build.ts'
import { canonicalText, type JsonValue } from '../../../services/ledger/format/canonical.ts'
import type { EventBody } from '../../../services/ledger/format/entry.ts'
import { reportFacts } from '../../integration/package/report-facts.ts'

const packageId = '01a207a2-62f4-7a74-8b0f-3160111ff559'
const signed: EventBody = {
  kind: 'package.signed',
  at: '2026-03-02T09:00:00.000Z',
  actor: 'deputy',
  actorRole: 'supervisor',
  onBehalfOf: 'principal',
  subjects: [{ type: 'package', id: packageId }],
  details: {
    reason: '同意',
    requestedBy: 'custodian',
    withFootage: true,
    sameSeat: { with: 'custodian', by: 'browser', minutesApart: 10 },
    third: { id: packageId, name: '周敏', office: '区司法局', scanSha256: 'a3'.repeat(32) },
  },
}

t.test('the report says by whose commission a package was approved, and that one seat signed twice', async (t) => {
  const facts = reportFacts(1, { packageId })
  const names = new Map([
    ['deputy', '李强'],
    ['principal', '赵刚'],
    ['custodian', '王芳'],
  ])
  const event = { index: 399, id: 'signed', text: '', salt: Buffer.alloc(32), body: signed }
  const closure = { ...facts.closure, events: [...facts.closure.events, event] }
  const content = reportContent({ ...facts, closure, rows: { ...facts.rows, names } })
  const mark = '同机签署（与王芳，10 分钟内，同一浏览器）'
  const approval = content.cover.find(([label]) => label === '批准人')?.[1]
  t.match(approval, new RegExp(`^李强，受赵刚委托，${mark}，第三方签署（周敏，.*），2026-03-22`))
  const text = JSON.stringify(content.sections)
  t.ok(text.includes('李强（分管领导），受赵刚委托'))
  t.ok(text.includes(`含录像：是；${mark}`), 'the list of events says so, too')
  const third = (state: string) => `第三方签署（周敏，区司法局，纸质，扫描件 SHA-256 a3a3a3a3a3a3a3a3…，${state}）`
  t.ok(text.includes(third('法制办尚未核对')))
  for (const [kind, state] of [
    ['signature.third_confirmed', '法制办已核对'],
    ['signature.third_refused', '法制办核对不符'],
  ] as const) {
    const about = { ...signed, kind, subjects: [{ type: 'third_signature', id: packageId }], details: {} }
    const decided = { ...closure, events: [...closure.events, { ...event, id: 'decided', body: about }] }
    const later = reportContent({ ...facts, closure: decided, rows: { ...facts.rows, names } })
    t.ok(JSON.stringify(later.sections).includes(third(state)), kind)
  }

  const { cover } = reportContent(facts)
  t.notMatch(JSON.stringify(cover), /委托|同机签署|第三方签署/, 'of a signature without any of it nothing is said')
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
