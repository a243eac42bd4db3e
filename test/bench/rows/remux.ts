import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { link, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { runFfmpeg, warmUpFfmpeg } from '../../../workers/transcode/ffmpeg.ts'
import { type Plan, planRendition } from '../../../workers/transcode/plan.ts'
import { probeFile } from '../../../workers/transcode/probe.ts'
import { proveSandbox } from '../../../workers/transcode/prove-sandbox.ts'
import { makeRunDirectory } from '../../../workers/transcode/sandbox.ts'
import type { Family } from '../family.ts'
import { makeFilm } from '../film.ts'
import { inTurn } from '../harness.ts'

const limits = { cpuSeconds: 4 * 3600, fileBytes: 8 * 1024 ** 3, memoryBytes: 4 * 1024 ** 3 }
const signal = new AbortController().signal
const format = 'mov'
const fileName = 'source'
const playlist = 'index.m3u8'

/** What the sandbox, the limits and fluent-ffmpeg cost. */
export const remuxRows: Family = {
  rows: [
    {
      name: 'remux/ffmpeg',
      goal: { of: 'ratio', atMost: 1.03 },
      unit: 's',
      what: "the transcode job's ffmpeg in its sandbox ÷ bare ffmpeg with the same flags, 1 GB H.264 into HLS",
    },
  ],
  short: 'a film of 300 MB instead of 1 GB',
  async run(options) {
    const { directory } = options
    await mkdir(directory, { recursive: true })
    await proveSandbox(directory, signal)
    await warmUpFfmpeg()
    await makeRunDirectory(directory, limits)
    const film = join(directory, 'film.mp4')
    await makeFilm(film, options)
    await link(film, join(directory, 'in', fileName))
    const plan = await planOf(directory)
    const timed = async (what: string, work: () => Promise<void>) => {
      const begun = performance.now()
      await work()
      const seconds = (performance.now() - begun) / 1000
      options.say(`${what} ${seconds.toFixed(2)} s`)
      await rm(join(directory, 'out'), { recursive: true })
      await mkdir(join(directory, 'out'))
      return seconds
    }
    const figures = await inTurn(
      options.rounds,
      () => timed('in the sandbox', () => inSandbox(directory, plan)),
      () => timed('bare', () => bare(directory, plan)),
    )
    return { 'remux/ffmpeg': figures }
  },
}

async function planOf(directory: string): Promise<Plan> {
  const looked = await probeFile({ directory, fileName, format, signal })
  if ('reason' in looked) throw new Error(`the film of the bench cannot be read: ${looked.reason}`)
  const plan = planRendition(format, 'stream', looked.probe)[0]
  if (plan?.method !== 'remux') throw new Error('the film of the bench would not be remuxed')
  return plan
}

async function inSandbox(directory: string, plan: Plan): Promise<void> {
  const { inputFlags, outputFlags } = plan
  const result = await runFfmpeg({
    ...{ directory, input: fileName, inputFlags, outputFlags, output: playlist, signal },
    timeoutMs: 600_000,
    isHeavy: false,
  })
  if (!result.ok) throw new Error(result.reason)
}

async function bare(directory: string, plan: Plan): Promise<void> {
  const outside = (flag: string) => flag.replace(/^\/out\//, `${directory}/out/`)
  const args = [
    ...plan.inputFlags,
    ...['-y', '-i', join(directory, 'in', fileName)],
    ...plan.outputFlags.map(outside),
    join(directory, 'out', playlist),
  ]
  const ffmpeg = spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(ffmpeg, 'exit')
  if (code !== 0) throw new Error(`bare ffmpeg ended with ${code}`)
}
