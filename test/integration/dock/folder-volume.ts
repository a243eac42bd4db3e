import { createReadStream } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ReadFailed, type SeenFile, type Source, type Volume } from '../../../services/dock/sources/source.ts'

/** A device that outlives the process: a folder. Its one volume is there from the start. */
export function folderSource(folder: string, serial: string): Source {
  const pathOf = ({ path }: SeenFile) => join(folder, path.toString())
  const volume: Volume = {
    id: `folder ${folder}`,
    slot: 1,
    uuid: null,
    origin: { kind: 'mass_storage', from: null },
    facts: { serial, officerNumber: null, officerName: null, batteryPercent: null, clockOffsetMs: null },
    profile: null,
    sizeBytes: 1024 ** 3,
    freeBytes: 1024 ** 3,
    async list() {
      const names = (await readdir(folder)).sort()
      return await Promise.all(
        names.map(async (name) => {
          const { size, mtimeMs } = await stat(join(folder, name))
          const raw = Buffer.from(name)
          return {
            path: raw,
            name: raw,
            bytes: size,
            modifiedMs: Math.floor(mtimeMs),
            deviceTime: null,
            runningNumber: null,
            mark: false,
          }
        }),
      )
    },
    async *read(file, from, signal) {
      try {
        yield* createReadStream(pathOf(file), { start: from, highWaterMark: 64 * 1024, signal })
      } catch (error) {
        signal.throwIfAborted()
        throw new ReadFailed('the file cannot be read', { cause: error })
      }
    },
    remove: (file) => rm(pathOf(file)),
    release: async () => undefined,
  }
  return {
    start: async (listener) => listener.appeared(volume),
    stop: async () => undefined,
  }
}
