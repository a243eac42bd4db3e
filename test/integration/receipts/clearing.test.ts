import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { askGivingUp, decideGivingUp } from '../../../services/custody/clearing/give-up.ts'
import { clearingsLeftOpen } from '../../../services/custody/clearing/open-clearings.ts'
import { sealedRecording } from '../../../services/custody/copies/copies.ts'
import { enterDamage } from '../../../services/custody/copies/verification.ts'
import { openReport } from '../../../services/custody/fsck/finding.ts'
import { checkRows } from '../../../services/custody/fsck/rows.ts'
import { clearingsOfHandIn } from '../../../services/custody/hand-ins/clearing-list.ts'
import { newId } from '../../../services/foundation/id.ts'
import { footage, hex, registerTestDock } from '../../support/ingest.ts'
import { copyAndVerify } from '../../support/populate.ts'
import type { World } from '../../support/world.ts'
import { name, openPlace, type Place, startLoop, witnessNow } from './place.ts'

const hourMs = 60 * 60_000

interface Refused {
  readonly error: { readonly code: string; readonly message: string; readonly details?: unknown }
}

/** A file of DSJ0001 with a provisional receipt, and a dock that clears. */
async function openDock(t: Test) {
  const place = await openPlace(t)
  const { world } = place.archive
  const bytes = footage(3000, 'cleared')
  const handedIn = await place.handIn({ bytes, name })
  await copyAndVerify(world, handedIn.recordingId, bytes)
  place.archive.startArchive()
  await place.archive.archived()
  const stop = startLoop(t, place)
  const receipt = await world.until(async () => (await place.receiptOf(handedIn.path)).receipt)
  await stop()
  const post = async (path: string, body: unknown, token?: string) => {
    const headers = { 'content-type': 'application/json' }
    const options = { headers, body: JSON.stringify(body), ...(token !== undefined && { token }) }
    const response = await place.ingest.call('POST', path, options)
    const text = await response.text()
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as { id: string } & Refused }
  }
  const file = { number: 1, sha256: hex(bytes), basis: 'witnessed', receiptIndex: receipt.index }
  const announce = (id: string, changed: Partial<typeof file> = {}, more: object = {}) =>
    post(`/hand-ins/${handedIn.handInId}/clearings`, { id, ...more, files: [{ ...file, ...changed }] })
  const events = async (kind: string) =>
    (await world.db.selectFrom('event').where('kind', '=', kind).select('body').orderBy('id').execute()).map(
      ({ body }) => JSON.parse(body),
    )
  return { place, world, bytes, handedIn, file, post, announce, events }
}

/** As long as `during` runs, the signed list says another origin. */
async function withOrigin({ archive: { world } }: Place, id: string, kind: string, during: () => Promise<unknown>) {
  const rows = world.db.updateTable('hand_in').where('id', '=', id)
  const { head } = await world.db.selectFrom('hand_in').where('id', '=', id).select('head').executeTakeFirstOrThrow()
  const changed = { ...JSON.parse(head.toString('utf8')), origin: { kind, from: null } }
  await rows.set({ head: Buffer.from(JSON.stringify(changed)) }).execute()
  await during()
  await rows.set({ head }).execute()
}

async function rowFindings({ db }: World) {
  const report = openReport()
  await checkRows(db, report)
  return report
    .findings()
    .filter(({ subject }) => /^clearing/.test(subject))
    .map(({ check, subject, problem }) => `${check} ${subject}: ${problem}`)
}

async function person({ db, clock }: World, role: 'custodian' | 'supervisor') {
  const id = newId(clock.now())
  await db
    .insertInto('person')
    .values({
      id,
      name: role,
      role,
      account: role,
      officer_number: null,
      password_hash: 'none',
      created_at: clock.now(),
    })
    .execute()
  return { id, role } as const
}

const why = ({ status, body }: { status: number; body: Refused }) => ({ status, details: body.error?.details })
const refusedFor = (word: string, number = 1) => ({ status: 409, details: { files: [{ number, why: word }] } })

