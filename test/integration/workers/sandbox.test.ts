import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import t from 'tap'
import { tooMuchBy } from '../../../workers/transcode/footage-limits.ts'
import { proveSandbox } from '../../../workers/transcode/prove-sandbox.ts'
import { makeRunDirectory, runSandboxed, spawnSandboxed } from '../../../workers/transcode/sandbox.ts'
import { never } from './handlers.ts'

t.setTimeout(120_000)

/** bubblewrap's exit code for a program that SIGSYS ended. */
const killedByFilter = 128 + 31
const limits = { cpuSeconds: 20, fileBytes: 1_000_000, memoryBytes: 2 ** 32 }

async function runDirectory(t: { testdir(): string }): Promise<string> {
  const directory = t.testdir()
  await makeRunDirectory(directory, limits)
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

t.test('a program that ends without reading its input says so by its end; what writes to it fails', async (t) => {
  const directory = await runDirectory(t)
  const running = spawnSandboxed('true', { directory, arguments: [], timeoutMs: 30_000, signal: never, stdin: 'pipe' })
  running.stdout.resume()
  const endless = (function* () {
    for (;;) yield Buffer.alloc(65_536)
  })()
  await t.rejects(pipeline(endless, running.stdin!), { code: /^(EPIPE|ECANCELED|ERR_STREAM_PREMATURE_CLOSE)$/ })
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

t.test('the self test passes here, and takes nothing with it', async (t) => {
  const directory = t.testdir()
  t.match(await proveSandbox(directory, never), /^ffmpeg version /)
  t.same(await readdir(directory), [])
})

t.test('calls by the table of another machine kill the program, whoever makes them', async (t) => {
  if (process.arch !== 'x64') return t.comment('only x86-64 has other tables than its own')
  const directory = await runDirectory(t)
  const run = { directory, timeoutMs: 30_000, stdoutBytesMax: 1000, signal: never }
  const x32 = 'syscall(0x40000000 + 39); print "it lives"'
  t.match(await runSandboxed('perl', { ...run, arguments: ['-e', x32] }), { code: killedByFilter, stdout: '' })
  // mov eax, 20 (getpid of i386); int 0x80; mov edi, 7; mov eax, 60 (exit); syscall
  await writeProgram(join(directory, 'in', 'i386'), 'b814000000cd80bf07000000b83c0000000f05')
  t.match(await runSandboxed('env', { ...run, arguments: ['/in/i386'] }), { code: killedByFilter })
  // The same without its one call of i386 shows that such a program runs.
  await writeProgram(join(directory, 'in', 'plain'), 'bf07000000b83c0000000f05')
  t.match(await runSandboxed('env', { ...run, arguments: ['/in/plain'] }), { code: 7 })
})

const loops = {
  'many small files': 'for ($n = 0; open(F, ">", "/out/$n"); $n++) { print F "x" }',
  'some large files': 'for ($n = 0; open(F, ">", "/out/$n"); $n++) { print F "x" x 90000 for 1..10; close(F) or last }',
  'files of nothing but holes': 'for ($n = 0; open(F, ">", "/out/$n"); $n++) { truncate(F, 900000) or last }',
}
for (const [name, loop] of Object.entries(loops)) {
  t.test(`the sum of what a run writes is capped: ${name}`, async (t) => {
    const directory = t.testdir()
    await makeRunDirectory(directory, { ...limits, outBytes: 5_000_000, outFiles: 200 })
    const run = { directory, timeoutMs: 60_000, stdoutBytesMax: 1000, signal: never }
    // It would stay when the disk or its open files end it: only the watch ends it before its time.
    const result = await runSandboxed('perl', { ...run, arguments: ['-e', `${loop} sleep 3600`] })
    t.match(result, {
      outcome: 'too_much',
      code: null,
      limit: /^more than (200 files|5000000 bytes) would be made of it$/,
    })
  })
}

t.test('a program that uses up its processor time is ended, and says why', async (t) => {
  const directory = t.testdir()
  await makeRunDirectory(directory, { ...limits, cpuSeconds: 1 })
  const run = { directory, timeoutMs: 100_000, stdoutBytesMax: 1000, signal: never }
  const used = 'it used all the processor time that it may'
  t.match(await runSandboxed('perl', { ...run, arguments: ['-e', '1 while 1'] }), { outcome: 'too_much', limit: used })
  const input = ['-nostdin', '-f', 'lavfi', '-i', 'testsrc2=s=1920x1080', '-f', 'null', '-']
  const ffmpeg = await runSandboxed('ffmpeg', { ...run, arguments: input })
  t.not(ffmpeg.code, 0)
  t.equal(tooMuchBy(ffmpeg.stderr), used)
})

t.test('a run that ends before anybody looked is measured all the same', async (t) => {
  const directory = t.testdir()
  await makeRunDirectory(directory, { ...limits, outFiles: 2 })
  const run = { directory, timeoutMs: 60_000, stdoutBytesMax: 1000, signal: never }
  const result = await runSandboxed('touch', { ...run, arguments: ['/out/a', '/out/b', '/out/c'] })
  t.match(result, { outcome: 'too_much', limit: 'more than 2 files would be made of it' })
})

/** The smallest x86-64 program: an ELF header, one segment to load, and `code` in hexadecimal. */
async function writeProgram(path: string, code: string): Promise<void> {
  const header = Buffer.alloc(120)
  header.write('7f454c46020101', 'hex')
  header.writeUInt16LE(2, 16)
  header.writeUInt16LE(62, 18)
  header.writeUInt32LE(1, 20)
  header.writeBigUInt64LE(0x400078n, 24)
  header.writeBigUInt64LE(64n, 32)
  header.writeUInt16LE(64, 52)
  header.writeUInt16LE(56, 54)
  header.writeUInt16LE(1, 56)
  header.writeUInt32LE(1, 64)
  header.writeUInt32LE(5, 68)
  header.writeBigUInt64LE(0x400000n, 80)
  header.writeBigUInt64LE(0x400000n, 88)
  const bytes = Buffer.concat([header, Buffer.from(code, 'hex')])
  header.writeBigUInt64LE(BigInt(bytes.length), 96)
  header.writeBigUInt64LE(BigInt(bytes.length), 104)
  header.writeBigUInt64LE(0x1000n, 112)
  header.copy(bytes)
  await writeFile(path, bytes, { mode: 0o755 })
}
