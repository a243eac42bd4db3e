import { type Bureau, inBureau } from '../bureau.ts'
import { footageInMemory } from '../dock.ts'
import type { Family } from '../family.ts'
import { repeated } from '../harness.ts'
import { forgetPeakMemory, peakMemoryMiB } from '../process-figures.ts'
import { uploadAtOnce } from './crowd.ts'
import { upload } from './stream.ts'

const mebibyte = 1024 * 1024
const crowds = [1, 16, 57] as const
const full = { crowdBytes: 48 * mebibyte, smallBytes: 128 * mebibyte, largeBytes: 2048 * mebibyte }
const short = { crowdBytes: 24 * mebibyte, smallBytes: 128 * mebibyte, largeBytes: 1024 * mebibyte }

/** Resident memory of a fresh ingest process at its highest. */
export const memoryRows: Family = {
  rows: [
    {
      name: 'ingest/memory',
      goal: { of: 'ours', atMost: 256 },
      unit: 'MiB',
      what: 'peak memory of the ingest process with 57 uploads at once',
    },
    {
      name: 'ingest/memory-weak',
      goal: { of: 'ours', atMost: 256 },
      unit: 'MiB',
      what: 'the same with every line broken twice before, so that all uploads go on in pieces of 1 MiB',
    },
    {
      name: 'ingest/memory-size',
      goal: { of: 'ratio', atMost: 1.25 },
      unit: 'MiB',
      what: 'peak memory of the ingest process with a file of 2 GiB ÷ with one of 128 MiB',
    },
  ],
  short: 'uploads of 24 MiB instead of 48 MiB, the large file 1 GiB instead of 2 GiB',
  run: (options) =>
    inBureau(options, async (bureau) => {
      const { crowdBytes, smallBytes, largeBytes } = options.isShort ? short : full
      const small = footageInMemory(smallBytes)
      const large = footageInMemory(largeBytes)
      await bureau.start('sequencer')
      const tokens = await Promise.all(Array.from({ length: 57 }, () => bureau.newDock()))
      const footage = footageInMemory(crowdBytes)
      const rounds = await repeated(options.rounds, async () => {
        const peaks: number[] = []
        for (const count of crowds) {
          peaks.push(await peakOf(bureau, () => uploadAtOnce(bureau, tokens.slice(0, count), footage)))
        }
        const weak = await peakOf(bureau, () => uploadAtOnce(bureau, tokens, footage, { cuts: 2 }))
        const sizes = {
          small: await peakOf(bureau, () => upload(bureau, tokens[0]!, small)),
          large: await peakOf(bureau, () => upload(bureau, tokens[0]!, large)),
        }
        options.say(
          `${crowds.map((count, index) => `${count}: ${peaks[index]!.toFixed(0)}`).join(', ')} MiB, in pieces ${weak.toFixed(0)}; a file of ${smallBytes / mebibyte} MiB ${sizes.small.toFixed(0)}, of ${largeBytes / mebibyte} MiB ${sizes.large.toFixed(0)}`,
        )
        return { peaks, weak, sizes }
      })
      const note = crowds.map((count, index) => {
        const figures = rounds.map(({ peaks }) => peaks[index]!.toFixed(0))
        return `${count} at once: ${figures.join(', ')}`
      })
      return {
        'ingest/memory': { ours: rounds.map(({ peaks }) => peaks.at(-1)!), theirs: null, note: note.join('; ') },
        'ingest/memory-weak': { ours: rounds.map(({ weak }) => weak), theirs: null },
        'ingest/memory-size': {
          ours: rounds.map(({ sizes }) => sizes.large),
          theirs: rounds.map(({ sizes }) => sizes.small),
        },
      }
    }),
}

/** Peak memory of a process that was started for this work alone. */
async function peakOf(bureau: Bureau, work: () => Promise<unknown>): Promise<number> {
  const { pid } = await bureau.start('ingest')
  forgetPeakMemory(pid)
  await work()
  const peak = peakMemoryMiB(pid)
  await bureau.stack.stores.primary.wipe()
  return peak
}
