import t from 'tap'
import { openSignIns } from '../../../services/dock/docking/sign-ins.ts'
import { type Ask, type Ingest, Refused } from '../../../services/dock/ingest/client.ts'

const person = { id: 'p1', name: '张伟', number: '100231' }

t.test('whoever signs in does so for the list in the slot, and is gone with its device', async (t) => {
  const asked: unknown[] = []
  let nowMs = 0
  const ask = async ({ json }: Ask) => {
    asked.push(json)
    if ('code' in (json as object)) throw new Refused(403, 'wrong_role', 'nobody has this code')
    return { status: 200, headers: {}, text: JSON.stringify({ person, grade: 'card' }) }
  }
  const signIns = openSignIns({ ingest: { ask } as unknown as Ingest, now: () => nowMs })
  const slot = { serial: 'DSJ0001', stay: 'v1' }
  await signIns.signIn(1, { ...slot, handInId: 'theirs' }, { card: '04A1' })
  await signIns.signIn(2, { ...slot, handInId: null }, { card: '04A1' })
  t.same(asked, [
    { serial: 'DSJ0001', handInId: 'theirs', card: '04A1' },
    { serial: 'DSJ0001', handInId: null, card: '04A1' },
  ])
  await t.rejects(signIns.signIn(3, { ...slot, handInId: null }, { code: '123456' }), { code: 'wrong_role' })
  await t.rejects(signIns.signIn(3, { ...slot, serial: null, handInId: null }, { card: '04A1' }), { code: 'conflict' })
  nowMs = 60_000
  t.match(signIns.at(1, 'v1'), { person, endsAt: 150_000 }, 'a touch renews it')
  t.equal(signIns.at(1, 'v2'), null, 'another device is in the slot')
  nowMs = 149_999
  t.throws(() => signIns.stay(2, 'v1'), { code: 'gone' }, 'nobody touched this one')
  t.same(
    ['04A1', ' 04a1', '04A2', '123456'].map(signIns.isCard),
    [true, true, false, false],
    'no seal has such a number',
  )
})
