import { isFault } from '../foundation/errors.ts'
import { isJsonObject, isWhole, type JsonValue } from '../ledger/format/canonical.ts'
import { isTime } from '../ledger/format/entry.ts'
import { subjectAlpha } from '../ledger/format/links.ts'
import { isPlayableKind, type PlayableKind } from '../ledger/format/recordings.ts'
import type { ShownHandIn } from '../ledger/verify/shown-hand-in.ts'
import type { Bag } from './bag.ts'
import type { Findings } from './findings.ts'
import {
  type Check,
  isBoolean,
  isHex,
  isListOf,
  isObject,
  isText,
  orNull,
  readJsonFile,
  readJsonLines,
} from './json-files.ts'

export const paths = {
  bagInfo: 'bag-info.txt',
  package: 'data/package.json',
  making: 'data/making.json',
  contents: 'data/contents.jsonl',
  handIns: 'data/hand-ins.jsonl',
  checkpoint: 'data/ledger/checkpoint',
  subjects: 'data/ledger/subjects.jsonl',
  events: 'data/ledger/events.jsonl',
  loose: 'data/ledger/loose.jsonl',
  recordings: 'data/recordings.jsonl',
} as const

/** What the package says of itself; nothing here is believed. */
export interface PackageClaims extends MakingClaims {
  readonly origin: string
  readonly checkpointSize: number
}

/** What of it was known before the last checkpoint. */
export interface MakingClaims {
  readonly format: string
  readonly id: string
  readonly caseNumber: string
  readonly reportSize: number
  readonly withFootage: boolean
  readonly madeAt: string
  readonly madeBy: { readonly id: string; readonly name: string; readonly role: string }
  readonly madeHow: string
  readonly purpose: string
  readonly signedBy: { readonly id: string; readonly name: string } | null
  readonly recipient: { readonly name: string; readonly organisation: string } | null
}

export interface SubjectLine {
  readonly subject: string
  readonly secret: string
  readonly proof: string
}

export interface EventLine {
  readonly body: string
  readonly bodySha256: string
  readonly index: number
  readonly salt: string
}

export interface OriginalClaim {
  readonly bytes: number
  readonly path: string
  readonly sha256: string
  readonly sm3: string | null
}

export interface PlayableClaim {
  readonly bytes: number
  readonly kind: PlayableKind
  readonly path: string
  readonly renditionId: string
  readonly sha256: string
  readonly track: number
}

export interface RecordingLine {
  readonly id: string
  readonly original: OriginalClaim | null
  /** One for each track. */
  readonly playable: readonly PlayableClaim[]
}

export interface ContentLine {
  readonly bytes: number
  readonly path: string
  readonly sha256: string
}

export interface PackageFiles {
  readonly claims: PackageClaims
  readonly subjects: readonly SubjectLine[]
  readonly events: readonly EventLine[]
  readonly loose: readonly EventLine[]
  readonly making: MakingClaims
  readonly contents: readonly ContentLine[]
  readonly handIns: readonly ShownHandIn[]
  readonly recordings: readonly RecordingLine[]
}

/** The one format that this verifier reads: DESIGN.md §6. */
const packageFormat = 'evidence-package/v3'
const hasFormat: Check = (value) => value !== undefined && isJsonObject(value) && isText(value.format)
const isAt: Check = (value) => typeof value === 'string' && isTime(value)
const making = {
  format: isText,
  id: isText,
  caseNumber: isText,
  reportSize: isWhole,
  withFootage: isBoolean,
  madeAt: isAt,
  madeBy: isObject({ id: isText, name: isText, role: isText }),
  madeHow: isText,
  purpose: isText,
  signedBy: orNull(isObject({ id: isText, name: isText })),
  recipient: orNull(isObject({ name: isText, organisation: isText })),
}
const isMaking = isObject(making)
const isClaims = isObject({ ...making, origin: isText, checkpointSize: isWhole })
const isContentLine = isObject({ bytes: isWhole, path: isText, sha256: isHex(32) })
/** A line of a dock's list, DESIGN.md §8. */
const isListLine = isObject({
  number: isWhole,
  name: (value) => typeof value === 'string' && Buffer.from(value, 'base64').toString('base64') === value,
  bytes: isWhole,
  sha256: orNull(isHex(32)),
  deviceTime: orNull(isText),
  mark: isBoolean,
})
const isHandIn = isObject({
  handInId: isText,
  lines: isListOf(isObject({ line: isListLine, path: isListOf(isHex(32)), salt: isHex(32) })),
})
const isSubjectLine = isObject({
  proof: isHex(80),
  secret: isHex(64),
  subject: (value) => typeof value === 'string' && isSubject(value),
})
const isEventLine = isObject({ body: isText, bodySha256: isHex(32), index: isWhole, salt: isHex(32) })
const isRecordingLine = isObject({
  id: isText,
  original: orNull(isObject({ bytes: isWhole, path: isText, sha256: isHex(32), sm3: orNull(isHex(32)) })),
  playable: isListOf(
    isObject({
      bytes: isWhole,
      kind: isPlayableKind,
      path: isText,
      renditionId: isText,
      sha256: isHex(32),
      track: isWhole,
    }),
  ),
})

/** Reads the files that say what the package is (DESIGN.md §6); null when one is missing or not as described. */
export async function readPackageFiles(bag: Bag, findings: Findings): Promise<PackageFiles | null> {
  const claims = await readClaims(bag, findings)
  if (findings.has('format_unknown')) return null
  for (const path of [paths.bagInfo, paths.checkpoint]) {
    if (!bag.has(path)) findings.add('package_malformed', path, 'it is not there')
  }
  const subjects = await readJsonLines<SubjectLine>(bag, paths.subjects, isSubjectLine, findings)
  const events = await readJsonLines<EventLine>(bag, paths.events, isEventLine, findings)
  const loose = await readJsonLines<EventLine>(bag, paths.loose, isEventLine, findings)
  const making = await readJsonFile<MakingClaims>(bag, paths.making, isMaking, findings)
  const contents = await readJsonLines<ContentLine>(bag, paths.contents, isContentLine, findings)
  const handIns = await readJsonLines<ShownHandIn>(bag, paths.handIns, isHandIn, findings)
  const recordings = await readJsonLines<RecordingLine>(bag, paths.recordings, isRecordingLine, findings)
  if (!claims || !making || !subjects || !events || !loose || !contents || !handIns || !recordings) return null
  if (findings.has('package_malformed')) return null
  return { claims, making, subjects, events, loose, contents, handIns, recordings }
}

/** What the package says of itself. Nothing is known of the members of another format, so its name is looked at first. */
async function readClaims(bag: Bag, findings: Findings): Promise<PackageClaims | null> {
  const read = await readJsonFile<{ readonly format: string }>(bag, paths.package, hasFormat, findings)
  if (!read) return null
  if (read.format !== packageFormat) {
    const format = JSON.stringify(read.format)
    findings.add('format_unknown', paths.package, `its format is ${format}; this verifier reads "${packageFormat}"`)
    return null
  }
  const claims = read as unknown as JsonValue
  if (isClaims(claims)) return claims as unknown as PackageClaims
  findings.add('package_malformed', paths.package, 'its members are not those of the format')
  return null
}

/** `type:id` of §1. */
function isSubject(text: string): boolean {
  const colon = text.indexOf(':')
  try {
    subjectAlpha(text.slice(0, Math.max(colon, 0)), text.slice(colon + 1))
    return true
  } catch (error) {
    if (isFault(error, 'malformed')) return false
    throw error
  }
}
