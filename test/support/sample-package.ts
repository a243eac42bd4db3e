// A small evidence package of services/ledger/DESIGN.md §6, whole and valid, made without any server: two recordings with
// footage in a log of 300 leaves that mostly belong to others. With `alter` the log itself is made wrong.
//
//   makeSamplePackage(directory)    writes directory/package and directory/trust.json
//   sampleParts(options)            the same in memory, with everything that mutations need

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { bagInfoText } from '../../services/ledger/format/bag-info.ts'
import { canonicalText, type JsonValue } from '../../services/ledger/format/canonical.ts'
import { type NoteSigner, verifierKeyText } from '../../services/ledger/format/keys.ts'
import { caseEvents, sampleCase, samplePurpose, sampleRecipient, strangerEvents } from './package/sample-case.ts'
import {
  makeSampleLog,
  type PlannedEvent,
  type SampleLog,
  sampleOrigin,
  sampleRotation,
  sampleSigners,
  sampleTimeMs,
  signedBy,
} from './package/sample-log.ts'
import { hexOf, playablePath, sampleId, sampleRecordings } from './package/sample-recordings.ts'
import { handInLine, personOf, sampleRegisters } from './package/sample-registers.ts'
import { type SampleAuthority, sampleAuthority } from './package/sample-timestamp.ts'

export type Files = Map<string, Buffer>

export interface SampleOptions {
  readonly seed?: string
  /** Leaves under the checkpoint that a package is usually made at; the log itself is 20 longer. */
  readonly size?: number
  /** Makes the package at an earlier checkpoint. */
  readonly until?: number
  readonly withFootage?: boolean
  /** Changes the files that the ledger enters, before it does: whoever made the package did it so. */
  readonly make?: (files: Files) => void
  /** What package.json and making.json say otherwise. */
  readonly claims?: { readonly [member: string]: JsonValue }
  /** Changes what is entered: for a log that is wrong in itself. */
  readonly alter?: (events: PlannedEvent[]) => PlannedEvent[]
  /** Who stamps a checkpoint; null leaves time-stamps out. One that is made for the call costs half a second. */
  readonly authority?: SampleAuthority | null
}

export interface TrustFile {
  readonly format: string
  readonly logKeys: readonly { readonly from: number; readonly keys: readonly string[] }[]
  readonly policy: string
  readonly vrfPublicKey: string
  readonly timestampRoots: readonly string[]
}

export interface SampleParts {
  readonly size: number
  readonly files: Files
  readonly trust: TrustFile
  readonly log: SampleLog
  readonly signers: ReturnType<typeof sampleSigners>
  readonly recordings: ReturnType<typeof sampleRecordings>
  /** Size of the tree that was time-stamped. */
  readonly stampedSize: number
}

export const sampleSize = 300
export const stampPath = 'data/ledger/timestamps/270-1'
const laterEvents = 20

/** Writes a valid package to `directory/package` and what it is verified with to `directory/trust.json`. */
export function makeSamplePackage(directory: string, options: SampleOptions = {}): SampleParts {
  const parts = sampleParts(options)
  writeFiles(join(directory, 'package'), parts.files)
  writeFileSync(join(directory, 'trust.json'), `${JSON.stringify(parts.trust, null, 2)}\n`)
  return parts
}

