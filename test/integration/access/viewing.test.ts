import t from 'tap'
import { endOverdueViewings } from '../../../services/custody/viewing/end.ts'
import { sha256 } from '../../../services/foundation/hash.ts'
import { type Bureau, openBureau, type Session } from './bureau.ts'
import { addFootage, type Footage } from './footage.ts'

const purpose = '核查当日执法过程'
const segmentOf = (of: { viewingId: string }, at: number) => `/viewings/${of.viewingId}/tracks/0/segments/${at}`

t.test('promise 3: ledger first, bytes after', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const custodian = await bureau.signIn(bureau.people.custodian)
  const footage = await addFootage(bureau, { officerId: bureau.people.officer.id })

  await t.test('a viewing is answered only when a signed checkpoint covers its event', async (t) => {
    const opened = await open(custodian, footage)
    t.equal(opened.status, 201)
    const covered = await coveredBy(bureau, 'viewing.opened', opened.body.viewingId)
    t.ok(covered, 'the event has its leaf under a checkpoint')
    const playlist = await custodian.call('GET', opened.body.tracks[0].playlist)
    t.match(playlist.bytes.toString(), /#EXT-X-ENDLIST/)
    t.equal(playlist.headers.get('content-type'), 'application/vnd.apple.mpegurl')
    const segment = await custodian.call('GET', segmentOf(opened.body, 0))
    t.equal(segment.status, 200)
    t.same(segment.bytes, footage.segments[0])
    t.equal(segment.headers.get('cache-control'), 'no-store')
    const served = await bureau.world.db
      .selectFrom('viewing_served')
      .where('viewing_id', '=', opened.body.viewingId)
      .selectAll()
      .execute()
    t.match(served, [{ kind: 'segment', number: 0, from_ms: 0, to_ms: 6000, bytes: segment.bytes.length }])
  })

  await t.test('each event grants at most the next 60 s of film, and a renewal grants the next', async (t) => {
    const viewingId = (await open(custodian, footage)).body.viewingId
    const get = (n: number) => custodian.call('GET', `/viewings/${viewingId}/tracks/0/segments/${n}`)
    t.equal((await get(9)).status, 200, '54..60 s lie in the first 60 s')
    const beyond = await get(10)
    t.equal(beyond.status, 409)
    t.match(beyond.body.error, { code: 'conflict', details: { fromMs: 60_000, toMs: 66_000 } })
    const renewed = await custodian.call('POST', `/viewings/${viewingId}/renewals`, { positionMs: 57_000 })
    t.equal(renewed.status, 201)
    t.match(renewed.body, { grantedFromMs: 54_000, grantedToMs: 114_000 })
    t.ok(await coveredBy(bureau, 'viewing.renewed', viewingId))
    t.equal((await get(10)).status, 200)
    t.equal((await get(19)).status, 409, '114..120 s are not granted yet')
    t.equal((await custodian.call('GET', `/viewings/${viewingId}/tracks/0/init`)).status, 200)
    t.equal((await custodian.call('GET', `/viewings/${viewingId}/thumbnails/0`)).status, 200)
    const fresh = (await open(custodian, footage)).body.viewingId
    t.equal((await custodian.call('GET', `/viewings/${fresh}/thumbnails/15`)).status, 409, 'a picture is film too')
    t.equal((await custodian.call('GET', `/viewings/${fresh}/still`)).status, 200)
    t.equal((await custodian.call('GET', segmentOf({ viewingId: fresh }, 999))).status, 404)
    const reasons = (await bureau.eventsOf('viewing.refused')).map((event) => event.details.reason)
    t.same(reasons, ['not_granted', 'not_granted', 'not_granted', 'no_such_file'])
  })

  await t.test(
    'what was not renewed in time shows nothing more and ends as expired, with the seconds served',
    async (t) => {
      const viewingId = (await open(custodian, footage)).body.viewingId
      for (const n of [0, 1, 3]) await custodian.call('GET', `/viewings/${viewingId}/tracks/0/segments/${n}`)
      bureau.world.clock.advance(61_000)
      for (const path of ['tracks/0/segments/0', 'tracks/0/init', 'still', 'thumbnails/0', 'playlist.m3u8']) {
        const answer = await custodian.call('GET', `/viewings/${viewingId}/${path}`)
        t.equal(answer.status, 410, path)
      }
      t.equal((await custodian.call('POST', `/viewings/${viewingId}/renewals`, { positionMs: 0 })).status, 410)
      await endOverdueViewings(bureau.world.dbFor('worker'), bureau.world.clock)
      t.equal(await endOverdueViewings(bureau.world.dbFor('worker'), bureau.world.clock), 0, 'twice changes nothing')
      const ended = (await bureau.eventsOf('viewing.ended')).find((event) =>
        event.subjects.includes(`viewing:${viewingId}`),
      )
      t.match(ended?.details, {
        endKind: 'expired',
        servedMs: 18_000,
        servedRanges: [
          { fromMs: 0, toMs: 12_000 },
          { fromMs: 18_000, toMs: 24_000 },
        ],
      })
      const again = await custodian.call('GET', segmentOf({ viewingId: viewingId }, 0))
      t.match(again.body.error, { code: 'gone', message: /has ended/ })
    },
  )

  await t.test('a closed viewing ends once, and the list tells what was seen', async (t) => {
    const viewingId = (await open(custodian, footage)).body.viewingId
    await custodian.call('GET', segmentOf({ viewingId: viewingId }, 2))
    t.equal((await custodian.call('DELETE', `/viewings/${viewingId}`)).status, 204)
    t.equal((await custodian.call('DELETE', `/viewings/${viewingId}`)).status, 204, 'again: nothing more')
    t.equal((await custodian.call('GET', segmentOf({ viewingId: viewingId }, 2))).status, 410)
    const auditor = await bureau.signIn(bureau.people.auditor)
    const listed = await auditor.call('GET', `/viewings?recordingId=${footage.recordingId}&limit=1`)
    t.match(listed.body.viewings, [
      { id: viewingId, purpose, endKind: 'closed', servedMs: 6000, servedRanges: [{ fromMs: 12_000, toMs: 18_000 }] },
    ])
    const next = await auditor.call('GET', `/viewings?recordingId=${footage.recordingId}&after=${listed.body.next}`)
    t.notOk(next.body.viewings.some((one: { id: string }) => one.id === viewingId))
  })

  await t.test('bytes that are not those the ledger committed are not shown, and raise an alarm', async (t) => {
    const tampered = await addFootage(bureau)
    const viewingId = (await open(custodian, tampered)).body.viewingId
    const { key } = tampered.firstSegment
    await bureau.world.stores.primary.remove('derived', key)
    const { versionId } = await bureau.world.stores.primary.put('derived', key, Buffer.alloc(210, 'x'))
    await bureau.world.db
      .updateTable('rendition_file')
      .set({ version_id: versionId })
      .where('object_key', '=', key)
      .execute()
    const answer = await custodian.call('GET', segmentOf({ viewingId: viewingId }, 0))
    t.equal(answer.status, 500)
    t.match(answer.body.error, { code: 'bytes_differ' })
    t.match((await bureau.eventsOf('alarm.raised')).at(-1)?.details, { alarm: 'rendition_bytes_differ', number: 0 })
    t.equal((await custodian.call('GET', segmentOf({ viewingId: viewingId }, 1))).status, 200, 'the others are right')
    const served = await bureau.world.db
      .selectFrom('viewing_served')
      .where('viewing_id', '=', viewingId)
      .select('number')
      .execute()
    t.same(served, [{ number: 1 }])
  })
})

