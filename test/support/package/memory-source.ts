import { checkPaths, type PackageSource } from '../../../services/verifier/source.ts'
import type { Files } from '../sample-package.ts'

/** A package in memory; `reads` counts how often each file was read. */
export function memorySource(files: Files): PackageSource & { readonly reads: ReadonlyMap<string, number> } {
  const reads = new Map<string, number>()
  checkPaths([...files.keys()])
  return {
    paths: [...files.keys()],
    bytes: [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0),
    reads,
    damaged: new Set<string>(),
    async *read(path) {
      reads.set(path, (reads.get(path) ?? 0) + 1)
      const bytes = files.get(path)!
      // In odd chunks: no reader may depend on where they are cut.
      for (let start = 0; start < bytes.length; start += 997) yield bytes.subarray(start, start + 997)
    },
    close: async () => {},
  }
}
