import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { startStack, stopStack } from '../../deploy/local/stack.ts'
import type { Family } from '../bench/family.ts'
import { checkPlayed } from '../integration/insiders/check-played.ts'
import { playInsiders } from '../integration/insiders/play.ts'

const steps = 1000
const timesMin = 5

/** The property of test/integration/insiders/random-insiders.test.ts, with a seed that nobody chose. */
export const insiderProofs: Family = {
  rows: [
    {
      name: 'insiders',
      goal: { of: 'ours', atLeast: timesMin },
      unit: 'times',
      what: `of ${steps} steps of random insiders: how often the rarest act of the permission table was accepted, or refused`,
    },
  ],
  limitMinutes: 40,
  async run({ directory, say }) {
    const stack = await startStack({ directory: join(directory, 'stack') })
    // Each family runs in a process of its own.
    process.env.CUSTODY_STACK = stack.directory
    const endings: (() => unknown)[] = [() => stopStack(stack, { remove: true })]
    try {
      const seed = randomInt(1, 1_000_000_000)
      const played = await playInsiders({ teardown: (end: () => unknown) => endings.push(end) }, { seed, steps })
      const wrong = await checkPlayed(played, { timesMin })
      const counts = Object.entries(played.tallies)
      for (const [action, { accepted, refused }] of counts) say(`${action}: accepted ${accepted}, refused ${refused}`)
      if (wrong.length > 0) {
        const command = `INSIDERS_SEED=${seed} INSIDERS_STEPS=${steps} node test/integration/insiders/random-insiders.test.ts`
        throw new Error(`${wrong.length} things are wrong, first ${wrong[0]}; reproduce with: ${command}`)
      }
      const rarest = Math.min(...counts.flatMap(([, { accepted, refused }]) => [accepted, refused]))
      const { accepted, refused } = played.logins
      const sum = (of: Readonly<Record<string, number>>) => Object.values(of).reduce((all, one) => all + one, 0)
      const note = [
        `seed ${seed}: ${counts.length} acts, accepted ${sumOf(counts, 'accepted')} and refused ${sumOf(counts, 'refused')} times;`,
        `logins of services: ${sum(accepted)} events of their own kinds accepted, ${sum(refused)} others refused`,
      ].join(' ')
      return { insiders: { ours: [rarest], theirs: null, note } }
    } finally {
      for (const end of endings.reverse()) await end()
    }
  },
}

function sumOf(
  counts: readonly (readonly [string, { accepted: number; refused: number }])[],
  of: 'accepted' | 'refused',
) {
  return counts.reduce((all, [, tally]) => all + tally[of], 0)
}