t.test(
  'promise 3: a row that names other bytes, another place or another event than the ledger does shows nothing',
  async (t) => {
    const bureau = await openBureau(t)
    const { db, stores } = bureau.world
    const custodian = await bureau.signIn(bureau.people.custodian)
    const footage = await addFootage(bureau)
    const other = await addFootage(bureau)
    const staged = Buffer.alloc(300, 'x')
    const { key, versionId } = await stores.primary.put('derived', `${footage.recordingId}/staged`, staged)
    const rowOf = (renditionId: string) =>
      db
        .selectFrom('rendition_file')
        .where('rendition_id', '=', renditionId)
        .where('kind', '=', 'segment')
        .where('number', '=', 0)
        .selectAll()
        .executeTakeFirstOrThrow()
    const sound = await rowOf(footage.renditionId)
    const foreign = await rowOf(other.renditionId)
    const lies: Record<string, Partial<typeof sound>> = {
      'other bytes under a digest of their own': {
        object_key: key,
        version_id: versionId,
        bytes: staged.length,
        sha256: sha256(staged),
      },
      'another place in the film': { start_ms: 1000 },
      'a segment of another recording': { ...foreign, rendition_id: footage.renditionId },
    }
    for (const [name, lie] of Object.entries(lies)) {
      const viewingId = (await open(custodian, footage)).body.viewingId
      const set = (values: Partial<typeof sound>) =>
        db
          .updateTable('rendition_file')
          .set(values)
          .where('rendition_id', '=', footage.renditionId)
          .where('kind', '=', 'segment')
          .where('number', '=', 0)
          .execute()
      await set(lie)
      const answer = await custodian.call('GET', segmentOf({ viewingId: viewingId }, 0))
      t.match(answer.body.error, { code: 'bytes_differ' }, name)
      t.match((await bureau.eventsOf('alarm.raised')).at(-1)?.details, { alarm: 'rendition_row_differs' }, name)
      await set(sound)
      t.equal((await custodian.call('GET', segmentOf({ viewingId: viewingId }, 0))).status, 200)
    }
  },
)

