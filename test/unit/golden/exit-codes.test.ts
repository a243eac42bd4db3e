import t from 'tap'
import { exitCodes } from '../../../services/cli/exit.ts'
import { runProgram } from '../../../services/cli/program.ts'
import { runVerifier, verifierExitCodes } from '../../../services/verifier/program.ts'
import { runWitnessProgram, witnessExitCodes } from '../../../services/witness/program.ts'
import { compareGolden } from '../../support/golden.ts'
import { testTerminal } from '../../support/terminal.ts'

interface Program {
  readonly exitCodes: Readonly<Record<string, number>>
  /** Runs one command line; resolves to the exit code and everything that was written. */
  run(args: readonly string[]): Promise<{ code: number; text: string }>
}

const programs: Readonly<Record<string, Program>> = {
  custody: {
    exitCodes,
    run: async (args) => {
      const terminal = testTerminal()
      const code = await runProgram(args, terminal)
      return { code, text: [...terminal.printed, ...terminal.told].join('\n') }
    },
  },
  'custody-witness': {
    exitCodes: witnessExitCodes,
    run: async (args) => {
      const lines: string[] = []
      const write = (line: string) => lines.push(line)
      const code = await runWitnessProgram(args, { out: write, err: write, ended: Promise.resolve() })
      return { code, text: lines.join('\n') }
    },
  },
  'evidence-verifier': {
    exitCodes: verifierExitCodes,
    run: async (args) => {
      const written: string[] = []
      const write = (text: string) => written.push(text)
      const program = async () => 'the test'
      const code = await runVerifier(args, { out: write, err: write, columns: null, now: () => new Date(), program })
      return { code, text: written.join('') }
    },
  },
}

t.test('the commands of every program end with the codes that were agreed, and their help names them', async (t) => {
  const lines: string[] = []
  for (const [name, program] of Object.entries(programs)) {
    lines.push(name, ...Object.entries(program.exitCodes).map(([meaning, code]) => `  ${code} ${meaning}`))
    const { code, text } = await program.run(['--help'])
    t.equal(code, 0, `${name} --help`)
    const helped = /exit codes: ([\s\S]*)$/i.exec(text)?.[1] ?? ''
    const named = [...helped.matchAll(/(?<=^|[;,] |[;,]\n)\d/g)].map(([digit]) => Number(digit))
    t.same(named, Object.values(program.exitCodes), `${name} --help names its exit codes`)
    for (const command of await commandsOf(program)) {
      t.equal((await program.run([...command, '--no-such-option'])).code, program.exitCodes.usage, command.join(' '))
      if (command.length > 0) lines.push(`  ${command.join(' ')}`)
    }
    lines.push('')
  }
  compareGolden(t, new URL('./exit-codes.golden.txt', import.meta.url), lines.join('\n'))
})

/** Every command that does something, as its words, from the program's own help. */
async function commandsOf(program: Program, words: readonly string[] = []): Promise<string[][]> {
  const { text } = await program.run([...words, '--help'])
  const listed = /^Commands:\n((?: {2}.*\n?)+)/m.exec(text)?.[1] ?? ''
  const names = [...listed.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name]) => name!).filter((name) => name !== 'help')
  if (names.length === 0) return [[...words]]
  return (await Promise.all(names.map((name) => commandsOf(program, [...words, name])))).flat()
}
