import t from 'tap'
import { openIngestWorld, openTestHandIn } from '../../support/ingest.ts'
import { signInAs } from '../access/accounts.ts'
import { openBureau } from '../access/bureau.ts'

t.test('a dock is told the register, and nothing again while nothing has changed', async (t) => {
  const bureau = await openBureau(t)
  const { world, people } = bureau
  const ingest = await openIngestWorld(t, {}, { world, sequencer: false })
  const ask = async (etag?: string) => {
    const response = await ingest.call('GET', '/docks/me/register', {
      headers: etag === undefined ? {} : { 'if-none-match': etag },
    })
    const text = await response.text()
    return { status: response.status, etag: response.headers.get('etag')!, body: text === '' ? null : JSON.parse(text) }
  }
  const first = await ask()
  t.match(first, {
    status: 200,
    body: {
      station: { id: ingest.dock.id, name: 'dock 1', releasedAt: /Z$/ },
      settings: {
        clearing: { recorder: 'clear', phone: 'keep' },
        lateMs: 86_400_000,
        lateMsWhenFull: 14_400_000,
        fullPercent: 50,
        handInTerm: { hours: 24, days: [] },
        names: 'name',
      },
      devices: [{ serial: 'DSJ0001', kind: 'recorder', state: 'in_service', keeper: null, lastHandIn: null }],
      roster: [],
    },
  })
  const known = [people.officer, people.officer2, people.assistant].map(({ id }) => id).sort()
  t.same(
    first.body.people.map(({ id }: { id: string }) => id),
    known,
    'officers and assistants, nobody else',
  )
  t.notMatch(JSON.stringify(first.body), /password|account|token/)
  t.match(await ask(first.etag), { status: 304, body: null, etag: first.etag })

  const name = (running: string) => Buffer.from(`DSJ0001_012345_20261120083000_${running}.MP4`).toString('base64')
  await openTestHandIn(ingest, {
    serial: 'DSJ0001',
    files: ['0007', '0008'].map((running) => ({ name: name(running), bytes: 10 })),
  })
  const second = await ask(first.etag)
  t.match(second, { status: 200, body: { devices: [{ lastHandIn: { at: /Z$/, runningNumber: 8 } }] } })
  const files = [{ name: name('0003'), bytes: 10 }]
  await openTestHandIn(ingest, { serial: 'DSJ0001', openedAt: '2026-11-20T09:00:00+08:00', files })
  const late = (await ask()).body.devices[0].lastHandIn
  t.match(late, { runningNumber: 8 }, 'a list that a dock had kept while it was offline is not the last')
  await world.db.updateTable('person').set({ disabled_at: new Date() }).where('id', '=', people.officer.id).execute()
  const third = await ask(second.etag)
  t.equal(third.status, 200)
  t.same(
    third.body.people.map(({ id }: { id: string }) => id),
    known.filter((id) => id !== people.officer.id),
  )
})

t.test('how a dock says that it stands is shown with the docks, and so is that it was silent for long', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const ingest = await openIngestWorld(t, {}, { world: bureau.world, sequencer: false })
  const say = async (changed: object) => {
    const body = {
      ...{ version: '1.4.0', slots: 24, slotsUsed: 10, spoolBytes: 500e9, spoolUsedBytes: 41e9, waitingBytes: 12e9 },
      ...{ clock: 'proven', offlineSince: null, attention: [{ slot: 3, word: 'unreadable' }], ...changed },
    }
    const headers = { 'content-type': 'application/json' }
    return (await ingest.call('PUT', '/docks/me/state', { headers, body: JSON.stringify(body) })).status
  }
  const { administrator } = await signInAs(bureau, 'administrator')
  const shown = async () => (await administrator.call('GET', '/docks')).body.docks[0]
  t.match(await shown(), { id: ingest.dock.id, state: null })
  t.equal(await say({ clock: 'wound' }), 400)
  t.equal(await say({ offlineSince: 'yesterday' }), 400)
  t.equal(await say({}), 204)
  t.match((await shown()).state, {
    ...{ version: '1.4.0', slots: 24, waitingBytes: 12e9, clock: 'proven', offlineSince: null, remarks: [] },
    attention: [{ slot: 3, word: 'unreadable' }],
  })
  t.equal(await say({ spoolUsedBytes: 499e9, offlineSince: '2026-11-20T08:00:00+08:00' }), 204)
  t.match((await shown()).state, { offlineSince: '2026-11-20T00:00:00.000Z', remarks: [{ zh: '暂存盘将满' }] })
  bureau.world.clock.advance(15 * 60_000)
  t.match((await shown()).state.remarks[0], { zh: /^15分钟未联系/, en: /^not heard of for 15 min/ })
  t.same(await bureau.world.db.selectFrom('event').where('kind', 'like', 'station%').select('id').execute(), [])
})
