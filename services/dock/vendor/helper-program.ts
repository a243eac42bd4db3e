import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { endGroup } from '../../foundation/platform.ts'
import { type Command, filledArguments, searchPath, withoutSecret } from './run-command.ts'

/** A program that answers questions, one line of JSON each, for as long as a device is asked. */
export interface HelperProgram {
  /**
   * @throws HelperRefused when it answers with an error; HelperFailed when it answers with something else than asked, too late,
   *   or has ended. The text never has a `password` of the arguments in it
   */
  ask<Schema extends TSchema>(call: string, args: Record<string, unknown>, answer: Schema): Promise<Static<Schema>>
  /** Ends it. */
  end(): Promise<void>
}

/** The vendor's program or the device behind it did not do what was asked. */
export class HelperFailed extends Error {}
/** It answered that it did not. */
export class HelperRefused extends HelperFailed {}

interface Waiting {
  readonly resolve: (answer: Record<string, unknown>) => void
  readonly reject: (error: Error) => void
}

/** Starts a vendor's program for one device. `timeLimitMs` is the limit of each question. */
export function startHelper(command: Command, words: Readonly<Record<string, string>>): HelperProgram {
  const [program, ...args] = filledArguments(command.argv, words)
  const child = spawn(program!, args, { env: { PATH: searchPath }, stdio: ['pipe', 'pipe', 'ignore'], detached: true })
  const waiting = new Map<number, Waiting>()
  const { promise: ended, resolve: hasEnded } = Promise.withResolvers<void>()
  let lastId = 0
  let why: string | null = null

  const over = (reason: string) => {
    why ??= reason
    for (const { reject } of waiting.values()) reject(new HelperFailed(`${program} ${why}`))
    waiting.clear()
  }
  const kill = () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      endGroup(child.pid, 'SIGKILL', process.platform)
  }
  child.on('error', (error) => {
    over(`cannot be started: ${error.message}`)
    hasEnded()
  })
  child.on('exit', (code, signal) => {
    over(`ended with ${signal ?? code}`)
    hasEnded()
  })
  child.stdin.on('error', () => over('does not listen any more'))
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = answerOf(line)
    if (!answer) return // a library that prints what it likes
    waiting.get(answer.id)?.resolve(answer)
    waiting.delete(answer.id)
  })

  return {
    async ask(call, callArgs, schema) {
      if (why) throw new HelperFailed(`${program} ${why}`)
      const id = ++lastId
      const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>()
      waiting.set(id, { resolve, reject })
      const timer = setTimeout(() => {
        // What does not answer once would answer the next question with this one's words.
        over(`did not answer ${call} within ${command.timeLimitMs} ms`)
        kill()
      }, command.timeLimitMs)
      child.stdin.write(`${JSON.stringify({ id, call, ...callArgs })}\n`)
      try {
        const { error, result } = await promise
        if (error !== undefined) {
          const password = typeof callArgs.password === 'string' ? callArgs.password : undefined
          throw new HelperRefused(`${call}: ${withoutSecret(String(error), password).slice(0, 200)}`)
        }
        if (!Value.Check(schema, result)) throw new HelperFailed(`${call}: the answer is not what was asked for`)
        return result
      } finally {
        clearTimeout(timer)
      }
    },
    async end() {
      kill()
      await ended
    },
  }
}

function answerOf(line: string): { id: number; error?: unknown; result?: unknown } | null {
  try {
    const answer = JSON.parse(line)
    return typeof answer?.id === 'number' ? answer : null
  } catch {
    return null
  }
}
