import t from 'tap'
import { openReport } from '../../../services/custody/fsck/finding.ts'
import { checkRows } from '../../../services/custody/fsck/rows.ts'
import { newId } from '../../../services/foundation/id.ts'
import {
  createUpload,
  footage,
  type IngestWorld,
  openIngestWorld,
  openTestHandIn,
  patch,
  stateOf,
} from '../../support/ingest.ts'
import { showCard } from '../access/docked.ts'

const saidAt = '2026-11-28T17:55:00+08:00'
const clip = 'DSJ0001_012345_20261120083000_0001.MP4'

async function openDock(t: Parameters<typeof openIngestWorld>[0]) {
  const world = await openIngestWorld(t)
  const person = newId()
  await world.db
    .insertInto('person')
    .values({
      ...{ id: person, name: '张伟', role: 'officer', account: 'zhang', officer_number: '100231' },
      ...{ password_hash: 'none', created_at: world.clock.now() },
    })
    .execute()
  const report = async (body: object) => {
    const headers = { 'content-type': 'application/json' }
    const options = { headers, body: JSON.stringify({ saidAt, ...body }) }
    const response = await world.call('POST', '/docks/me/reports', options)
    return { status: response.status, text: await response.text() }
  }
  const events = async (kind: string) =>
    (await world.db.selectFrom('event').where('kind', '=', kind).select('body').orderBy('id').execute()).map(
      ({ body }) => JSON.parse(body),
    )
  const handIn = (serial: string) =>
    openTestHandIn(world, { serial, files: [{ name: Buffer.from(clip).toString('base64'), bytes: 1000 }] })
  return { world, person, report, events, handIn }
}

t.test('each report is one event, in UTC, however often it is sent', async (t) => {
  const { world, person, report, events, handIn } = await openDock(t)
  const handInId = await handIn('DSJ0001')
  const by = { personId: person, grade: 'slot' }
  const unknown = { personId: 'nobody-we-know', grade: 'card' }
  const serial = 'DSJ0001'
  const sent: [string, object][] = [
    [
      'station.device_checked',
      {
        kind: 'device_checked',
        serial,
        batteryPercent: 80,
        freePercent: 95,
        clockOffsetMs: -300,
        lastReceiptAt: saidAt,
      },
    ],
    ['station.device_taken', { kind: 'device_taken', serial, by }],
    ['station.device_kept', { kind: 'kept_this_time', serial, by }],
    [
      'station.emergency_taking',
      { kind: 'picked_up_in_emergency', serial, handInId, remaining: [0], personId: person, reason: 'call_out' },
    ],
    ['station.clock_set', { kind: 'clock_set', serial, offsetMs: 37_000, setTo: saidAt }],
    ['station.device_unlocked', { kind: 'unlocked', serial, profile: 'vendor-b', ok: true }],
    [
      'station.volume_stated',
      { kind: 'volume_stated', uuid: '12AB-34CD', answer: 'foreign', serial: null, words: '县局的记录仪', by: unknown },
    ],
    ['device.card_kept', { kind: 'card_kept', serial, sealNumber: 'FT-0031', keeper: '李明', place: '证物柜3' }],
  ]
  for (const [at, [, body]] of sent.entries()) {
    for (const time of ['once', 'again']) t.equal((await report({ id: `r-${at}`, ...body })).status, 204, time)
  }
  for (const [kind] of sent) {
    const [event, ...more] = await events(kind)
    t.same(more, [], `${kind} is written once`)
    t.match(event, { actor: world.dock.id, actorRole: 'dock', details: { saidAt: '2026-11-28T09:55:00.000Z' } }, kind)
  }
  const ofPerson = [{ type: 'person', id: person }]
  t.match((await events('station.device_taken'))[0].subjects.slice(1), [...ofPerson, { type: 'dock' }])
  t.match((await events('station.volume_stated'))[0], {
    subjects: [{ type: 'dock', id: world.dock.id }],
    details: { by: unknown, answer: 'foreign', identified: false },
  })
  t.match((await events('device.card_kept'))[0].subjects, [
    { type: 'device', id: serial },
    { type: 'hand_in', id: handInId },
    { type: 'hand-in-list', id: handInId },
    { type: 'dock', id: world.dock.id },
  ])
  t.equal(
    (await report({ id: 'r-1', kind: 'device_taken', serial, by: unknown })).status,
    409,
    'an id for another report',
  )
  t.same(await rowFaults(world), [])
  await world.asSuperuser((db) =>
    db.updateTable('dock_report').set({ said_id: 'r-9' }).where('said_id', '=', 'r-1').execute(),
  )
  t.same(
    (await rowFaults(world)).map(({ check }) => check),
    ['rows.row_missing', 'rows.row_without_event'],
  )
})

