import { isFault } from '../foundation/errors.ts'
import { noteBytesMax } from '../ledger/format/note.ts'
import { verifyTimestamp } from '../ledger/timestamp/timestamp.ts'
import type { Bag } from './bag.ts'
import type { Code } from './codes.ts'
import type { Findings } from './findings.ts'
import { type CheckedCheckpoint, openCheckpointFile } from './stage-checkpoint.ts'
import { rootAt } from './stage-tree.ts'
import type { PackageTrust } from './trust.ts'

const folder = 'data/ledger/timestamps/'
/** A response holds a signature and a few certificates. */
const responseBytesMax = 1_000_000

export interface CheckedTimestamp {
  readonly path: string
  readonly stampedAt: string
  readonly authority: string
  /** Leaves of the checkpoint that was stamped. */
  readonly size: number
}

/** Names of time-stamps that a package has files of, `<name>` of `<name>.tsr` and `<name>.checkpoint`. */
export function timestampNames(paths: readonly string[]): string[] {
  const found = paths.flatMap((path) => {
    const parts = path.startsWith(folder)
      ? /^([0-9]+-[0-9]+)\.(?:tsr|checkpoint)$/.exec(path.slice(folder.length))
      : null
    return parts ? [parts[1]!] : []
  })
  return [...new Set(found)].sort()
}

/** Stage 7: every time-stamp, and that what it stamped is a checkpoint of this tree. */
export async function checkTimestamps(
  bag: Bag,
  checked: CheckedCheckpoint,
  trust: PackageTrust,
  findings: Findings,
): Promise<CheckedTimestamp[]> {
  const sound: CheckedTimestamp[] = []
  for (const name of timestampNames(bag.paths)) {
    const path = `${folder}${name}`
    const missing = [`${path}.tsr`, `${path}.checkpoint`].find((one) => !bag.has(one))
    if (missing !== undefined) {
      findings.add('timestamp_malformed', missing, 'it is not there')
      continue
    }
    const response = await bag.read(`${path}.tsr`, responseBytesMax)
    const stamped = await bag.read(`${path}.checkpoint`, noteBytesMax)
    const verified = await checkResponse(`${path}.tsr`, response, stamped, trust, findings)
    const size = await checkStamped(bag, { path: `${path}.checkpoint`, bytes: stamped }, { checked, trust }, findings)
    if (verified && size !== null) {
      const { stampedAt, authority } = verified
      sound.push({ path: `${path}.tsr`, stampedAt: stampedAt.toISOString(), authority, size })
    }
  }
  return sound
}

async function checkResponse(
  path: string,
  response: Buffer,
  stamped: Buffer,
  trust: PackageTrust,
  findings: Findings,
): Promise<{ stampedAt: Date; authority: string } | null> {
  try {
    return await verifyTimestamp(response, stamped, trust.timestampRoots)
  } catch (error) {
    if (!isFault(error)) throw error
    const { fault } = error.details
    if (!isTimestampCode(fault)) throw error
    findings.add(fault, path, error.message)
    return null
  }
}

/** The size of the stamped checkpoint, null when it is none of this log and tree. */
async function checkStamped(
  bag: Bag,
  { path, bytes }: { path: string; bytes: Buffer },
  { checked, trust }: { checked: CheckedCheckpoint; trust: PackageTrust },
  findings: Findings,
): Promise<number | null> {
  const own = checked.checkpoint
  const read = openCheckpointFile(bytes, trust)
  if ('fault' in read) {
    const { code, what } = read.fault
    findings.add(code === 'checkpoint_malformed' ? 'timestamp_malformed' : 'timestamp_checkpoint', path, what)
    return null
  }
  const { size, root } = read.checkpoint
  const wrong = size > own.size ? `it has ${size} leaves, the package ${own.size}` : null
  if (wrong === null && (await rootAt(bag, own.size, size))?.equals(root)) return size
  findings.add('timestamp_checkpoint', path, wrong ?? `this tree has another root at ${size} leaves`)
  return null
}

function isTimestampCode(fault: unknown): fault is Code {
  return fault === 'timestamp_malformed' || fault === 'timestamp_imprint' || fault === 'timestamp_signature'
}
