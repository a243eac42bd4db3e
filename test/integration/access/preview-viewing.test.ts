import t from 'tap'
import { endPreview } from '../../../services/custody/copies/preview-end.ts'
import { openBureau, type Session } from './bureau.ts'
import { addFootage, type Footage } from './footage.ts'

const purpose = '核查当日执法过程'
const deviceSerial = 'ZJ00001'

t.test('a preview can be watched, says that it is one, and is not shown once it is withdrawn', async (t) => {
  const bureau = await openBureau(t)
  const custodian = await bureau.signIn(bureau.people.custodian)
  const open = (footage: Footage) => openViewing(custodian, footage)
  const detailOf = async ({ recordingId }: Footage) => (await custodian.call('GET', `/recordings/${recordingId}`)).body
  const end = (footage: Footage, why: 'ready' | 'withdrawn') => {
    const recording = { id: footage.recordingId, deviceSerial }
    const { db, clock } = bureau.world
    return db.transaction().execute((trx) => endPreview(trx, clock, recording, why))
  }

  await t.test('a viewing that is open on it goes on when the rendition is ready', async (t) => {
    const footage = await addFootage(bureau, { segments: 10, rendition: 'preview' })
    const opened = await open(footage)
    t.equal(opened.status, 201)
    t.match(opened.body, { isPreview: true, durationMs: 60_000, grantedToMs: 60_000 })
    t.match(await detailOf(footage), { preview: true, rendition: null })
    const base = `/viewings/${opened.body.viewingId}/tracks/0`
    const first = await custodian.call('GET', `${base}/segments/0`)
    t.same(first.bytes, footage.segments[0])
    await end(footage, 'ready')
    const next = await custodian.call('GET', `${base}/segments/9`)
    t.equal(next.status, 200)
    t.same(next.bytes, footage.segments[9])
    t.match((await open(footage)).body.error, { code: 'conflict', message: /still being made/ }, 'none opens on it')
    t.match(await detailOf(footage), { preview: false, rendition: null })
  })

  await t.test('a rendition is no preview', async (t) => {
    for (const rendition of ['ready', 'running'] as const) {
      const footage = await addFootage(bureau, { segments: 2, rendition })
      t.match((await open(footage)).body, { isPreview: false })
      t.match(await detailOf(footage), { preview: false, rendition: { state: rendition } })
    }
    const broken = await addFootage(bureau, { rendition: 'not_playable' })
    t.match(await detailOf(broken), { preview: false, rendition: { state: 'not_playable' } })
  })

  await t.test('nothing of it is served any more when it was withdrawn', async (t) => {
    const footage = await addFootage(bureau, { segments: 10, rendition: 'preview' })
    const { viewingId } = (await open(footage)).body
    t.equal((await custodian.call('GET', `/viewings/${viewingId}/tracks/0/segments/0`)).status, 200)
    await end(footage, 'withdrawn')
    for (const path of ['tracks/0/segments/0', 'tracks/0/init', 'playlist.m3u8', 'still']) {
      const answer = await custodian.call('GET', `/viewings/${viewingId}/${path}`)
      t.match(answer.body.error, { code: 'preview_withdrawn', message: /what it was made from/ }, path)
    }
    const renewed = await custodian.call('POST', `/viewings/${viewingId}/renewals`, { positionMs: 0 })
    t.match(renewed, { status: 410, body: { error: { code: 'preview_withdrawn' } } })
    t.match((await open(footage)).body.error, { code: 'conflict' })
    const refused = await bureau.eventsOf('viewing.refused')
    t.equal(refused.filter(({ details }) => details.reason === 'withdrawn').length, 5)
    t.equal((await custodian.call('DELETE', `/viewings/${viewingId}`)).status, 204)
  })
})

function openViewing(session: Session, footage: Footage) {
  return session.call('POST', `/recordings/${footage.recordingId}/viewings`, { purpose })
}