export function sampleParts(options: SampleOptions = {}): SampleParts {
  const { seed = 'sample', withFootage = true, alter = (events) => events } = options
  const logSize = options.size ?? sampleSize
  const size = options.until ?? logSize
  const recordings = sampleRecordings(seed)
  const files: Files = new Map()
  const put = (path: string, content: string | Buffer) => files.set(path, Buffer.from(content))
  const plan = spread(caseEvents(seed, recordings, withFootage), strangerEvents(seed, logSize), logSize)
  const entered = plan.findIndex(({ kind }) => kind === 'package.contents')
  const making = { ...makingOf(seed, withFootage, entered), ...options.claims }
  putFiles(put, withFootage ? recordings : [], making)
  options.make?.(files)
  const { details, text } = contentsOf(files)
  put('data/contents.jsonl', text)
  const planned = alter(plan.with(entered, { ...plan[entered]!, details }))
  const log = makeSampleLog(seed, [...planned, ...strangerEvents(`${seed} later`, laterEvents)])
  const signers = sampleSigners(seed)
  const checkpoint = signedBy(log.textAt(size), [...signers.logAt(size), ...signers.witnesses])
  put('data/ledger/checkpoint', checkpoint)
  for (const [path, bytes] of log.tilesAt(size)) put(`data/ledger/${path}`, bytes)
  const subjects = disclosedSubjects(recordings, seed)
  const shown = log.leaves
    .slice(0, size)
    .flatMap((leaf, index) => (leaf.subjects.some((one) => subjects.includes(one)) ? [index] : []))
  put('data/ledger/subjects.jsonl', lines(subjects.map((subject) => subjectLine(log, subject))))
  put('data/ledger/events.jsonl', lines(shown.map((index) => eventLine(log, index))))
  put('data/ledger/loose.jsonl', '')
  for (const index of shown) put(proofPath(index), log.proofAt(index, size, checkpoint))
  const stampedSize = size - 30
  const stamped = Buffer.from(signedBy(log.textAt(stampedSize), signers.logAt(stampedSize)))
  const authority = options.authority === undefined ? sampleAuthority() : options.authority
  if (authority) {
    put(`${stampPath}.checkpoint`, stamped)
    put(`${stampPath}.tsr`, authority.stamp(stamped))
  }
  if (options.authority === undefined) authority?.close()
  put('data/recordings.jsonl', lines(recordings.map((recording) => recordingLine(recording, withFootage))))
  put('data/hand-ins.jsonl', handInsText(seed, recordings))
  put('data/package.json', canonicalText({ ...making, origin: sampleOrigin, checkpointSize: size }))
  put('bagit.txt', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n')
  put('bag-info.txt', bagInfoText(making))
  mendManifests(files)
  const trust: TrustFile = {
    format: 'trust/v2',
    logKeys: keySets(signers),
    policy: policyText(signers),
    vrfPublicKey: log.vrfPublicKey.toString('hex'),
    timestampRoots: authority ? [authority.root] : [],
  }
  return { size, files, trust, log, signers, recordings, stampedSize }
}

/** Writes both manifests anew, as whoever changed a file would. */
export function mendManifests(files: Files): void {
  const list = (paths: readonly string[]) =>
    Buffer.from(paths.map((path) => `${hexOf('sha256', files.get(path)!)}  ${path}\n`).join(''), 'utf8')
  files.set('manifest-sha256.txt', list([...files.keys()].filter((path) => path.startsWith('data/')).sort()))
  const tags = ['bag-info.txt', 'bagit.txt', 'manifest-sha256.txt']
  files.set('tagmanifest-sha256.txt', list(tags.filter((path) => files.has(path))))
}

export function writeFiles(directory: string, files: Files): void {
  for (const [path, bytes] of files) {
    const target = join(directory, path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, bytes)
  }
}

export function lines(values: readonly JsonValue[]): string {
  return values.map((value) => `${canonicalText(value)}\n`).join('')
}

export function proofPath(index: number): string {
  return `data/ledger/proofs/${index}.tlog-proof`
}

export function eventLine(log: SampleLog, index: number) {
  const { body, salt } = log.leaves[index]!
  return { body, bodySha256: hexOf('sha256', Buffer.from(body, 'utf8')), index, salt: salt.toString('hex') }
}

export function subjectLine(log: SampleLog, subject: string) {
  const { output, proof } = log.secretOf(subject)
  return { subject, secret: output.toString('hex'), proof: proof.toString('hex') }
}

/** The log's keys, as a trust file names them. */
export function keySets({ log, earlierLog }: Pick<SampleParts['signers'], 'log' | 'earlierLog'>): TrustFile['logKeys'] {
  return [
    { from: 0, keys: earlierLog.map(keyText) },
    { from: sampleRotation, keys: log.map(keyText) },
  ]
}

/** Two of three witnesses; the first of them signs with two kinds of key, both of which are needed. */
function policyText({ witnesses }: SampleParts['signers']): string {
  const names = ['a-ed25519', 'a-ml-dsa-44', 'b', 'c']
  return [
    '# The witnesses of the sample log',
    ...witnesses.map((signer, at) => `witness ${names[at]} ${keyText(signer)}`),
    'group a all a-ed25519 a-ml-dsa-44',
    'group outsiders 2 a b c',
    'quorum outsiders',
    '',
  ].join('\n')
}

function keyText({ name, publicKey, type }: NoteSigner): string {
  return verifierKeyText(name, publicKey, type)
}

function disclosedSubjects(recordings: SampleParts['recordings'], seed: string): string[] {
  return [
    `case:${sampleCase}`,
    ...recordings.flatMap(({ id, uploadId }) => [
      `recording:${id}`,
      `upload:${uploadId}`,
      `viewing:${sampleId(seed, `viewing of ${id}`)}`,
    ]),
    ...sampleRegisters(seed, recordings),
  ]
}

function recordingLine(recording: SampleParts['recordings'][number], withFootage: boolean) {
  if (!withFootage) return { id: recording.id, original: null, playable: [] }
  return {
    id: recording.id,
    original: {
      bytes: recording.original.length,
      path: `data/originals/${recording.id}/original.${recording.extension}`,
      sha256: hexOf('sha256', recording.original),
      sm3: hexOf('sm3', recording.original),
    },
    playable: recording.tracks.map(({ track, kind, pieces }) => {
      const bytes = Buffer.concat(pieces)
      return {
        bytes: bytes.length,
        kind,
        path: playablePath(recording, track),
        renditionId: recording.renditionId,
        sha256: hexOf('sha256', bytes),
        track,
      }
    }),
  }
}

/** The report is written from the leaves before the event that enters it. */
function makingOf(seed: string, withFootage: boolean, entered: number) {
  const custodian = personOf(seed, 'custodian')
  return {
    format: 'evidence-package/v3',
    id: sampleId(seed, 'package'),
    caseNumber: sampleCase,
    reportSize: entered,
    withFootage,
    madeAt: new Date(sampleTimeMs(entered) - 2_000).toISOString(),
    madeBy: { ...custodian, role: 'custodian' },
    madeHow: '由保管系统自动汇集制作',
    purpose: samplePurpose,
    signedBy: { ...personOf(seed, 'supervisor') },
    recipient: sampleRecipient,
  }
}

/** Every file that does not depend on the checkpoint. */
function putFiles(
  put: (path: string, content: string | Buffer) => unknown,
  recordings: SampleParts['recordings'],
  making: { readonly [member: string]: JsonValue },
): void {
  for (const recording of recordings) {
    put(`data/originals/${recording.id}/original.${recording.extension}`, recording.original)
    for (const { track, pieces } of recording.tracks) put(playablePath(recording, track), Buffer.concat(pieces))
  }
  put('data/transcripts/README.txt', '此处存放笔录。 Written transcripts go here.\n')
  put('data/report/report.html', '<!doctype html><title>举证报告</title>\n')
  put('data/report/report.pdf', '%PDF-1.7\n%%EOF\n')
  put('data/verifier/README.txt', '请从别处取得核验程序。 Take the verifier from elsewhere.\n')
  put('data/making.json', canonicalText(making))
}

/** contents.jsonl of these files, and what the event says of it. */
function contentsOf(files: Files) {
  const listed = [...files].sort(([one], [other]) => (one < other ? -1 : 1))
  const text = lines(listed.map(([path, bytes]) => ({ bytes: bytes.length, path, sha256: hexOf('sha256', bytes) })))
  const bytes = listed.reduce((sum, [, content]) => sum + content.length, 0)
  return { text, details: { sha256: hexOf('sha256', Buffer.from(text)), files: listed.length, bytes } }
}

function handInsText(seed: string, recordings: SampleParts['recordings']): string {
  const shown = recordings.map((recording) => handInLine(seed, recording))
  return lines(shown.sort((one, other) => (one.handInId < other.handInId ? -1 : 1)))
}

/** Puts the events of the case evenly between those of others, in both orders kept; the last leaf is one of the case. */
function spread(own: readonly PlannedEvent[], others: readonly PlannedEvent[], size: number): PlannedEvent[] {
  const every = Math.floor(size / own.length)
  const events: PlannedEvent[] = []
  const [mine, theirs] = [[...own], [...others]]
  for (let index = 0; index < size; index++) {
    const isMine = index === size - 1 || (mine.length > 1 && index % every === 2)
    events.push(isMine ? mine.shift()! : theirs.shift()!)
  }
  return events
}
