import { request as httpRequest } from 'node:http'
import { Readable } from 'node:stream'
import t from 'tap'
import { Upload } from 'tus-js-client'
import {
  caller,
  chunked,
  createUpload,
  footage,
  hex,
  type IngestWorld,
  offsetOf,
  openIngestWorld,
  openTestHandIn,
  patch,
  requireSealed,
  tailsOf,
} from '../../support/ingest.ts'
import { openProxy } from '../../support/proxy.ts'

const mebibyte = 1024 * 1024

/** Sends the rest in one PATCH each time, until all is there or `triesMax`; cuts end a try. */
async function sendThrough(
  link: Pick<IngestWorld, 'call'>,
  path: string,
  bytes: Buffer<ArrayBuffer>,
  options: { patchBytes?: number; unknownLength?: boolean; triesMax?: number } = {},
): Promise<number> {
  for (let tries = 1; tries <= (options.triesMax ?? 60); tries++) {
    try {
      let offset = await offsetOf(link, path)
      while (offset < bytes.length) {
        const piece = bytes.subarray(offset, offset + (options.patchBytes ?? bytes.length))
        const response = await patch(link, path, offset, options.unknownLength ? chunked(piece) : piece)
        // The PATCH that was cut may reach a busy server after the HEAD.
        if (response.status === 423) break
        if (response.status !== 204) throw new Error(`PATCH gave ${response.status}: ${await response.text()}`)
        offset = Number(response.headers.get('upload-offset'))
      }
      if (offset >= bytes.length) return tries
    } catch (error) {
      if (!(error instanceof TypeError)) throw error // fetch says TypeError when the connection broke
    }
  }
  throw new Error('the upload does not come to its end')
}

t.test('an upload goes on after cuts at any byte', async (t) => {
  const world = await openIngestWorld(t)
  const proxy = await openProxy(t, world.origin)
  const link = { call: caller(proxy.origin, world.dock) }

  t.test('in one large PATCH', async (t) => {
    const bytes = footage(75 * mebibyte + 12_345, 'large')
    const path = await createUpload(world, bytes.length, { sha256: hex(bytes) })
    let offset = 0
    for (const cutAt of [100, 3 * mebibyte, 20 * mebibyte + 1, 35 * mebibyte, 17 * mebibyte]) {
      proxy.cutAfter(cutAt)
      await t.rejects(patch(link, path, offset, bytes.subarray(offset)))
      const now = await offsetOf(world, path)
      t.ok(now >= offset, `the offset never goes back: ${now}`)
      t.ok(now <= offset + cutAt, 'and never beyond what was sent')
      offset = now
    }
    t.ok(offset > 32 * mebibyte)
    t.equal(proxy.cuts(), 5)
    await sendThrough(link, path, bytes)
    await requireSealed(t, world, path, bytes)
  })

  t.test('in PATCHes of 1 MiB, each of which counts', async (t) => {
    const bytes = footage(20 * mebibyte + 7, 'small')
    const path = await createUpload(world, bytes.length, { sha256: hex(bytes) })
    for (let offset = 0; offset < 4 * mebibyte; offset += mebibyte) {
      const response = await patch(link, path, offset, bytes.subarray(offset, offset + mebibyte))
      t.equal(response.headers.get('upload-offset'), String(offset + mebibyte))
    }
    proxy.cutAfter(500_000)
    t.ok((await sendThrough(link, path, bytes, { patchBytes: mebibyte })) > 1)
    await requireSealed(t, world, path, bytes)
    t.same(await tailsOf(world, path), [], 'no tail stays behind')
  })

  t.test('in bodies of unknown length', async (t) => {
    const bytes = footage(23 * mebibyte + 99, 'chunked')
    const path = await createUpload(world, bytes.length, { sha256: hex(bytes) })
    proxy.cutAfter(12 * mebibyte)
    t.ok((await sendThrough(link, path, bytes, { unknownLength: true })) > 1)
    await requireSealed(t, world, path, bytes)
    const small = footage(13 * mebibyte + 1, 'chunked small')
    const other = await createUpload(world, small.length, { sha256: hex(small) })
    await sendThrough(link, other, small, { unknownLength: true, patchBytes: 700_000 })
    await requireSealed(t, world, other, small)
  })

  t.test('by tus-js-client, which others wrote, through several cuts', async (t) => {
    const bytes = footage(64 * mebibyte, 'tus-js-client')
    const cutsBefore = proxy.cuts()
    let cutsLeft = 10
    const cutNext = () => {
      if (cutsLeft-- > 0) proxy.cutAfter(17 * mebibyte + cutsLeft * 1000)
    }
    let url = ''
    const handIn = await openTestHandIn(world, {
      serial: 'DSJ0001',
      files: [{ name: Buffer.from('tus-js-client.mp4').toString('base64'), bytes: bytes.length }],
    })
    await new Promise<void>((resolve, reject) => {
      const upload = new Upload(Readable.from(bytes, { objectMode: false }) as never, {
        endpoint: `${proxy.origin}/uploads`,
        headers: { authorization: `Bearer ${world.dock.token}` },
        metadata: { serial: 'DSJ0001', filename: 'tus-js-client.mp4', sha256: hex(bytes), handIn },
        uploadSize: bytes.length,
        chunkSize: 24 * mebibyte,
        retryDelays: Array.from({ length: 20 }, () => 50),
        onUploadUrlAvailable: cutNext,
        onShouldRetry: () => {
          cutNext()
          return true
        },
        onError: reject,
        onSuccess: () => {
          url = upload.url ?? ''
          resolve()
        },
      })
      upload.start()
    })
    t.ok(proxy.cuts() - cutsBefore >= 3, `${proxy.cuts() - cutsBefore} cuts`)
    await requireSealed(t, world, new URL(url).pathname, bytes)
  })
})

