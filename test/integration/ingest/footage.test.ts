import t from 'tap'
import type { Store } from '../../../services/foundation/store/store.ts'
import { caller, footage, hex, type IngestWorld, openIngestWorld, openTestHandIn } from '../../support/ingest.ts'
import { openProxy } from '../../support/proxy.ts'

const mebibyte = 1024 * 1024

function form(fields: Record<string, string>, files: [string, Buffer<ArrayBuffer>][]): FormData {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  for (const [name, bytes] of files) body.append('file', new Blob([bytes]), name)
  return body
}

async function post(world: Pick<IngestWorld, 'call'>, body: FormData) {
  const response = await world.call('POST', '/footage', { body })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

/** What of all forms so far the store and the database hold: multipart uploads that were not aborted count too. */
async function stored(world: IngestWorld): Promise<{ versions: number; uploads: number; unfinished: number }> {
  let versions = 0
  for await (const _ of world.stores.primary.list('originals', '')) versions += 1
  const uploads = await world.db.selectFrom('upload').select('id').execute()
  return { versions, uploads: uploads.length, unfinished: open.size }
}

const open = new Set<string>()

/** Knows which multipart uploads are neither completed nor aborted. */
function watchMultiparts(store: Store): Store {
  return {
    ...store,
    async startMultipart(bucket, key) {
      open.add(key)
      return store.startMultipart(bucket, key)
    },
    async completeMultipart(target, parts) {
      const version = await store.completeMultipart(target, parts)
      open.delete(target.key)
      return version
    },
    async abortMultipart(target) {
      await store.abortMultipart(target)
      open.delete(target.key)
    },
  }
}

t.test('POST /footage takes one file of a device without tus', async (t) => {
  const world = await openIngestWorld(t, {}, { wrapStore: watchMultiparts })

  t.test('the whole file becomes a recording', async (t) => {
    const bytes = footage(17 * mebibyte + 5, 'form')
    const file = { name: Buffer.from('REC001.WAV').toString('base64'), bytes: bytes.length }
    const handIn = await openTestHandIn(world, { serial: 'DSJ0001', files: [file] })
    const facts = { serial: 'DSJ0001', mark: 'true', sha256: hex(bytes), deviceTime: '2026-11-20T08:30:00+08:00' }
    const fields = { ...facts, handIn }
    const { status, body } = await post(world, form(fields, [['REC001.WAV', bytes]]))
    t.equal(status, 201)
    t.match(body, { state: 'sealed', sha256: hex(bytes) })
    const row = await world.db
      .selectFrom('recording')
      .selectAll()
      .where('id', '=', String(body.recordingId))
      .executeTakeFirstOrThrow()
    t.match(row, { name: Buffer.from('REC001.WAV'), bytes: bytes.length, mark: true, media_kind: 'audio' })
    t.same(row.flags, ['name_not_parsed'])
    const again = await post(world, form(fields, [['REC001.WAV', bytes]]))
    t.match(again.body, { state: 'duplicate', recordingId: body.recordingId })
  })

  t.test('names: a path stays one, raw bytes come as base64, an empty file is taken', async (t) => {
    const raw = Buffer.from([0xd6, 0xd8, 0xff])
    for (const [fields, name] of [
      [{}, Buffer.from('../../x')],
      [{ filename: 'other name' }, Buffer.from('other name')],
      [{ filenameBase64: raw.toString('base64') }, raw],
    ] as const) {
      const bytes = footage(99, name.toString('hex'))
      const { status, body } = await post(
        world,
        form({ serial: 'DSJ0001', sha256: hex(bytes), ...fields }, [['../../x', bytes]]),
      )
      t.equal(status, 201)
      const row = await world.db
        .selectFrom('upload')
        .select('name')
        .where('id', '=', String(body.uploadId))
        .executeTakeFirstOrThrow()
      t.same(row.name, name)
    }
    const empty = Buffer.alloc(0)
    const { body } = await post(world, form({ serial: 'DSJ0001', sha256: hex(empty) }, [['empty', empty]]))
    // No dock has signed for it: it is a recording all the same, which two people have to accept.
    t.equal(body.state, 'quarantined')
    const { quarantine_reason, flags } = await world.db
      .selectFrom('recording')
      .selectAll()
      .where('id', '=', String(body.recordingId))
      .executeTakeFirstOrThrow()
    t.same(
      { quarantine_reason, flags },
      { quarantine_reason: 'not_listed', flags: ['no_list', 'empty', 'name_not_parsed'] },
    )
  })

  t.test('without a digest it waits for one', async (t) => {
    const bytes = footage(1234, 'no digest')
    const { status, body } = await post(world, form({ serial: 'DSJ0001' }, [['a.mp3', bytes]]))
    t.equal(status, 201)
    t.match(body, { state: 'complete', recordingId: null, sha256: hex(bytes) })
  })

  t.test('promise 9: too large is 413 and nothing is stored, never a shorter file', async (t) => {
    const before = await stored(world)
    for (const bytes of [24 * mebibyte + 1, 30 * mebibyte]) {
      const { status, body } = await post(world, form({ serial: 'DSJ0001' }, [['a.mp4', footage(bytes)]]))
      t.equal(status, 413)
      t.match(body, { error: { code: 'too_large' } })
    }
    t.same(await stored(world), before)
    const limit = footage(24 * mebibyte, 'limit')
    const { status } = await post(world, form({ serial: 'DSJ0001', sha256: hex(limit) }, [['a.mp4', limit]]))
    t.equal(status, 201, 'exactly the limit is not too large')
  })

  t.test('what is wrong with a form is named, and nothing is stored', async (t) => {
    const before = await stored(world)
    const file: [string, Buffer<ArrayBuffer>] = ['a.mp4', footage(9 * mebibyte)]
    const after = form({ serial: 'DSJ0001' }, [file])
    after.append('mark', 'true')
    const wrong: [FormData, string][] = [
      [form({}, [file]), 'serial'],
      [form({ serial: 'DSJ0001' }, []), 'file'],
      [form({ serial: 'DSJ0001', mark: 'perhaps' }, [file]), 'mark'],
      [form({ serial: 'DSJ0001' }, [file, file]), 'second file'],
      [after, 'comes after the file'],
      [form({ serial: 'DSJ0001', filenameBase64: '???' }, [file]), 'filenameBase64'],
      // What the parser makes of GBK.
      [form({ serial: 'DSJ0001' }, [['\ufffd\ufffd.mp4', file[1]]]), 'filenameBase64'],
      [form({ serial: 'DSJ0001', filename: '\ufffd.mp4' }, [file]), 'filenameBase64'],
      [form({ serial: 'DSJ0001', deviceTime: 'x'.repeat(9000) }, [file]), 'deviceTime'],
    ]
    for (const [body, text] of wrong) {
      const answer = await post(world, body)
      t.equal(answer.status, 400, text)
      t.match((answer.body.error as { message: string }).message, text)
    }
    const json = await world.call('POST', '/footage', { headers: { 'content-type': 'application/json' }, body: '{}' })
    t.equal(json.status, 415)
    t.equal((await world.call('POST', '/footage', { body: form({}, [file]), token: null })).status, 401)
    t.same(await stored(world), before)
  })

  t.test('a link that breaks leaves nothing', async (t) => {
    const before = await stored(world)
    const proxy = await openProxy(t, world.origin)
    proxy.cutAfter(12 * mebibyte)
    await t.rejects(
      post(
        { call: caller(proxy.origin, world.dock) },
        form({ serial: 'DSJ0001' }, [['a.mp4', footage(20 * mebibyte)]]),
      ),
    )
    await world.until(() => open.size === before.unfinished)
    t.same(await stored(world), before)
  })
})
