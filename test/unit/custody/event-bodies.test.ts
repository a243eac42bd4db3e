import { readFile } from 'node:fs/promises'
import t from 'tap'
import { alarms } from '../../../services/custody/events/alarms.ts'
import { eventKinds } from '../../../services/custody/events/kinds.ts'
import { chineseOf } from '../../../services/custody/events/names.ts'
import { detailsOf, eventOf, knownEvent, replay } from '../../../services/custody/events/read.ts'
import { openReplay } from '../../../services/custody/events/replay.ts'
import { detailsInWords } from '../../../services/custody/packages/report/details.ts'
import { bodyOrNull, checkBody, type EventBody } from '../../../services/ledger/format/entry.ts'

// Bodies as they were written. A line is never changed or taken away: what was written must stay readable.
const text = await readFile(new URL('./event-bodies.golden.jsonl', import.meta.url), 'utf8')
const bodies = text.trimEnd().split('\n').map(checkBody)
const bodyOf = (kind: string) => bodies.find((body) => body.kind === kind)!

t.test('every body that was ever written can be read and replayed', async (t) => {
  for (const body of bodies) {
    t.ok(knownEvent(body), JSON.stringify(body.details).slice(0, 200))
    replay(body, body.id!, openReplay())
  }
})

t.test('there is a body of every kind and of every alarm', async (t) => {
  const known = bodies.flatMap((body) => knownEvent(body) ?? [])
  const kinds = new Set(known.map(({ kind }) => kind))
  t.same(
    Object.keys(eventKinds).filter((kind) => !kinds.has(kind as keyof typeof eventKinds)),
    [],
  )
  const raised = new Set(known.flatMap(({ kind, details }) => (kind === 'alarm.raised' ? [details.alarm] : [])))
  t.same(
    Object.keys(alarms).filter((alarm) => !raised.has(alarm as keyof typeof alarms)),
    [],
  )
})

t.test('an alarm whose word was written as its reason is read by its word, and printed by its name', async (t) => {
  const old = bodies.find(({ details }) => details.reason === 'parts_lost')!
  t.equal(old.details.alarm, undefined)
  const event = eventOf(old, 'alarm.raised')!
  t.match(event.details, { alarm: 'parts_lost', store: 'primary' })
  const words = detailsInWords(event).join('；')
  t.match(words, /告警：未完成上传的数据在存储中丢失/)
  t.notMatch(words, /原因|parts_lost/)
})

t.test('a reason is named by the kind that has it', async (t) => {
  t.equal(chineseOf('recording.quarantined', 'reason', 'digest_differs'), '校验值与交存单不一致')
  t.equal(chineseOf('upload.refused', 'reason', 'digest_differs'), '校验值前后不一致')
  t.equal(chineseOf('recording.detached', 'reason', 'digest_differs'), null)
  t.equal(chineseOf('recording.sealed', 'reason', 'digest_differs'), null)
  t.equal(chineseOf('alarm.raised', 'reason', 'digest_differs'), null)
})

t.test('a body that does not fit its kind is no event of it, and leaves no rows', async (t) => {
  const sealed = bodyOf('recording.sealed')
  const wrong: readonly EventBody['details'][] = [
    {},
    { ...sealed.details, bytes: '12' },
    { ...sealed.details, bytes: -1 },
    { ...sealed.details, sha256: 'ABC' },
    { ...sealed.details, mediaKind: 'hologram' },
    { ...sealed.details, reason: 'digest_differs' },
    { ...sealed.details, copy: { store: 'primary' } },
    Object.fromEntries(Object.entries(sealed.details).filter(([name]) => name !== 'flags')),
  ]
  for (const details of wrong) {
    const body = { ...sealed, details }
    t.equal(knownEvent(body), null, JSON.stringify(details).slice(0, 100))
    t.equal(detailsOf('recording.sealed', body), null)
    const rows = openReplay()
    replay(body, 'id', rows)
    t.equal(rows.rows().size, 0)
  }
  // A later version may add a member: the rest is read all the same.
  t.match(knownEvent({ ...sealed, details: { ...sealed.details, more: 1 } }), sealed)
  t.equal(knownEvent({ ...sealed, kind: 'recording.lost' }), null)
  t.equal(knownEvent({ ...sealed, kind: 'toString' }), null)
  t.equal(detailsOf('recording.verified', sealed), null)
  t.equal(bodyOrNull('{"kind":1}'), null)
})
