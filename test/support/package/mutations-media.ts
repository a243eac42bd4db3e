import type { JsonValue } from '../../../services/ledger/format/canonical.ts'
import { checkpointText } from '../../../services/ledger/format/checkpoint.ts'
import { type Files, stampPath } from '../sample-package.ts'
import {
  assign,
  editJson,
  editRecordings,
  flip,
  type Json,
  type Mutation,
  type MutationContext,
  mended,
  packagePath,
  type RecordingLine,
} from './mutation.ts'
import { wrongLog } from './mutations-log.ts'
import { type PlannedEvent, sampleOrigin, signedBy } from './sample-log.ts'
import { hexOf, playablePath } from './sample-recordings.ts'

export const mediaMutations: readonly Mutation[] = [
  mended('originals swapped', 'media_differs', (context) => swap(context, 'original')),
  mended('playable forms swapped', 'rendition_differs', (context) => swap(context, 'playable')),
  mended('an original with bytes more', 'media_differs', ({ files, parts }) => {
    const path = originalPath(parts)
    files.set(path, Buffer.concat([files.get(path)!, Buffer.alloc(5)]))
  }),
  mended('an original replaced, its line too', 'recording_differs', ({ files, parts }) => {
    const other = flip(files.get(originalPath(parts))!, 100)
    files.set(originalPath(parts), other)
    editRecordings(files, ([line]) => {
      line.original.sha256 = hexOf('sha256', other)
    })
  }),
  playable('with segments in another order', (pieces) => [pieces[0]!, pieces[2]!, pieces[1]!, ...pieces.slice(3)]),
  playable('without its last segment', (pieces) => pieces.slice(0, -1)),
  playable('without its init section', (pieces) => pieces.slice(1)),
  playable('with a segment twice', (pieces) => [...pieces, pieces.at(-1)!]),
  playable('cut within a segment', (pieces) => pieces.with(-1, pieces.at(-1)!.subarray(0, 10))),
  ...lineMutations(),
  // Renditions that the ledger itself says are wrong
  rendition('of another original', 'rendition_other_original', { inputSha256: '0'.repeat(64) }),
  rendition('without files', 'recording_differs', { files: [] }),
  rendition('with files that are none', 'recording_differs', { files: [{ kind: 'init', number: 0 }] }),
  rendition('with files that are no list', 'recording_differs', { files: 'x' }),
  sealing('twice', 'event_repeated', (events, at) => {
    const { id } = events[at]!.subjects[0]!
    const later = events.findIndex(({ kind, subjects }) => kind === 'recording.copied' && subjects[0]!.id === id)
    return events.with(later, { ...events[later]!, kind: 'recording.quarantined' })
  }),
  sealing('never', 'recording_differs', (events, at) => events.with(at, { ...events[at]!, kind: 'recording.seen' })),
  sealing('without a digest', 'hand_in_differs', (events, at) => events.with(at, { ...events[at]!, details: {} })),
  // package.json
  ...packageMutations(),
  // Time-stamps
  ...timestampMutations(),
]

function lineMutations(): Mutation[] {
  const recordingLine = (
    what: string,
    expect: string,
    change: (lines: [RecordingLine, RecordingLine]) => RecordingLine[] | undefined,
  ): Mutation => mended(`recordings: ${what}`, expect, ({ files }) => editRecordings(files, change))
  return [
    recordingLine('one left out', 'recording_differs', ([first]) => [first]),
    recordingLine('one twice', 'recording_differs', (lines) => [...lines, lines[0]]),
    recordingLine('one of strangers', 'recording_differs', (lines) => [
      ...lines,
      { id: 'stranger', original: null, playable: [] } as unknown as RecordingLine,
    ]),
    recordingLine('in another order', 'accepted', ([first, second]) => [second, first]),
    recordingLine('other bytes of an original', 'recording_differs', ([line]) => assign(line.original, { bytes: 1 })),
    recordingLine('other digest of an original', 'recording_differs', ([line]) =>
      assign(line.original, { sha256: '0'.repeat(64) }),
    ),
    recordingLine('other SM3', 'recording_differs', ([line]) => assign(line.original, { sm3: '0'.repeat(64) })),
    recordingLine('no SM3', 'recording_differs', ([line]) => assign(line.original, { sm3: null })),
    recordingLine('the original of the other', 'recording_differs', ([one, other]) =>
      assign(one.original, { path: other.original.path! }),
    ),
    recordingLine('an original at an odd path', 'recording_differs', ([line]) =>
      assign(line.original, { path: 'data/report/report.html' }),
    ),
    recordingLine('an original outside', 'recording_differs', ([line]) => assign(line.original, { path: '../../x' })),
    recordingLine('an original of another extension', 'media_missing', ([line]) =>
      assign(line.original, { path: `${line.original.path as string}x` }),
    ),
    recordingLine('a playable form of another extension', 'recording_differs', ([, line]) =>
      assign(line.playable[0]!, { path: `${line.playable[0]!.path as string}x` }),
    ),
    recordingLine('no original', 'media_missing', ([line]) => assign(line, { original: null })),
    recordingLine('no playable form', 'rendition_missing', ([line]) => assign(line, { playable: [] })),
    recordingLine('the rendition of the other', 'recording_differs', ([one, other]) => {
      for (const track of one.playable) assign(track, { renditionId: other.playable[0]!.renditionId! })
      return undefined
    }),
    recordingLine('other bytes of a playable form', 'recording_differs', ([line]) =>
      assign(line.playable[0]!, { bytes: 1 }),
    ),
    recordingLine('other digest of a playable form', 'recording_differs', ([line]) =>
      assign(line.playable[0]!, { sha256: '0'.repeat(64) }),
    ),
    recordingLine('bytes below zero', 'package_malformed', ([line]) => assign(line.original, { bytes: -1 })),
    recordingLine('a member more', 'package_malformed', ([line]) => assign(line.playable[0]!, { more: 1 })),
    recordingLine('an id that is no text', 'package_malformed', ([line]) => assign(line, { id: 7 })),
  ]
}

