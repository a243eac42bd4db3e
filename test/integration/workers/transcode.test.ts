import { readdir, readFile } from 'node:fs/promises'
import t from 'tap'
import { viewingGrantMs } from '../../../services/custody/viewing/open.ts'
import { Fault } from '../../../services/foundation/errors.ts'
import { sha256 } from '../../../services/foundation/hash.ts'
import { jobHandler } from '../../../workers/run.ts'
import { transcode } from '../../../workers/transcode.ts'
import { openWorld } from '../../support/world.ts'
import { type ClipName, clipMaker } from './clips.ts'
import { never, worldHandlers } from './handlers.ts'
import { detailsOf, eventsOf, jobRow, recordingRow, type Sealed, sealRecording } from './sealed.ts'

t.setTimeout(480_000)
const world = await openWorld(t)
const clip = await clipMaker(t)

async function renditions(sealed: Sealed) {
  return world.db.selectFrom('rendition').selectAll().where('recording_id', '=', sealed.id).orderBy('id').execute()
}

async function filesOf(renditionId: string) {
  return world.db
    .selectFrom('rendition_file')
    .selectAll()
    .where('rendition_id', '=', renditionId)
    .orderBy('kind')
    .orderBy('number')
    .execute()
}

async function tracksOf(renditionId: string) {
  const tracks = world.db.selectFrom('rendition_track').selectAll().where('rendition_id', '=', renditionId)
  return tracks.orderBy('track').execute()
}

async function stored(object: { object_key: string; version_id: string }): Promise<Buffer> {
  const version = { bucket: 'derived', key: object.object_key, versionId: object.version_id } as const
  return Buffer.concat(await (await world.stores.primary.get(version)).toArray())
}

const formats: {
  name: ClipName
  kind: string
  method: string
  codecs: RegExp | null
  seconds: number
  kinds: string[]
}[] = [
  {
    name: 'recorder.mp4',
    kind: 'video',
    method: 'remux',
    codecs: /^avc1\.[0-9a-f]{6},mp4a\.40\.2$/,
    seconds: 10,
    kinds: ['init', 'segment', 'thumbnail'],
  },
  {
    name: 'moov-last.mp4',
    kind: 'video',
    method: 'remux',
    codecs: /^avc1\..*,mp4a/,
    seconds: 6,
    kinds: ['init', 'segment', 'thumbnail'],
  },
  {
    name: 'silent.mp4',
    kind: 'video',
    method: 'remux',
    codecs: /^avc1\.[0-9a-f]{6}$/,
    seconds: 3,
    kinds: ['init', 'segment', 'thumbnail'],
  },
  {
    name: 'camera.mov',
    kind: 'video',
    method: 'transcode_sound',
    codecs: /^avc1\..*,mp4a/,
    seconds: 3,
    kinds: ['init', 'segment', 'thumbnail'],
  },
  {
    name: 'camera.mts',
    kind: 'video',
    method: 'remux',
    codecs: /^avc1\..*,mp4a/,
    seconds: 3,
    kinds: ['init', 'segment', 'thumbnail'],
  },
  {
    name: 'camera.ts',
    kind: 'video',
    method: 'remux',
    codecs: /^avc1\..*,mp4a/,
    seconds: 3,
    kinds: ['init', 'segment', 'thumbnail'],
  },
  {
    name: 'camera.avi',
    kind: 'video',
    method: 'transcode',
    codecs: /^avc1\..*,mp4a/,
    seconds: 3,
    kinds: ['init', 'segment', 'thumbnail'],
  },
  {
    name: 'drone.mp4',
    kind: 'video',
    method: 'transcode',
    codecs: /^avc1\.[0-9a-f]{6}$/,
    seconds: 2,
    kinds: ['init', 'segment', 'thumbnail'],
  },
  {
    name: 'tenbit.mkv',
    kind: 'video',
    method: 'transcode',
    codecs: /^avc1\.4d/,
    seconds: 2,
    kinds: ['init', 'segment', 'thumbnail'],
  },
  {
    name: 'odd.mp4',
    kind: 'video',
    method: 'transcode',
    codecs: /^avc1\.4d/,
    seconds: 2,
    kinds: ['init', 'segment', 'thumbnail'],
  },
  {
    name: 'pen.wav',
    kind: 'audio',
    method: 'transcode',
    codecs: /^mp4a\.40\.2$/,
    seconds: 5,
    kinds: ['init', 'segment'],
  },
  {
    name: 'pen.mp3',
    kind: 'audio',
    method: 'transcode',
    codecs: /^mp4a\.40\.2$/,
    seconds: 5,
    kinds: ['init', 'segment'],
  },
  { name: 'still.jpg', kind: 'still', method: 'transcode', codecs: null, seconds: 0, kinds: ['still'] },
  { name: 'still.png', kind: 'still', method: 'transcode', codecs: null, seconds: 0, kinds: ['still'] },
]
for (const format of formats) {
  t.test(`${format.name} becomes playable (${format.method}), each file by its digest in the ledger`, async (t) => {
    const sealed = await sealRecording(world, await clip(format.name))
    const { transcode, scratchDirectory } = await worldHandlers(t, world)
    await transcode(sealed.jobs.transcode, never)

    const [rendition, ...more] = await renditions(sealed)
    t.same(more, [])
    t.match(rendition, {
      state: 'ready',
      kind: format.kind,
      method: format.method,
      reason: null,
    })
    t.same(rendition?.input_sha256, sealed.sha256)
    const [track, ...others] = await tracksOf(rendition!.id)
    t.same(others, [])
    t.match(track, { kind: format.kind, codecs: format.codecs, streams: [0] })
    const files = await filesOf(rendition!.id)
    t.same([...new Set(files.map(({ kind }) => kind))], format.kinds)
    const segments = files.filter(({ kind }) => kind === 'segment')
    let endMs = 0
    for (const segment of segments) {
      t.equal(segment.start_ms, endMs, 'no gap between segments')
      endMs += segment.duration_ms
    }
    if (segments.length > 0) t.equal(rendition?.duration_ms, endMs)
    t.ok(Math.abs(endMs - format.seconds * 1000) < 250, `${endMs} ms`)
    const inLedger = (await detailsOf(world, sealed.id, 'rendition.published')).flatMap(
      (details) => details.files as { kind: string; number: number; sha256: string }[],
    )
    for (const file of files) {
      const bytes = await stored(file)
      t.same(sha256(bytes), file.sha256)
      const named = inLedger.find(({ kind, number }) => kind === file.kind && number === file.number)
      t.equal(named?.sha256, file.sha256.toString('hex'))
      t.ok(file.object_key.startsWith(`${sealed.id}/${rendition!.id}/`))
      if (file.kind === 'still') t.notOk(bytes.includes('where it was taken'), 'metadata are taken out')
    }
    t.equal(inLedger.length, files.length)
    t.same(await readdir(scratchDirectory), [], 'nothing is left on the scratch disk')
    t.match(await jobRow(world, sealed.jobs.transcode), { state: 'done' })
  })
}

