// A simulated device's driver: main.ts KIND SOURCE FAULTS, with /dev/fuse open and mounted as descriptor 3.

import { readFileSync, statSync } from 'node:fs'
import { Fat32 } from './fat32.ts'
import { type Faults, type FileSystem, FileSystemError } from './file-system.ts'
import { FolderFiles } from './folder.ts'
import { serve } from './server.ts'
import { withFaults } from './with-faults.ts'

const [kind, source, faultsPath] = process.argv.slice(2)
const files = (kind === 'fat32' ? new Fat32(source!) : new FolderFiles(source!)) as FileSystem<object>

let readAt: bigint | null = null
let faults: Faults = {}

/** The faults as they stand now. A stat costs microseconds, and a test changes them at any moment. */
function currentFaults(): Faults {
  const stat = statSync(faultsPath!, { bigint: true, throwIfNoEntry: false })
  const at = stat ? stat.mtimeNs + stat.size + stat.ino : null
  if (at !== readAt) {
    faults = stat ? (JSON.parse(readFileSync(faultsPath!, 'utf8')) as Faults) : {}
    readAt = at
  }
  return faults
}

serve(3, withFaults(files, currentFaults), (request) => {
  const { dead, readDelayMs } = currentFaults()
  if (request === 'read' && readDelayMs) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, readDelayMs)
  if (dead) throw new FileSystemError(dead)
})
