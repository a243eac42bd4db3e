import type { Terminal } from '../../services/cli/terminal.ts'

/** A terminal that keeps what a command says. */
export interface TestTerminal extends Terminal {
  readonly printed: string[]
  readonly told: string[]
}

/** Nobody sits at it, unless `answers` are given: those come in order. */
export function testTerminal(env: Record<string, string> = {}, answers?: readonly string[]): TestTerminal {
  const printed: string[] = []
  const told: string[] = []
  const waiting = [...(answers ?? [])]
  const answer = async () => waiting.shift() ?? ''
  return {
    env,
    printed,
    told,
    out: (line) => printed.push(line),
    err: (line) => told.push(line),
    person: answers ? { ask: answer, askSecret: answer } : null,
  }
}
