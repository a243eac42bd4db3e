import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Inventory, InventoryTrack } from '../../../workers/transcode/inventory/inventory.ts'
import { takeInventory } from '../../../workers/transcode/inventory/take-inventory.ts'
import { makeRunDirectory } from '../../../workers/transcode/sandbox.ts'
import type { Teardown } from '../../support/stack.ts'
import { never } from './handlers.ts'

const run = promisify(execFile)

export const picture = (size = '160x120', rate = 10) => ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}`]
export const sound = (rate = 16_000) => ['-f', 'lavfi', '-i', `sine=f=440:r=${rate}`]
export const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '20', '-sc_threshold', '0']

export interface InventoryBench {
  /** Makes a file by ffmpeg and returns its bytes. */
  make(name: string, args: readonly string[]): Promise<Buffer>
  /** Takes the inventory of these bytes as this format. */
  look(bytes: Buffer, format: string, skipBytes?: number): Promise<Awaited<ReturnType<typeof takeInventory>>>
  /** The same, of a file that can be read. */
  inventory(bytes: Buffer, format: string, skipBytes?: number): Promise<Inventory>
  /** A file made earlier, as an input of another. */
  path(name: string): string
}

export async function inventoryBench(t: Teardown): Promise<InventoryBench> {
  const directory = await mkdtemp(join(tmpdir(), 'custody-inventory-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  await mkdir(join(directory, 'made'))
  let runs = 0
  const path = (name: string) => join(directory, 'made', name)
  const look: InventoryBench['look'] = async (bytes, format, skipBytes = 0) => {
    const place = join(directory, `run-${runs++}`)
    await makeRunDirectory(place, { cpuSeconds: 60, fileBytes: 1e6, memoryBytes: 4 * 1024 ** 3 })
    await writeFile(join(place, 'in', 'source'), bytes)
    return takeInventory({ directory: place, fileName: 'source', format, skipBytes, signal: never })
  }
  return {
    path,
    look,
    async make(name, args) {
      await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args, path(name)])
      return readFile(path(name))
    },
    async inventory(...asked) {
      const taken = await look(...asked)
      if ('reason' in taken) throw new Error(taken.reason)
      return taken.inventory
    },
  }
}

export function trackOf(inventory: Inventory, kind: InventoryTrack['kind']): InventoryTrack {
  const track = inventory.tracks.find((one) => one.kind === kind)
  if (!track) throw new Error(`the inventory has no ${kind}`)
  return track
}
