import { randomBytes, randomUUID } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import t from 'tap'
import { beginDownload, lostBytesMax, type ReadyPackage } from '../../../services/custody/packages/download.ts'
import { endAnswer } from '../../../services/custody/packages/download-end.ts'
import { packageById } from '../../../services/custody/packages/package.ts'
import { sha256 } from '../../../services/foundation/hash.ts'
import { type Bureau, openBureau, type Session } from '../access/bureau.ts'
import { jobOf, never, packageHandler, rowFindings, rowOf, unzipped } from './making.ts'

t.setTimeout(480_000)

const number = '镇综执检〔2026〕31号'
const recipient = { name: '王法官', organisation: '某某区人民法院' }
const plainOrder = { withFootage: false, purpose: '证明检查经过' }
const footageOrder = { withFootage: true, purpose: '证明检查经过', recipient }

t.test('packages over HTTP', async (t) => {
  const bureau = await openBureau(t)
  const { people, world } = bureau
  const [officer, custodian, auditor, supervisor] = (await Promise.all(
    [people.officer, people.custodian, people.auditor, people.supervisor].map((who) => bureau.signIn(who)),
  )) as [Session, Session, Session, Session]
  const caseId = await openCaseOver(officer, bureau)
  const ask = (session: Session, order: object) => session.call('POST', `/cases/${caseId}/packages`, order)
  const build = async (id: string) => packageHandler(world)(await jobOf(world, id), never)

  t.test('what is missing or wrong is named', async (t) => {
    for (const [order, field] of [
      [{ ...plainOrder, purpose: '' }, /purpose/],
      [{ ...plainOrder, purpose: '   ' }, /purpose/],
      [{ ...plainOrder, purpose: '证明\u0000检查' }, /purpose/],
      [{ withFootage: false }, /purpose/],
      [{ withFootage: true, purpose: '证明检查经过' }, /recipient/],
      [{ ...footageOrder, recipient: { name: ' ', organisation: '法院' } }, /recipient/],
      [{ ...footageOrder, recipientKey: 'age1notakey' }, /recipientKey/],
    ] as const) {
      const answer = await ask(custodian, order)
      t.equal(answer.status, 400, JSON.stringify(order))
      t.match(answer.body.error.message, field)
    }
    t.same(await bureau.eventsOf('package.requested'), [])
  })

  t.test('the auditor gets none with footage, and that he asked is an event', async (t) => {
    t.equal((await ask(auditor, footageOrder)).status, 403)
    t.match(await bureau.eventsOf('access.refused'), [
      { actor: people.auditor.id, subjects: [`person:${people.auditor.id}`, `case:${number}`] },
    ])
    t.match(await ask(auditor, plainOrder), { status: 201, body: { state: 'queued' } })
  })

  t.test('a package with footage waits for the second signature, once', async (t) => {
    const asked = await ask(custodian, footageOrder)
    t.match(asked, { status: 201, body: { state: 'awaiting_signature' } })
    const { id } = asked.body
    const decide = (approve: boolean) =>
      supervisor.call('POST', `/packages/${id}/decision`, { approve, reason: '已审阅' })
    t.equal(await jobsOf(bureau, id), 0)
    t.match(await custodian.call('GET', `/packages/${id}/file`), { status: 409 })
    t.match(await decide(true), { status: 200, body: { state: 'queued' } })
    t.equal((await decide(false)).status, 409)
    t.equal(await jobsOf(bureau, id), 1)
    t.match(await supervisor.call('GET', `/packages/${id}`), {
      body: { decidedBy: { id: people.supervisor.id }, recipient, state: 'queued' },
    })

    const refused = (await ask(custodian, footageOrder)).body.id
    const no = { approve: false, reason: '理由不足' }
    t.match(await supervisor.call('POST', `/packages/${refused}/decision`, no), { body: { state: 'refused' } })
    t.equal(await jobsOf(bureau, refused), 0)
    // Whoever asked signs nothing of his own, whatever role he has by then.
    await world.asSuperuser((db) =>
      db
        .updateTable('package')
        .set({ requested_by: people.supervisor.id, state: 'awaiting_signature', decided_by: null })
        .where('id', '=', refused)
        .execute(),
    )
    t.match(await supervisor.call('POST', `/packages/${refused}/decision`, { approve: true, reason: '自己' }), {
      status: 409,
    })
    await world.asSuperuser((db) =>
      db
        .updateTable('package')
        .set({ requested_by: people.custodian.id, state: 'refused', decided_by: people.supervisor.id })
        .where('id', '=', refused)
        .execute(),
    )
  })

  t.test('only who asked fetches it; a cut download goes on, and is one event', async (t) => {
    const { id } = (await ask(auditor, plainOrder)).body
    await build(id)
    const shown = (await auditor.call('GET', `/packages/${id}`)).body
    t.match(shown, { state: 'ready', caseNumber: number, sha256: /^[0-9a-f]{64}$/ })
    const path = `/packages/${id}/file`
    const another = await custodian.call('GET', path)
    const missing = await custodian.call('GET', '/packages/01900000-0000-7000-8000-000000000000/file')
    t.equal(another.status, 404)
    t.equal(
      another.bytes.toString().replaceAll(/[0-9a-f-]{36}/g, ''),
      missing.bytes.toString().replaceAll(/[0-9a-f-]{36}/g, ''),
    )
    // A custodian of before, who is the auditor by now, has no way to what he once asked for.
    const setFootage = (values: object) =>
      world.asSuperuser((db) => db.updateTable('package').set(values).where('id', '=', id).execute())
    const [before] = await world.db.selectFrom('package').where('id', '=', id).selectAll().execute()
    const { with_footage, recipient_name, recipient_organisation, decided_by, decided_at } = before!
    await setFootage({
      with_footage: true,
      recipient_name: '王法官',
      recipient_organisation: '法院',
      decided_by: people.supervisor.id,
      decided_at: new Date(),
    })
    t.equal((await auditor.call('GET', path)).status, 404)
    await setFootage({ with_footage, recipient_name, recipient_organisation, decided_by, decided_at })

    const downloads = async () => (await bureau.eventsOf('package.downloaded')).length
    t.equal(await downloads(), 0)

    const first = await cut(bureau, auditor, path, 10_000)
    t.equal(await downloads(), 1)
    // A small file lies whole in the network's buffers before its reader has seen the first byte: it counts as sent, and
    // is counted before he comes back.
    await world.until(async () => (await sentBytes(bureau, id)) >= first.length)
    await sendRest(bureau, id, shown.bytes)
    const etag = `"${shown.sha256}"`
    const range = (from: number, extra = {}) =>
      bureau.call('GET', path, undefined, {
        authorization: `Bearer ${auditor.token}`,
        range: `bytes=${from}-`,
        'if-range': etag,
        ...extra,
      })
    const rest = await range(first.length)
    t.equal(rest.status, 206)
    t.equal(rest.headers.get('content-range'), `bytes ${first.length}-${shown.bytes - 1}/${shown.bytes}`)
    const whole = Buffer.concat([first, rest.bytes])
    t.equal(sha256(whole).toString('hex'), shown.sha256)
    t.equal(await downloads(), 1, 'the resume is the same download')
    t.match(rest.headers.get('content-disposition'), /filename="evidence-.*\.zip"; filename\*=UTF-8''%E4%B8%BE/)
    t.ok((await unzipped(whole)).has('data/report/report.pdf'))

    await world.until(async () => (await sentBytes(bureau, id)) === shown.bytes + rest.bytes.length)
    t.equal((await range(100)).status, 206)
    t.equal(await downloads(), 2, 'after a whole file’s bytes it is another download')
    const other = await range(100, { 'if-range': '"another"' })
    t.equal(other.status, 200, 'another file: sent whole')
    t.equal(await downloads(), 3)
    const beyond = await range(shown.bytes)
    t.match(beyond, { status: 416, body: { error: { code: 'range_not_satisfiable' } } })
    t.equal(beyond.headers.get('content-range'), `bytes */${shown.bytes}`)
    const again = await bureau.signIn(people.auditor)
    await again.call('GET', path)
    t.equal(await downloads(), 4, 'another session is another download')

    await bureau.stopSequencer()
    const behind = await auditor.call('GET', path)
    t.match(behind, { status: 503, body: { error: { code: 'ledger_behind' } } }, 'ledger first, bytes after')
    bureau.startSequencer()
  })

  t.test('what cuts can explain goes on as the same download, more is another one', async (t) => {
    const ready = await world.db.selectFrom('package').where('state', '=', 'ready').select('id').executeTakeFirst()
    const row = (await packageById(world.db, ready!.id)) as ReadyPackage
    const small = row.bytes
    const large = 1024 ** 3
    for (const [bytes, sent, start, isSame] of [
      [small, 0, 1, true],
      [small, small, 1, true],
      [small, small, small - 1, true],
      [small, small + 1, 1, false],
      [large, large, large - lostBytesMax + 1, true],
      [large, large, large - lostBytesMax, false],
      [large, 1, 0, false],
    ] as const) {
      const viewer = { id: people.auditor.id, role: 'auditor' as const, sessionHash: randomBytes(32) }
      const begin = (from: number) =>
        beginDownload(world.db, world.clock, viewer, { file: { ...row, bytes }, start: from, end: bytes - 1 })
      const { downloadId, answerId } = await begin(0)
      await endAnswer(world.db, world.clock, viewer, { answerId, sentBytes: sent, why: 'client_gone' })
      const again = await begin(start)
      t.equal(again.downloadId === downloadId, isSame, `${bytes} bytes, ${sent} sent, on from ${start}`)
    }
  })

  t.test('encrypted to the recipient’s key it is his alone to read', async (t) => {
    const identity = await generateIdentity()
    const recipientKey = await identityToRecipient(identity)
    const { id } = (await ask(custodian, { ...plainOrder, recipient, recipientKey })).body
    await build(id)
    t.match(await rowOf(world, id), { object_key: /\.zip\.age$/ })
    const file = await custodian.call('GET', `/packages/${id}/file`)
    t.equal(file.status, 200)
    t.match(file.headers.get('content-disposition'), /\.zip\.age/)
    t.notOk(file.bytes.includes('bagit.txt'))
    const decrypter = new Decrypter()
    decrypter.addIdentity(identity)
    const zip = Buffer.from(await decrypter.decrypt(new Uint8Array(file.bytes)))
    t.ok((await unzipped(zip)).has('manifest-sha256.txt'))
  })

  t.test('the case lists its packages, and every row is told by events', async (t) => {
    const { packages } = (await supervisor.call('GET', `/cases/${caseId}/packages`)).body
    t.equal(packages.length, 5)
    t.same(await rowFindings(world), [])
  })
})