t.test('promise 3: while the ledger signs nothing, nothing is shown', async (t) => {
  const bureau = await openBureau(t)
  const custodian = await bureau.signIn(bureau.people.custodian)
  const footage = await addFootage(bureau)
  const viewingId = (await open(custodian, footage)).body.viewingId
  await bureau.stopSequencer()

  const opened = await open(custodian, footage)
  t.equal(opened.status, 503)
  t.equal(opened.body.error.code, 'ledger_behind')
  const uncovered = await bureau.world.db
    .selectFrom('viewing')
    .where('id', '<>', viewingId)
    .select('id')
    .executeTakeFirstOrThrow()
  for (const path of ['playlist.m3u8', 'tracks/0/init', 'tracks/0/segments/0', 'thumbnails/0', 'still']) {
    const answer = await custodian.call('GET', `/viewings/${uncovered.id}/${path}`)
    t.equal(answer.status, 503, `${path} of a viewing that is not covered`)
  }
  const renewal = await custodian.call('POST', `/viewings/${viewingId}/renewals`, { positionMs: 60_000 })
  t.equal(renewal.status, 503)
  t.equal((await custodian.call('GET', segmentOf({ viewingId: viewingId }, 12))).status, 409, 'granted, but not signed')
  await bureau.world.until(async () => (await custodian.call('POST', '/parties', party)).body.error?.code)
  const behind = await custodian.call('POST', '/parties', party)
  t.equal(behind.status, 503, 'with events waiting for more than 5 s no state changes')
  t.equal((await custodian.call('DELETE', `/viewings/${viewingId}`)).status, 204, 'what ends may end')

  bureau.startSequencer()
  await bureau.world.until(async () => (await open(custodian, footage)).status === 201)
  t.equal(await servedRows(bureau), 0)
})

