import type { PartName } from '../../../workers/parts.ts'
import type { ServiceName } from '../stack/environment.ts'

/**
 * For those that footage passes through, as buffers of 64 KiB that live a moment: V8's usual young generation of 16 MiB holds
 * thousands of them back until a full collection, for 40 % more CPU and 70 MiB more memory. And without an old generation of
 * this size from the start V8 looks through the whole heap after each 20 MiB of buffers: half of the CPU that repacking a
 * film costs Node. docker-compose.yml has both.
 */
export const footageFlags = ['--max-semi-space-size=1', '--initial-old-space-size=64']

interface ProcessCommand {
  /** Whose database role and store credential it works with. */
  readonly service: ServiceName
  readonly flags?: readonly string[]
  readonly mainFile: string
  /** What a process of the workers runs; each part of workers/parts.ts stands in exactly one. */
  readonly parts?: readonly PartName[]
}

/** The product's own processes, named as the services of docker-compose.yml that run the same. */
export const processes = {
  sequencer: { service: 'sequencer', mainFile: 'workers/sequencer.ts' },
  ingest: { service: 'ingest', flags: footageFlags, mainFile: 'services/ingest/main.ts' },
  access: { service: 'access', mainFile: 'services/access/main.ts' },
  workers: {
    service: 'worker',
    flags: footageFlags,
    mainFile: 'workers/main.ts',
    parts: ['relay', 'checksum', 'copy', 'expire'],
  },
  transcode: { service: 'transcode', flags: footageFlags, mainFile: 'workers/main.ts', parts: ['transcode'] },
  ledger: {
    service: 'archive',
    mainFile: 'workers/main.ts',
    parts: ['archive', 'witness', 'timestamp', 'receipt', 'store-audit', 'reconcile', 'nightly'],
  },
  packages: { service: 'package', flags: footageFlags, mainFile: 'workers/main.ts', parts: ['package'] },
} as const satisfies Record<string, ProcessCommand>

export type ProcessName = keyof typeof processes
export const processNames = Object.keys(processes) as ProcessName[]

/** These need stores that were told to report what is read from them. */
const auditParts: readonly PartName[] = ['store-audit', 'reconcile', 'nightly']

/**
 * Node's flags, the main file and its arguments. Without `audit` (a store was given by address, and nobody may set its
 * server up to report) the parts that need the stores' reports are left out.
 */
export function commandOf(name: ProcessName, audit: boolean): readonly string[] {
  const { flags = [], mainFile, parts = [] }: ProcessCommand = processes[name]
  return [...flags, mainFile, ...parts.filter((part) => audit || !auditParts.includes(part))]
}
