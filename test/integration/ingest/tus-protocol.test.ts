import { createHash } from 'node:crypto'
import t from 'tap'
import {
  chunked,
  createUpload,
  footage,
  hex,
  metadata,
  offsetOf,
  openIngestWorld,
  patch,
  registerTestDock,
  stateOf,
} from '../../support/ingest.ts'

const mebibyte = 1024 * 1024
const facts = { serial: 'DSJ0001', filename: 'a.mp4' }

t.test('tus 1.0, clause by clause', async (t) => {
  const world = await openIngestWorld(t, {}, { movesClock: true })
  const post = (headers: Record<string, string>) => world.call('POST', '/uploads', { headers })

  t.test('OPTIONS tells anyone what there is, whatever version is asked for', async (t) => {
    for (const path of ['/uploads', '/uploads/x']) {
      const response = await world.call('OPTIONS', path, { token: null, headers: { 'tus-resumable': '9.9.9' } })
      t.equal(response.status, 204)
      t.equal(response.headers.get('tus-version'), '1.0.0')
      t.equal(response.headers.get('tus-extension'), 'creation,expiration,checksum,termination')
      t.equal(response.headers.get('tus-checksum-algorithm'), 'sha1,sha256')
      t.equal(response.headers.get('tus-max-size'), String(1024 * mebibyte))
    }
  })

  t.test('another version is 412, names the version spoken and changes nothing', async (t) => {
    const path = await createUpload(world, 5)
    for (const version of ['0.2.2', '']) {
      const headers = {
        'tus-resumable': version,
        'content-type': 'application/offset+octet-stream',
        'upload-offset': '0',
      }
      const response = await world.call('PATCH', path, { headers, body: 'hello' })
      t.equal(response.status, 412)
      t.equal(response.headers.get('tus-version'), '1.0.0')
      t.equal(response.headers.get('tus-resumable'), '1.0.0')
    }
    t.equal(await offsetOf(world, path), 0)
  })

  t.test('every answer carries Tus-Resumable, refusals included', async (t) => {
    const path = await createUpload(world, 5)
    const answers = [
      await world.call('HEAD', path),
      await world.call('HEAD', path, { token: null }),
      await world.call('HEAD', '/uploads/unknown'),
      await patch(world, path, 3, 'x'),
      await post({}),
    ]
    for (const answer of answers) t.equal(answer.headers.get('tus-resumable'), '1.0.0', `with ${answer.status}`)
  })

  t.test('creation gives 201, a Location and the time of expiry', async (t) => {
    const response = await post({ 'upload-length': '100', 'upload-metadata': metadata(facts) })
    t.equal(response.status, 201)
    t.match(response.headers.get('location'), /^\/uploads\/[0-9a-f-]{36}$/)
    const days = (Date.parse(response.headers.get('upload-expires')!) - Date.now()) / 86_400_000
    t.ok(days > 29.9 && days < 30.1, '30 days from now')
  })

  t.test('what is wrong at creation is named, and nothing is created', async (t) => {
    const count = async () =>
      (
        await world.db
          .selectFrom('upload')
          .select((e) => e.fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow()
      ).n
    const before = await count()
    const good = { 'upload-length': '5', 'upload-metadata': metadata(facts) }
    const wrong: [Record<string, string>, number, string][] = [
      [{ 'upload-metadata': metadata(facts) }, 400, 'Upload-Length'],
      [{ ...good, 'upload-length': '-1' }, 400, 'Upload-Length'],
      [{ 'upload-defer-length': '1', 'upload-metadata': metadata(facts) }, 400, 'Upload-Defer-Length'],
      [{ ...good, 'upload-length': String(1024 * mebibyte + 1) }, 413, 'Upload-Length'],
      [{ ...good, 'upload-metadata': 'serial !!' }, 400, 'Upload-Metadata'],
      [{ ...good, 'upload-metadata': metadata({ filename: 'a' }) }, 400, 'serial'],
      [{ ...good, 'upload-metadata': metadata({ serial: 'a' }) }, 400, 'filename'],
      [{ ...good, 'upload-metadata': metadata({ ...facts, sha256: 'short' }) }, 400, 'sha256'],
      [
        { ...good, 'upload-metadata': metadata({ ...facts, handIn: '01a206ec-5449-7e7b-8bf6-4884286a8c42' }) },
        404,
        'handIn',
      ],
    ]
    for (const [headers, status, field] of wrong) {
      const response = await post(headers)
      const body = (await response.json()) as { error: { details: { field: string }; message: string } }
      t.equal(response.status, status, field)
      t.equal(body.error.details.field, field)
      t.match(body.error.message, field)
    }
    t.equal(await count(), before)
  })

  t.test('HEAD gives offset, length and the metadata as they were, and may not be cached', async (t) => {
    const values = metadata({ ...facts, unknown: 'kept', filename: Buffer.from([0xd6, 0xd0]) })
    const created = await post({ 'upload-length': '9', 'upload-metadata': values })
    const response = await world.call('HEAD', created.headers.get('location')!)
    t.equal(response.status, 200)
    t.equal(response.headers.get('upload-offset'), '0')
    t.equal(response.headers.get('upload-length'), '9')
    t.equal(response.headers.get('upload-metadata'), values)
    t.equal(response.headers.get('cache-control'), 'no-store')
  })

  t.test('what is not there is 404 without an offset', async (t) => {
    for (const path of ['/uploads/01a206ec-5449-7e7b-8bf6-4884286a8c42', '/uploads/x']) {
      const response = await world.call('HEAD', path)
      t.equal(response.status, 404)
      t.notOk(response.headers.has('upload-offset'))
      t.equal((await patch(world, path, 0, 'x')).status, 404)
      t.equal((await world.call('DELETE', path)).status, 404)
    }
  })

  t.test('PATCH needs its content type, an offset, and the one that holds', async (t) => {
    const path = await createUpload(world, 10)
    t.equal((await patch(world, path, 0, 'x', { 'content-type': 'text/plain' })).status, 415)
    t.equal((await patch(world, path, 0, 'x', { 'upload-offset': 'one' })).status, 400)
    t.equal((await patch(world, path, 1, 'x')).status, 409)
    t.equal((await patch(world, path, 0, 'more than ten')).status, 413)
    t.equal(await offsetOf(world, path), 0)
    const first = await patch(world, path, 0, 'hello')
    t.equal(first.status, 204)
    t.equal(first.headers.get('upload-offset'), '5')
    t.ok(first.headers.get('upload-expires'), 'it still expires')
    t.equal((await patch(world, path, 5, '')).headers.get('upload-offset'), '5', 'an empty PATCH changes nothing')
    t.equal((await patch(world, path, 0, 'hello')).status, 409)
    const last = await patch(world, path, 5, 'world')
    t.equal(last.status, 204)
    t.equal(last.headers.get('upload-offset'), '10')
    t.notOk(last.headers.has('upload-expires'), 'what is complete does not expire')
    t.equal((await patch(world, path, 10, '')).status, 204)
    t.equal(await offsetOf(world, path), 10, 'HEAD of a complete upload')
  })

  t.test('a body of unknown length counts too, and may not go beyond the end', async (t) => {
    const bytes = footage(7 * mebibyte + 3)
    const path = await createUpload(world, bytes.length, { sha256: hex(bytes) })
    t.equal(
      (await patch(world, path, 0, chunked(bytes.subarray(0, mebibyte)))).headers.get('upload-offset'),
      `${mebibyte}`,
    )
    const tooLong = chunked(Buffer.concat([bytes.subarray(mebibyte), Buffer.from('!')]))
    t.equal((await patch(world, path, mebibyte, tooLong)).status, 413)
    const offset = await offsetOf(world, path)
    t.ok(offset < bytes.length, 'a body that is too long is not the whole file')
    t.equal(
      (await patch(world, path, offset, chunked(bytes.subarray(offset)))).headers.get('upload-offset'),
      `${bytes.length}`,
    )
    await world.until(async () => (await stateOf(world, path)).state === 'sealed')
  })

  t.test('a body whose checksum differs is discarded, and a retry counts', async (t) => {
    const bytes = footage(12 * mebibyte)
    const path = await createUpload(world, bytes.length, { sha256: hex(bytes) })
    const half = bytes.subarray(0, 7 * mebibyte)
    const sum = (algorithm: string, of: Buffer) => `${algorithm} ${createHash(algorithm).update(of).digest('base64')}`
    const bad = await patch(world, path, 0, half, { 'upload-checksum': sum('sha1', Buffer.from('other')) })
    t.equal(bad.status, 460)
    t.equal(await offsetOf(world, path), 0)
    t.equal((await patch(world, path, 0, half, { 'upload-checksum': 'md5 1B2M2Y8AsgTpgAmY7PhCfg==' })).status, 400)
    t.equal(await offsetOf(world, path), 0)
    const good = await patch(world, path, 0, half, { 'upload-checksum': sum('sha1', half) })
    t.equal(good.headers.get('upload-offset'), String(half.length))
    const rest = bytes.subarray(half.length)
    const bad2 = await patch(world, path, half.length, rest, { 'upload-checksum': sum('sha256', half) })
    t.equal(bad2.status, 460, 'also of the last bytes')
    t.equal((await stateOf(world, path)).state, 'receiving')
    t.equal(
      (await patch(world, path, half.length, chunked(rest), { 'upload-checksum': sum('sha256', rest) })).status,
      204,
    )
    await world.until(async () => (await stateOf(world, path)).state === 'sealed')
  })

  t.test('DELETE ends an unfinished upload for good and is refused after the last byte', async (t) => {
    const path = await createUpload(world, 6 * mebibyte)
    await patch(world, path, 0, footage(5 * mebibyte))
    t.equal((await world.call('DELETE', path)).status, 204)
    t.equal((await world.call('HEAD', path)).status, 410)
    t.equal((await patch(world, path, 0, 'x')).status, 410)
    t.equal((await world.call('DELETE', path)).status, 410)
    const whole = await createUpload(world, 5)
    await patch(world, whole, 0, 'whole')
    const refused = await world.call('DELETE', whole)
    t.equal(refused.status, 409)
    t.match(await refused.text(), /cannot be taken back/)
    const kinds = await world.db
      .selectFrom('event')
      .select('kind')
      .where('kind', 'in', ['upload.terminated', 'upload.refused'])
      .execute()
    t.same(kinds.map((row) => row.kind).sort(), ['upload.refused', 'upload.terminated'])
    const rest: string[] = []
    for await (const part of world.stores.primary.list('originals', '')) rest.push(part.key)
    t.notOk(
      rest.some((key) => key.includes(path.slice(9))),
      'nothing of it is left',
    )
  })

  t.test('an upload without a new byte for 30 days is gone', async (t) => {
    const path = await createUpload(world, 6)
    world.clock.advance(31 * 86_400_000)
    t.equal((await world.call('HEAD', path)).status, 410)
    t.equal((await patch(world, path, 0, 'x')).status, 410)
    world.clock.advance(-31 * 86_400_000)
  })

  t.test('X-HTTP-Method-Override is followed on POST and never ignored', async (t) => {
    const path = await createUpload(world, 5)
    const headers = { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' }
    const sent = await world.call('POST', path, {
      headers: { ...headers, 'x-http-method-override': 'PATCH' },
      body: 'hel',
    })
    t.equal(sent.status, 204)
    t.equal(sent.headers.get('upload-offset'), '3')
    t.equal((await world.call('HEAD', path, { headers: { 'x-http-method-override': 'DELETE' } })).status, 400)
    t.equal((await world.call('POST', path)).status, 400)
    t.equal((await world.call('POST', path, { headers: { 'x-http-method-override': 'DELETE' } })).status, 204)
  })

  t.test('a body at creation is not read, and the upload works all the same', async (t) => {
    const headers = {
      'upload-length': '5',
      'upload-metadata': metadata(facts),
      'content-type': 'application/offset+octet-stream',
    }
    const response = await world.call('POST', '/uploads', { headers, body: 'hello' })
    t.equal(response.status, 201)
    t.notOk(response.headers.has('upload-offset'))
    t.equal(await offsetOf(world, response.headers.get('location')!), 0)
  })

  t.test('nobody is 401, a revoked token at once, another dock 404 with an event', async (t) => {
    const path = await createUpload(world, 5)
    for (const token of [null, 'wrong']) {
      t.equal((await world.call('HEAD', path, { token })).status, 401)
      t.equal((await world.call('GET', path, { token })).status, 401)
      t.equal((await world.call('DELETE', path, { token })).status, 401)
      t.equal((await world.call('POST', '/uploads', { token })).status, 401)
    }
    const other = await registerTestDock(world)
    for (const method of ['HEAD', 'GET', 'DELETE']) {
      t.equal((await world.call(method, path, { token: other.token })).status, 404, method)
    }
    const refusals = await world.db.selectFrom('event').select('body').where('kind', '=', 'upload.refused').execute()
    t.equal(refusals.filter(({ body }) => body.includes('"not_own"')).length, 3)
    const pending = patch({ call: (m, p, o) => world.call(m, p, { ...o, token: other.token }) }, path, 0, 'hello')
    t.equal((await pending).status, 404)
    await world.db.updateTable('dock').set({ revoked_at: new Date() }).where('id', '=', other.id).execute()
    t.equal((await world.call('HEAD', path, { token: other.token })).status, 401)
  })
})