function packageMutations(): Mutation[] {
  const member = (what: string, expect: string, change: Json): Mutation =>
    mended(`package.json: ${what}`, expect, ({ files }) =>
      editJson(files, packagePath, (value) => assign(value, change)),
    )
  const text = (what: string, change: (text: string) => string): Mutation =>
    mended(`package.json: ${what}`, 'package_malformed', ({ files }) =>
      files.set(packagePath, Buffer.from(change(files.get(packagePath)!.toString('utf8')))),
    )
  return [
    member('another size', 'package_differs', { checkpointSize: 299 }),
    member('another origin', 'package_differs', { origin: 'stranger.example/ledger' }),
    member('without footage, though it is there', 'package_differs', { withFootage: false }),
    ...formatMutations(),
    member('a member more', 'package_malformed', { vrfPublicKey: '0'.repeat(64) }),
    member('no maker', 'package_malformed', { madeBy: null }),
    member('a maker without a role', 'package_malformed', { madeBy: { id: 'x', name: 'y' } }),
    member('an odd time', 'package_malformed', { madeAt: '2026-09-02' }),
    member('no recipient', 'package_differs', { recipient: null }),
    member('nobody signed', 'package_differs', { signedBy: null }),
    member('another purpose', 'package_differs', { purpose: '另一目的 "\u2028' }),
    text('a member twice', (json) => json.replace('{', '{"id":"x",')),
    text('white space', (json) => json.replace(',', ', ')),
    text('a byte order mark', (json) => `\ufeff${json}`),
    text('a list', (json) => `[${json}]`),
    text('no JSON', () => 'nothing'),
    text('nested without end', () => '['.repeat(100_000)),
    mended('package.json: not UTF-8', 'package_malformed', ({ files }) => {
      files.set(packagePath, Buffer.concat([files.get(packagePath)!.subarray(0, -2), Buffer.from('ff227d', 'hex')]))
    }),
  ]
}

function formatMutations(): Mutation[] {
  const format = (
    what: string,
    expect: string,
    value: JsonValue,
    change: (files: Files) => void = () => {},
  ): Mutation =>
    mended(`package.json: ${what}`, expect, ({ files }) => {
      editJson(files, packagePath, (claims) => assign(claims, { format: value }))
      change(files)
    })
  return [
    format('a format to come', 'format_unknown', 'evidence-package/v4'),
    format('the second format', 'format_unknown', 'evidence-package/v2'),
    format('the first format, whole', 'format_unknown', 'evidence-package/v1', asFirstFormat),
    format('another format, without bag-info.txt', 'format_unknown', 'x', (files) => files.delete('bag-info.txt')),
    format('another format, with a member more', 'format_unknown', '', (files) =>
      editJson(files, packagePath, (claims) => assign(claims, { more: 1 })),
    ),
    format('a format that is no text', 'package_malformed', 2),
    mended('package.json: the lines of the first format', 'package_malformed', ({ files }) => asFirstFormat(files)),
  ]
}

/** One playable form for a recording, or null, at a path without a track. */
function asFirstFormat(files: Files): void {
  editRecordings(files, (lines) => {
    for (const line of lines) {
      const { bytes, path, renditionId, sha256 } = line.playable[0]! as { [name: string]: string }
      const firstPath = path!.replace('-0.', '.')
      files.set(firstPath, files.get(path!)!)
      for (const track of line.playable) files.delete(track.path as string)
      assign(line, { playable: { bytes: bytes!, path: firstPath, renditionId: renditionId!, sha256: sha256! } })
    }
    return undefined
  })
}

