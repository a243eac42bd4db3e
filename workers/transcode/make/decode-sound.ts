import { pipeline } from 'node:stream/promises'
import { Fault } from '../../../services/foundation/errors.ts'
import { beyondLimit, notDecodedBecause, notRead } from '../not-playable.ts'
import type { Decoding } from '../plan/commands.ts'
import { heavyNiceness, type SandboxEnd, type SandboxedProgram, type SandboxRun, spawnSandboxed } from '../sandbox.ts'

/**
 * Decodes a sound of the original and gives it to `taker` as it comes. Resolves when all of it is decoded, or when the taker
 * ended before: then its own end says why.
 *
 * @throws bad_request when it cannot be decoded, with the reason; not_ready; the signal's reason
 */
export async function decodeSoundFor(
  taker: SandboxedProgram,
  run: Omit<SandboxRun, 'arguments'>,
  { inputFlags, outputFlags }: Decoding,
): Promise<void> {
  const running = spawnSandboxed('ffmpeg', {
    ...run,
    arguments: [...inputFlags, '-i', '/in/source', ...outputFlags, 'pipe:1'],
    niceness: heavyNiceness,
  })
  const given = pipeline(running.stdout, taker.stdin!).catch(() => undefined)
  const [end] = await Promise.all([running.ended, given])
  if (!isUnread(end.stderr)) requireWell(end)
}

/** @throws bad_request when ffmpeg failed or was ended by a limit, with the reason; store_full */
export function requireWell({ limit, code, stderr }: SandboxEnd): void {
  if (limit !== null) throw beyondLimit(limit)
  if (code === 0) return
  if (/No space left on device/.test(stderr)) throw new Fault('store_full', 'the scratch disk of the workers is full')
  throw notRead(notDecodedBecause(stderr))
}

/** Whether a program complains that nobody reads what it writes. Pure. */
export function isUnread(stderr: string): boolean {
  return /Broken pipe|Connection reset by peer/.test(stderr)
}