t.test('a viewing belongs to one person, in one session, in one term', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const custodian = await bureau.signIn(people.custodian)
  const footage = await addFootage(bureau)
  const viewingId = (await open(custodian, footage)).body.viewingId
  const path = segmentOf({ viewingId: viewingId }, 0)

  const other = await bureau.signIn(people.custodian)
  t.equal((await other.call('GET', path)).status, 404, 'his other session')
  t.equal((await other.call('DELETE', `/viewings/${viewingId}`)).status, 404)
  t.equal((await bureau.call('GET', path)).status, 401, 'a copied address alone')
  for (const role of [
    'officer',
    'auditor',
    'supervisor',
    'administrator',
    'legal_reviewer',
    'custodian_waiting',
  ] as const) {
    const session = await bureau.signIn(people[role])
    t.equal((await session.call('GET', path)).status, 403, role)
    const refused = (await bureau.eventsOf('viewing.refused')).at(-1)
    t.match(refused, { actor: people[role].id, details: { reason: 'wrong_role' } })
    t.ok(refused?.subjects.includes(`recording:${footage.recordingId}`))
  }
  t.equal((await custodian.call('GET', path)).status, 200)

  t.equal((await custodian.call('DELETE', '/session')).status, 204)
  t.equal((await custodian.call('GET', path)).status, 401, 'his session ended')
  const lost = (await bureau.eventsOf('viewing.ended')).at(-1)
  t.match(lost?.details, { endKind: 'lost', servedMs: 6000 })

  const second = (await open(other, footage)).body.viewingId
  await bureau.world.db
    .updateTable('person')
    .set({ disabled_at: new Date() })
    .where('account', '=', 'custodian')
    .execute()
  t.equal((await other.call('GET', segmentOf({ viewingId: second }, 0))).status, 401, 'his account was shut')
  t.equal(await endOverdueViewings(bureau.world.dbFor('worker'), bureau.world.clock), 1)
  t.match((await bureau.eventsOf('viewing.ended')).at(-1)?.details, { endKind: 'lost' })
})

t.test('what cannot be viewed is refused with its reason, each an event', async (t) => {
  const bureau = await openBureau(t)
  const custodian = await bureau.signIn(bureau.people.custodian)
  const quarantined = await addFootage(bureau, { quarantineReason: 'digest_differs' })
  const broken = await addFootage(bureau, { rendition: 'not_playable' })
  const fresh = await addFootage(bureau, { rendition: 'running', segments: 0 })
  const growing = await addFootage(bureau, { rendition: 'running', segments: 2 })
  t.match((await open(custodian, quarantined)).body.error, { code: 'conflict', message: /quarantine/ })
  t.match((await open(custodian, broken)).body.error, { code: 'conflict', message: /no video or sound/ })
  await bureau.world.db.deleteFrom('rendition_file').where('rendition_id', '=', fresh.renditionId).execute()
  t.match((await open(custodian, fresh)).body.error, { code: 'conflict', message: /still being made/ })
  const unknown = await custodian.call('POST', '/recordings/01900000-0000-7000-8000-000000000000/viewings', { purpose })
  t.equal(unknown.status, 404)
  t.equal(
    (await custodian.call('POST', `/recordings/${growing.recordingId}/viewings`, { purpose: '  x ' })).status,
    400,
  )
  const reasons = (await bureau.eventsOf('viewing.refused')).map((event) => event.details.reason)
  t.same(reasons, ['quarantined', 'not_playable', 'not_made_yet', 'unknown'])

  const opened = await open(custodian, growing)
  t.match(opened.body, { kind: 'video', durationMs: null })
  const playlist = (await custodian.call('GET', opened.body.tracks[0].playlist)).bytes.toString()
  t.match(playlist, /EVENT/)
  t.notMatch(playlist, /ENDLIST/)
})

const party = { kind: 'shop', name: '镇东街便民超市' }

function open(custodian: Session, footage: Footage) {
  return custodian.call('POST', `/recordings/${footage.recordingId}/viewings`, { purpose })
}

async function servedRows({ world }: Bureau): Promise<number> {
  return (await world.db.selectFrom('viewing_served').select('id').execute()).length
}

async function coveredBy({ world }: Bureau, kind: string, viewingId: string): Promise<boolean> {
  const rows = await world.db
    .selectFrom('event')
    .where('kind', '=', kind)
    .where('leaf_index', 'is not', null)
    .select(['subjects', 'leaf_index'])
    .execute()
  const row = rows.find((one) => one.subjects.includes(`viewing:${viewingId}`))
  const checkpoint = await world.db.selectFrom('checkpoint').orderBy('size', 'desc').select('size').executeTakeFirst()
  return row?.leaf_index !== undefined && row.leaf_index !== null && row.leaf_index < (checkpoint?.size ?? 0)
}
