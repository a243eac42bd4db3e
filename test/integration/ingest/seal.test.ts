import { sql } from 'kysely'
import t, { type Test } from 'tap'
import {
  createUpload,
  footage,
  hex,
  type IngestWorld,
  openIngestWorld,
  patch,
  registerTestDevice,
  sayDigest,
  stateOf,
} from '../../support/ingest.ts'

const mebibyte = 1024 * 1024

async function upload(world: IngestWorld, bytes: Buffer<ArrayBuffer>, values: Record<string, string | Buffer>) {
  const path = await createUpload(world, bytes.length, values)
  if (bytes.length === 0) return path
  const response = await patch(world, path, 0, bytes)
  if (response.status !== 204) throw new Error(`PATCH gave ${response.status}`)
  return path
}

async function ended(world: IngestWorld, path: string) {
  return world.until(async () => {
    const state = await stateOf(world, path)
    return state.state === 'complete' || state.state === 'receiving' ? null : state
  })
}

async function recordingOf(world: IngestWorld, id: unknown) {
  return world.db.selectFrom('recording').selectAll().where('id', '=', String(id)).executeTakeFirstOrThrow()
}

async function eventsAbout(world: IngestWorld, subject: string) {
  const rows = await world.db
    .selectFrom('event')
    .select(['kind', 'body', 'subjects'])
    .where(sql<boolean>`subjects @> array[${subject}]`)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ ...row, details: JSON.parse(row.body).details as Record<string, unknown> }))
}

async function jobsOf(world: IngestWorld, id: unknown): Promise<string[]> {
  const rows = await world.db.selectFrom('job').select('name').where('subject_id', '=', String(id)).execute()
  return rows.map((row) => row.name).sort()
}

t.test('a complete upload becomes a recording', async (t) => {
  const world = await openIngestWorld(t)

  t.test('promise 2: row, copy, event and jobs together, with the version locked', async (t) => {
    const bytes = footage(6 * mebibyte, 'equal')
    const name = 'DSJ0001_012345_20261120083000_0001_IMP.MP4'
    const path = await upload(world, bytes, {
      filename: name,
      sha256: hex(bytes),
      mark: 'true',
      deviceTime: '2026-11-20T08:30:05+08:00',
      clockOffsetMs: '5000',
    })
    const state = await ended(world, path)
    t.match(state, { state: 'sealed', recordingState: 'sealed', reason: null, sha256: hex(bytes) })
    const recording = await recordingOf(world, state.recordingId)
    t.match(recording, {
      device_serial: 'DSJ0001',
      name: Buffer.from(name),
      media_kind: 'video',
      bytes: bytes.length,
      sha256: Buffer.from(hex(bytes), 'hex'),
      mark: true,
      state: 'sealed',
      flags: [],
      quarantine_reason: null,
      name_parsed: { officerNumber: '012345', marked: true },
      device_time: new Date('2026-11-20T00:30:05Z'),
      corrected_time: new Date('2026-11-20T00:30:00Z'),
    })
    const copy = await world.db
      .selectFrom('copy')
      .selectAll()
      .where('recording_id', '=', recording.id)
      .executeTakeFirstOrThrow()
    t.match(copy, { store: 'primary', state: 'stored', legal_hold: true })
    const object = { bucket: 'originals', key: copy.object_key, versionId: copy.version_id } as const
    const lock = await world.stores.primary.lockState(object)
    t.match(lock, { mode: 'COMPLIANCE', legalHold: true, retainUntil: copy.retain_until })
    t.ok(await world.stores.primary.deleteIsRefused(object))
    t.same(await jobsOf(world, recording.id), ['checksum', 'copy', 'transcode'])
    const [event] = (await eventsAbout(world, `recording:${recording.id}`)).filter((e) => e.kind === 'recording.sealed')
    t.match(event?.details, { sha256: hex(bytes), bytes: bytes.length, copy: { versionId: copy.version_id } })
    t.ok(event?.subjects.includes('device:DSJ0001'))
  })

  t.test('promise 9: a digest that differs is quarantined with both digests named, and kept and copied', async (t) => {
    const bytes = footage(300_000, 'differs')
    const path = await upload(world, bytes, { sha256: hex(Buffer.from('other')) })
    const state = await ended(world, path)
    t.match(state, {
      state: 'quarantined',
      reason: 'digest_differs',
      sha256: hex(bytes),
      declaredSha256: hex(Buffer.from('other')),
    })
    t.same(await jobsOf(world, state.recordingId), ['checksum', 'copy', 'transcode'])
    const [event] = (await eventsAbout(world, `recording:${state.recordingId}`)).filter(
      (e) => e.kind === 'recording.quarantined',
    )
    t.match(event?.details, { sha256: hex(bytes), declaredSha256: hex(Buffer.from('other')), reason: 'digest_differs' })
  })

  t.test('promise 9: footage of an unknown or retired device is quarantined, never lost', async (t) => {
    await registerTestDevice(world, 'OLD0001', 'retired')
    for (const [serial, reason] of [
      ['NEW0001', 'unknown_device'],
      ['OLD0001', 'retired_device'],
    ] as const) {
      const bytes = footage(100_000, serial)
      const state = await ended(world, await upload(world, bytes, { serial, sha256: hex(bytes) }))
      t.match(state, { state: 'quarantined', reason })
      t.equal((await jobsOf(world, state.recordingId)).length, 3)
      const again = await ended(world, await upload(world, bytes, { serial, sha256: hex(bytes) }))
      t.match(again, { state: 'duplicate', recordingId: state.recordingId }, 'and kept once')
    }
  })

  t.test('the same file again is the first recording, without a second copy, as an event', async (t) => {
    const bytes = footage(200_000, 'twice')
    const first = await ended(world, await upload(world, bytes, { sha256: hex(bytes) }))
    const path = await upload(world, bytes, { sha256: hex(bytes), filename: 'another name.mp4' })
    const second = await ended(world, path)
    t.match(second, { state: 'duplicate', recordingId: first.recordingId, recordingState: 'sealed' })
    const events = await eventsAbout(world, `recording:${first.recordingId}`)
    const [event] = events.filter((e) => e.kind === 'recording.duplicate')
    t.match(event?.details, { firstState: 'sealed', sha256: hex(bytes) })
    const copies = await world.db
      .selectFrom('copy')
      .selectAll()
      .where('recording_id', '=', String(first.recordingId))
      .execute()
    t.equal(copies.length, 1)
    const kept = event?.details.keptVersion as { key: string; versionId: string }
    const extra = { bucket: 'originals', key: kept.key, versionId: kept.versionId } as const
    t.match(await world.stores.primary.lockState(extra), { legalHold: false, mode: null }, 'its version is not locked')
    const otherDevice = await ended(world, await upload(world, bytes, { serial: 'NEW0002', sha256: hex(bytes) }))
    t.equal(otherDevice.state, 'quarantined', 'of another device it is another recording')
  })

  t.test('the same file many times at once is sealed once', async (t) => {
    const bytes = footage(150_000, 'race')
    const paths = await Promise.all(Array.from({ length: 6 }, () => upload(world, bytes, { sha256: hex(bytes) })))
    const states = await Promise.all(
      paths.map((path) =>
        world.until(async () => {
          const state = await stateOf(world, path)
          return state.state === 'complete' ? null : state
        }),
      ),
    )
    t.equal(states.filter(({ state }) => state === 'sealed').length, 1)
    t.equal(states.filter(({ state }) => state === 'duplicate').length, 5)
    t.equal(new Set(states.map(({ recordingId }) => recordingId)).size, 1)
  })

  t.test('an empty file is a recording, flagged', async (t) => {
    const path = await upload(world, Buffer.alloc(0), { filename: 'empty.mp4', sha256: hex(Buffer.alloc(0)) })
    const state = await ended(world, path)
    t.match(state, { state: 'sealed', bytes: 0, sha256: hex(Buffer.alloc(0)) })
    t.ok((await recordingOf(world, state.recordingId)).flags.includes('empty'))
  })

  await namesAreKept(t, world)
})