t.test('a file goes by its witnessed receipt: announced before, once, and closed after', async (t) => {
  const { place, world, handedIn, file, post, announce, events } = await openDock(t)
  t.match(why(await announce('a')), refusedFor('not_witnessed'))
  await witnessNow(place)
  const path = `/hand-ins/${handedIn.handInId}/clearings`

  const wrong: [string, Partial<typeof file>][] = [
    ['digest_differs', { sha256: 'ab'.repeat(32) }],
    ['other_receipt', { receiptIndex: file.receiptIndex + 1 }],
    ['is_witnessed', { basis: 'before_witness' }],
  ]
  for (const [word, changed] of wrong) t.match(why(await announce('a', changed)), refusedFor(word), word)
  t.match(why(await announce('a', { number: 0 })), refusedFor('not_sealed', 0), 'a line that never came')
  t.match(why(await announce('a', { number: 7 })), refusedFor('not_on_list', 7))
  t.equal((await post(path, { id: 'a', files: [file, file] })).status, 400, 'a line twice')
  t.equal((await post(path, { id: 'a', files: [] })).status, 400)
  t.equal((await post(path, { id: 'a b', files: [file] })).status, 400)
  const other = await registerTestDock(world)
  t.equal((await post(path, { id: 'a', files: [file] }, other.token)).status, 404, 'by another dock')
  const keeps = world.db.updateTable('device').where('serial', '=', 'DSJ0001')
  await keeps.set({ kind: 'phone' }).execute()
  t.match(why(await announce('a')), refusedFor('kept_by_setting'), 'by its kind')
  await keeps.set({ kind: 'recorder' }).execute()
  await withOrigin(place, handedIn.handInId, 'station_folder', async () =>
    t.match(why(await announce('a')), refusedFor('kept_by_setting'), 'by how it was read'),
  )
  t.same(await events('clearing.announced'), [], 'nothing was announced so far')

  const announced = await announce('a')
  t.equal(announced.status, 201)
  const covered = await sql<{ covered: boolean }>`
    select exists (select from event join checkpoint on checkpoint.size > event.leaf_index
      where event.kind = 'clearing.announced') as covered`.execute(world.db)
  t.ok(covered.rows[0]!.covered, 'the answer comes when the ledger has signed it')
  t.equal((await announce('a')).body.id, announced.body.id, 'the same request again')
  t.match(await clearingsOfHandIn(world.db, handedIn.handInId), [
    {
      ...{ id: announced.body.id, endedAt: null, fullPercent: null },
      files: [{ number: 1, recordingId: handedIn.recordingId, basis: 'witnessed', outcome: null }],
    },
  ])
  t.match(await announce('a', { receiptIndex: 1 }), { status: 409, body: { error: { message: /another clearing/ } } })
  t.match(why(await announce('b')), refusedFor('announced'), 'another clearing of the file')
  t.match(await events('clearing.announced'), [
    { actor: place.ingest.dock.id, actorRole: 'dock', details: { files: 1, witnessed: 1, beforeWitness: 0 } },
  ])

  const end = `/clearings/${announced.body.id}/end`
  t.equal((await post(end, { cleared: [1], left: [] }, other.token)).status, 404)
  t.match(await post(end, { cleared: [], left: [] }), { status: 400, body: { error: { message: /line 1/ } } })
  t.equal((await post(end, { cleared: [1, 0], left: [] })).status, 400, 'a line that was not announced')
  t.equal((await post(end, { cleared: [1], left: [{ number: 1, why: 'kept' }] })).status, 400)
  t.equal((await post(end, { cleared: [1], left: [] })).status, 204)
  t.equal((await post(end, { cleared: [1], left: [] })).status, 204, 'again')
  t.equal((await post(end, { cleared: [], left: [{ number: 1, why: 'kept' }] })).status, 409)
  t.match(await events('recording.cleared'), [
    {
      subjects: [
        { type: 'recording', id: handedIn.recordingId },
        { type: 'hand_in', id: handedIn.handInId },
        { type: 'device', id: 'DSJ0001' },
        { type: 'dock', id: place.ingest.dock.id },
      ],
      details: { basis: 'witnessed', line: 1, sha256: file.sha256, receiptIndex: file.receiptIndex },
    },
  ])
  const [announcement] = await events('clearing.announced')
  t.equal((await events('recording.cleared'))[0].details.announcement, announcement.id)
  const list = { type: 'hand-in-list', id: handedIn.handInId }
  t.same(
    [announcement, ...(await events('clearing.ended'))].map(({ subjects }) => subjects[1]),
    [list, list],
    'both go with the cases of its files',
  )
  t.match(await events('clearing.ended'), [{ details: { cleared: 1, left: { kept: 0, gone: 0 } } }])
  t.match(why(await announce('c')), refusedFor('cleared'))
  const details = { clearingId: announced.body.id, endedAt: /Z$/ }
  t.match(why(await announce('a')), { status: 409, details }, 'the old id opens nothing any more')
})

