import { PassThrough } from 'node:stream'
import t from 'tap'
import type { Store } from '../../../services/foundation/store/store.ts'
import { openBureau } from '../access/bureau.ts'
import { addFootage } from '../access/footage.ts'

t.setTimeout(480_000)

const number = '综执检〔2026〕0901号'

/** A store with every copy, whose bytes take for ever to come. Remembers the reads that began. */
function endlessStore(store: Store): { store: Store; reads: PassThrough[] } {
  const reads: PassThrough[] = []
  const retainUntil = new Date(Date.now() + 90 * 24 * 60 * 60_000)
  return {
    reads,
    store: {
      ...store,
      stat: async ({ bucket, key, versionId }) => ({
        ...{ bucket, key, versionId: versionId ?? 'v', bytes: 1234, lastModified: new Date() },
        etag: 'e',
      }),
      lockState: async () => ({ retainUntil, mode: 'COMPLIANCE', legalHold: true }),
      versions: async () => ({ versions: [], deleteMarkers: 0 }),
      get: async (_object, options) => {
        const read = new PassThrough()
        read.write('the first bytes')
        options?.signal?.addEventListener('abort', () => read.destroy(options.signal!.reason as Error))
        reads.push(read)
        return read
      },
    },
  }
}

t.test('copies are not read on for somebody who may not read them any more, or has left', async (t) => {
  let endless: ReturnType<typeof endlessStore> | null = null
  const bureau = await openBureau(t, {
    stores: (stores) => {
      endless = endlessStore(stores.primary)
      return { ...stores, primary: endless.store }
    },
  })
  const { world, people } = bureau
  const { reads } = endless as unknown as ReturnType<typeof endlessStore>
  const officer = await bureau.signIn(people.officer)
  const custodian = await bureau.signIn(people.custodian)
  const auditor = await bureau.signIn(people.auditor)
  const party = await officer.call('POST', '/parties', { kind: 'shop', name: '便民超市' })
  const officerIds = [people.officer.id, people.officer2.id]
  const opening = { number, kind: 'inspection', title: '检查', partyId: party.body.id, departments: ['综合执法局'] }
  await officer.call('POST', '/cases', { ...opening, officerIds })
  const { recordingId } = await addFootage(bureau, { segments: 1 })
  const filing = { caseId: number, stage: 'investigation', officerIds }
  t.equal((await custodian.call('POST', `/recordings/${recordingId}/cases`, filing)).status, 204)
  const now = world.clock.now()
  await world.db
    .insertInto('copy')
    .values({
      ...{ recording_id: recordingId, store: 'primary', object_key: 'k', version_id: 'v', host_name: 'h' },
      ...{ state: 'verified', retain_until: now, legal_hold: true, stored_at: now },
    })
    .execute()
  const path = `/cases/${encodeURIComponent(number)}/chain?objects=true`

  const leaving = new AbortController()
  const headers = { authorization: `Bearer ${custodian.token}` }
  const left = fetch(`${bureau.base}${path}`, { headers, signal: leaving.signal })
  const first = await world.until(() => reads[0])
  leaving.abort()
  await t.rejects(left, { name: 'AbortError' })
  await world.until(() => first.closed)
  await world.until(async () => (await bureau.eventsOf('chain.read')).length === 1)

  const asked = auditor.call('GET', path)
  const second = await world.until(() => reads[1])
  await world.db.updateTable('person').set({ disabled_at: new Date() }).where('id', '=', people.auditor.id).execute()
  const shutAt = performance.now()
  t.match(await asked, { status: 401, body: { error: { code: 'not_signed_in', message: /reading was stopped/ } } })
  const seconds = (performance.now() - shutAt) / 1000
  t.ok(seconds <= 15, `stopped after ${seconds.toFixed(1)} s`)
  t.equal(second.destroyed, true, 'the store is read no more')

  const reading = { events: null, findings: null, objects: true }
  t.match(await bureau.eventsOf('chain.read'), [
    { actor: people.custodian.id, details: { ...reading, ended: 'client_gone' } },
    { actor: people.auditor.id, details: { ...reading, ended: 'account_shut' } },
  ])
})
