import { decodeName } from '../../foundation/name-decoding.ts'
import { type NameFields, readByTemplate } from './name-template.ts'
import type { Profile } from './profile.ts'

/** What a profile makes of one file. */
export interface ReadName {
  readonly fields: NameFields | null
  /** By the suffix of its name, or by the folder it lies in. */
  readonly mark: boolean
  /** `2026-11-26T14:03:22+08:00`, as the name says it, whether the calendar has that day or not. */
  readonly deviceTime: string | null
}

/**
 * Reads the name of a file below the volume's root. Bytes that no template fits say nothing: the file is kept all the same.
 *
 * The server reads names again by itself (custody's name profile): what a station says of a name is a claim, and a station's
 * profiles are its own. So that grammar stands twice on purpose.
 */
export function readName(profile: Profile | null, path: Buffer): ReadName {
  const parts = partsOf(path)
  const stem = stemOf(decodeName(parts.at(-1)!))
  const fields = profile && firstFit(profile, stem)
  const isInMarkFolder = profile?.marks.folders.some((folder) => liesBelow(parts, folder)) ?? false
  return {
    fields,
    mark: isInMarkFolder || (fields?.mark ?? false),
    deviceTime: fields?.date && fields.clock && profile ? `${fields.date}T${fields.clock}${profile.zone}` : null,
  }
}

function firstFit(profile: Profile, stem: string): NameFields | null {
  return fitOf(profile, stem)?.fields ?? null
}

function fitOf(profile: Profile, stem: string) {
  for (const template of profile.names) {
    const fields = readByTemplate(template, stem)
    if (fields) return { template, fields }
  }
  return null
}

/**
 * Which of a device's counters the running number of a file is of: the template of its name, for a device that counts in two ways
 * also writes two kinds of names (`C0001.MP4` beside `DSC00001.JPG`). Null where the name has no number.
 */
export function counterOf(profile: Profile | null, path: Buffer): string | null {
  const fit = profile && fitOf(profile, stemOf(decodeName(partsOf(path).at(-1)!)))
  return fit && fit.fields.runningNumber !== null ? fit.template.text : null
}

/** Whether the file counts as footage of this profile. Without a profile every file does. */
export function isFootage(profile: Profile | null, path: Buffer): boolean {
  if (!profile) return true
  const parts = partsOf(path)
  if (isUntouched(profile, parts)) return false
  if (profile.folders.length > 0 && !profile.folders.some((folder) => liesBelow(parts, folder))) return false
  return profile.footage.includes(suffixOf(parts.at(-1)!))
}

/** What computers make on every card, and where they put what was deleted. */
const systemFolders: readonly string[] = [
  'System Volume Information',
  '$RECYCLE.BIN',
  '.Trashes',
  '.Spotlight-V100',
  '.fseventsd',
  'LOST.DIR',
]

/** Pictures that move, and sound. */
const filmSuffixes: ReadonlySet<string> = new Set(
  (
    'MP4 M4V MOV AVI TS M2TS MTS MKV 3GP WEBM FLV ASF WMV MPG MPEG VOB INSV H264 H265 264 265 ' +
    'WAV MP3 AAC AMR M4A OGG OPUS WMA FLAC'
  ).split(' '),
)

/**
 * Whether a file stands on the list: what counts as footage, and besides every film and sound wherever it lies, so that
 * nobody hides one in another folder. Somebody's own telephone holds films that concern nobody: there only footage counts.
 */
export function isListed(profile: Profile | null, path: Buffer): boolean {
  if (isFootage(profile, path)) return true
  const parts = partsOf(path)
  return profile?.kind !== 'phone' && !isClosed(profile, parts) && filmSuffixes.has(suffixOf(parts.at(-1)!))
}

/** Whether nothing in a folder is looked at. */
export function isClosed(profile: Profile | null, parts: readonly Buffer[]): boolean {
  if (profile?.kind === 'phone') return isUntouched(profile, parts)
  return profile !== null && systemFolders.some((path) => liesBelow(parts, path) || isSame(parts, path))
}

/** Whether a folder (or a file in it) is one that the profile never touches. */
export function isUntouched(profile: Profile | null, parts: readonly Buffer[]): boolean {
  return profile?.untouched.some((path) => liesBelow(parts, path) || isSame(parts, path)) ?? false
}

/** The parts of a raw path. */
export function partsOf(path: Buffer): Buffer[] {
  const parts: Buffer[] = []
  let begin = 0
  for (let end = path.indexOf(0x2f); end >= 0; end = path.indexOf(0x2f, begin)) {
    parts.push(path.subarray(begin, end))
    begin = end + 1
  }
  parts.push(path.subarray(begin))
  return parts
}

/** Whether a file of these parts lies in `folder`, or deeper. */
function liesBelow(parts: readonly Buffer[], folder: string): boolean {
  const wanted = folder.split('/')
  return parts.length > wanted.length && wanted.every((name, index) => matches(name, parts[index]!))
}

function isSame(parts: readonly Buffer[], path: string): boolean {
  const wanted = path.split('/')
  return parts.length === wanted.length && wanted.every((name, index) => matches(name, parts[index]!))
}

function matches(wanted: string, raw: Buffer): boolean {
  return wanted === '*' || decodeName(raw).toLowerCase() === wanted.toLowerCase()
}

function suffixOf(raw: Buffer): string {
  const text = raw.toString('latin1')
  const dot = text.lastIndexOf('.')
  return dot < 0 ? '' : text.slice(dot + 1).toUpperCase()
}

function stemOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot < 0 ? name : name.slice(0, dot)
}
