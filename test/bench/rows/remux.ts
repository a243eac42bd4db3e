import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { link, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { takeInventory } from '../../../workers/transcode/inventory/take-inventory.ts'
import { chooseTracks } from '../../../workers/transcode/plan/choose.ts'
import { commandsOf } from '../../../workers/transcode/plan/commands.ts'
import { planWays } from '../../../workers/transcode/plan/ways.ts'
import { proveSandbox } from '../../../workers/transcode/prove-sandbox.ts'
import { makeRunDirectory, spawnSandboxed } from '../../../workers/transcode/sandbox.ts'
import type { Family } from '../family.ts'
import { makeFilm } from '../film.ts'
import { inTurn } from '../harness.ts'

const limits = { cpuSeconds: 4 * 3600, fileBytes: 8 * 1024 ** 3, memoryBytes: 4 * 1024 ** 3 }
const signal = new AbortController().signal
const format = 'mov'
const fileName = 'source'

/** What the sandbox and its limits cost. */
export const remuxRows: Family = {
  rows: [
    {
      name: 'remux/ffmpeg',
      goal: { of: 'ratio', atMost: 1.03 },
      unit: 's',
      what: "the transcode job's ffmpeg in its sandbox ÷ bare ffmpeg with the same flags, 1 GB H.264 into fragments",
    },
  ],
  short: 'a film of 300 MB instead of 1 GB',
  async run(options) {
    const { directory } = options
    await mkdir(directory, { recursive: true })
    await proveSandbox(directory, signal)
    await makeRunDirectory(directory, limits)
    const film = join(directory, 'film.mp4')
    await makeFilm(film, options)
    await link(film, join(directory, 'in', fileName))
    const flags = await remuxFlags(directory)
    const timed = async (what: string, work: () => Promise<void>) => {
      const begun = performance.now()
      await work()
      const seconds = (performance.now() - begun) / 1000
      options.say(`${what} ${seconds.toFixed(2)} s`)
      return seconds
    }
    const figures = await inTurn(
      options.rounds,
      () => timed('in the sandbox', () => inSandbox(directory, flags)),
      () => timed('bare', () => bare(directory, flags)),
    )
    return { 'remux/ffmpeg': figures }
  },
}

/** The arguments by which the job would repack the film. */
async function remuxFlags(directory: string): Promise<string[]> {
  const looked = await takeInventory({ directory, fileName, format, skipBytes: 0, signal })
  if ('reason' in looked) throw new Error(`the film of the bench cannot be read: ${looked.reason}`)
  const { inventory } = looked
  const [way] = planWays(chooseTracks(inventory, new Map()))
  if (way?.method !== 'remux') throw new Error('the film of the bench would not be remuxed')
  const { inputFlags, outputFlags } = commandsOf(inventory, way.tracks[0]!).film
  return [...inputFlags, '-i', '/in/source', ...outputFlags, 'pipe:1']
}

async function inSandbox(directory: string, flags: readonly string[]): Promise<void> {
  const ffmpeg = spawnSandboxed('ffmpeg', { directory, arguments: flags, timeoutMs: 600_000, signal })
  await drain(ffmpeg.stdout)
  const { code, stderr } = await ffmpeg.ended
  if (code !== 0) throw new Error(stderr)
}

async function bare(directory: string, flags: readonly string[]): Promise<void> {
  const args = flags.map((flag) => (flag === '/in/source' ? join(directory, 'in', fileName) : flag))
  const ffmpeg = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(ffmpeg, 'exit')
  await drain(ffmpeg.stdout)
  const [code] = await ended
  if (code !== 0) throw new Error(`bare ffmpeg ended with ${code}`)
}

async function drain(stream: Readable): Promise<void> {
  for await (const _chunk of stream);
}
