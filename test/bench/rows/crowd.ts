import { type Bureau, inBureau, settleDisk } from '../bureau.ts'
import { announce, type Footage, footageInMemory, send, untilSealed } from '../dock.ts'
import type { Family } from '../family.ts'
import { repeated } from '../harness.ts'
import { upload } from './stream.ts'

const mebibyte = 1024 * 1024
const docks = 57
const full = { dockBytes: 64 * mebibyte, singleBytes: 1024 * mebibyte }
const short = { dockBytes: 16 * mebibyte, singleBytes: 256 * mebibyte }

/** The end of a shift: 57 docks at once. */
export const crowdRows: Family = {
  rows: [
    {
      name: 'ingest/57',
      goal: { of: 'ratio', atLeast: 0.95 },
      unit: 'MB/s',
      what: `${docks} docks at once until all is sealed ÷ the best of two single streams, before and after`,
    },
    {
      name: 'ingest/fairness',
      goal: { of: 'ratio', atMost: 1.5 },
      unit: 's',
      what: `slowest ÷ fastest of ${docks} docks that start together`,
    },
  ],
  short: 'docks of 16 MiB instead of 64 MiB, the single stream 256 MiB instead of 1 GiB',
  run: (options) =>
    inBureau(options, async (bureau) => {
      const { dockBytes, singleBytes } = options.isShort ? short : full
      const rate = (seconds: number) => Math.round((docks * dockBytes) / 1e6 / seconds)
      await bureau.start('sequencer')
      await bureau.start('ingest')
      const tokens = await Promise.all(Array.from({ length: docks }, () => bureau.newDock()))
      const single = footageInMemory(singleBytes)
      const each = footageInMemory(dockBytes)
      const alone = async () => {
        await settleDisk()
        const { seconds } = await upload(bureau, tokens[0]!, single)
        await bureau.stack.stores.primary.wipe()
        return singleBytes / 1e6 / seconds
      }
      await alone() // warms the process up
      const rounds = await repeated(options.rounds, async () => {
        const before = await alone()
        await settleDisk()
        const crowd = await uploadAtOnce(bureau, tokens, each)
        await bureau.stack.stores.primary.wipe()
        const singles = [before, await alone()]
        options.say(
          `one ${singles.map((one) => one.toFixed(0)).join(' and ')} MB/s, ${docks} at once ${rate(crowd.sealedSeconds)}, docks ${crowd.fastestSeconds.toFixed(1)}..${crowd.slowestSeconds.toFixed(1)} s`,
        )
        return { crowd, best: Math.max(...singles) }
      })
      const crowds = rounds.map(({ crowd }) => crowd)
      return {
        'ingest/57': {
          ours: crowds.map(({ sealedSeconds }) => rate(sealedSeconds)),
          theirs: rounds.map(({ best }) => best),
          note: `${crowds.map(({ slowestSeconds }) => rate(slowestSeconds)).join(', ')} MB/s until the last answer`,
        },
        'ingest/fairness': {
          ours: crowds.map(({ slowestSeconds }) => slowestSeconds),
          theirs: crowds.map(({ fastestSeconds }) => fastestSeconds),
        },
      }
    }),
}

interface Crowd {
  readonly fastestSeconds: number
  readonly slowestSeconds: number
  readonly sealedSeconds: number
}

/** All docks begin at once, one file each; `cuts`: how often each line is said to have broken before. */
export async function uploadAtOnce(
  bureau: Bureau,
  tokens: readonly string[],
  footage: Footage,
  { cuts }: { readonly cuts: number } = { cuts: 0 },
): Promise<Crowd> {
  const addresses = await Promise.all(tokens.map((token) => announce(bureau, token, footage)))
  await bureau.db.updateTable('upload').set({ cuts }).where('state', '=', 'receiving').execute()
  const begun = performance.now()
  const uploaded = await Promise.all(addresses.map((address, index) => send(address, tokens[index]!, footage)))
  await untilSealed(
    bureau,
    uploaded.map(({ id }) => id),
  )
  const seconds = uploaded.map(({ answeredMs }) => (answeredMs - begun) / 1000)
  return {
    fastestSeconds: Math.min(...seconds),
    slowestSeconds: Math.max(...seconds),
    sealedSeconds: (performance.now() - begun) / 1000,
  }
}
