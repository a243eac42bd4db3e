import { type Bureau, inBureau, settleDisk } from '../bureau.ts'
import { announce, type Footage, footageInMemory, send, untilSealed } from '../dock.ts'
import type { Family } from '../rows.ts'
import { upload } from './stream.ts'

const mebibyte = 1024 * 1024
const docks = 57
const dockBytes = 64 * mebibyte
const singleBytes = 1024 * mebibyte

/** The end of a shift: 57 docks at once. */
export const crowdRows: Family = {
  rows: [
    {
      name: 'ingest/57',
      goal: { of: 'ratio', atLeast: 0.95 },
      unit: 'MB/s',
      what: `${docks} docks at once until all is sealed ÷ the best single stream of the run`,
    },
    {
      name: 'ingest/fairness',
      goal: { of: 'ratio', atMost: 1.5 },
      unit: 's',
      what: `slowest ÷ fastest of ${docks} docks that start together`,
    },
  ],
  run: (options) =>
    inBureau({ ...options, components: ['postgres', 'primary'] }, async (bureau) => {
      await bureau.start('sequencer')
      await bureau.start('ingest')
      const tokens = await Promise.all(Array.from({ length: docks }, () => bureau.newDock()))
      const single = footageInMemory(singleBytes)
      const each = footageInMemory(dockBytes)
      const singles: number[] = []
      const crowds: Crowd[] = []
      for (let round = 0; round <= options.rounds; round++) {
        await settleDisk()
        const { seconds } = await upload(bureau, tokens[0]!, single)
        const alone = singleBytes / 1e6 / seconds
        await bureau.stack.stores.primary.wipe()
        if (round === 0) continue // the first upload warms the process up
        singles.push(alone)
        await settleDisk()
        const crowd = await uploadAtOnce(bureau, tokens, each)
        crowds.push(crowd)
        await bureau.stack.stores.primary.wipe()
        options.say(
          `one ${alone.toFixed(0)} MB/s, ${docks} at once ${rate(crowd.sealedSeconds)}, docks ${crowd.fastestSeconds.toFixed(1)}..${crowd.slowestSeconds.toFixed(1)} s`,
        )
      }
      const best = Math.max(...singles)
      return {
        'ingest/57': {
          ours: crowds.map(({ sealedSeconds }) => rate(sealedSeconds)),
          theirs: crowds.map(() => best),
          note: `${crowds.map(({ slowestSeconds }) => rate(slowestSeconds)).join(', ')} MB/s until the last answer; single streams ${singles.map((one) => one.toFixed(0)).join(', ')}`,
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

/** All docks begin at once, one file each. */
export async function uploadAtOnce(bureau: Bureau, tokens: readonly string[], footage: Footage): Promise<Crowd> {
  const addresses = await Promise.all(tokens.map((token) => announce(bureau, token, footage)))
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

function rate(seconds: number): number {
  return Math.round((docks * dockBytes) / 1e6 / seconds)
}