async function openCaseOver(officer: Session, { people }: Bureau): Promise<string> {
  const party = await officer.call('POST', '/parties', { kind: 'shop', name: '便民超市' })
  const opened = await officer.call('POST', '/cases', {
    number,
    kind: 'inspection',
    title: '检查',
    partyId: party.body.id,
    departments: ['综合执法局'],
    officerIds: [people.officer.id, people.officer2.id],
  })
  return opened.body.id
}

async function jobsOf({ world }: Bureau, id: string): Promise<number> {
  return (await world.db.selectFrom('job').where('subject_id', '=', id).select('id').execute()).length
}

/** Records that another answer of the package's one download sent what is left of it. */
async function sendRest({ world, people }: Bureau, id: string, bytes: number): Promise<void> {
  const { id: downloadId, sent_bytes } = await world.db
    .selectFrom('package_download')
    .where('package_id', '=', id)
    .select(['id', 'sent_bytes'])
    .executeTakeFirstOrThrow()
  const answer = { id: randomUUID(), download_id: downloadId, first_byte: 0, last_byte: bytes - 1 }
  await world.db
    .insertInto('download_answer')
    .values({ ...answer, seen_at: world.clock.now() })
    .execute()
  const ended = { answerId: answer.id, sentBytes: bytes - sent_bytes, why: 'client_gone' } as const
  await endAnswer(world.db, world.clock, { id: people.auditor.id, role: 'auditor' }, ended)
}

async function sentBytes({ world }: Bureau, id: string): Promise<number> {
  const rows = await world.db.selectFrom('package_download').where('package_id', '=', id).select('sent_bytes').execute()
  return Math.max(...rows.map((row) => row.sent_bytes))
}

/** Reads the beginning of a file and breaks off. */
function cut(bureau: Bureau, session: Session, path: string, bytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${session.token}` }
    const request = httpRequest(`${bureau.base}${path}`, { headers }, (response) => {
      const chunks: Buffer[] = []
      let total = 0
      response.on('error', () => undefined)
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        total += chunk.length
        if (total < bytes) return
        request.destroy()
        resolve(Buffer.concat(chunks).subarray(0, bytes))
      })
    })
    request.on('error', reject).end()
  })
}