t.test('promise 7: run twice and in parallel there is one rendition and one set of events', async (t) => {
  const sealed = await sealRecording(world, await clip('silent.mp4'))
  const { transcode } = await worldHandlers(t, world)
  const runs = await Promise.allSettled([
    transcode(sealed.jobs.transcode, never),
    transcode(sealed.jobs.transcode, never),
  ])
  t.match(runs.map(({ status }) => status).sort(), ['fulfilled', 'rejected'], 'one runs, the other is put off')
  await transcode(sealed.jobs.transcode, never)
  t.equal((await renditions(sealed)).length, 1)
  t.match(await eventsOf(world, sealed.id), { 'rendition.ready': 1 })
})

t.test('key frames further apart than one viewing grant shows are made anew', async (t) => {
  const sealed = await sealRecording(world, await clip('rare-key-frames.mp4'))
  const { transcode } = await worldHandlers(t, world)
  await transcode(sealed.jobs.transcode, never)
  const rows = await renditions(sealed)
  t.match(rows, [{ method: 'transcode', state: 'ready' }])
  const segments = (await filesOf(rows[0]!.id)).filter(({ kind }) => kind === 'segment')
  t.ok(segments.length > 10)
  t.ok(segments.every(({ duration_ms }) => duration_ms <= viewingGrantMs))
})

t.test('a film grows in the ledger while it is made: its first segments do not wait for its last', async (t) => {
  const sealed = await sealRecording(world, await clip('camera.avi'))
  const { transcode } = await worldHandlers(t, world)
  const running = transcode(sealed.jobs.transcode, never)
  const early = await world.until(async () => {
    const [begun] = await renditions(sealed)
    const files = begun ? await filesOf(begun.id) : []
    if (!files.some(({ kind }) => kind === 'segment')) return null
    return { tracks: await tracksOf(begun!.id), files }
  })
  t.match(early.tracks, [{ codecs: /^avc1/ }], 'codecs are known with the first segment')
  t.ok(early.files.some(({ kind }) => kind === 'init'))
  await running
})

t.test('bytes that are not the sealed ones are never opened: damage and an alarm', async (t) => {
  const sealed = await sealRecording(world, await readFile(await clip('silent.mp4')), {
    sealedAs: Buffer.from('other'),
  })
  const { transcode } = await worldHandlers(t, world)
  await transcode(sealed.jobs.transcode, never)
  t.same(await renditions(sealed), [])
  t.equal((await recordingRow(world, sealed.id)).state, 'damaged')
  t.match(await eventsOf(world, sealed.id), { 'recording.damaged': 1, 'alarm.raised': 1 })
})

t.test('where the sandbox does not hold, footage waits: nothing is ever opened without it', async (t) => {
  const sealed = await sealRecording(world, await clip('silent.mp4'))
  const { clock, log } = world
  const run = { db: world.dbFor('worker'), clock, log }
  const requireSandbox = (): string => {
    throw new Fault('not_ready', 'the sandbox does not hold here')
  }
  const get = (): never => t.fail('an original was read') as never
  const primary = { ...world.storesFor('transcode').primary, get }
  const handler = jobHandler(run, 'transcode', (job, signal) =>
    transcode({ ...run, primary, scratchDirectory: t.testdir(), requireSandbox }, job, 'long', signal),
  )
  await t.rejects(handler(sealed.jobs.transcode, never), { code: 'not_ready' })
  t.match(await jobRow(world, sealed.jobs.transcode), { state: 'pending', attempts: 1 })
  t.same(await renditions(sealed), [])
})

t.test('a job whose process is ended comes back at once and leaves no second rendition', async (t) => {
  const sealed = await sealRecording(world, await clip('camera.avi'))
  const { transcode, scratchDirectory } = await worldHandlers(t, world)
  const stop = new AbortController()
  const running = transcode(sealed.jobs.transcode, stop.signal)
  await world.until(async () => (await renditions(sealed)).length > 0)
  stop.abort(new Error('the worker is shutting down'))
  await t.rejects(running)
  t.match(await jobRow(world, sealed.jobs.transcode), { state: 'pending', attempts: 0 })
  t.same(await readdir(scratchDirectory), [])
  await transcode(sealed.jobs.transcode, never)
  t.match(await renditions(sealed), [{ state: 'abandoned' }, { state: 'ready' }])
})
