import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { kindsWithRows } from '../../../services/custody/events/read.ts'
import { compareRows, type RowFault } from '../../../services/custody/events/replay.ts'
import { onlyTables, toldOf } from '../../../services/custody/fsck/replayed-rows.ts'
import { storedOfRecordings } from '../../../services/custody/fsck/stored-rows.ts'
import { sha256 } from '../../../services/foundation/hash.ts'
import type { Store } from '../../../services/foundation/store/store.ts'
import { inFull } from '../../support/in-full.ts'
import { openWorld } from '../../support/world.ts'
import { clipMaker } from './clips.ts'
import { never, worldHandlers } from './handlers.ts'
import { killedAt } from './killed-at.ts'
import { type LargeFilm, makeLargeFilm, plainCoding } from './large-film.ts'
import { detailsOf, eventsOf, jobRow, recordingRow, type Sealed, sealRecording } from './sealed.ts'

t.setTimeout(480_000)
const world = await openWorld(t, { movesClock: true })
const clip = await clipMaker(t)
const film = await makeLargeFilm(t.testdir(), plainCoding)
const leaseMs = 16_000

async function statesOf({ id }: Sealed): Promise<string[]> {
  const rows = await world.db.selectFrom('rendition').select('state').where('recording_id', '=', id).execute()
  return rows.map(({ state }) => state).sort()
}

/** How the rows of the recording's renditions differ from what its events say of them. */
async function faultsOf({ id }: Sealed): Promise<readonly RowFault[]> {
  const tables = ['rendition', 'rendition_file']
  const told = await toldOf(world.db, [`recording:${id}`], kindsWithRows)
  return compareRows(onlyTables(told, tables), onlyTables(await storedOfRecordings(world.db, [id]), tables))
}

type Get = Store['get']