function timestampMutations(): Mutation[] {
  const stampOf = (what: string, expect: string, note: (context: MutationContext) => string): Mutation =>
    mended(`time-stamp of ${what}`, expect, (context) => {
      const bytes = Buffer.from(note(context))
      context.files.set(`${stampPath}.checkpoint`, bytes)
      context.files.set(`${stampPath}.tsr`, context.authority.stamp(bytes))
    })
  const response = (
    what: string,
    expect: string,
    change: (context: MutationContext, stamped: Buffer) => Buffer,
  ): Mutation =>
    mended(`time-stamp ${what}`, expect, (context) => {
      const stamped = context.files.get(`${stampPath}.checkpoint`)!
      context.files.set(`${stampPath}.tsr`, change(context, stamped))
    })
  return [
    response('of other bytes', 'timestamp_imprint', ({ authority }) => authority.stamp(Buffer.from('other'))),
    response('with SHA-512', 'timestamp_imprint', ({ authority }, stamped) => authority.stamp(stamped, 'sha512')),
    response('of a stranger', 'timestamp_signature', ({ strangerAuthority }, stamped) =>
      strangerAuthority.stamp(stamped),
    ),
    response('with a wrong signature', 'timestamp_signature', ({ files }) => {
      const bytes = files.get(`${stampPath}.tsr`)!
      return flip(bytes, bytes.length - 9)
    }),
    response('that is no DER', 'timestamp_malformed', () => Buffer.from('nothing')),
    response('that was refused', 'timestamp_malformed', () => Buffer.from('30053003020102', 'hex')),
    response('cut', 'timestamp_malformed', ({ files, below }) => {
      const bytes = files.get(`${stampPath}.tsr`)!
      return bytes.subarray(0, 1 + below(bytes.length - 1))
    }),
    stampOf('no checkpoint', 'timestamp_malformed', () => 'nothing'),
    stampOf('a checkpoint of another log', 'timestamp_checkpoint', ({ parts }) =>
      signedBy(
        checkpointText({ origin: 'stranger.example/ledger', size: 5, root: Buffer.alloc(32) }),
        parts.signers.log,
      ),
    ),
    stampOf('a checkpoint that the log did not sign', 'timestamp_checkpoint', ({ parts }) =>
      signedBy(parts.log.textAt(200), [parts.signers.falseLog]),
    ),
    stampOf('a checkpoint of another tree', 'timestamp_checkpoint', ({ parts }) =>
      signedBy(
        checkpointText({ origin: sampleOrigin, size: 200, root: parts.log.rootAt(199) }),
        parts.signers.earlierLog,
      ),
    ),
    stampOf('a newer checkpoint', 'timestamp_checkpoint', ({ parts }) =>
      signedBy(parts.log.textAt(310), parts.signers.log),
    ),
    stampOf('an older checkpoint', 'accepted', ({ parts, below }) => {
      const size = below(301)
      return signedBy(parts.log.textAt(size), [...parts.signers.logAt(size), parts.signers.strangerWitness])
    }),
    mended('time-stamp with the checkpoint itself', 'accepted', ({ files, authority }) => {
      const bytes = files.get('data/ledger/checkpoint')!
      files.set('data/ledger/timestamps/300-2.checkpoint', bytes)
      files.set('data/ledger/timestamps/300-2.tsr', authority.stamp(bytes))
    }),
    {
      ...mended('no time-stamp', 'accepted', ({ files }) => {
        files.delete(`${stampPath}.checkpoint`)
        files.delete(`${stampPath}.tsr`)
      }),
      remarks: ['timestamp_missing'],
    },
  ]
}

/** A playable form that is not as the ledger committed it; its line tells what is there. */
function playable(what: string, change: (pieces: Buffer[]) => Buffer[]): Mutation {
  return mended(`playable form ${what}`, 'rendition_differs', ({ files, parts }) => {
    const recording = parts.recordings[0]!
    const bytes = Buffer.concat(change([...recording.tracks[0]!.pieces]))
    files.set(playablePath(recording), bytes)
    editRecordings(files, ([line]) => assign(line.playable[0]!, { sha256: hexOf('sha256', bytes) }))
  })
}

/** A log whose first rendition is told otherwise. */
function rendition(what: string, expect: string, change: Json): Mutation {
  return wrongLog(`a rendition ${what}`, expect, (events) => {
    const [first] = events.filter(({ kind }) => kind === 'rendition.published')
    const id = first!.details.renditionId
    return events.map((event) =>
      event.kind === 'rendition.published' && event.details.renditionId === id
        ? { ...event, details: { ...event.details, ...change } }
        : event,
    )
  })
}

function sealing(
  what: string,
  expect: string,
  change: (events: PlannedEvent[], at: number) => PlannedEvent[],
): Mutation {
  return wrongLog(`a recording sealed ${what}`, expect, (events) => {
    const at = events.findIndex(({ kind }) => kind === 'recording.sealed')
    return change(events, at)
  })
}

function swap({ files, parts }: MutationContext, which: 'original' | 'playable'): void {
  const [one, other] = parts.recordings.map((recording) =>
    which === 'original' ? `data/originals/${recording.id}/original.${recording.extension}` : playablePath(recording),
  ) as [string, string]
  const bytes = files.get(one)!
  files.set(one, files.get(other)!)
  files.set(other, bytes)
}

function originalPath({ recordings }: MutationContext['parts']): string {
  return `data/originals/${recordings[0]!.id}/original.${recordings[0]!.extension}`
}
