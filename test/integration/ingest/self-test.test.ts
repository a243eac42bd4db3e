import t from 'tap'
import { createUpload, footage, hex, openIngestWorld, openTestHandIn, patch, stateOf } from '../../support/ingest.ts'

t.test('footage that names a station’s test of itself is footage', async (t) => {
  const world = await openIngestWorld(t)
  const own = `自检-${world.dock.id}`
  const file = { name: Buffer.from('自检.txt').toString('base64'), bytes: 100 }
  const handIn = await openTestHandIn(world, {
    ...{ serial: own, origin: { kind: 'self_test', from: null }, files: [file] },
  })
  const sealed = async (serial: string, bytes: number) => {
    const content = footage(bytes, `${serial} ${bytes}`)
    const facts = { serial, filename: '自检.txt', sha256: hex(content), handIn, handInNumber: '0' }
    const path = await createUpload(world, bytes, facts)
    await patch(world, path, 0, content)
    const { recordingId } = await world.until(async () => {
      const state = await stateOf(world, path)
      return state.recordingId ? state : null
    })
    const row = await world.db
      .selectFrom('recording')
      .where('id', '=', String(recordingId))
      .select(['flags', 'quarantine_reason'])
      .executeTakeFirstOrThrow()
    return { isTest: row.flags.includes('self_test'), reason: row.quarantine_reason }
  }
  t.same(await sealed('DSJ0001', 100), { isTest: false, reason: 'not_listed' }, 'of a device of ours')
  t.same(await sealed('DSJ9999', 50_000), { isTest: false, reason: 'unknown_device' }, 'of a device that nobody knows')
  t.same(await sealed(own, 50_000), { isTest: false, reason: 'unknown_device' }, 'larger than what was listed')
  t.same(await sealed(own, 100), { isTest: true, reason: null }, 'the file on the list')
})
