import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ServiceName } from '../../../deploy/local/stack.ts'
import { inherited } from '../../../deploy/local/system/inherited.ts'
import type { RecordingJob } from '../../../services/foundation/queue/jobs.ts'
import type { World } from '../../support/world.ts'

const program = fileURLToPath(new URL('dying-worker.ts', import.meta.url))

/** Runs the job in a process that is killed at `step`; true when it was killed, false when the job was done first. */
export async function killedAt(
  world: World,
  step: number,
  { name, id }: { readonly name: RecordingJob; readonly id: string },
  scratchDirectory: string,
): Promise<boolean> {
  const service: ServiceName = name === 'transcode' ? 'transcode' : 'worker'
  const env = {
    ...inherited(),
    ...world.environmentFor(service),
    SCRATCH_DIR: scratchDirectory,
    CLOCK_OFFSET_MS: String(world.clock.now().getTime() - Date.now()),
  }
  const child = spawn(process.execPath, [program, name, id, String(step)], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  if (signal === 'SIGKILL') return true
  if (code === 0) return false
  throw new Error(`the worker failed instead of dying: ${complaints}`)
}
