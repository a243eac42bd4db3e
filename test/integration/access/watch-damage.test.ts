import { join } from 'node:path'
import t from 'tap'
import { freePort } from '../../../deploy/local/stack/free-port.ts'
import type { Teardown } from '../../support/stack.ts'
import { type Bureau, openBureau } from './bureau.ts'
import { addFootage, type Media } from './footage.ts'
import { makeFilm, on, openBrowser, type Page, pictures, signInOn, skip } from './watch-browser.ts'

type Spoil = (bytes: Buffer, number: number) => Buffer

/** The film with some of its pieces spoilt before they were published: the ledger has the digests of what is spoilt. */
const spoilt = (media: Media, numbers: number[], spoil: Spoil): Media => ({
  init: media.init,
  segments: media.segments.map(({ bytes, durationMs }, number) => ({
    bytes: numbers.includes(number) ? spoil(bytes, number) : bytes,
    durationMs,
  })),
})

async function openOn(t: Teardown, bureau: Bureau, recordingId: string) {
  const browser = await openBrowser(t)
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } })
  const requests = new Map<string, number>()
  page.on('request', (request) => {
    const [piece] = /tracks\/\d+\/(init|segments\/\d+)$/.exec(request.url()) ?? []
    if (piece) requests.set(piece, (requests.get(piece) ?? 0) + 1)
  })
  await page.goto(`${bureau.base}/watch?recording=${recordingId}`)
  await signInOn(page, bureau)
  await page.fill('#purpose [name=purpose]', '核查当日执法过程是否完整')
  await page.click('#purpose button')
  return { page, requests }
}

async function play(page: Page, rate: number) {
  await on(page, 'document.getElementById("film").readyState >= 2')
  await page.evaluate('document.getElementById("film").muted = true')
  await page.evaluate(`document.getElementById("film").playbackRate = ${rate}`)
  await page.evaluate('document.getElementById("film").play()')
}

const most = (requests: ReadonlyMap<string, number>) => Math.max(...requests.values())

t.test('a damaged piece is passed over, and nothing is fetched again and again', { skip }, async (t) => {
  const film = await makeFilm(t, { seconds: 60 })
  const ways: Record<string, Spoil> = {
    'no fragment at all': (bytes) => Buffer.alloc(bytes.length, 'x'),
    'an empty one': () => Buffer.from('0000000866726565', 'hex'),
  }
  for (const [name, spoil] of Object.entries(ways)) {
    await t.test(name, async (t) => {
      const bureau = await openBureau(t, { port: await freePort() })
      const { recordingId } = await addFootage(bureau, { media: spoilt(film, [2, 4], spoil) })
      const { page, requests } = await openOn(t, bureau, recordingId)
      await play(page, 4)
      await on(page, 'document.getElementById("film").currentTime > 58')
      t.ok(most(requests) <= 2, JSON.stringify([...requests]))
      t.equal(requests.size, 11, 'every piece was asked for')
      const refused = (await bureau.eventsOf('viewing.refused')).map(({ details }) => details.reason)
      t.same(refused, [])
    })
  }
})

t.test('a piece that is not what the ledger committed is said, and the film goes on behind it', { skip }, async (t) => {
  const film = await makeFilm(t, { seconds: 36 })
  const bureau = await openBureau(t, { port: await freePort() })
  const { recordingId, renditionId } = await addFootage(bureau, { media: film })
  await bureau.world.db
    .updateTable('rendition_file')
    .set({ start_ms: 1 })
    .where('rendition_id', '=', renditionId)
    .where('kind', '=', 'segment')
    .where('number', '=', 2)
    .execute()
  const { page, requests } = await openOn(t, bureau, recordingId)
  await play(page, 2)
  await page.locator('#notice', { hasText: '指纹不符' }).waitFor()
  await on(page, 'document.getElementById("film").currentTime > 33')
  t.ok((requests.get('segments/2') ?? 0) <= 2)
  t.ok(most(requests) <= 2, JSON.stringify([...requests]))
  t.match((await bureau.eventsOf('alarm.raised'))[0]?.details, { alarm: 'rendition_row_differs', number: 2 })
  t.equal((await bureau.eventsOf('alarm.raised')).length, 1)
})

t.test('where nothing can be played the page gives up with a sentence', { skip }, async (t) => {
  const film = await makeFilm(t, { seconds: 60 })
  const bureau = await openBureau(t, { port: await freePort() })
  const all = film.segments.map((_segment, number) => number)
  const { recordingId } = await addFootage(bureau, {
    media: spoilt(film, all, (bytes) => Buffer.alloc(bytes.length, 'x')),
  })
  const { page, requests } = await openOn(t, bureau, recordingId)
  await page.locator('#notice', { hasText: '连续多个片段无法播放' }).waitFor()
  t.ok(requests.size <= 6, JSON.stringify([...requests]))
  await bureau.world.until(async () => (await bureau.eventsOf('viewing.ended'))[0])
})

t.test('of several tracks the main one plays, and the page says how many others there are', { skip }, async (t) => {
  const bureau = await openBureau(t, { port: await freePort() })
  const sound = { ...(await makeFilm(t, { seconds: 24, sound: true })), channels: [1] }
  const found = {
    ...{ statedMs: 40_000, foundMs: 24_000 },
    holes: [{ track: 0, fromMs: 24_000, toMs: 40_000, why: 'damaged' as const }],
    notShown: [{ stream: 3, why: 'encrypted' as const }],
  }
  const media = await makeFilm(t, { seconds: 24 })
  const flags = ['no_list', 'clock_implausible', 'times_differ'] as const
  const { recordingId } = await addFootage(bureau, { media, sounds: [sound, sound], found, flags: [...flags] })
  const { page } = await openOn(t, bureau, recordingId)
  await on(page, 'document.getElementById("film").readyState >= 2')
  await page.locator('#tracks', { hasText: '另有 2 路声音' }).waitFor()
  await page.locator('#sentences li', { hasText: '文件头标明时长 40.0 秒，其中 24.0 秒可以播放' }).waitFor()
  if (pictures) await page.screenshot({ path: join(pictures, '8-notes-playing.png'), fullPage: true })
  await page.click('#language')
  await page.locator('#sentences li', { hasText: 'Stream 3 of the original is not in the rendition' }).waitFor()
  await play(page, 4)
  await on(page, 'document.getElementById("film").currentTime > 20')
  await page.click('#close')
  if (pictures) await page.screenshot({ path: join(pictures, '9-notes.png'), fullPage: true })
  await page.setViewportSize({ width: 390, height: 800 })
  if (pictures) await page.screenshot({ path: join(pictures, '10-notes-phone.png'), fullPage: true })
  t.notOk(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), 'nothing sticks out')
  const ended = await bureau.world.until(async () => (await bureau.eventsOf('viewing.ended'))[0])
  t.equal(ended.details.servedTracks, undefined, 'the main track alone was served')

  const broken = await addFootage(bureau, { rendition: 'not_playable', why: 'text', flags: ['name_not_parsed'] })
  await page.goto(`${bureau.base}/watch?recording=${broken.recordingId}`)
  await page.locator('#facts', { hasText: 'no video or sound in it' }).waitFor()
  await page.click('#language')
  await page.locator('#facts', { hasText: '文本文件，不是音像资料' }).waitFor()
  if (pictures) await page.screenshot({ path: join(pictures, '11-not-playable-phone.png'), fullPage: true })
})
