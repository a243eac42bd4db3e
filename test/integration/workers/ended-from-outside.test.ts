// Whoever kills a program that works on footage says nothing about the footage: a worker that is stopped, an administrator, a
// machine that is out of memory.

import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { isEndedFromOutside } from '../../../workers/transcode/ended-from-outside.ts'
import { runFfmpeg } from '../../../workers/transcode/ffmpeg.ts'
import { makeRunDirectory, runSandboxed } from '../../../workers/transcode/sandbox.ts'
import { openWorld } from '../../support/world.ts'
import { clipMaker } from './clips.ts'
import { never, worldHandlers } from './handlers.ts'
import { detailsOf, jobRow, sealRecording } from './sealed.ts'

t.setTimeout(240_000)
const limits = { cpuSeconds: 1000, fileBytes: 1_000_000, memoryBytes: 2 ** 32 }
const endedFromOutside = { code: 'not_ready', message: 'a program that worked on footage was ended from outside' }

/** Ids of the processes of a program whose command line holds all of these. */
function processesOf(program: string, ...words: string[]): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const line = commandLineOf(pid)
      return line.startsWith(`${program}\0`) && words.every((word) => line.includes(word))
    })
    .map(Number)
}

async function untilRuns(program: string, ...words: string[]): Promise<void> {
  while (processesOf(program, ...words).length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Waits for such a process, and kills it. */
async function killOne(signal: NodeJS.Signals, program: string, ...words: string[]): Promise<void> {
  await untilRuns(program, ...words)
  for (const pid of processesOf(program, ...words)) process.kill(pid, signal)
}

/** Empty for a process that has ended meanwhile. */
function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}

t.test('a program that somebody else kills is an attempt that failed', async (t) => {
  const directory = t.testdir()
  await makeRunDirectory(directory, limits)
  const run = { directory, timeoutMs: 60_000, stdoutBytesMax: 1000, signal: never }
  const seconds = [3600, 3601].map((least) => `${least}.${process.pid}`)
  const ended = seconds.map((one) => runSandboxed('sleep', { ...run, arguments: [one] }))
  const expected = Promise.all([
    t.rejects(ended[0]!, endedFromOutside, 'with its sandbox'),
    t.rejects(ended[1]!, endedFromOutside, 'inside its sandbox'),
  ])
  // A sandbox that is still being set up does not take its program along.
  await untilRuns('/usr/bin/sleep', seconds[0]!)
  await killOne('SIGTERM', 'bwrap', seconds[0]!)
  await killOne('SIGKILL', '/usr/bin/sleep', seconds[1]!)
  await expected
  const asked = 'print STDERR qq(Exiting normally, received signal 15.\\n); exit 255'
  await t.rejects(runSandboxed('perl', { ...run, arguments: ['-e', asked] }), endedFromOutside, 'as ffmpeg says it')
  t.match(await runSandboxed('perl', { ...run, arguments: ['-e', 'exit 255'] }), { outcome: 'ended', code: 255 })
  const crash = await runSandboxed('perl', { ...run, arguments: ['-e', 'unpack "p", pack "L!", 1'] })
  t.match(crash, { outcome: 'ended', code: 128 + 11 }, 'a crash is one of the program')
})

t.test('a program that the kernel kills after its processor time was ended by a limit', async (t) => {
  const directory = t.testdir()
  await makeRunDirectory(directory, { ...limits, cpuSeconds: 0 })
  t.notOk(await isEndedFromOutside(directory, { code: 137, stderr: '', elapsedMs: 5000 }))
  await makeRunDirectory(directory, limits)
  t.ok(await isEndedFromOutside(directory, { code: 137, stderr: '', elapsedMs: 5000 }))
})

t.test('ffmpeg that somebody else kills while it writes a file is an attempt that failed', async (t) => {
  const directory = t.testdir()
  await makeRunDirectory(directory, limits)
  const making = runFfmpeg({
    ...{ directory, input: '../dev/zero', inputFlags: ['-f', 'u8', '-ar', '8000'], output: 'sound.wav' },
    ...{ outputFlags: ['-t', '100000000', '-f', 'null'], timeoutMs: 60_000, signal: never },
  })
  const expected = t.rejects(making, endedFromOutside)
  await killOne('SIGKILL', '/usr/bin/ffmpeg', '/in/../dev/zero')
  await expected
})

t.test('a recording whose ffmpeg was killed is tried again, and is playable then', async (t) => {
  const world = await openWorld(t)
  const { transcode, scratchDirectory } = await worldHandlers(t, world)
  const clip = await clipMaker(t)
  const sealed = await sealRecording(world, await clip('camera-minute.avi'))
  const first = t.rejects(transcode(sealed.jobs.transcode, never), endedFromOutside)
  await untilRuns('/usr/bin/ffmpeg', 'libx264')
  await killOne('SIGKILL', 'bwrap', scratchDirectory, 'libx264')
  await first
  t.match(await jobRow(world, sealed.jobs.transcode), {
    state: 'pending',
    attempts: 1,
    last_error: /ended from outside/,
  })
  t.same(await detailsOf(world, sealed.id, 'rendition.not_playable'), [])
  await transcode(sealed.jobs.transcode, never)
  t.match(await detailsOf(world, sealed.id, 'rendition.ready'), [{ method: 'transcode' }])
})
