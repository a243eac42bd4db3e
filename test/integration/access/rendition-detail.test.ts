import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import { openBureau } from './bureau.ts'
import { addFootage } from './footage.ts'

const purpose = '核查当日执法过程'
const segment = (durationMs: number) => ({ bytes: randomBytes(300), durationMs })
const sound = (channels: number[], ...lengthsMs: number[]) => ({
  ...{ channels, init: randomBytes(90), segments: lengthsMs.map(segment) },
})

t.test('a recording says of its rendition what the ledger committed of the check, and nothing else', async (t) => {
  const bureau = await openBureau(t)
  const { db } = bureau.world
  const custodian = await bureau.signIn(bureau.people.custodian)
  const renditionOf = async (recordingId: string) => {
    const { body } = await custodian.call('GET', `/recordings/${recordingId}`)
    return body.rendition
  }
  const found = {
    statedMs: 8000,
    foundMs: 4000,
    holes: [{ track: 0, fromMs: 4000, toMs: 8000, why: 'damaged' as const }],
    notShown: [{ stream: 3, why: 'encrypted' as const }],
  }
  const { recordingId, renditionId } = await addFootage(bureau, { found, segments: 2, sounds: [sound([1], 6000)] })
  await bureau.world.until(async () => (await renditionOf(recordingId)).check !== null)
  const half = '文件头标明时长 8.0 秒，其中 4.0 秒可以播放；轨道 0：00:00:04.0 至 00:00:08.0 数据已损坏，无法解码。'
  t.match(await renditionOf(recordingId), {
    state: 'ready',
    why: null,
    tracks: [
      { track: 0, kind: 'video', streams: [0], channels: null, durationMs: 12_000, codecs: null },
      { track: 1, kind: 'audio', streams: [1], channels: [1], durationMs: 6000, codecs: null },
    ],
    check: {
      originalWasChecked: false,
      notes: {
        zh: [half, '原始文件中的第 3 号流未制作播放件：内容已加密。'],
        en: [String, 'Stream 3 of the original is not in the rendition: it is encrypted.'],
      },
      differences: [],
      ...found,
    },
  })

  await t.test('that the original is unchanged is said only after it was read again', async (t) => {
    await db
      .updateTable('recording')
      .set({ sm3: randomBytes(32) })
      .where('id', '=', recordingId)
      .execute()
    const { check } = await renditionOf(recordingId)
    t.match(check, { originalWasChecked: true, notes: { zh: ['原始文件未变，以原始文件为准。', half, String] } })
  })

  await t.test('and no longer when a copy is damaged, or the full check found something about one', async (t) => {
    const isSaid = async () => {
      const { originalWasChecked, notes } = (await renditionOf(recordingId)).check
      t.equal(notes.zh.includes('原始文件未变，以原始文件为准。'), originalWasChecked)
      t.equal(notes.en.includes('The original is unchanged, and it is what counts.'), originalWasChecked)
      return originalWasChecked
    }
    const place = { object_key: recordingId, version_id: 'v', host_name: 'h', legal_hold: true }
    const times = { retain_until: new Date(), stored_at: new Date() }
    const copy = { recording_id: recordingId, store: 'backup-a', state: 'verified', ...place, ...times } as const
    await db.insertInto('copy').values(copy).execute()
    t.equal(await isSaid(), true)
    const copies = db.updateTable('copy').where('recording_id', '=', recordingId)
    await copies.set({ state: 'damaged' }).execute()
    t.equal(await isSaid(), false)
    await copies.set({ state: 'verified' }).execute()
    const finding = { id: randomUUID(), check_code: 'stores.bytes_differ', subject: `copy ${recordingId}/backup-a` }
    await db
      .insertInto('fsck_finding')
      .values({
        ...finding,
        problem: 'its bytes have another SHA-256',
        alarm_id: null,
        found_at: new Date(),
        gone_at: null,
      })
      .execute()
    t.equal(await isSaid(), false)
    await db.updateTable('fsck_finding').set({ gone_at: new Date() }).where('id', '=', finding.id).execute()
    t.equal(await isSaid(), true)
  })

  await t.test('an ordinary rendition has no sentence, one that was not compared has no check', async (t) => {
    const plain = await addFootage(bureau, { found: { statedMs: 12_000, foundMs: 12_000 }, segments: 2 })
    await bureau.world.until(async () => (await renditionOf(plain.recordingId)).check !== null)
    t.match(await renditionOf(plain.recordingId), { check: { notes: { zh: [], en: [] }, holes: [] } })
    const running = await addFootage(bureau, { rendition: 'running', segments: 1 })
    t.match(await renditionOf(running.recordingId), { state: 'running', check: null, tracks: [{ track: 0 }] })
  })

  await t.test('a check that somebody else recorded, or changed, is not shown', async (t) => {
    const other = await addFootage(bureau, { segments: 1 })
    const { ready_event_id } = await db
      .selectFrom('rendition')
      .where('id', '=', renditionId)
      .select('ready_event_id')
      .executeTakeFirstOrThrow()
    await db.updateTable('rendition').set({ ready_event_id }).where('id', '=', other.renditionId).execute()
    t.equal((await renditionOf(other.recordingId)).check, null, "another rendition's")
    await bureau.world.asSuperuser(async (database) => {
      await sql`set session_replication_role = replica`.execute(database)
      const { body } = await database
        .selectFrom('event')
        .where('id', '=', ready_event_id)
        .select('body')
        .executeTakeFirstOrThrow()
      const changed = body.replace('"foundMs":4000', '"foundMs":8000')
      await database.updateTable('event').set({ body: changed }).where('id', '=', ready_event_id).execute()
    })
    t.equal((await renditionOf(recordingId)).check, null, 'a body that its leaf did not commit')
  })

  await t.test('why nothing can be played is a word and a sentence, in lists too', async (t) => {
    const text = await addFootage(bureau, { rendition: 'not_playable', why: 'text' })
    const said = { reason: 'no video or sound in it', reasonZh: '文本文件，不是音像资料' }
    const wanted = { state: 'not_playable', why: 'text', ...said }
    t.match(await renditionOf(text.recordingId), { ...wanted, tracks: [], check: null })
    const { body } = await custodian.call('GET', '/recordings?limit=1')
    t.match(body.recordings, [{ id: text.recordingId, rendition: wanted }])
    t.notOk('check' in body.recordings[0].rendition, 'lists stay short')
  })
})

