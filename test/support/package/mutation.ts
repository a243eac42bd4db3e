import { canonicalText, type JsonValue } from '../../../services/ledger/format/canonical.ts'
import { eventLine, type Files, mendManifests, proofPath, type SampleParts } from '../sample-package.ts'
import type { SampleAuthority } from './sample-timestamp.ts'

/** Everything that a mutation may need; `files` is a copy of its own. */
export interface MutationContext {
  readonly files: Files
  readonly parts: SampleParts
  readonly authority: SampleAuthority
  /** Another authority, which nobody trusts. */
  readonly strangerAuthority: SampleAuthority
  /** A whole number below `limit`, by the seed. */
  readonly below: (limit: number) => number
  readonly seed: string
}

/** What a mutation gives instead of a folder of `files`. */
export interface OtherContainer {
  readonly zip?: Buffer
  /** Symbolic links to make: path -> target. */
  readonly links?: ReadonlyMap<string, string>
}

export interface Mutation {
  readonly name: string
  /** The main fault it must lead to, 'accepted', 'rejected' where only that is clear; left out where nothing is. */
  readonly expect?: string
  /** The remarks that it must lead to; left out where nobody cares. */
  readonly remarks?: readonly string[]
  readonly apply: (context: MutationContext) => OtherContainer | undefined
}

export type Json = { [name: string]: JsonValue }

/** A line of recordings.jsonl that has its footage. */
export type RecordingLine = Json & { original: Json; playable: Json[] }

/** A mutation of files after which both manifests are written anew, as a forger would. */
export function mended(name: string, expect: string | undefined, change: (context: MutationContext) => void): Mutation {
  return {
    name,
    expect,
    apply: (context) => {
      change(context)
      mendManifests(context.files)
      return undefined
    },
  }
}

/** A mutation after which the manifests are left as they were. */
export function plain(name: string, expect: string | undefined, change: (context: MutationContext) => void): Mutation {
  return {
    name,
    expect,
    apply: (context) => {
      change(context)
      return undefined
    },
  }
}

export function readLines(files: Files, path: string): Json[] {
  const text = files.get(path)!.toString('utf8')
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Json)
}

export function writeLines(files: Files, path: string, values: readonly Json[]): void {
  files.set(path, Buffer.from(values.map((value) => `${canonicalText(value)}\n`).join(''), 'utf8'))
}

export function editLines(files: Files, path: string, edit: (values: Json[]) => Json[] | undefined): void {
  const values = readLines(files, path)
  writeLines(files, path, edit(values) ?? values)
}

/** Changes the lines of recordings.jsonl: that of the film first, then that of the sound. */
export function editRecordings(
  files: Files,
  change: (lines: [RecordingLine, RecordingLine]) => readonly RecordingLine[] | undefined,
): void {
  editLines(files, recordingsPath, (lines) => (change(lines as [RecordingLine, RecordingLine]) ?? lines) as Json[])
}

/** Sets members, and changes nothing else: what an edit of lines returns when the list of lines stays as it is. */
export function assign(value: Json, members: Json): undefined {
  Object.assign(value, members)
}

export function editJson(files: Files, path: string, edit: (value: Json) => void): void {
  const value = JSON.parse(files.get(path)!.toString('utf8')) as Json
  edit(value)
  files.set(path, Buffer.from(canonicalText(value), 'utf8'))
}

export function editText(files: Files, path: string, edit: (text: string) => string): void {
  files.set(path, Buffer.from(edit(files.get(path)!.toString('utf8')), 'utf8'))
}

/** Puts another checkpoint there, and into every proof, as a forger who knows the format would. */
export function setCheckpoint(files: Files, note: string): void {
  files.set(checkpointPath, Buffer.from(note, 'utf8'))
  for (const [path, bytes] of files) {
    if (!path.endsWith('.tlog-proof')) continue
    const text = bytes.toString('utf8')
    files.set(path, Buffer.from(text.slice(0, text.indexOf('\n\n') + 2) + note, 'utf8'))
  }
}

/** Takes the files of another package instead. */
export function replaceFiles(files: Files, others: Files): void {
  files.clear()
  for (const [path, bytes] of others) files.set(path, bytes)
}

export function flip(bytes: Buffer, at: number, bit = 0): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = copy[at]! ^ (1 << bit)
  return copy
}

export function flipFile(files: Files, path: string, at: number, bit = 0): void {
  files.set(path, flip(files.get(path)!, at, bit))
}

/** The paths of the files there are, of one sort. */
export function pathsOf(files: Files, pattern: RegExp): string[] {
  return [...files.keys()].filter((path) => pattern.test(path))
}

/** A line of the events whose body has this kind: the first one. */
export function eventOfKind(lines: readonly Json[], kind: string): Json {
  const found = lines.find((line) => (JSON.parse(line.body as string) as Json).kind === kind)
  if (!found) throw new Error(`the sample has no event ${kind}`)
  return found
}

export function dropEvent(files: Files, event: Json): void {
  editLines(files, eventsPath, (lines) => lines.filter(({ index }) => index !== event.index))
  files.delete(proofPath(event.index as number))
}

/** The first leaf of the log whose event is of this kind. */
export function leafOfKind({ log }: SampleParts, kind: string): number {
  return log.leaves.findIndex(({ body }) => body.includes(`"kind":"${kind}"`))
}

/** Shows one event more, with its proof, in its order. */
export function addLine(files: Files, { log, size }: SampleParts, path: string, index: number): void {
  editLines(files, path, (lines) =>
    [...lines, eventLine(log, index)].sort((one, other) => (one.index as number) - (other.index as number)),
  )
  const note = files.get(checkpointPath)!.toString('utf8')
  files.set(proofPath(index), Buffer.from(log.proofAt(index, size, note)))
}

export const checkpointPath = 'data/ledger/checkpoint'
export const eventsPath = 'data/ledger/events.jsonl'
export const subjectsPath = 'data/ledger/subjects.jsonl'
export const recordingsPath = 'data/recordings.jsonl'
export const packagePath = 'data/package.json'
export const contentsPath = 'data/contents.jsonl'
export const handInsPath = 'data/hand-ins.jsonl'
export const loosePath = 'data/ledger/loose.jsonl'
