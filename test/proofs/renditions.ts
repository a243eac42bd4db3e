import { randomInt } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { startStack, stopStack } from '../../deploy/local/stack.ts'
import type { Family } from '../bench/family.ts'
import { judgeClip, wordsOf } from '../integration/workers/generated-clips.ts'
import { worldHandlers } from '../integration/workers/handlers.ts'
import { openWorld } from '../support/world.ts'

const clipCount = 200

/** The property of test/integration/workers/generated.test.ts, on clips that nobody chose. */
export const renditionProofs: Family = {
  rows: [
    {
      name: 'proof/renditions',
      goal: { of: 'ours', atLeast: clipCount },
      unit: 'clips',
      what: `generated clips of a random seed, ${clipCount} of them: each is shown as it was recorded, or what differs is said`,
    },
  ],
  limitMinutes: 60,
  async run({ directory, say }) {
    const stack = await startStack({ directory: join(directory, 'stack') })
    // Each family runs in a process of its own.
    process.env.CUSTODY_STACK = stack.directory
    const endings: (() => unknown)[] = [() => stopStack(stack, { remove: true })]
    try {
      const t = { teardown: (end: () => unknown) => endings.push(end) }
      const world = await openWorld(t)
      const { transcode } = await worldHandlers(t, world)
      const folder = join(directory, 'clips')
      await mkdir(folder)
      const first = randomInt(1_000_000, 1_000_000_000)
      let [refused, leftOut] = [0, 0]
      for (let seed = first; seed < first + clipCount; seed++) {
        const { clip, outcome, wrong } = await judgeClip({ world, transcode, folder }, seed)
        if (wrong.length > 0) {
          const command = `GENERATED_SEED=${seed} GENERATED_COUNT=1 node test/integration/workers/generated.test.ts`
          throw new Error(`${wordsOf(clip)}: ${outcome}: ${wrong[0]}; reproduce with: ${command}`)
        }
        if (outcome.startsWith('not_playable')) refused += 1
        if (outcome.startsWith('left out')) leftOut += 1
        if ((seed - first + 1) % 20 === 0) say(`${seed - first + 1} clips judged, the last by seed ${seed}`)
      }
      return {
        'proof/renditions': {
          ours: [clipCount],
          theirs: null,
          note: [
            `seeds ${first} to ${first + clipCount - 1}: ${refused} damaged clips are not playable, with a reason;`,
            `${leftOut} claim to last for hours and are left out`,
          ].join(' '),
        },
      }
    } finally {
      for (const end of endings.reverse()) await end()
    }
  },
}