t.test('whom this service knew by card is told apart from whom the dock says', async (t) => {
  const { world, person, report, events } = await openDock(t)
  const serial = 'DSJ0001'
  const taken = (id: string, grade: string) =>
    report({ id, kind: 'device_taken', serial, by: { personId: person, grade } })
  await taken('a', 'card')
  await showCard(world, { dock: world.dock, serial, personId: person })
  for (const [id, grade] of [
    ['b', 'card'],
    ['c', 'code'],
    ['d', 'slot'],
  ] as const)
    await taken(id, grade)
  await report({
    ...{ id: 'e', kind: 'picked_up_in_emergency', serial, handInId: null },
    remaining: [],
    personId: person,
    reason: 'call_out',
  })
  t.same(
    (await events('station.device_taken')).map(({ details }) => [details.by.grade, details.identified]),
    [
      ['card', false],
      ['card', true],
      ['code', false],
      ['slot', false],
    ],
  )
  t.match(await events('station.emergency_taking'), [{ details: { identified: true } }])
})

/** What the check of rows finds of what docks said. */
async function rowFaults(world: IngestWorld) {
  const found = openReport()
  await checkRows(world.db, found)
  return found.findings().filter(({ subject }) => /^(dock_report|volume_statement|dock_identification)/.test(subject))
}

t.test('a report that cannot be is refused with its field, and writes nothing', async (t) => {
  const { world, report, handIn } = await openDock(t)
  const serial = 'DSJ0001'
  const foreign = newId()
  const wrong: [status: number, words: RegExp, body: object][] = [
    [400, /kind|match/i, { kind: 'device_vanished', serial }],
    [400, /saidAt/, { kind: 'clock_set', serial, offsetMs: 1, setTo: saidAt, saidAt: '2026-02-30T08:00:00Z' }],
    [400, /setTo/, { kind: 'clock_set', serial, offsetMs: 1, setTo: 'now' }],
    [400, /serial/, { kind: 'unlocked', serial: 'DSJ\u0007', profile: 'b', ok: true }],
    [
      400,
      /serial: say which/,
      {
        kind: 'volume_stated',
        uuid: null,
        answer: 'ours',
        serial: null,
        words: null,
        by: { personId: null, grade: 'slot' },
      },
    ],
    [404, /handInId/, { kind: 'card_kept', serial, sealNumber: '1', keeper: 'a', place: 'b' }],
    [404, /handInId/, { kind: 'card_kept', serial, handInId: foreign, sealNumber: '1', keeper: 'a', place: 'b' }],
  ]
  for (const [status, words, body] of wrong) {
    const answer = await report({ id: 'wrong', ...body })
    t.equal(answer.status, status, JSON.stringify(body))
    t.match(answer.text, words)
  }
  t.same(await world.db.selectFrom('dock_report').select('said_id').execute(), [])
  await handIn('DSJ0001')
  const kept = { kind: 'card_kept', serial, sealNumber: '1', keeper: 'a', place: 'b' }
  t.equal((await report({ id: 'wrong', ...kept })).status, 204, 'what was refused does not spend the id')
})

t.test(
  'a volume that somebody says is ours marks the next hand-in of that device there, and only that one',
  async (t) => {
    const { world, person, report, events, handIn } = await openDock(t)
    const by = { personId: person, grade: 'slot' }
    const stated = { kind: 'volume_stated', uuid: '12AB-34CD', answer: 'ours', serial: 'DSJ0001', words: null, by }
    for (const id of ['s-1', 's-2']) t.equal((await report({ id, ...stated })).status, 204)
    const flagsOf = async (handInId: string, seed: string) => {
      const bytes = footage(1000, seed)
      const path = await createUpload(world, bytes.length, { serial: 'DSJ0001', filename: clip, handIn: handInId })
      await patch(world, path, 0, bytes)
      const body = JSON.stringify({ sha256: (await stateOf(world, path)).sha256 })
      await world.call('PUT', `${path}/digest`, { headers: { 'content-type': 'application/json' }, body })
      const id = await world.until(async () => (await stateOf(world, path)).recordingId)
      const row = await world.db
        .selectFrom('recording')
        .where('id', '=', `${id}`)
        .select(['flags', 'quarantine_reason'])
        .executeTakeFirstOrThrow()
      return row
    }
    t.match(await flagsOf(await handIn('DSJ0001'), 'first'), { flags: ['device_stated'], quarantine_reason: null })
    const again = await openTestHandIn(world, {
      serial: 'DSJ0001',
      openedAt: '2026-11-21T18:00:00+08:00',
      files: [{ name: Buffer.from(clip).toString('base64'), bytes: 1000 }],
    })
    t.match(await flagsOf(again, 'second'), { flags: [] })
    t.same(await rowFaults(world), [])
    t.match(
      (await events('hand_in.opened')).map(({ details }) => details.deviceStated),
      [true, undefined],
    )
  },
)
