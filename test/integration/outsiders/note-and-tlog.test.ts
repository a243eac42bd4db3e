import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { appendEvent } from '../../../services/ledger/log/append.ts'
import { goProgram, pathOrLeftOut } from '../../support/tools.ts'
import { type Bureau, openBureau } from '../access/bureau.ts'

t.setTimeout(480_000)

/** Sequences `count` more events; resolves to the checkpoint that covers them. */
async function grow(bureau: Bureau, count: number): Promise<string> {
  await bureau.world.db.transaction().execute(async (trx) => {
    for (let n = 0; n < count; n += 1) {
      const subjects = [{ type: 'test', id: String(n % 3) }]
      const event = { kind: 'test.happened', at: new Date(), actor: 't', actorRole: 'service', subjects, details: {} }
      await appendEvent(trx, event)
    }
  })
  await bureau.world.until(async () => {
    const waiting = bureau.world.db.selectFrom('event').select('id').where('leaf_index', 'is', null)
    if (await waiting.executeTakeFirst()) return null
    const { last } = await bureau.world.db
      .selectFrom('event')
      .select((e) => e.fn.max('leaf_index').as('last'))
      .executeTakeFirstOrThrow()
    const { status, bytes } = await bureau.call('GET', '/checkpoint')
    return status === 200 && sizeOf(bytes.toString()) > Number(last)
  })
  return (await bureau.call('GET', '/checkpoint')).bytes.toString()
}

const sizeOf = (checkpoint: string): number => Number(checkpoint.split('\n')[1])

/** The log's prefix, but with one bit of the answer at `path` changed. */
async function openFlippingProxy(t: { teardown(end: () => unknown): unknown }, base: string) {
  let flip: { path: string; byte: number } | null = null
  const server = createServer(async (request, answer) => {
    const from = await fetch(`${base}${request.url}`)
    const bytes = Buffer.from(await from.arrayBuffer())
    if (from.status === 200 && flip !== null && flip.path === request.url) bytes[flip.byte]! ^= 1
    answer.writeHead(from.status, { 'content-type': from.headers.get('content-type') ?? 'text/plain' }).end(bytes)
  })
  server.listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    prefix: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    flipNext: (path: string, byte: number) => {
      flip = { path, byte }
    },
    flipNothing: () => {
      flip = null
    },
  }
}

t.test('note and tlog of golang.org/x/mod accept the live ledger, and refuse it after one flipped bit', async (t) => {
  const program = pathOrLeftOut(t, 'golang.org/x/mod/sumdb', await goProgram('outsiders-go'))
  if (!program) return
  const bureau = await openBureau(t)
  const folder = await mkdtemp(join(tmpdir(), 'custody-outsiders-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const older = join(folder, 'older')
  await writeFile(older, await grow(bureau, 300))
  const checkpoint = await grow(bureau, 400)
  // Signing goes on in a bureau that lives; here the tree has to stand still while its bytes are flipped.
  await bureau.stopSequencer()
  const size = sizeOf(checkpoint)
  const proxy = await openFlippingProxy(t, bureau.base)
  const check = (indexes: readonly number[]) =>
    new Promise<{ code: number; output: string }>((resolve) => {
      const args = ['--key', bureau.log.verifierKey, '--url', proxy.prefix, '--old', older, ...indexes.map(String)]
      execFile(program, args, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code ?? -1) : 0, output: `${stdout}${stderr}` }),
      )
    })

  await t.test('as it is', async (t) => {
    const whole = await check([0, 1, 255, 256, 299, 300, 511, 512, size - 1])
    t.equal(whole.code, 0, whole.output)
    t.match(whole.output, `9 entries are in the tree of ${size}`)
    t.match(whole.output, /grown from the tree of [3-9]\d\d/)
    t.equal((await check([size])).code, 1, 'there is no entry behind the last one')
  })

  await t.test('with one bit flipped', async (t) => {
    const width = size % 256
    const textEnd = checkpoint.indexOf('\n\n')
    // The first signature line is that of the Ed25519 key, the only one that this package knows.
    const signature =
      Buffer.byteLength(checkpoint.slice(0, textEnd)) + Buffer.byteLength('\n\n— ') + bureau.log.origin.length
    const places: [string, readonly number[]][] = [
      ['/checkpoint', [0, bureau.log.origin.length + 1, textEnd - 10, signature + 3, signature + 40]],
      ['/tile/0/000', [0, 4000, 8191]],
      [`/tile/0/002.p/${width}`, [0, width * 32 - 1]],
      ['/tile/1/000.p/2', [0, 63]],
      ['/tile/entries/000', [1, 2, 100]],
      [`/tile/entries/002.p/${width}`, [50]],
    ]
    for (const [path, bytes] of places) {
      for (const byte of bytes) {
        proxy.flipNext(path, byte)
        const { code, output } = await check([0, 512])
        t.equal(code, 1, `${path}, byte ${byte}: ${output.trim()}`)
      }
    }
    proxy.flipNothing()
    t.equal((await check([0, 512])).code, 0, 'nothing flipped, nothing refused')
  })

  await t.test('with an older checkpoint that is of another history', async (t) => {
    const lines = checkpoint.split('\n')
    lines[1] = String(size - 1)
    await writeFile(older, lines.join('\n'))
    t.equal((await check([0])).code, 1)
  })
})
