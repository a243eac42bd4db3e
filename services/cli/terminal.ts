import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Environment } from '../foundation/config.ts'

/** What a command may know of the outside: its environment, where it writes, and a person to ask. */
export interface Terminal {
  readonly env: Environment
  /** Results, one line each; a program may read them. */
  out(line: string): void
  /** Progress and failures, for people. */
  err(line: string): void
  /** Null when nobody sits there. */
  readonly person: Prompt | null
}

export interface Prompt {
  ask(question: string): Promise<string>
  /** The answer is not shown while it is typed. */
  askSecret(question: string): Promise<string>
}

/** The terminal of a process. */
export function processTerminal(process: NodeJS.Process, env: Environment): Terminal {
  const isInteractive = process.stdin.isTTY && process.stderr.isTTY
  return {
    env,
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    person: isInteractive ? personAt(process) : null,
  }
}

function personAt(process: NodeJS.Process): Prompt {
  // Questions go to standard error, so that standard output holds results only.
  const ask = async (question: string, output: NodeJS.WritableStream): Promise<string> => {
    const lines = createInterface({ input: process.stdin, output, terminal: true })
    try {
      return await lines.question(question)
    } finally {
      lines.close()
    }
  }
  return {
    ask: (question) => ask(question, process.stderr),
    async askSecret(question) {
      process.stderr.write(question)
      const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
      const answer = await ask('', silent)
      process.stderr.write('\n')
      return answer
    },
  }
}

/** Names come from devices, texts from servers and rows: no control or format character of theirs may steer the terminal. */
export function printable(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}]/gu, (sign) => `\\u{${sign.codePointAt(0)!.toString(16)}}`)
}