/** The primary store, read by `get` instead, which is given the store's own. */
function primaryReadBy(get: (own: Get) => Get): Store {
  const { primary } = world.storesFor('transcode')
  const ownGet: Get = (object, options) => primary.get(object, options)
  return new Proxy(primary, {
    get(target, property) {
      if (property === 'get') return get(ownGet)
      const value: unknown = Reflect.get(target, property)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** The primary store, where reading a whole original for the first time does `atWhole` before. */
function primaryThat(atWhole: () => Promise<void>) {
  let isRead = false
  return primaryReadBy((own) => async (object, options) => {
    if (object.bucket === 'originals' && options?.start === undefined && !isRead) {
      isRead = true
      await atWhole()
    }
    return own(object, options)
  })
}

/** What reads part of an original gets another byte where nothing is shown; what reads the whole gets what was sealed. */
function altersRanges(own: Get): Get {
  return async (object, options) => {
    const source = await own(object, options)
    const { start } = options ?? {}
    if (object.bucket !== 'originals' || start === undefined) return source
    let at = start
    return source.map((chunk: Buffer) => {
      const place = film.emptyAt + 1000 - at
      at += chunk.length
      if (place < 0 || place >= chunk.length) return chunk
      const copy = Buffer.from(chunk)
      copy.writeUInt8(1, place)
      return copy
    })
  }
}

/** The film with one bit flipped where nothing is shown. */
function damaged({ bytes, emptyAt }: LargeFilm): Buffer {
  const copy = Buffer.from(bytes)
  copy.writeUInt8(1, emptyAt + 1000)
  return copy
}

t.test('the first minute is published before the original is read, and ends when the rendition is ready', async (t) => {
  const sealed = await sealRecording(world, film.bytes)
  let early: Record<string, unknown> | null = null
  const primary = primaryThat(async () => {
    const [preview] = await world.db.selectFrom('rendition').selectAll().where('recording_id', '=', sealed.id).execute()
    const files = await world.db
      .selectFrom('rendition_file')
      .selectAll()
      .where('rendition_id', '=', preview!.id)
      .execute()
    early = { preview, files }
  })
  const { transcode, scratchDirectory } = await worldHandlers(t, world, { primary })
  await transcode(sealed.jobs.transcode, never)
  const { preview, files } = early! as {
    preview: Record<string, unknown>
    files: { kind: string; start_ms: number; duration_ms: number }[]
  }
  t.match(preview, { state: 'preview', kind: 'video', method: 'remux', ended_at: null })
  const segments = files.filter(({ kind }) => kind === 'segment')
  const lengthMs = segments.reduce((sum, { duration_ms }) => sum + duration_ms, 0)
  t.equal(lengthMs, preview.duration_ms)
  t.ok(lengthMs >= 59_900 && lengthMs <= 60_100, `${lengthMs} ms`)
  const [published] = await detailsOf(world, sealed.id, 'rendition.preview_published')
  t.match(published, { renditionId: preview.id, inputSha256: sealed.sha256.toString('hex'), read: [{ fromByte: 0 }] })
  t.equal((published!.files as unknown[]).length, files.length)
  t.same(await detailsOf(world, sealed.id, 'rendition.preview_ended'), [{ renditionId: preview.id, why: 'ready' }])
  t.same(await statesOf(sealed), ['preview_ended', 'ready'])
  t.same(await faultsOf(sealed), [])
  t.same(await readdir(scratchDirectory), [])
})

t.test('the index behind the head is found, and nothing between is read', async (t) => {
  const gap = Buffer.alloc(40 * 1024 * 1024)
  gap.writeUInt32BE(gap.length, 0)
  gap.write('free', 4, 'latin1')
  const index = film.bytes.lastIndexOf('moov') - 4
  const long = Buffer.concat([film.bytes.subarray(0, index), gap, film.bytes.subarray(index)])
  const path = join(t.testdir(), 'long.mp4')
  await writeFile(path, long)
  const sealed = await sealRecording(world, path)
  const { transcode } = await worldHandlers(t, world)
  await transcode(sealed.jobs.transcode, never)
  const [published] = await detailsOf(world, sealed.id, 'rendition.preview_published')
  const head = 64 * 1024 * 1024
  const read = (fromByte: number, toByte: number) => {
    return { fromByte, toByte, sha256: sha256(long.subarray(fromByte, toByte)).toString('hex') }
  }
  const indexAt = index + gap.length
  t.same(published!.read, [read(0, head), read(indexAt, indexAt + 16), read(indexAt, long.length)])
  t.ok((published!.durationMs as number) >= 59_900)
  t.same(await statesOf(sealed), ['preview_ended', 'ready'])
})

t.test('what turns out not to be the sealed bytes is withdrawn with the damage and its alarm', async (t) => {
  const sealed = await sealRecording(world, damaged(film), { sealedAs: film.bytes })
  const { transcode } = await worldHandlers(t, world)
  await transcode(sealed.jobs.transcode, never)
  t.same(await statesOf(sealed), ['withdrawn'])
  t.same(await faultsOf(sealed), [])
  t.match(await detailsOf(world, sealed.id, 'rendition.preview_ended'), [{ why: 'withdrawn' }])
  t.equal((await recordingRow(world, sealed.id)).state, 'damaged')
  t.match(await eventsOf(world, sealed.id), { 'recording.damaged': 1, 'alarm.raised': 1 })
})

t.test('a preview of other bytes than the original has is withdrawn when the whole was read', async (t) => {
  const sealed = await sealRecording(world, film.bytes)
  const { transcode } = await worldHandlers(t, world, { primary: primaryReadBy(altersRanges) })
  await transcode(sealed.jobs.transcode, never)
  t.same(await statesOf(sealed), ['ready', 'withdrawn'])
  t.same(await faultsOf(sealed), [])
  const [preview] = await detailsOf(world, sealed.id, 'rendition.preview_published')
  const { renditionId, read } = preview as { renditionId: string; read: Record<string, unknown>[] }
  const { sha256: found, ...place } = read[0]!
  const expected = sha256(film.bytes.subarray(place.fromByte as number, place.toByte as number)).toString('hex')
  t.same(await detailsOf(world, sealed.id, 'rendition.preview_ended'), [{ renditionId, why: 'withdrawn' }])
  t.same(await detailsOf(world, sealed.id, 'alarm.raised'), [
    { alarm: 'preview_differs', renditionId, ...place, expected, found },
  ])
})

t.test('the next run finds it when the first one died before the whole was read', { skip: !inFull }, async (t) => {
  const sealed = await sealRecording(world, film.bytes)
  const stopping = primaryReadBy((own) => async (object, options) => {
    if (object.bucket === 'originals' && options?.start === undefined) throw new Error('the run stops here')
    return altersRanges(own)(object, options)
  })
  const stopped = await worldHandlers(t, world, { primary: stopping })
  await t.rejects(stopped.transcode(sealed.jobs.transcode, never), /stops here/)
  t.same(await statesOf(sealed), ['preview'])
  await (await worldHandlers(t, world)).transcode(sealed.jobs.transcode, never)
  t.same(await statesOf(sealed), ['ready', 'withdrawn'])
  t.match(await eventsOf(world, sealed.id), { 'rendition.preview_ended': 1, 'alarm.raised': 1 })
})

t.test('an error nobody thought of costs the preview and not the rendition', { skip: !inFull }, async (t) => {
  const sealed = await sealRecording(world, film.bytes)
  const primary = primaryReadBy((own) => async (object, options) => {
    if (options?.start !== undefined) throw new TypeError('a mistake of ours')
    return own(object, options)
  })
  const { transcode, scratchDirectory } = await worldHandlers(t, world, { primary })
  await transcode(sealed.jobs.transcode, never)
  t.same(await statesOf(sealed), ['ready'])
  t.match(await eventsOf(world, sealed.id), { 'rendition.ready': 1, 'rendition.preview_published': undefined })
  t.same(await readdir(scratchDirectory), [])
})

t.test('a copy that is too short for a preview is damage all the same', { skip: !inFull }, async (t) => {
  const sealed = await sealRecording(world, film.bytes.subarray(0, 35 * 1024 * 1024), { sealedAs: film.bytes })
  const { transcode } = await worldHandlers(t, world)
  await transcode(sealed.jobs.transcode, never)
  t.same(await statesOf(sealed), [])
  t.match(await eventsOf(world, sealed.id), { 'recording.damaged': 1, 'rendition.preview_published': undefined })
})

t.test('a preview is withdrawn by whoever finds the damage first, and none is made after that', async (t) => {
  const sealed = await sealRecording(world, damaged(film), { sealedAs: film.bytes })
  const found = await worldHandlers(t, world)
  const primary = primaryThat(async () => {
    t.same(await statesOf(sealed), ['preview'])
    await found.checksum(sealed.jobs.checksum, never)
    t.same(await statesOf(sealed), ['withdrawn'])
  })
  await (await worldHandlers(t, world, { primary })).transcode(sealed.jobs.transcode, never)
  t.match(await eventsOf(world, sealed.id), {
    ...{ 'recording.damaged': 1, 'alarm.raised': 1, 'rendition.preview_published': 1, 'rendition.preview_ended': 1 },
  })
  const known = await sealRecording(world, damaged(film), { sealedAs: film.bytes })
  await found.checksum(known.jobs.checksum, never)
  await found.transcode(known.jobs.transcode, never)
  t.same(await statesOf(known), [])
})

t.test('a run that is stopped leaves its preview, which the next run keeps and ends', { skip: !inFull }, async (t) => {
  const sealed = await sealRecording(world, film.bytes)
  const primary = primaryThat(async () => {
    throw new Error('the run stops here')
  })
  const stopped = await worldHandlers(t, world, { primary })
  await t.rejects(stopped.transcode(sealed.jobs.transcode, never), /stops here/)
  t.same(await statesOf(sealed), ['preview'])
  t.same(await faultsOf(sealed), [])
  await (await worldHandlers(t, world)).transcode(sealed.jobs.transcode, never)
  t.same(await statesOf(sealed), ['preview_ended', 'ready'])
  t.match(await eventsOf(world, sealed.id), { 'rendition.preview_published': 1, 'rendition.preview_ended': 1 })
})

t.test('promise 7: killed while it makes a preview, a run ends the same way when it is run again', async (t) => {
  const { transcode, scratchDirectory } = await worldHandlers(t, world)
  let states: string[] = []
  let kills = 0
  // Steps are calls of stores and transactions: the first are the lease's, the preview's go on to its own transaction.
  for (let step = 12; !states.includes('preview'); step += 8) {
    const sealed = await sealRecording(world, film.bytes)
    t.ok(await killedAt(world, step, { name: 'transcode', id: sealed.jobs.transcode }, scratchDirectory))
    kills += 1
    states = await statesOf(sealed)
    t.ok(states.length === 0 || states.includes('preview'), `step ${step}: ${states.join()}`)
    world.clock.advance(leaseMs)
    await transcode(sealed.jobs.transcode, never)
    t.same(
      (await statesOf(sealed)).filter((state) => state !== 'abandoned'),
      ['preview_ended', 'ready'],
    )
    t.match(await eventsOf(world, sealed.id), { 'rendition.preview_published': 1, 'rendition.preview_ended': 1 })
  }
  t.ok(kills > 1, `${kills} kills`)
})

t.test('two runs at once make one preview', { skip: !inFull }, async (t) => {
  const sealed = await sealRecording(world, film.bytes)
  const { transcode } = await worldHandlers(t, world)
  const ends = await Promise.allSettled([
    transcode(sealed.jobs.transcode, never),
    transcode(sealed.jobs.transcode, never),
  ])
  t.ok(ends.some(({ status }) => status === 'fulfilled'))
  t.same(await jobRow(world, sealed.jobs.transcode).then(({ state }) => state), 'done')
  t.match(await eventsOf(world, sealed.id), { 'rendition.preview_published': 1, 'rendition.preview_ended': 1 })
})

t.test('no preview of a small file, nor of one whose picture has to be encoded', { skip: !inFull }, async (t) => {
  const { transcode } = await worldHandlers(t, world)
  const mpeg4 = await makeLargeFilm(t.testdir(), ['-c:v', 'mpeg4', '-c:a', 'aac'])
  for (const source of [await clip('recorder.mp4'), mpeg4.bytes]) {
    const sealed = await sealRecording(world, source)
    await transcode(sealed.jobs.transcode, never)
    t.same(await statesOf(sealed), ['ready'])
    t.match(await eventsOf(world, sealed.id), { 'rendition.ready': 1, 'rendition.preview_published': undefined })
  }
})
