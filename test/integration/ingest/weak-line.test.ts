import { createHash } from 'node:crypto'
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
import { openProxy, type Proxy as WeakLine } from '../../support/proxy.ts'

const mebibyte = 1024 * 1024
/** More than the head of a request: a cut after `n + headBytes` carries at least n bytes of the body. */
const headBytes = 2048

type Line = Pick<IngestWorld, 'call'>
type BodyKind = 'announced' | 'chunked' | 'checksummed'

/**
 * Sends the rest in one PATCH. False when the line broke, or when the PATCH of a line that broke before is still under way.
 */
async function sendRest(line: Line, path: string, rest: Buffer<ArrayBuffer>, kind: BodyKind): Promise<boolean> {
  const offset = await offsetOf(line, path)
  const body = rest.subarray(offset)
  const checksum = `sha256 ${createHash('sha256').update(body).digest('base64')}`
  const headers: Record<string, string> = kind === 'checksummed' ? { 'upload-checksum': checksum } : {}
  const answer = await patch(line, path, offset, kind === 'chunked' ? chunked(body) : body, headers).catch(
    (error: unknown) => {
      if (error instanceof TypeError) return null // fetch says so when the connection broke
      throw error
    },
  )
  if (answer?.status === 423) return false
  if (answer && answer.status !== 204) throw new Error(`PATCH gave ${answer.status}: ${await answer.text()}`)
  return answer !== null
}

/** Cuts a PATCH of the whole rest once it has carried `bytes`, and returns the offset when the server has dealt with it. */
async function cutOnce(
  { world, proxy, path, file }: { world: IngestWorld; proxy: WeakLine; path: string; file: Buffer<ArrayBuffer> },
  bytes: number,
  kind: BodyKind,
): Promise<number> {
  const { cuts } = await rowOf(world, path)
  proxy.cutAfter(bytes + headBytes, 'closed')
  const isDone = await sendRest({ call: caller(proxy.origin, world.dock) }, path, file, kind)
  if (isDone) throw new Error('the line did not break')
  await world.until(async () => {
    const row = await rowOf(world, path)
    return row.cuts > cuts && row.lease_holder === null
  })
  return offsetOf(world, path)
}

