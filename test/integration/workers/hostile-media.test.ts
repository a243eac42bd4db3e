import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { notPlayableInChinese } from '../../../services/custody/events/not-playable-words.ts'
import { sandboxDidRun } from '../../../workers/transcode/sandbox.ts'
import { openWorld } from '../../support/world.ts'
import { type ClipName, clipMaker } from './clips.ts'
import { never, worldHandlers } from './handlers.ts'
import { eventsOf, jobRow, recordingRow, sealRecording } from './sealed.ts'

t.setTimeout(480_000)
const world = await openWorld(t)
const clip = await clipMaker(t)
const read = async (name: ClipName): Promise<Buffer> => readFile(await clip(name))

function tsNoise(): Buffer {
  const packets = Buffer.from(randomBytes(188 * 200))
  for (let at = 0; at < packets.length; at += 188) packets[at] = 0x47
  return packets
}

/** A PNG that claims 50,000 × 50,000 pixels. */
async function pixelBomb(): Promise<Buffer> {
  const png = Buffer.from(await read('still.png'))
  png.writeUInt32BE(50_000, 16)
  png.writeUInt32BE(50_000, 20)
  return png
}

/** An MP4 whose sample table was overwritten with noise. */
async function brokenTable(): Promise<Buffer> {
  const bytes = Buffer.from(await read('moov-last.mp4'))
  const at = bytes.indexOf('stbl') + 4
  randomBytes(2000).copy(bytes, at)
  return bytes
}

const playlist = '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n'
const hostile: { name: string; bytes: () => Promise<Buffer> | Buffer; reason: RegExp }[] = [
  { name: 'a zero-byte file', bytes: () => Buffer.alloc(0), reason: /empty/ },
  { name: 'a playlist disguised as MP4', bytes: () => Buffer.from(playlist), reason: /playlist/ },
  { name: 'a playlist behind a byte order mark', bytes: () => Buffer.from(`\ufeff${playlist}`), reason: /playlist/ },
  {
    name: 'a concat script',
    bytes: () => Buffer.from("ffconcat version 1.0\nfile '/etc/passwd'\n"),
    reason: /playlist/,
  },
  {
    name: 'a DASH manifest',
    bytes: () => Buffer.from('<?xml version="1.0"?><MPD><BaseURL>http://10.0.0.1/</BaseURL></MPD>'),
    reason: /playlist/,
  },
  { name: 'a text file', bytes: () => Buffer.from('not footage at all\n'.repeat(50)), reason: /text/ },
  { name: 'a PDF', bytes: () => Buffer.from('%PDF-1.7\n%âãÏÓ\n'), reason: /PDF/ },
  {
    name: 'noise',
    bytes: () => Buffer.concat([Buffer.from([0, 1, 2, 3]), randomBytes(100_000)]),
    reason: /no known format/,
  },
  { name: 'noise in the shape of a transport stream', bytes: tsNoise, reason: /./ },
  {
    name: 'noise behind an MP4 signature',
    bytes: () => Buffer.concat([Buffer.from('00000018667479706d703432', 'hex'), randomBytes(50_000)]),
    reason: /begins as MP4 or QuickTime and cannot be read/,
  },
  {
    name: 'a truncated MP4 whose index was at the end',
    bytes: async () => (await read('moov-last.mp4')).subarray(0, -20_000),
    reason: /breaks off before its index \(moov\)/,
  },
  { name: 'an MP4 of more streams than any device records', bytes: () => read('many-streams.mkv'), reason: /./ },
  { name: 'a picture that claims 2.5 gigapixels', bytes: pixelBomb, reason: /./ },
  {
    name: 'a RIFF that says AVI and holds a playlist',
    bytes: () => Buffer.concat([Buffer.from('RIFF\x10\x00\x00\x00AVI '), Buffer.from(playlist)]),
    reason: /./,
  },
]
for (const { name, bytes, reason } of hostile) {
  t.test(`${name} ends as not playable with the reason; the original is untouched`, async (t) => {
    const sealed = await sealRecording(world, await bytes())
    const { transcode, checksum } = await worldHandlers(t, world)
    await transcode(sealed.jobs.transcode, never)
    await transcode(sealed.jobs.transcode, never)
    const rows = await world.db.selectFrom('rendition').selectAll().where('recording_id', '=', sealed.id).execute()
    const settled = rows.filter(({ state }) => state !== 'abandoned')
    t.match(settled, [{ state: 'not_playable', reason }])
    t.notMatch(settled[0]?.reason, /\/(tmp|root|work|in|out)\//, 'no path of this machine')
    t.notMatch(settled[0]?.reason, /ffmpeg|ffprobe|@ 0x|source:|Invalid|Error/, 'no words of a program')
    const inChinese = notPlayableInChinese({ why: settled[0]?.why, reason: settled[0]?.reason ?? null })
    t.match(inChinese, /[一-鿿]/, 'and in Chinese')
    t.match(await eventsOf(world, sealed.id), { 'rendition.not_playable': 1, 'rendition.ready': undefined })
    t.match(await jobRow(world, sealed.jobs.transcode), { state: 'done' })
    await checksum(sealed.jobs.checksum, never)
    t.equal((await recordingRow(world, sealed.id)).state, 'sealed', 'not damaged')
    t.match(await eventsOf(world, sealed.id), { 'recording.verified': 1 })
  })
}

const partial: { name: string; bytes: () => Promise<Buffer> }[] = [
  {
    name: 'a truncated MP4 whose index came first',
    bytes: async () => (await read('recorder.mp4')).subarray(0, -100_000),
  },
  {
    name: 'a transport stream cut in the middle of a packet',
    bytes: async () => (await read('camera.ts')).subarray(0, -50_077),
  },
]
for (const { name, bytes } of partial) {
  t.test(`${name} is playable as far as it goes`, async (t) => {
    const sealed = await sealRecording(world, await bytes())
    const { transcode } = await worldHandlers(t, world)
    await transcode(sealed.jobs.transcode, never)
    const rows = await world.db.selectFrom('rendition').selectAll().where('recording_id', '=', sealed.id).execute()
    t.match(
      rows.filter(({ state }) => state !== 'abandoned'),
      [{ state: 'ready' }],
    )
    t.ok(rows.at(-1)!.duration_ms! > 500)
  })
}

t.test('a tag that spells an escape of the report changes nothing', async (t) => {
  const sealed = await sealRecording(world, await read('spelling-tags.mp4'))
  const { transcode } = await worldHandlers(t, world)
  await transcode(sealed.jobs.transcode, never)
  t.match(await jobRow(world, sealed.jobs.transcode), { state: 'done' })
  t.match(await eventsOf(world, sealed.id), { 'rendition.ready': 1 })
})

t.test('what footage makes the programs say is not taken for a complaint of the sandbox', async (t) => {
  t.notOk(sandboxDidRun(null, 'bwrap: No permissions to create new namespace'))
  t.notOk(sandboxDidRun(null, '/app/workers/transcode/sandbox/sandbox.sh: 31: exec: bwrap: not found'))
  t.ok(sandboxDidRun(null, "[mov @ 0x1] Skipped opening external track: path='\nbwrap: no\n'"))
})

t.test('a broken sample table ends in one way or the other, never in a job that comes back for ever', async (t) => {
  const sealed = await sealRecording(world, await brokenTable())
  const { transcode } = await worldHandlers(t, world)
  await transcode(sealed.jobs.transcode, never)
  t.match(await jobRow(world, sealed.jobs.transcode), { state: 'done' })
})
