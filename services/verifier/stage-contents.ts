import { names, type PlacedBody } from '../ledger/verify/placed-body.ts'
import type { Bag } from './bag.ts'
import { countingContents } from './counting-contents.ts'
import type { Findings } from './findings.ts'
import { type ContentLine, type PackageFiles, paths } from './package-files.ts'

/** What contents.jsonl has lines for: making.json, and all that lies in these folders. */
const boundPath = /^data\/(making\.json$|(originals|playable|transcripts|report|verifier)\/)/
const knownPaths: readonly RegExp[] = [
  /^data\/making\.json$/,
  /^data\/originals\/[^/]+\/original(\.[A-Za-z0-9]+)?$/,
  /^data\/playable\/[^/]+-(0|[1-9][0-9]*)\.(mp4|m4a|jpg)$/,
  /^data\/(transcripts|report|verifier)\/[^/]+$/,
]

/** Stage 6, `contents_differs`: the files of the package against the event that entered them before the checkpoint. */
export async function checkContents(
  bag: Bag,
  { claims, contents }: PackageFiles,
  events: readonly PlacedBody[],
  findings: Findings,
): Promise<void> {
  const add = (where: string, what: string) => findings.add('contents_differs', where, what)
  const counting = countingContents(claims.id, events)
  if (!counting) add(paths.contents, 'no event enters the contents of this package')
  else {
    const { sha256, files, bytes } = counting.body.details
    const total = contents.reduce((sum, line) => sum + line.bytes, 0)
    const isEntered =
      sha256 === (await bag.digest(paths.contents)).sha256 && files === contents.length && bytes === total
    const built = events.find(({ body }) => body.kind === 'package.built' && names(body, `package:${claims.id}`))
    if (built && built.index < counting.index) {
      add(paths.contents, `leaf ${counting.index} enters it after the package was built (leaf ${built.index})`)
    }
    if (!isEntered) add(paths.contents, `it is not what the event of leaf ${counting.index} says`)
  }
  for (const [at, line] of contents.entries()) {
    if (at > 0 && !isBefore(contents[at - 1]!, line)) add(paths.contents, `line ${at + 1} is not in its order`)
    const wrong = await fileFault(bag, line)
    if (wrong !== null) add(line.path, wrong)
  }
  const listed = new Set(contents.map(({ path }) => path))
  for (const path of bag.paths) {
    if (boundPath.test(path) && !listed.has(path)) add(path, 'it was not entered')
  }
}

async function fileFault(bag: Bag, { path, bytes, sha256 }: ContentLine): Promise<string | null> {
  if (!knownPaths.some((known) => known.test(path))) return 'no such file is entered'
  if (!bag.has(path)) return 'it was entered, and is not there'
  const found = await bag.digest(path)
  return found.bytes === bytes && found.sha256 === sha256 ? null : `${bytes} bytes of SHA-256 ${sha256} were entered`
}

function isBefore(one: ContentLine, other: ContentLine): boolean {
  return Buffer.compare(Buffer.from(one.path, 'utf8'), Buffer.from(other.path, 'utf8')) < 0
}