async function rowOf(world: IngestWorld, path: string) {
  const id = path.slice('/uploads/'.length)
  return world.db.selectFrom('upload').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

/** Numbers from 0 to 1, the same ones for the same seed. */
function numbersFrom(seed: string): () => number {
  let state = seed
  return () => {
    state = hex(Buffer.from(state))
    return Number.parseInt(state.slice(0, 12), 16) / 2 ** 48
  }
}

t.test('after the second cut of an upload at most 1 MiB is sent again', async (t) => {
  const world = await openIngestWorld(t)
  const proxy = await openProxy(t, world.origin)
  for (const kind of ['announced', 'chunked'] as const) {
    const file = footage(40 * mebibyte + 17, kind)
    const path = await createUpload(world, file.length, { sha256: hex(file) })
    let offset = 0
    const cuts = [700_000, 6_300_000, 6_300_000, 1_500_000, 300_000, 12_000_000, 5 * mebibyte, 2]
    for (const [number, bytes] of cuts.entries()) {
      const now = await cutOnce({ world, proxy, path, file }, bytes, kind)
      t.ok(now >= offset && now <= offset + bytes + headBytes, `${kind}: ${offset} + ${bytes} is ${now}`)
      if (number >= 2) t.ok(offset + bytes - now <= mebibyte, `${offset + bytes - now} bytes are sent again`)
      offset = now
    }
    t.equal((await rowOf(world, path)).cuts, cuts.length)
    t.ok(await sendRest(world, path, file, kind))
    await requireSealed(t, world, path, file)
    t.same(await tailsOf(world, path), [], 'no tail stays behind')
  }
})

t.test('a body with a checksum counts whole or not at all, also on a line that broke before', async (t) => {
  const world = await openIngestWorld(t)
  const proxy = await openProxy(t, world.origin)
  const file = footage(20 * mebibyte, 'checksummed')
  const path = await createUpload(world, file.length, { sha256: hex(file) })
  for (const bytes of [100, 100, 3_500_000]) await cutOnce({ world, proxy, path, file }, bytes, 'announced')
  const offset = await offsetOf(world, path)
  const tails = await tailsOf(world, path)
  t.ok(offset > 2 * mebibyte)
  t.ok(tails.length >= 3, 'pieces wait for more')
  for (const bytes of [1_000_000, 9_000_000]) {
    t.equal(await cutOnce({ world, proxy, path, file }, bytes, 'checksummed'), offset)
    t.same(await tailsOf(world, path), tails, 'nothing of it is kept')
  }
  const wrong = { 'upload-checksum': `sha1 ${createHash('sha1').update('other').digest('base64')}` }
  t.equal((await patch(world, path, offset, chunked(file.subarray(offset)), wrong)).status, 460)
  t.equal(await offsetOf(world, path), offset)
  t.same(await tailsOf(world, path), tails)
  t.ok(await sendRest(world, path, file, 'checksummed'))
  await requireSealed(t, world, path, file)
  t.same(await tailsOf(world, path), [])
})

t.test('a line that never lasts as long as a part comes to the end, whatever the body', async (t) => {
  const world = await openIngestWorld(t)
  for (const [kind, fileBytes, lineBytes] of [
    ['announced', 9_000_000, 1_500_000],
    ['chunked', 9_000_000, 1_500_000],
    ['announced', 2_500_000, 400_000],
  ] as const) {
    const proxy = await openProxy(t, world.origin)
    proxy.cutEvery(lineBytes)
    proxy.slowTo(8_000_000)
    const line = { call: caller(proxy.origin, world.dock) }
    const file = footage(fileBytes, `${kind} ${lineBytes}`)
    const path = await createUpload(world, file.length, { sha256: hex(file) })
    let tries = 1
    while (!(await sendRest(line, path, file, kind))) tries += 1
    t.ok(tries > 4, `${tries} tries`)
    await requireSealed(t, world, path, file)
  }
})

t.test('tus-js-client with its defaults finishes on a line that breaks every 6 MB', async (t) => {
  const world = await openIngestWorld(t)
  const proxy = await openProxy(t, world.origin)
  proxy.cutEvery(6_000_000)
  proxy.slowTo(20_000_000)
  const file = footage(40_000_000, 'tus-js-client')
  const handIn = await openTestHandIn(world, {
    serial: 'DSJ0001',
    files: [{ name: Buffer.from('tus-js-client.mp4').toString('base64'), bytes: file.length }],
  })
  const url = await new Promise<string>((resolve, reject) => {
    const upload = new Upload(file, {
      endpoint: `${proxy.origin}/uploads`,
      headers: { authorization: `Bearer ${world.dock.token}` },
      metadata: { serial: 'DSJ0001', filename: 'tus-js-client.mp4', sha256: hex(file), handIn },
      onError: reject,
      onSuccess: () => resolve(upload.url ?? ''),
    })
    upload.start()
  })
  t.ok(proxy.cuts() >= 6, `${proxy.cuts()} cuts`)
  await requireSealed(t, world, new URL(url).pathname, file)
})

t.test('files of any length arrive whole through cuts at any byte, with bodies of every kind', async (t) => {
  const world = await openIngestWorld(t)
  const proxy = await openProxy(t, world.origin)
  const kinds = ['announced', 'chunked', 'checksummed'] as const
  for (let number = 1; number <= 10; number++) {
    const random = numbersFrom(`weak line ${number}`)
    const file = footage(1 + Math.floor(random() * 14 * mebibyte), `file ${number}`)
    const path = await createUpload(world, file.length, { sha256: hex(file) })
    const story: string[] = [`${file.length} bytes`]
    let offset = 0
    for (let cuts = 0; cuts < 6 && offset < file.length - 1; cuts++) {
      const kind = kinds[Math.floor(random() * kinds.length)]!
      const bytes = Math.floor(random() * (file.length - offset - 1))
      story.push(`${kind} ${bytes}`)
      proxy.cutAfter(bytes + 1, random() < 0.5 ? 'closed' : 'reset')
      await sendRest({ call: caller(proxy.origin, world.dock) }, path, file, kind)
      const now = await offsetOf(world, path)
      // A body that came through whole before the line was cut counts whole.
      if (now < offset || (kind === 'checksummed' && now !== offset && now !== file.length))
        t.fail(`${story.join(', ')}: ${offset}, then ${now}`)
      offset = now
    }
    t.comment(story.join(', '))
    await world.until(() => sendRest(world, path, file, kinds[number % kinds.length]!))
    await requireSealed(t, world, path, file)
    t.same(await tailsOf(world, path), [])
  }
})
