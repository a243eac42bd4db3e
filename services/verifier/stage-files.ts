import type { Bag } from './bag.ts'
import type { Findings } from './findings.ts'
import { type Manifests, manifestPath, tagManifestPath } from './manifests.ts'
import { type PackageFiles, paths } from './package-files.ts'
import { proofPath } from './stage-proofs.ts'
import type { TreePaths } from './stage-tree.ts'

/** What earlier stages know; null where they did not come so far, and then nothing is said about such files. */
export interface KnownFiles {
  readonly files: PackageFiles
  readonly tree: TreePaths | null
  /** Media that passed stage 6. */
  readonly soundMedia: ReadonlySet<string>
}

const fixedPaths: readonly string[] = ['bagit.txt', manifestPath, tagManifestPath, ...Object.values(paths)]
/** Files that explain: which of them there are, the contents say. */
const besidePaths = /^data\/(transcripts|report|verifier)\/[^/]+$/
const timestampPaths = /^data\/ledger\/timestamps\/[0-9]+-[0-9]+\.(tsr|checkpoint)$/
const tilePaths = /^data\/ledger\/tile\//

/** Stage 8: the files that are there against the manifests and against the page's list of paths. */
export async function checkFiles(bag: Bag, manifests: Manifests, known: KnownFiles, findings: Findings): Promise<void> {
  for (const path of manifests.keys()) {
    if (!bag.has(path)) findings.add('file_missing', path)
  }
  const places = placesOf(known)
  for (const path of bag.paths) {
    const { sha256 } = await bag.digest(path)
    if (bag.isDamaged(path)) findings.add('container_damaged', path)
    const listed = manifests.get(path)
    if (listed === undefined && path !== tagManifestPath) findings.add('file_added', path, 'it is in no manifest')
    else if (!places(path)) findings.add('file_added', path, 'the format has no such file')
    if (listed === undefined || listed === sha256) continue
    const code = known.soundMedia.has(path) ? 'manifest_differs' : 'file_differs'
    findings.add(code, path, `it has SHA-256 ${sha256}, the manifest says ${listed}`)
  }
}

function placesOf({ files, tree }: KnownFiles): (path: string) => boolean {
  const named = new Set([
    ...fixedPaths,
    ...[...files.events, ...files.loose].map(({ index }) => proofPath(index)),
    ...files.recordings.flatMap(({ original, playable }) => [original, ...playable].map((one) => one?.path)),
  ])
  return (path) =>
    named.has(path) ||
    besidePaths.test(path) ||
    timestampPaths.test(path) ||
    (tilePaths.test(path) && (tree?.has(path) ?? true))
}
