import { isFault } from '../foundation/errors.ts'
import type { EventBody } from '../ledger/format/entry.ts'
import { verifyCase } from '../ledger/verify/case.ts'
import { type ReadEvent, readEvents } from '../ledger/verify/events.ts'
import type { PlacedBody } from '../ledger/verify/placed-body.ts'
import { type Bag, openBag } from './bag.ts'
import { type Code, codesInOrder } from './codes.ts'
import { earlierContents } from './counting-contents.ts'
import { type Existence, existenceOf, nothingExists } from './existence.ts'
import { collectFindings, type Findings, type PackageFinding } from './findings.ts'
import { readManifests } from './manifests.ts'
import { type EventLine, type PackageClaims, type PackageFiles, readPackageFiles } from './package-files.ts'
import type { Remark } from './remarks.ts'
import { type ListedFiles, listedFiles, type SignedList, signedLists } from './shown-acts.ts'
import type { PackageSource } from './source.ts'
import { type CheckedCheckpoint, checkCheckpoint, type Witnessing } from './stage-checkpoint.ts'
import { checkBagInfo, checkClaims } from './stage-claims.ts'
import { checkContents } from './stage-contents.ts'
import { checkFiles } from './stage-files.ts'
import { checkHandIns } from './stage-hand-ins.ts'
import { type CheckedRecording, checkMedia } from './stage-media.ts'
import { checkProofs } from './stage-proofs.ts'
import { type Remarkable, remarksOn } from './stage-remarks.ts'
import { checkTimes } from './stage-times.ts'
import { type CheckedTimestamp, checkTimestamps } from './stage-timestamps.ts'
import { findTree, type TreePaths, treeFolder, treeReader } from './stage-tree.ts'
import type { PackageTrust } from './trust.ts'

/** What was checked, and what was found. Nothing of it is to be believed when `accepted` is false. */
export interface PackageReport {
  readonly accepted: boolean
  /** The main fault: the first of `codes`. */
  readonly fault: Code | null
  readonly codes: readonly Code[]
  /** What weakens the proof, the weakest first; only an accepted package has remarks. */
  readonly remarks: readonly Remark[]
  readonly existence: Existence
  readonly findings: readonly PackageFinding[]
  /** How often each code was found; `findings` keeps the first ones of each. */
  readonly counts: Partial<Record<Code, number>>
  readonly checked: Checked
}

export interface Checked {
  /** What the package says of itself; null when that could not be read. */
  readonly claims: PackageClaims | null
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string } | null
  readonly witnesses: readonly Witnessing[]
  readonly needsWitnesses: boolean
  readonly timestamps: readonly CheckedTimestamp[]
  readonly subjects: number
  readonly events: number
  readonly recordings: readonly CheckedRecording[]
  readonly handIns: readonly ListedFiles[]
  readonly signedLists: readonly SignedList[]
  readonly files: number
  readonly bytes: number
}

export interface VerifyOptions {
  /** Is told how many bytes of how many were read so far. */
  readonly onProgress?: (bytes: number, ofBytes: number) => void
  /** What the clock of this computer says; its own when left out. */
  readonly now?: Date
}

interface Progress {
  files: PackageFiles | null
  checkpoint: CheckedCheckpoint | null
  tree: TreePaths | null
  events: readonly PlacedBody[]
  loose: readonly PlacedBody[]
  recordings: CheckedRecording[]
  timestamps: CheckedTimestamp[]
}

/**
 * Verifies an evidence package by services/ledger/DESIGN.md §7, offline, with keys from outside. It reads each file once and
 * needs constant memory for footage. Whatever is wrong with the package is a finding; only bytes that cannot be read at all
 * (a disk that fails) are thrown.
 */
export async function verifyPackage(
  source: PackageSource,
  trust: PackageTrust,
  options: VerifyOptions = {},
): Promise<PackageReport> {
  let bytes = 0
  const bag = openBag(source, (more) => {
    bytes += more
    options.onProgress?.(bytes, Math.max(bytes, source.bytes))
  })
  const findings = collectFindings()
  const progress = newProgress()
  try {
    await runStages(bag, trust, progress, findings)
    // A zip entry proves damaged only when it is read to its end.
    for (const path of bag.paths) await bag.digest(path)
  } catch (error) {
    if (isContainerFault(error)) return refusedContainer(error.message)
    throw error
  }
  const read = { files: bag.paths.length, bytes }
  return reportOf(progress, findings, read, remarkableOf(progress, findings, options.now ?? new Date()))
}

/** The report on what could not be opened as a container. */
export function refusedContainer(what: string): PackageReport {
  const findings = collectFindings()
  findings.add('container_malformed', 'package', what)
  return reportOf(newProgress(), findings, { files: 0, bytes: 0 }, null)
}

/** True for what makes `container_malformed`, as opposed to a failure to read. */
export function isContainerFault(error: unknown): error is Error {
  return isFault(error, 'malformed') && error.details.container === true
}

