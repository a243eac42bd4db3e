import { type ServiceProcess, startServiceProcess } from './service-process.ts'
import type { World } from './world.ts'

export type IngestProcess = ServiceProcess

/** Starts the real ingest in a process of its own. */
export function startIngestProcess(
  t: { teardown(end: () => unknown): unknown },
  world: World,
  env: Record<string, string> = {},
): Promise<IngestProcess> {
  return startServiceProcess(t, world, 'ingest', env)
}
