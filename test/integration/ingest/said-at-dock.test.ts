import t from 'tap'
import { openReport } from '../../../services/custody/fsck/finding.ts'
import { checkRows } from '../../../services/custody/fsck/rows.ts'
import { newId } from '../../../services/foundation/id.ts'
import { type IngestWorld, openIngestWorld, openTestHandIn, registerTestDock } from '../../support/ingest.ts'

const headers = { 'content-type': 'application/json' }
const saidAt = '2026-11-28T18:02:11+08:00'
const gap = {
  ...{ gapId: 'g-1', kind: 'time', beforeNumber: 0, afterNumber: 1, lengthMs: 372_000, missingNumbers: null },
  ...{ fromTime: '2026-11-28T14:21:07+08:00', toTime: '2026-02-30T14:27:19+08:00' },
  proposed: { reason: 'battery', because: 'battery', value: 2.6 },
}
const tapped = { personId: null, grade: 'slot' }

async function openDock(t: { teardown(end: () => unknown): unknown }) {
  const world = await openIngestWorld(t)
  const person = async (account: string, role: 'officer' | 'custodian' = 'officer') => {
    const id = newId()
    const row = { id, name: account, role, account, officer_number: '990001', password_hash: 'none' }
    await world.db
      .insertInto('person')
      .values({ ...row, created_at: world.clock.now() })
      .execute()
    return id
  }
  const people = {
    lina: await person('lina'),
    zhang: await person('zhang'),
    keeper: await person('keeper', 'custodian'),
  }
  await world.db.updateTable('device').set({ holder_id: people.lina }).where('serial', '=', 'DSJ0001').execute()
  const files = ['a', 'b'].map((name) => ({ name: Buffer.from(name).toString('base64'), bytes: 10 }))
  const handIn = await openTestHandIn(world, { serial: 'DSJ0001', files })
  const post = (what: string, body: object, id = handIn) =>
    world.call('POST', `/hand-ins/${id}/${what}`, { headers, body: JSON.stringify(body) })
  return { world, people, handIn, post }
}

async function eventsOf(world: IngestWorld, kind: string) {
  const rows = await world.db
    .selectFrom('event')
    .where('kind', '=', kind)
    .orderBy('id')
    .select(['body', 'subjects'])
    .execute()
  return rows.map(({ body, subjects }) => ({ ...(JSON.parse(body) as { details: Record<string, unknown> }), subjects }))
}

async function messageOf(response: Response): Promise<string> {
  return ((await response.json()) as { error: { message: string } }).error.message
}

t.test('a gap is kept once, whatever is lost on the way, and never told otherwise', async (t) => {
  const { world, people, post } = await openDock(t)
  for (let time = 0; time < 3; time += 1) t.equal((await post('gaps', { id: newId(), gaps: [gap] })).status, 204)
  const both = await Promise.all([1, 2].map(() => post('gaps', { id: 'm', gaps: [{ ...gap, gapId: 'g-2' }] })))
  t.same(
    both.map(({ status }) => status),
    [204, 204],
    'at once as well',
  )
  const found = await eventsOf(world, 'gap.found')
  t.equal(found.length, 2)
  t.match(found[0], {
    actorRole: 'dock',
    details: { gapKind: 'time', dockGapId: 'g-1', toTime: gap.toTime, proposed: { because: 'battery', value: 3 } },
  })
  t.ok(found[0]!.subjects.includes(`person:${people.lina}`), 'it is the keeper’s to explain where nobody else is known')
  const otherwise = await post('gaps', {
    id: newId(),
    gaps: [
      { ...gap, lengthMs: 1 },
      { ...gap, gapId: 'g-3' },
    ],
  })
  t.equal(otherwise.status, 409)
  t.match(await messageOf(otherwise), /g-1 was told before with another length_ms/)
  t.equal((await eventsOf(world, 'gap.found')).length, 2, 'nothing of that message is kept')
  t.equal((await post('gaps', { id: 'x', gaps: [{ ...gap, fromTime: 'yesterday' }] })).status, 400)
  t.equal((await post('gaps', { id: 'x y', gaps: [] })).status, 400)
})