async function runStages(bag: Bag, trust: PackageTrust, progress: Progress, findings: Findings): Promise<void> {
  const manifests = await readManifests(bag, findings)
  const files = manifests && (await readPackageFiles(bag, findings))
  if (!manifests || !files) return
  progress.files = files
  progress.checkpoint = await checkCheckpoint(bag, trust, findings)
  if (progress.checkpoint) await checkAgainst(bag, { files, checked: progress.checkpoint, trust }, progress, findings)
  const soundMedia = new Set(progress.recordings.flatMap(({ provenPaths }) => provenPaths))
  await checkFiles(bag, manifests, { files, tree: progress.tree, soundMedia }, findings)
}

/** Stages 3 to 7. */
async function checkAgainst(
  bag: Bag,
  { files, checked, trust }: { files: PackageFiles; checked: CheckedCheckpoint; trust: PackageTrust },
  progress: Progress,
  findings: Findings,
): Promise<void> {
  const { checkpoint } = checked
  const tree = findTree(bag, checkpoint.size, findings)
  if (!tree) return
  const events = readEvents(files.events, nameOfEvent)
  const loose = readEvents(files.loose, nameOfEvent)
  const { caseNumber } = files.claims
  const { vrfPublicKey } = trust
  const disclosure = { caseNumber, subjects: files.subjects, events, loose }
  const verified = await verifyCase(disclosure, { checkpoint, vrfPublicKey, readTile: treeReader(bag) })
  for (const { code, where, what } of verified.findings) {
    findings.add(code, where.startsWith('tile/') ? `${treeFolder}${where}` : where, what)
  }
  if (!verified.isTreeRead) return
  progress.tree = tree
  await checkProofs(bag, [...events, ...loose], { leaves: verified.leaves, checked }, findings)
  checkTimes([...events, ...loose], findings)
  progress.events = placedBodies(events)
  progress.loose = placedBodies(loose)
  checkHandIns(files, progress.events, progress.loose, findings)
  progress.recordings = await checkMedia(bag, files, events, findings)
  await checkContents(bag, files, progress.events, findings)
  await checkBagInfo(bag, files, findings)
  checkClaims(files, progress.events, checked, findings)
  progress.timestamps = await checkTimestamps(bag, checked, trust, findings)
}

function placedBodies(events: readonly ReadEvent<EventLine>[]): PlacedBody[] {
  return events.flatMap(({ shown, body }) => (body ? [{ index: shown.index, body }] : []))
}

function nameOfEvent({ index }: EventLine, body: EventBody | null): string {
  return body ? `event ${body.id} (leaf ${index})` : `leaf ${index}`
}

function newProgress(): Progress {
  return { files: null, checkpoint: null, tree: null, events: [], loose: [], recordings: [], timestamps: [] }
}

/** What remarks are made from; null when the package is not accepted. */
function remarkableOf(progress: Progress, findings: Findings, now: Date): Remarkable | null {
  const { files, checkpoint, events, timestamps } = progress
  if (codesInOrder.some(findings.has) || !files || !checkpoint) return null
  const looseIndexes = files.loose.map(({ index }) => index)
  const bodies = events.map(({ body }) => body)
  const subjects = files.subjects.map(({ subject }) => subject)
  const { handIns, claims } = files
  const again = earlierContents(claims.id, events)
  return {
    subjects,
    handIns,
    earlierContents: again,
    checked: checkpoint,
    timestamps,
    events: bodies,
    placed: events,
    looseIndexes,
    now,
  }
}

function reportOf(
  progress: Progress,
  findings: Findings,
  read: { files: number; bytes: number },
  remarkable: Remarkable | null,
): PackageReport {
  const codes = codesInOrder.filter((code) => findings.has(code))
  const { checkpoint, files } = progress
  return {
    accepted: codes.length === 0,
    fault: codes[0] ?? null,
    codes,
    remarks: remarkable ? remarksOn(remarkable) : [],
    existence: remarkable ? existenceOf(remarkable) : nothingExists,
    findings: findings.list(),
    counts: findings.counts(),
    checked: {
      claims: files?.claims ?? null,
      checkpoint: checkpoint && {
        origin: checkpoint.checkpoint.origin,
        size: checkpoint.checkpoint.size,
        root: checkpoint.checkpoint.root.toString('base64'),
      },
      witnesses: checkpoint?.witnesses ?? [],
      needsWitnesses: checkpoint?.needsWitnesses ?? true,
      timestamps: progress.timestamps,
      subjects: files?.subjects.length ?? 0,
      events: files?.events.length ?? 0,
      recordings: progress.recordings,
      handIns: listedFiles(files?.handIns ?? [], progress.events),
      signedLists: signedLists([...progress.events, ...progress.loose]),
      ...read,
    },
  }
}