t.test(
  'without a witness a file goes when they are late and three copies are verified, sooner from a full device',
  async (t) => {
    const { world, handedIn, announce, events } = await openDock(t)
    const late = { basis: 'before_witness' }
    t.match(why(await announce('a', late)), refusedFor('not_late'))
    t.match(why(await announce('a', late, { fullPercent: 100 })), refusedFor('not_late'))
    world.clock.advance(4 * hourMs)
    t.match(why(await announce('a', late)), refusedFor('not_late'))
    t.match(why(await announce('a', late, { fullPercent: 49 })), refusedFor('not_late'))
    const copies = world.db.updateTable('copy').where('recording_id', '=', handedIn.recordingId)
    await copies.set({ state: 'stored' }).where('store', '=', 'backup-b').execute()
    t.match(why(await announce('a', late, { fullPercent: 50 })), refusedFor('copies_missing'))
    await copies.set({ state: 'verified' }).where('store', '=', 'backup-b').execute()
    t.equal((await announce('a', late, { fullPercent: 50 })).status, 201)
    t.match(await events('clearing.announced'), [{ details: { beforeWitness: 1, fullPercent: 50 } }])
  },
)

t.test('nothing goes of what is damaged or in quarantine, whatever was issued before', async (t) => {
  const { place, world, handedIn, announce } = await openDock(t)
  await witnessNow(place)
  const set = (quarantine_reason: 'digest_differs' | null) =>
    world.db.updateTable('recording').set({ quarantine_reason }).where('id', '=', handedIn.recordingId).execute()
  await set('digest_differs')
  t.match(why(await announce('a')), refusedFor('quarantined'))
  await set(null)
  const recording = await sealedRecording(world.db, handedIn.recordingId)
  const { object } = recording.copies.get('backup-a')!
  const damage = { store: 'backup-a', hostName: 'x', object, found: null, actor: 'test' } as const
  await world.db.transaction().execute((trx) => enterDamage(trx, world.clock, recording, damage))
  t.match(why(await announce('a')), refusedFor('damaged'))
})

t.test('a clearing that is asked for again is judged again, and every line that may not go is named', async (t) => {
  const { place, world, handedIn, file, post, announce } = await openDock(t)
  await witnessNow(place)
  const { id } = (await announce('a')).body
  const set = (quarantine_reason: 'digest_differs' | null) =>
    world.db.updateTable('recording').set({ quarantine_reason }).where('id', '=', handedIn.recordingId).execute()
  await set('digest_differs')
  t.match(why(await announce('a')), refusedFor('quarantined'))
  const files = [0, 1, 7].map((number) => ({ ...file, number }))
  const whole = await post(`/hand-ins/${handedIn.handInId}/clearings`, { id: 'b', files })
  const each = [
    { number: 0, why: 'not_sealed' },
    { number: 1, why: 'announced' },
    { number: 7, why: 'not_on_list' },
  ]
  t.same(why(whole), { status: 409, details: { files: each } })
  await set(null)
  t.same((await announce('a')).body, { id }, 'nothing was lost by it')
})