t.test('an explanation with a tap is a claim that its person confirms; it is kept once', async (t) => {
  const { world, people, post } = await openDock(t)
  const explanation = { id: 'm-1', gapId: 'g-1', reason: 'battery', words: null, by: tapped, saidAt }
  const early = await post('explanations', explanation)
  t.equal(early.status, 404)
  t.match(await messageOf(early), /has no gap g-1: tell the gap first/)
  await post('gaps', { id: newId(), gaps: [gap] })
  for (let time = 0; time < 2; time += 1) t.equal((await post('explanations', explanation)).status, 204)
  t.equal((await post('explanations', { ...explanation, reason: 'clock' })).status, 409)
  const others = [
    { personId: people.zhang, grade: 'slot' },
    { personId: people.keeper, grade: 'slot' },
    { personId: 'nobody', grade: 'slot' },
    { personId: people.zhang, grade: 'card' },
  ]
  for (const [at, by] of others.entries()) {
    t.equal((await post('explanations', { ...explanation, id: `other-${at}`, by })).status, 204)
  }
  const rows = await world.db.selectFrom('gap_explanation').selectAll().orderBy('given_at').orderBy('id').execute()
  t.same(
    rows.map(({ person_id, grade, identified }) => [person_id, grade, identified]),
    [
      [people.lina, 'slot', false],
      [people.zhang, 'slot', false],
      [people.lina, 'slot', false],
      [people.lina, 'slot', false],
      [people.zhang, 'card', false],
    ],
    'whoever carries no recorders is nobody; a card that nobody showed here is a claim too',
  )
  t.ok(
    rows.every(({ confirm_by }) => confirm_by !== null),
    'each waits for its person',
  )
  t.same(await rowFaults(world), [])
  t.match(await world.db.selectFrom('gap').select('state').executeTakeFirst(), { state: 'explained' })
})

t.test('another dock knows nothing of the hand-in', async (t) => {
  const { world, handIn } = await openDock(t)
  const { token } = await registerTestDock(world)
  const body = JSON.stringify({ id: 'm', gaps: [gap] })
  const answer = await world.call('POST', `/hand-ins/${handIn}/gaps`, { headers, body, token })
  t.equal(answer.status, 404)
  t.same(await world.db.selectFrom('gap').select('id').execute(), [])
})

t.test('what the officer says of files is kept with the hand-in, once, and only of its lines', async (t) => {
  const { world, people, handIn, post } = await openDock(t)
  const by = { personId: people.lina, grade: 'slot' }
  const said = { id: 's-1', kind: 'not_enforcement', numbers: [1, 0, 1], words: '午间用餐', by, saidAt }
  for (let time = 0; time < 2; time += 1) t.equal((await post('statements', said)).status, 204)
  t.equal((await post('statements', { ...said, numbers: [0] })).status, 409)
  const strange = await post('statements', { ...said, id: 's-2', numbers: [2] })
  t.equal(strange.status, 400)
  t.match(await messageOf(strange), /numbers: the list has no line 2: it has 2, from 0/)
  t.equal((await post('statements', { ...said, id: 's-3', kind: 'no_number_yet', numbers: [] })).status, 204)
  const rows = await world.db.selectFrom('hand_in_statement').selectAll().orderBy('kept_at').execute()
  t.match(rows, [
    { hand_in_id: handIn, kind: 'not_enforcement', line_numbers: [0, 1], words: '午间用餐', person_id: people.lina },
    { kind: 'no_number_yet', line_numbers: [] },
  ])
  const kept = await eventsOf(world, 'hand_in.said')
  t.equal(kept.length, 2)
  for (const { subjects } of kept)
    t.ok(subjects.includes(`hand-in-list:${handIn}`), 'it goes with the cases of its files')
  t.same(await rowFaults(world), [])
  await world.asSuperuser((db) =>
    db.updateTable('hand_in_statement').set({ kind: 'no_number_yet' }).where('dock_message_id', '=', 's-1').execute(),
  )
  t.match(await rowFaults(world), [{ check: 'rows.row_differs', subject: new RegExp(`^hand_in_statement ${handIn}/`) }])
})

/** What the check of rows finds of hand-ins and gaps. */
async function rowFaults(world: IngestWorld) {
  const report = openReport()
  await checkRows(world.db, report)
  return report.findings().filter(({ subject }) => /^(hand_in|gap)/.test(subject))
}
