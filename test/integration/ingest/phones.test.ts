import { sql } from 'kysely'
import t from 'tap'
import { registerDevice } from '../../../services/custody/devices/device.ts'
import { openReport } from '../../../services/custody/fsck/finding.ts'
import { checkRows } from '../../../services/custody/fsck/rows.ts'
import { createUpload, footage, openIngestWorld, openTestHandIn, patch, stateOf } from '../../support/ingest.ts'

t.test('what a telephone recorded says so, and what a chat program compressed says that too', async (t) => {
  const world = await openIngestWorld(t)
  const { db, clock } = world
  const setup = { id: 'setup', role: 'service' } as const
  await db.transaction().execute((trx) => registerDevice(trx, clock, setup, { serial: 'SJ-0001', kind: 'phone' }))
  const sealed = async (serial: string, filename: string, openedAt: string) => {
    const bytes = footage(1000, filename)
    const list = { serial, openedAt, files: [{ name: Buffer.from(filename).toString('base64'), bytes: bytes.length }] }
    const handIn = await openTestHandIn(world, list)
    const path = await createUpload(world, bytes.length, { serial, filename, handIn })
    await patch(world, path, 0, bytes)
    const body = JSON.stringify({ sha256: (await stateOf(world, path)).sha256 })
    await world.call('PUT', `${path}/digest`, { headers: { 'content-type': 'application/json' }, body })
    const id = await world.until(async () => (await stateOf(world, path)).recordingId)
    const row = db.selectFrom('recording').where('id', '=', `${id}`).select('flags').executeTakeFirstOrThrow()
    return { id: `${id}`, flags: (await row).flags }
  }
  const film = await sealed('SJ-0001', 'VID_20261120_083000.mp4', '2026-11-20T18:00:00+08:00')
  t.same(film.flags, ['not_enforcement_device', 'name_not_parsed'])
  const chat = await sealed('SJ-0001', 'mmexport1764137002123.mp4', '2026-11-20T18:01:00+08:00')
  t.same(chat.flags, ['not_enforcement_device', 'recompressed_likely', 'name_not_parsed'])
  const onRecorder = await sealed('DSJ0001', 'mmexport1764137002124.mp4', '2026-11-20T18:02:00+08:00')
  t.same(onRecorder.flags, ['recompressed_likely', 'name_not_parsed'], 'somebody put it onto the card')

  const { body } = await db
    .selectFrom('event')
    .where('kind', '=', 'recording.sealed')
    .where(sql<boolean>`subjects @> array[${`recording:${chat.id}`}]`)
    .select('body')
    .executeTakeFirstOrThrow()
  t.same(JSON.parse(body).details.flags, chat.flags, 'the event has them for ever')
  const report = openReport()
  await checkRows(db, report)
  const ids = [film, chat, onRecorder].map(({ id }) => id)
  t.same(
    report.findings().filter(({ subject }) => ids.some((id) => subject.includes(id))),
    [],
  )
})
