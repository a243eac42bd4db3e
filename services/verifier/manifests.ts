import type { Bag } from './bag.ts'
import type { Findings } from './findings.ts'
import { jsonBytesMax, utf8OrNull } from './json-files.ts'
import { isPackagePath } from './source.ts'

export const manifestPath = 'manifest-sha256.txt'
export const tagManifestPath = 'tagmanifest-sha256.txt'
const declaration = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'
const taggedPaths: readonly string[] = ['bagit.txt', 'bag-info.txt', manifestPath]

/** Path -> SHA-256 in hex, of both manifests together. */
export type Manifests = ReadonlyMap<string, string>

/** Reads the bag's own files (DESIGN.md §6, RFC 8493); null when one of them cannot be read. */
export async function readManifests(bag: Bag, findings: Findings): Promise<Manifests | null> {
  const found = bag.has('bagit.txt') ? await bag.read('bagit.txt', declaration.length) : null
  if (found?.toString('latin1') !== declaration) {
    findings.add('bag_malformed', 'bagit.txt', found ? 'it does not say BagIt 1.0 in UTF-8' : 'it is not there')
  }
  const listed = new Map<string, string>()
  await readManifest(bag, manifestPath, listed, findings, (path) => path.startsWith('data/'))
  await readManifest(bag, tagManifestPath, listed, findings, (path) => taggedPaths.includes(path))
  return findings.has('bag_malformed') ? null : listed
}

async function readManifest(
  bag: Bag,
  path: string,
  listed: Map<string, string>,
  findings: Findings,
  isAllowed: (path: string) => boolean,
): Promise<void> {
  const fail = (what: string) => findings.add('bag_malformed', path, what)
  if (!bag.has(path)) return fail('it is not there')
  const text = utf8OrNull(await bag.read(path, jsonBytesMax))
  if (text === null || (text !== '' && !text.endsWith('\n'))) return fail('it is no text of whole lines')
  const lines = text.split('\n').slice(0, -1)
  let last = ''
  for (const [at, line] of lines.entries()) {
    const parts = /^([0-9a-f]{64}) {2}(.+)$/.exec(line)
    if (!parts) return fail(`line ${at + 1} is not a SHA-256, two spaces and a path`)
    const [, sha256, name] = parts as unknown as [string, string, string]
    if (!isPackagePath(name) || !isAllowed(name)) return fail(`line ${at + 1} names ${JSON.stringify(name)}`)
    if (name <= last) return fail(`line ${at + 1} names ${name}, which is not in its order, or a second time there`)
    last = name
    listed.set(name, sha256)
  }
}