t.test('what the ledger says was served of each track is what the segments hold', async (t) => {
  const bureau = await openBureau(t)
  const custodian = await bureau.signIn(bureau.people.custodian)
  const media = { init: randomBytes(80), segments: [4000, 3960, 4040].map(segment) }
  const microphone = sound([2], 5000, 5000, 2000)
  const { recordingId } = await addFootage(bureau, { media, sounds: [microphone] })
  const { body } = await custodian.call('POST', `/recordings/${recordingId}/viewings`, { purpose })
  const get = async (path: string) => {
    const { status, bytes } = await custodian.call('GET', `/viewings/${body.viewingId}/tracks/${path}`)
    t.equal(status, 200, path)
    return bytes
  }
  const asked = { 0: [0, 1], 1: [1, 2] } as const
  const bytes = [await get('0/init'), await get('1/init')]
  for (const number of asked[0]) bytes.push(await get(`0/segments/${number}`))
  for (const number of asked[1]) bytes.push(await get(`1/segments/${number}`))
  t.same(bytes.slice(2, 4), [media.segments[0]!.bytes, media.segments[1]!.bytes])
  t.same(bytes.slice(4), [microphone.segments[1]!.bytes, microphone.segments[2]!.bytes])
  await custodian.call('DELETE', `/viewings/${body.viewingId}`)

  const servedBytes = bytes.reduce((sum, one) => sum + one.length, 0)
  const served = {
    servedRanges: [{ fromMs: 0, toMs: 12_000 }],
    servedMs: 12_000,
    servedTracks: [
      { track: 0, ranges: [{ fromMs: 0, toMs: 7960 }], ms: 7960 },
      { track: 1, ranges: [{ fromMs: 5000, toMs: 12_000 }], ms: 7000 },
    ],
    servedBytes,
  }
  t.match((await bureau.eventsOf('viewing.ended'))[0]?.details, { endKind: 'closed', ...served })
  const auditor = await bureau.signIn(bureau.people.auditor)
  const listed = await auditor.call('GET', `/viewings?recordingId=${recordingId}`)
  t.match(listed.body.viewings, [{ id: body.viewingId, ...served }])
  const rows = await bureau.world.db
    .selectFrom('viewing_served')
    .where('viewing_id', '=', body.viewingId)
    .where('kind', '=', 'segment')
    .select(['track', 'number', 'from_ms', 'to_ms'])
    .orderBy('track')
    .orderBy('number')
    .execute()
  t.same(rows, [
    { track: 0, number: 0, from_ms: 0, to_ms: 4000 },
    { track: 0, number: 1, from_ms: 4000, to_ms: 7960 },
    { track: 1, number: 1, from_ms: 5000, to_ms: 10_000 },
    { track: 1, number: 2, from_ms: 10_000, to_ms: 12_000 },
  ])
})
