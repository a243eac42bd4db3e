import { Readable } from 'node:stream'
import t from 'tap'
import { isFault } from '../../../../services/foundation/errors.ts'
import { box, words } from '../../../../workers/transcode/fragments/boxes.ts'
import { fragmentBytesMax, openFragmentedFilm } from '../../../../workers/transcode/fragments/fragment-stream.ts'
import { makeFragmentedFilm, openBytes, placeFilm } from '../../../support/fragmented-film.ts'
import { seededRandom } from '../../../support/seeded-random.ts'

const whole = await makeFragmentedFilm({ seconds: 2, rate: 10, keyEvery: 5, bFrames: 1, sampleRate: 8000 })
const firstMoof = whole.indexOf('moof') - 4

/** Null when the film was read to its end, else the sentence; anything but a Fault fails the test. */
async function refusal(bytes: Buffer): Promise<string | null> {
  try {
    await placeFilm(bytes)
    return null
  } catch (error) {
    if (isFault(error, 'bad_request')) return error.message
    throw error
  }
}

function changed(at: number, ...values: number[]): Buffer {
  const bytes = Buffer.from(whole)
  bytes.set(values, at)
  return bytes
}

t.test('a film that is cut anywhere but between two boxes is refused', async (t) => {
  t.equal(await refusal(whole), null)
  const random = seededRandom(7)
  for (let cut = 0; cut < 60; cut++) {
    const at = 1 + Math.floor(random() * (whole.length - 2))
    const said = await refusal(whole.subarray(0, at))
    const lastBox = whole.indexOf('mfra') - 4
    if (at !== lastBox) t.match(said, /breaks off|no data|nothing of it/, `cut at ${at}`)
  }
  t.match(await refusal(Buffer.alloc(0)), /nothing of it became a film/)
})

t.test('changed bytes are refused or change what is shown, and nothing else happens', async (t) => {
  const random = seededRandom(11)
  // What describes the film comes before its first data.
  const headers = whole.indexOf('mdat')
  let refused = 0
  for (let change = 0; change < 400; change++) {
    const bytes = Buffer.from(whole)
    for (let n = 0; n < 1 + random() * 3; n++) bytes[Math.floor(random() * headers)] = Math.floor(random() * 256)
    if ((await refusal(bytes)) !== null) refused++
  }
  t.ok(refused > 100, `${refused} of 400`)
})

t.test('impossible sizes of any box are refused', async (t) => {
  for (const type of ['moov', 'mvex', 'trak', 'stsd', 'avcC', 'esds', 'moof', 'traf', 'tfhd', 'trun', 'mdat']) {
    const at = whole.indexOf(type) - 4
    for (const size of [
      [0, 0, 0, 0],
      [0, 0, 0, 1],
      [0, 0, 0, 7],
      [255, 255, 255, 255],
      [127, 255, 255, 255],
    ]) {
      t.type(await refusal(changed(at, ...size)), 'string', `${type} ${size}`)
    }
  }
})

t.test('a run that names 2^32 samples, or samples outside its fragment, is refused', async (t) => {
  const trun = whole.indexOf('trun')
  t.match(await refusal(changed(trun + 8, 255, 255, 255, 255)), /samples lie in one fragment/)
  t.match(await refusal(changed(trun + 12, 255, 255, 255, 0)), /outside its fragment/)
  t.match(await refusal(changed(trun + 12, 127, 255, 255, 255)), /outside its fragment/)
})

t.test('more than a fragment is not read', async (t) => {
  const header = Buffer.concat([words([1]), Buffer.from('mdat'), words([0, fragmentBytesMax])])
  const long = Buffer.concat([whole.subarray(0, whole.indexOf('mdat') - 4), header])
  t.match(await refusal(long), /larger than 64 MiB/)
  const moof = Buffer.concat([words([fragmentBytesMax + 1]), Buffer.from('moof')])
  t.match(await refusal(Buffer.concat([whole.subarray(0, firstMoof), moof])), /larger than 64 MiB/)
})

t.test('a million boxes, beside one another or inside one another, are refused', async (t) => {
  const free = box('free')
  const many = Buffer.alloc(8 * 1_000_000, free)
  t.match(await refusal(Buffer.concat([whole.subarray(0, firstMoof), many])), /boxes without film/)
  t.match(await refusal(many), /header is larger/)
  const empty = Buffer.concat([box('moof', box('mfhd', words([0, 1]))), box('mdat')])
  t.match(
    await refusal(Buffer.concat([whole.subarray(0, firstMoof), Buffer.alloc(empty.length * 5000, empty)])),
    /without film/,
  )
  t.match(await refusal(Buffer.concat([box('moov', many.subarray(0, 800_000))])), /more than 1000 boxes/)
  let nested = box('moov')
  for (let depth = 0; depth < 5000; depth++) nested = box('moov', nested)
  t.type(await refusal(nested), 'string')
})

t.test('encrypted and other codecs are refused by name', async (t) => {
  t.match(await refusal(changed(whole.indexOf('avc1', whole.indexOf('moov')), ...Buffer.from('encv'))), /encrypted/)
  t.match(await refusal(changed(whole.indexOf('mp4a'), ...Buffer.from('enca'))), /encrypted/)
  t.match(await refusal(changed(whole.indexOf('avc1', whole.indexOf('moov')), ...Buffer.from('hvc1'))), /"hvc1"/)
})

t.test('the stream is closed when reading ends early', async (t) => {
  const source = Readable.from([whole.subarray(0, firstMoof), whole.subarray(firstMoof)], { objectMode: true })
  const film = await openFragmentedFilm(source)
  for await (const _fragment of film.fragments) break
  t.ok(source.destroyed)
  const broken = Readable.from([Buffer.from('not a film at all')], { objectMode: true })
  await t.rejects(openFragmentedFilm(broken), { code: 'bad_request' })
  t.ok(broken.destroyed)
  const failing = Readable.from(
    (function* () {
      yield whole.subarray(0, firstMoof)
      throw new Error('the pipe broke')
    })(),
  )
  const { fragments } = await openFragmentedFilm(failing)
  await t.rejects(fragments.next(), { message: 'the pipe broke' })
  t.ok(await openBytes(whole))
})