t.test('of two PATCHes at one offset exactly one counts', async (t) => {
  const world = await openIngestWorld(t)
  const bytes = footage(40 * mebibyte, 'two')
  const path = await createUpload(world, bytes.length, { sha256: hex(bytes) })
  const statuses: number[] = []
  await Promise.all(
    [1, 2, 3].map(async () => {
      const response = await patch(world, path, 0, bytes).catch(() => null)
      statuses.push(response?.status ?? 0)
    }),
  )
  t.equal(statuses.filter((status) => status === 204).length, 1)
  // The loser may still be writing when its connection is closed.
  t.ok(
    statuses.every((status) => [204, 423, 409, 0].includes(status)),
    statuses.join(),
  )
  await requireSealed(t, world, path, bytes)
})

t.test('the lock of a half-open link is free within a second of the next HEAD', async (t) => {
  const world = await openIngestWorld(t)
  const proxy = await openProxy(t, world.origin)
  const bytes = footage(40 * mebibyte, 'half-open')
  const path = await createUpload(world, bytes.length, { sha256: hex(bytes) })
  const sending = httpRequest(`${proxy.origin}${path}`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${world.dock.token}`,
      'tus-resumable': '1.0.0',
      'content-type': 'application/offset+octet-stream',
      'content-length': bytes.length,
      'upload-offset': 0,
    },
  })
  sending.on('error', () => undefined)
  sending.write(bytes.subarray(0, 20 * mebibyte))
  await world.until(async () => (await readOffset(world, path)) === 20 * mebibyte)
  proxy.stall()
  sending.write(bytes.subarray(20 * mebibyte, 21 * mebibyte))
  const offset = 20 * mebibyte
  t.equal((await patch(world, path, offset, 'x')).status, 423, 'the dead link still holds it')
  t.equal(await offsetOf(world, path), offset)
  const response = await patch(world, path, offset, bytes.subarray(offset))
  // The lease of the dead link was given back: as long as its process lives it is renewed and does not run out.
  t.equal(response.status, 204)
  sending.destroy()
  await requireSealed(t, world, path, bytes)
})

t.test('a revoked dock is stopped in the middle of its PATCH', async (t) => {
  const world = await openIngestWorld(t)
  const path = await createUpload(world, 40 * mebibyte)
  const body = new ReadableStream({
    async pull(controller) {
      controller.enqueue(new Uint8Array(64 * 1024))
      await new Promise((resolve) => setTimeout(resolve, 20))
    },
  })
  const sending = patch(world, path, 0, body).then(
    (response) => response.status,
    () => 0,
  )
  await world.until(async () => (await leaseOf(world, path)) !== null)
  await world.db.updateTable('dock').set({ revoked_at: new Date() }).execute()
  t.ok([401, 0].includes(await sending))
  t.equal(await leaseOf(world, path), null)
})

async function readOffset(world: IngestWorld, path: string): Promise<number> {
  const row = await world.db
    .selectFrom('upload')
    .select('received_bytes')
    .where('id', '=', path.slice(9))
    .executeTakeFirstOrThrow()
  return row.received_bytes
}

async function leaseOf(world: IngestWorld, path: string): Promise<string | null> {
  const row = await world.db
    .selectFrom('upload')
    .select('lease_holder')
    .where('id', '=', path.slice(9))
    .executeTakeFirst()
  return row?.lease_holder ?? null
}