t.test('a clearing that is never closed shows after an hour; what was left may be announced anew', async (t) => {
  const { place, world, handedIn, post, announce, events } = await openDock(t)
  await witnessNow(place)
  const { id } = (await announce('a')).body
  const open = () => clearingsLeftOpen(world.db, world.clock.now())
  t.same(await open(), [])
  world.clock.advance(hourMs)
  t.match(await open(), [{ id, dockName: 'dock 1', deviceSerial: 'DSJ0001', handInId: handedIn.handInId, files: 1 }])
  t.equal((await post(`/clearings/${id}/end`, { cleared: [], left: [{ number: 1, why: 'not_removed' }] })).status, 204)
  t.same(await open(), [])
  t.match(await events('recording.not_cleared'), [
    {
      subjects: [{ type: 'recording', id: handedIn.recordingId }, {}, {}, {}],
      details: { why: 'not_removed', line: 1 },
    },
  ])
  const again = await announce('b')
  t.equal(again.status, 201)
  const deps = [world.dbFor('access'), world.clock] as const
  const [custodian, supervisor] = [await person(world, 'custodian'), await person(world, 'supervisor')]
  const asked = { clearingId: again.body.id, reason: '采集站已烧毁' }
  await t.rejects(askGivingUp(...deps, custodian, asked), { message: /within the last hour/ })
  world.clock.advance(hourMs)
  await t.rejects(decideGivingUp(...deps, supervisor, { ...asked, confirm: true }), { code: 'not_found' })
  await askGivingUp(...deps, custodian, asked)
  t.match(await open(), [{ id: again.body.id, givingUp: { reason: '采集站已烧毁', askedBy: { id: custodian.id } } }])
  await t.rejects(askGivingUp(...deps, custodian, asked), { message: /asked for already/ })
  await t.rejects(decideGivingUp(...deps, custodian, { ...asked, confirm: true }), { message: /asked for himself/ })
  await decideGivingUp(...deps, supervisor, { ...asked, confirm: false })
  await askGivingUp(...deps, custodian, asked)
  await decideGivingUp(...deps, supervisor, { ...asked, confirm: true })
  await decideGivingUp(...deps, supervisor, { ...asked, confirm: true })
  t.same(await open(), [], 'nobody waits for it any more')
  t.match(await events('clearing.given_up'), [{ actor: supervisor.id, details: { askedBy: custodian.id } }])
  const [, unknown, ...more] = await events('recording.not_cleared')
  t.match(unknown, { actor: supervisor.id, details: { why: 'outcome_unknown', line: 1 } })
  t.same(more, [], 'once')
  t.match(why(await announce('d')), refusedFor('announced'), 'its dock has the last word of the file')
  await world.db.updateTable('dock').set({ revoked_at: world.clock.now() }).execute()
  t.equal((await announce('c')).status, 401, 'a revoked dock removes nothing more')
  t.equal((await post(`/clearings/${handedIn.recordingId}/end`, { cleared: [1], left: [] })).status, 401)
  t.equal((await post(`/clearings/${again.body.id}/end`, { cleared: [1], left: [] })).status, 204)
  t.equal((await events('recording.cleared')).length, 1, 'what it had removed before has its event')
  t.same(await rowFindings(world), [])
  t.same(await open(), [])
})

t.test('rows of a clearing are compared with its events', async (t) => {
  const { place, world, handedIn, post, announce } = await openDock(t)
  await witnessNow(place)
  const { id } = (await announce('a')).body
  await post(`/clearings/${id}/end`, { cleared: [1], left: [] })
  const findings = () => rowFindings(world)
  t.same(await findings(), [])
  const files = world.db.updateTable('clearing_file').where('clearing_id', '=', id)
  await files.set({ basis: 'before_witness' }).execute()
  t.match(await findings(), [
    new RegExp(`rows.row_differs clearing_file ${handedIn.recordingId}/${id}/1: basis is`),
    new RegExp(`rows.row_differs clearing ${handedIn.handInId}/${id}: list_sha256 is`),
  ])
  await files.set({ basis: 'witnessed', outcome: 'kept' }).execute()
  t.match((await findings()).join('\n'), /row_missing clearing_file[\s\S]*outcomes_sha256 is/)
  await files.set({ outcome: 'cleared' }).execute()
  await world.db.updateTable('clearing').set({ ended_at: null }).where('id', '=', id).execute()
  t.match((await findings()).join('\n'), /row_differs clearing .*ended_at is null/)
})
