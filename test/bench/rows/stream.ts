import { join } from 'node:path'
import { type Bureau, inBureau, settleDisk } from '../bureau.ts'
import { announce, type Footage, send, untilSealed, writeFootage } from '../dock.ts'
import type { Family } from '../family.ts'
import { inTurn } from '../harness.ts'
import { mc } from '../mc.ts'
import { writtenBytes } from '../process-figures.ts'

const mebibyte = 1024 * 1024
const fullBytes = 1024 * mebibyte
const shortBytes = 256 * mebibyte
const fileName = 'footage.bin'

/** One file, one stream: by tus until it is sealed, against `mc cp` of the same file into the same bucket. */
export const streamRows: Family = {
  rows: [
    {
      name: 'ingest/mc',
      goal: { of: 'ratio', atLeast: 0.8 },
      unit: 'MB/s',
      what: '1 GiB by tus to the ingest process until it is sealed ÷ mc cp to the same MinIO and bucket',
    },
    {
      name: 'ingest/disk',
      goal: { of: 'ratio', atMost: 0.01 },
      unit: 'MiB',
      what: 'bytes the ingest process wrote to disk ÷ bytes it took in',
    },
  ],
  short: '256 MiB instead of 1 GiB',
  run: (options) =>
    inBureau(options, async (bureau) => {
      const fileBytes = options.isShort ? shortBytes : fullBytes
      const megabytes = (seconds: number) => fileBytes / 1e6 / seconds
      await bureau.start('sequencer')
      const ingest = await bureau.start('ingest')
      const token = await bureau.newDock()
      const footage = await writeFootage(join(bureau.directory, fileName), fileBytes)
      const written: number[] = []
      const answered: number[] = []
      const figures = await inTurn(
        options.rounds,
        async (round) => {
          await settleDisk()
          const before = writtenBytes(ingest.pid)
          const { seconds, answeredSeconds } = await upload(bureau, token, footage)
          if (round > 0) written.push((writtenBytes(ingest.pid) - before) / mebibyte)
          if (round > 0) answered.push(megabytes(answeredSeconds))
          await bureau.stack.stores.primary.wipe()
          options.say(
            `tus ${megabytes(seconds).toFixed(0)} MB/s, ${megabytes(answeredSeconds).toFixed(0)} to the answer`,
          )
          return megabytes(seconds)
        },
        async () => {
          await settleDisk()
          const seconds = await copyByMc(bureau)
          await bureau.stack.stores.primary.wipe()
          options.say(`mc cp ${megabytes(seconds).toFixed(0)} MB/s`)
          return megabytes(seconds)
        },
      )
      const note = `${answered.map((figure) => figure.toFixed(0)).join(', ')} MB/s until the PATCH was answered`
      return {
        'ingest/mc': { ...figures, note },
        'ingest/disk': { ours: written, theirs: written.map(() => fileBytes / mebibyte) },
      }
    }),
}

/** Seconds from the first byte until the recording is sealed, and until the PATCH was answered. */
export async function upload(
  bureau: Bureau,
  token: string,
  footage: Footage,
): Promise<{ seconds: number; answeredSeconds: number }> {
  const address = await announce(bureau, token, footage)
  const begun = performance.now()
  const { id, answeredMs } = await send(address, token, footage)
  await untilSealed(bureau, [id])
  return { seconds: (performance.now() - begun) / 1000, answeredSeconds: (answeredMs - begun) / 1000 }
}

async function copyByMc(bureau: Bureau): Promise<number> {
  const begun = performance.now()
  await mc(bureau, [
    'cp',
    join(bureau.directory, fileName),
    `primary/${bureau.stack.buckets.originals}/bench/${fileName}`,
  ])
  return (performance.now() - begun) / 1000
}
