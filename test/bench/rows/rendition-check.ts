import { execFile } from 'node:child_process'
import { link, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { proveSandbox } from '../../../workers/transcode/prove-sandbox.ts'
import { makeRunDirectory } from '../../../workers/transcode/sandbox.ts'
import type { Family, RunOptions } from '../family.ts'
import { makeFilm } from '../film.ts'
import { repeated } from '../harness.ts'
import type { CheckCost, CheckWork } from '../rendition-check-process.ts'

const run = promisify(execFile)
const limits = { cpuSeconds: 4 * 3600, fileBytes: 8 * 1024 ** 3, memoryBytes: 4 * 1024 ** 3 }
const what = 'CPU of the inventory and of the check ÷ CPU of making the rendition, programs and Node'

/** What it costs to know that a rendition is what was recorded. */
export const renditionCheckRows: Family = {
  rows: [
    {
      ...{ name: 'rendition/check', goal: { of: 'ratio', atMost: 1 }, unit: 's' },
      what: `${what}: 1 GB H.264, repacked`,
    },
    {
      ...{ name: 'rendition/check-transcode', goal: { of: 'ratio', atMost: 0.1 }, unit: 's' },
      what: `${what}: 3 minutes of 720p MPEG-4, encoded`,
    },
  ],
  short: 'a film of 300 MB instead of 1 GB, of 1 minute instead of 3',
  limitMinutes: 60,
  async run(options) {
    const { directory, rounds } = options
    await mkdir(directory, { recursive: true })
    await proveSandbox(directory, new AbortController().signal)
    const plain = await placeOf(options, 'remux', (path) => makeFilm(path, options))
    const other = await placeOf(options, 'transcode', (path) => makeOther(path, options))
    const costs = await repeated(
      rounds,
      async () => [await costOf(plain, options), await costOf(other, options)] as const,
    )
    const figures = (which: 0 | 1) => ({
      ours: costs.map((round) => round[which].inventory + round[which].check),
      theirs: costs.map((round) => round[which].make),
    })
    return { 'rendition/check': figures(0), 'rendition/check-transcode': figures(1) }
  },
}

async function placeOf(
  { directory }: RunOptions,
  method: CheckWork['method'],
  makeSource: (path: string) => Promise<void>,
): Promise<CheckWork> {
  const place = join(directory, method)
  await makeRunDirectory(place, limits)
  const film = join(directory, `${method}.mp4`)
  await makeSource(film)
  await link(film, join(place, 'in', 'source'))
  return { directory: place, method }
}

/** A film that no browser plays. */
async function makeOther(path: string, { isShort }: RunOptions): Promise<void> {
  const seconds = isShort ? 60 : 180
  await run('ffmpeg', [
    ...['-nostdin', '-loglevel', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=s=1280x720:r=25:d=${seconds}`],
    ...['-f', 'lavfi', '-i', `sine=frequency=330:sample_rate=48000:duration=${seconds}`],
    ...['-vf', 'noise=alls=20:allf=t', '-c:v', 'mpeg4', '-g', '50', '-b:v', '6M', '-c:a', 'aac', path],
  ])
}

async function costOf(work: CheckWork, { say }: RunOptions): Promise<CheckCost> {
  const here = new URL('..', import.meta.url)
  const { stdout } = await run('perl', [
    ...[new URL('keep-orphans.pl', here).pathname, process.execPath],
    ...[new URL('rendition-check-process.ts', here).pathname, JSON.stringify(work)],
  ])
  const cost = JSON.parse(stdout) as CheckCost
  const text = Object.entries(cost).map(([name, seconds]) => `${name} ${(seconds as number).toFixed(2)} s`)
  say(`${work.method}: ${text.join(', ')}`)
  return cost
}
