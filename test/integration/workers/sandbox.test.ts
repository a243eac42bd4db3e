import { once } from 'node:events'
import { pipeline } from 'node:stream/promises'
import t from 'tap'
import { makeRunDirectory, runSandboxed, spawnSandboxed } from '../../../workers/transcode/sandbox.ts'
import { never } from './handlers.ts'

t.setTimeout(120_000)

async function runDirectory(t: { testdir(): string }): Promise<string> {
  const directory = t.testdir()
  await makeRunDirectory(directory, { cpuSeconds: 20, fileBytes: 1_000_000, memoryBytes: 2 ** 32 })
  return directory
}

t.test('what Node feeds to a program comes back as a stream, however much it is', async (t) => {
  const directory = await runDirectory(t)
  const running = spawnSandboxed('cat', { directory, arguments: [], timeoutMs: 30_000, signal: never, stdin: 'pipe' })
  const piece = Buffer.alloc(1024 * 1024, 7)
  const pieces = 64
  let bytes = 0
  running.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  await pipeline(
    (function* () {
      for (let piecesLeft = pieces; piecesLeft > 0; piecesLeft--) yield piece
    })(),
    running.stdin!,
  )
  t.match(await running.ended, { outcome: 'ended', code: 0, stderr: '' })
  t.equal(bytes, pieces * piece.length)
})

t.test('a program that ends without reading its input says so by its end; the writer gets EPIPE', async (t) => {
  const directory = await runDirectory(t)
  const running = spawnSandboxed('true', { directory, arguments: [], timeoutMs: 30_000, signal: never, stdin: 'pipe' })
  running.stdout.resume()
  const endless = (function* () {
    for (;;) yield Buffer.alloc(65_536)
  })()
  await t.rejects(pipeline(endless, running.stdin!), { code: 'EPIPE' })
  t.match(await running.ended, { outcome: 'ended', code: 0 })
})

t.test('an abort or the end of its time kills the whole sandbox', async (t) => {
  const directory = await runDirectory(t)
  const stop = new AbortController()
  const common = { directory, arguments: ['3600'], timeoutMs: 30_000 }
  const running = spawnSandboxed('sleep', { ...common, signal: stop.signal })
  const failed = once(running.stdout, 'error')
  stop.abort(new Error('nobody waits for it any more'))
  await t.rejects(running.ended, { message: 'nobody waits for it any more' })
  t.match(await failed, [{ message: 'nobody waits for it any more' }], 'what it had said is not taken for all of it')
  t.throws(() => spawnSandboxed('sleep', { ...common, signal: stop.signal }), {
    message: 'nobody waits for it any more',
  })
  const late = spawnSandboxed('sleep', { ...common, timeoutMs: 200, signal: never })
  late.stdout.resume()
  t.match(await late.ended, { outcome: 'too_long', code: null })
})

t.test('output that nobody reads does not keep a program alive beyond its time', async (t) => {
  const directory = await runDirectory(t)
  const running = spawnSandboxed('yes', { directory, arguments: [], timeoutMs: 500, signal: never })
  t.match(await running.ended, { outcome: 'too_long', code: null })
})

t.test('a program that says too much is ended', async (t) => {
  const directory = await runDirectory(t)
  const run = { directory, timeoutMs: 30_000, stdoutBytesMax: 100_000, signal: never }
  const result = await runSandboxed('yes', { ...run, arguments: [] })
  t.equal(result.outcome, 'too_much')
  t.ok(result.stdout.length <= 100_000)
  t.match(await runSandboxed('echo', { ...run, arguments: ['little'] }), {
    outcome: 'ended',
    code: 0,
    stdout: 'little\n',
  })
})

t.test('heavy work gives way to everything else', async (t) => {
  const directory = await runDirectory(t)
  const common = { directory, arguments: [], timeoutMs: 30_000, signal: never }
  const [polite, usual] = [spawnSandboxed('nice', { ...common, niceness: 15 }), spawnSandboxed('nice', common)]
  const said = await Promise.all([polite, usual].map(async ({ stdout }) => Number(String(await stdout.toArray()))))
  t.equal(said[0], said[1]! + 15)
})