async function namesAreKept(t: Test, world: IngestWorld): Promise<void> {
  await t.test('any name is kept to the byte and used as no path', async (t) => {
    const names: [Buffer, string][] = [
      [Buffer.from('../../x'), '../../x'],
      [Buffer.alloc(255, 'n'), 'n'.repeat(255)],
      [Buffer.from([0xff, 0xfe, 0x41]), '【0xFF】【0xFE】A'],
      [Buffer.from([0xd6, 0xd8, 0xb5, 0xe3, 0x2e, 0x6d, 0x70, 0x34]), '重点.mp4'],
      [Buffer.from('a\u0000b\n"'), 'a【U+0000】b【U+000A】"'],
    ]
    for (const [name, shown] of names) {
      const bytes = footage(1000, shown)
      const state = await ended(world, await upload(world, bytes, { filename: name, sha256: hex(bytes) }))
      const recording = await recordingOf(world, state.recordingId)
      t.same(recording.name, name)
      t.ok(recording.flags.includes('name_not_parsed'))
      const copy = await world.db
        .selectFrom('copy')
        .select('object_key')
        .where('recording_id', '=', recording.id)
        .executeTakeFirstOrThrow()
      t.match(copy.object_key, /^\d{4}\/\d{2}\/[0-9a-f-]{36}$/)
      const [event] = await eventsAbout(world, `recording:${recording.id}`)
      t.same(event?.details.name, { base64: name.toString('base64'), text: shown })
    }
  })
}

t.test('the digest may come after the bytes', async (t) => {
  const world = await openIngestWorld(t)
  const say = (path: string, sha256: string) => sayDigest(world, path, { sha256 })
  const bytes = footage(400_000, 'late')
  const path = await upload(world, bytes, {})
  const waiting = await world.until(async () => {
    const state = await stateOf(world, path)
    return state.sha256 ? state : null
  })
  t.match(waiting, { state: 'complete', waitsFor: 'digest', sha256: hex(bytes) }, 'nothing is sealed before they agree')
  t.equal((await say(path, 'x')).status, 400)
  t.equal((await say(path, hex(bytes))).status, 204)
  const state = await ended(world, path)
  t.equal(state.state, 'sealed')
  t.equal((await say(path, hex(bytes))).status, 204, 'said again')
  const refused = await say(path, hex(Buffer.from('other')))
  t.equal(refused.status, 409)
  t.match(await refused.json(), { error: { details: { own: hex(bytes), said: hex(Buffer.from('other')) } } })
  const kinds = (await eventsAbout(world, `recording:${state.recordingId}`)).map((event) => event.kind)
  t.ok(kinds.includes('upload.refused'), 'and the refusal is an event')
})

t.test('without a digest an upload is sealed after 15 minutes, flagged', async (t) => {
  const world = await openIngestWorld(t, {}, { movesClock: true })
  const bytes = footage(123_456, 'never')
  const path = await upload(world, bytes, {})
  await world.until(async () => (await stateOf(world, path)).sha256)
  world.clock.advance(14 * 60_000)
  await world.until(async () => (await world.deps.finisher.finishNow(path.slice(9))) === 'waits_for_digest')
  world.clock.advance(2 * 60_000)
  const state = await ended(world, path)
  t.equal(state.state, 'sealed')
  t.same((await recordingOf(world, state.recordingId)).flags, ['no_dock_digest'])
})
