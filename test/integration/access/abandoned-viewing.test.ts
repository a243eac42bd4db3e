import t from 'tap'
import { freePort } from '../../../deploy/local/stack/free-port.ts'
import { beginRendition, type RenditionMaking } from '../../../services/custody/viewing/rendition.ts'
import { type Bureau, openBureau } from './bureau.ts'
import { addFootage } from './footage.ts'
import { makeFilm, on, openBrowser, signInOn, skip } from './watch-browser.ts'

const purpose = '核查当日执法过程'

/** Begins the recording's rendition anew, as the workers do when a way of making it is not good enough. */
async function beginAnew({ world }: Bureau, recordingId: string): Promise<void> {
  const making: RenditionMaking = {
    ...{ kind: 'video', method: 'transcode', tool: 'ffmpeg of the test', flags: [] },
    tracks: [{ track: 0, kind: 'video', streams: [0], channels: null }],
    inputSha256: Buffer.alloc(32),
  }
  await world.db.transaction().execute((trx) => beginRendition(trx, recordingId, making, world.clock.now()))
}

t.test('a rendition that was given up is not shown to its end, and what was served stays on record', async (t) => {
  const bureau = await openBureau(t)
  const custodian = await bureau.signIn(bureau.people.custodian)
  const { recordingId, segments } = await addFootage(bureau, { segments: 10, rendition: 'running' })
  const opened = await custodian.call('POST', `/recordings/${recordingId}/viewings`, { purpose })
  t.equal(opened.status, 201)
  const { viewingId } = opened.body
  const base = `/viewings/${viewingId}`
  for (const number of [0, 1]) {
    t.same((await custodian.call('GET', `${base}/tracks/0/segments/${number}`)).bytes, segments[number])
  }
  await beginAnew(bureau, recordingId)
  for (const path of ['tracks/0/segments/2', 'tracks/0/init', 'playlist.m3u8', 'tracks/0/playlist.m3u8']) {
    const answer = await custodian.call('GET', `${base}/${path}`)
    t.match(
      answer,
      { status: 410, body: { error: { code: 'rendition_abandoned', message: /open a new viewing/ } } },
      path,
    )
  }
  const renewed = await custodian.call('POST', `${base}/renewals`, { positionMs: 12_000 })
  t.match(renewed, { status: 410, body: { error: { code: 'rendition_abandoned' } } })
  const refused = await bureau.eventsOf('viewing.refused')
  t.same(
    refused.map(({ details }) => details.reason),
    Array(5).fill('abandoned'),
  )
  t.same(await bureau.eventsOf('viewing.renewed'), [])
  t.equal((await custodian.call('DELETE', base)).status, 204)
  t.match(await bureau.eventsOf('viewing.ended'), [
    { details: { endKind: 'closed', servedRanges: [{ fromMs: 0, toMs: 12_000 }], servedMs: 12_000 } },
  ])
})

t.test('the page says why it stops', { skip }, async (t) => {
  const bureau = await openBureau(t, { port: await freePort() })
  const { recordingId } = await addFootage(bureau, { media: await makeFilm(t, { seconds: 60 }), rendition: 'running' })
  const browser = await openBrowser(t)
  const page = await browser.newPage()
  await page.goto(`${bureau.base}/watch?recording=${recordingId}`)
  await signInOn(page, bureau)
  await page.fill('#purpose [name=purpose]', purpose)
  await page.click('#purpose button')
  await on(page, 'document.getElementById("film").readyState >= 2')
  await beginAnew(bureau, recordingId)
  await page.locator('#notice', { hasText: '播放件未制成，已作废' }).waitFor({ timeout: 60_000 })
  await page.locator('#player').waitFor({ state: 'hidden' })
  t.match(await bureau.world.until(async () => (await bureau.eventsOf('viewing.ended'))[0]), {
    details: { endKind: 'closed' },
  })
})
