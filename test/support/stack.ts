import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { attachStack, type Stack, startStack, stopStack } from '../../deploy/local/stack.ts'

/** All that support code needs of a test. */
export interface Teardown {
  teardown(end: () => unknown): unknown
}

/**
 * The servers for a test: those of the stack whose stack.json CUSTODY_STACK names (test/run.ts starts one for the whole
 * suite), else a stack of its own that is taken down when the test ends, or left for the next one with
 * CUSTODY_STACK_KEEP=1 (then: node deploy/local/stack.ts stop .stack/kept).
 */
export async function openStack(t: Teardown): Promise<Stack> {
  const given = process.env.CUSTODY_STACK
  if (given) return attachStack(given.endsWith('.json') ? dirname(given) : given)
  const root = fileURLToPath(new URL('../../.stack', import.meta.url))
  if (process.env.CUSTODY_STACK_KEEP === '1') return keptStack(`${root}/kept`)
  const stack = await startStack({ directory: `${root}/test-${process.pid}` })
  t.teardown(() => stopStack(stack, { remove: true }))
  return stack
}

async function keptStack(directory: string): Promise<Stack> {
  try {
    return attachStack(directory)
  } catch {
    return startStack({ directory, detached: true })
  }
}
