import { createHash } from 'node:crypto'
import { BlobReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js'
import t from 'tap'
import { openBagWriter } from '../../../workers/package/bag.ts'
import { openOutput } from '../../../workers/package/output.ts'
import { openZipWriter } from '../../../workers/package/zip.ts'
import { inFull } from '../../support/in-full.ts'

const madeAt = new Date('2026-11-23T08:00:00.000Z')

async function read(chunks: readonly Uint8Array[]): Promise<Map<string, Buffer>> {
  const reader = new ZipReader(new BlobReader(new Blob([new Uint8Array(Buffer.concat(chunks))])), {
    checkSignature: true,
  })
  const files = new Map<string, Buffer>()
  for (const entry of await reader.getEntries()) {
    if (!entry.directory) files.set(entry.filename, Buffer.from(await entry.getData(new Uint8ArrayWriter())))
  }
  return files
}

async function* pieces(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

t.test('a zip is read by a library that others wrote: stored, deflated, streamed, wide, empty', async (t) => {
  const chunks: Uint8Array[] = []
  const zip = openZipWriter((chunk) => void chunks.push(chunk.slice()), madeAt)
  const text = Buffer.from('证据 '.repeat(1000))
  await zip.addBytes('a/stored', text, { deflate: false })
  await zip.addBytes('a/deflated', text, { deflate: true })
  await zip.addBytes('a/empty', Buffer.alloc(0), { deflate: false })
  await zip.addStream('a/streamed', pieces(text, 100), text.length)
  await zip.addStream('a/wide', pieces(text, 777), 3_000_000_000)
  await zip.addStream('a/nothing', pieces(Buffer.alloc(0), 1), 0)
  await zip.close()
  const files = await read(chunks)
  t.same([...files.keys()], ['a/stored', 'a/deflated', 'a/empty', 'a/streamed', 'a/wide', 'a/nothing'])
  for (const name of ['a/stored', 'a/deflated', 'a/streamed', 'a/wide']) t.same(files.get(name), text, name)
})

t.test('more than 65,535 files need the zip64 end record, and have it', { skip: !inFull }, async (t) => {
  const chunks: Uint8Array[] = []
  const zip = openZipWriter((chunk) => void chunks.push(chunk.slice()), madeAt)
  const count = 65_600
  for (let at = 0; at < count; at++) await zip.addBytes(`f/${at}`, Buffer.from('x'), { deflate: false })
  await zip.close()
  const reader = new ZipReader(new BlobReader(new Blob([new Uint8Array(Buffer.concat(chunks))])))
  t.equal((await reader.getEntries()).length, count)
})

t.test('a bag takes each path once, and none that is not allowed', async (t) => {
  const bag = openBagWriter(() => undefined, { folder: 'b', madeAt, infoText: '', onBytes: () => undefined })
  await bag.add('data/a', 'x')
  for (const path of ['data/a', '../x', 'data//b', 'data/名', '/etc/passwd', '']) {
    await t.rejects(bag.add(path, 'x'), { code: 'internal' }, path)
  }
})

t.test('the output is cut into parts of one size, two at once, and hashed as it goes', async (t) => {
  const sent = new Map<number, Buffer>()
  let under = 0
  let most = 0
  const primary = {
    putPart: async (target: { number: number; bytes: number }, source: unknown) => {
      most = Math.max(most, ++under)
      await new Promise((resolve) => setTimeout(resolve, 2))
      sent.set(target.number, Buffer.from(source as Uint8Array))
      under -= 1
      return { number: target.number, bytes: target.bytes, etag: 'e' }
    },
  }
  const target = { bucket: 'derived', key: 'k', multipartId: 'm' } as const
  const options = { partBytes: 1000, signal: new AbortController().signal }
  const all = Buffer.from(Array.from({ length: 10_500 }, (_, at) => at % 251))
  for (const length of [1, 999, 1000, 1001, 10_500]) {
    sent.clear()
    const output = openOutput(primary as never, target, options)
    for (let at = 0; at < all.length; at += length) await output.write(all.subarray(at, at + length))
    const { bytes, sha256, parts } = await output.finish()
    t.equal(bytes, all.length)
    t.same(sha256, createHash('sha256').update(all).digest())
    t.same(
      parts.map(({ number }) => number).sort((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    )
    t.same(Buffer.concat([...sent].sort(([a], [b]) => a - b).map(([, part]) => part)), all, `chunks of ${length}`)
  }
  t.ok(most > 1 && most <= 3, `${most} parts at once: two while the next one fills, and the last one`)
})

t.test('a part that fails ends the output, and nothing is on its way afterwards', async (t) => {
  const primary = { putPart: () => Promise.reject(new Error('away')) }
  const target = { bucket: 'derived', key: 'k', multipartId: 'm' } as const
  const output = openOutput(primary as never, target, { partBytes: 10, signal: new AbortController().signal })
  await t.rejects(
    (async () => {
      for (let at = 0; at < 5; at++) await output.write(Buffer.alloc(10))
      await output.finish()
    })(),
    { message: 'away' },
  )
  await output.settle()
})

t.test('a gibibyte through bag and output holds three parts in memory, not the gibibyte', async (t) => {
  const primary = {
    putPart: async (target: { number: number; bytes: number }) => {
      await new Promise((resolve) => setImmediate(resolve))
      return { number: target.number, bytes: target.bytes, etag: 'e' }
    },
  }
  const options = { partBytes: 16 * 1024 ** 2, signal: new AbortController().signal }
  const output = openOutput(primary as never, { bucket: 'derived', key: 'k', multipartId: 'm' }, options)
  const bag = openBagWriter((chunk) => output.write(chunk), {
    folder: 'b',
    madeAt,
    infoText: '',
    onBytes: () => undefined,
  })
  async function* film(): AsyncGenerator<Buffer> {
    for (let at = 0; at < 16_384; at++) yield Buffer.alloc(65_536, at)
  }
  const before = process.memoryUsage().rss
  let most = 0
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 5)
  await bag.addStream('data/film', film(), 1024 ** 3)
  await bag.close()
  const { bytes } = await output.finish()
  clearInterval(timer)
  t.ok(bytes > 1024 ** 3)
  const grownMebibytes = Math.round((most - before) / 1024 ** 2)
  t.ok(grownMebibytes < 250, `${grownMebibytes} MiB more`)
})
