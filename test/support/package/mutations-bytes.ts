import { editText, flipFile, type Mutation, type MutationContext, mended, pathsOf, plain } from './mutation.ts'
import { hexOf } from './sample-recordings.ts'

/** Each sort of file, and what one flipped bit in it leads to: with manifests left alone, and with both mended. */
const sorts: { name: string; pattern: RegExp; flipped?: string; mended?: string }[] = [
  { name: 'original', pattern: /^data\/originals\//, flipped: 'media_differs', mended: 'media_differs' },
  { name: 'playable', pattern: /^data\/playable\//, flipped: 'rendition_differs', mended: 'rendition_differs' },
  { name: 'tile', pattern: /^data\/ledger\/tile\/\d\//, flipped: 'tile_differs', mended: 'tile_differs' },
  { name: 'bundle', pattern: /^data\/ledger\/tile\/entries\//, flipped: 'rejected', mended: 'rejected' },
  { name: 'package.json', pattern: /^data\/package\.json$/, flipped: 'rejected' },
  { name: 'checkpoint', pattern: /^data\/ledger\/checkpoint$/, flipped: 'rejected', mended: 'rejected' },
  { name: 'subjects', pattern: /^data\/ledger\/subjects\.jsonl$/, flipped: 'rejected', mended: 'rejected' },
  { name: 'events', pattern: /^data\/ledger\/events\.jsonl$/, flipped: 'rejected', mended: 'rejected' },
  { name: 'proof', pattern: /\.tlog-proof$/, flipped: 'proof_differs', mended: 'proof_differs' },
  { name: 'recordings', pattern: /^data\/recordings\.jsonl$/, flipped: 'rejected', mended: 'rejected' },
  { name: 'stamped', pattern: /timestamps\/.*\.checkpoint$/, flipped: 'rejected', mended: 'rejected' },
  // Some bits of a response are not signed.
  { name: 'timestamp', pattern: /\.tsr$/, flipped: 'rejected' },
  { name: 'report', pattern: /^data\/report\//, flipped: 'contents_differs', mended: 'contents_differs' },
  { name: 'transcript', pattern: /^data\/transcripts\//, flipped: 'contents_differs', mended: 'contents_differs' },
  { name: 'verifier', pattern: /^data\/verifier\//, flipped: 'contents_differs', mended: 'contents_differs' },
  { name: 'making.json', pattern: /^data\/making\.json$/, flipped: 'rejected', mended: 'rejected' },
  { name: 'contents', pattern: /^data\/contents\.jsonl$/, flipped: 'rejected', mended: 'rejected' },
  { name: 'hand-ins', pattern: /^data\/hand-ins\.jsonl$/, flipped: 'rejected', mended: 'rejected' },
  { name: 'bag-info', pattern: /^bag-info\.txt$/, flipped: 'package_differs', mended: 'package_differs' },
  { name: 'bagit.txt', pattern: /^bagit\.txt$/, flipped: 'bag_malformed', mended: 'bag_malformed' },
]

/** Written anew by whoever mends manifests. */
const manifests = [
  { name: 'manifest', pattern: /^manifest-sha256\.txt$/ },
  { name: 'tagmanifest', pattern: /^tagmanifest-sha256\.txt$/ },
]

/** What a missing file of a sort leads to once the manifests are mended. */
const removed: Record<string, string> = {
  original: 'media_missing',
  playable: 'rendition_missing',
  tile: 'tile_missing',
  bundle: 'tile_missing',
  'package.json': 'package_malformed',
  checkpoint: 'package_malformed',
  subjects: 'package_malformed',
  events: 'package_malformed',
  proof: 'proof_missing',
  recordings: 'package_malformed',
  stamped: 'timestamp_malformed',
  timestamp: 'timestamp_malformed',
  report: 'contents_differs',
  transcript: 'contents_differs',
  verifier: 'contents_differs',
  'making.json': 'package_malformed',
  contents: 'package_malformed',
  'hand-ins': 'package_malformed',
  'bag-info': 'package_malformed',
  'bagit.txt': 'bag_malformed',
}

/** What a file of a sort without a byte leads to, and one with a newline more. */
const resized: Record<string, { empty: string; longer: string }> = {
  original: { empty: 'media_differs', longer: 'media_differs' },
  playable: { empty: 'rendition_differs', longer: 'rendition_differs' },
  tile: { empty: 'tile_differs', longer: 'tile_differs' },
  bundle: { empty: 'bundle_malformed', longer: 'bundle_malformed' },
  'package.json': { empty: 'package_malformed', longer: 'package_malformed' },
  checkpoint: { empty: 'checkpoint_malformed', longer: 'checkpoint_malformed' },
  subjects: { empty: 'subject_missing', longer: 'package_malformed' },
  events: { empty: 'last_event_missing', longer: 'package_malformed' },
  proof: { empty: 'proof_differs', longer: 'proof_differs' },
  recordings: { empty: 'recording_differs', longer: 'package_malformed' },
  stamped: { empty: 'timestamp_malformed', longer: 'timestamp_malformed' },
  timestamp: { empty: 'timestamp_malformed', longer: 'timestamp_malformed' },
  report: { empty: 'contents_differs', longer: 'contents_differs' },
  transcript: { empty: 'contents_differs', longer: 'contents_differs' },
  verifier: { empty: 'contents_differs', longer: 'contents_differs' },
  'making.json': { empty: 'package_malformed', longer: 'package_malformed' },
  contents: { empty: 'contents_differs', longer: 'package_malformed' },
  'hand-ins': { empty: 'hand_in_differs', longer: 'package_malformed' },
  'bag-info': { empty: 'package_differs', longer: 'package_differs' },
  'bagit.txt': { empty: 'bag_malformed', longer: 'bag_malformed' },
}

/** Files that no page of the format knows. */
const strangers = [
  'data/extra.txt',
  'data/ledger/extra',
  'data/ledger/events.jsonl.bak',
  'data/ledger/tile/0/002',
  'data/ledger/tile/entries/000.p/5',
  'data/ledger/proofs/0.tlog-proof',
  'data/ledger/timestamps/more.txt',
  'data/ledger/timestamps/he-was-not-there.tsr',
  'data/originals.txt',
]

/** Files of which the ledger has to have entered each. */
const notEntered = [
  'data/originals/stranger/original.mp4',
  'data/playable/stranger-0.mp4',
  'data/report/supplement.mp4',
  'data/report/more/report.html',
  'data/verifier/run-me.sh',
  'data/transcripts/original-2.mp4',
]

export const byteMutations: readonly Mutation[] = [
  ...[...sorts, ...manifests.map((sort) => ({ ...sort, flipped: 'rejected' }))].map(({ name, pattern, flipped }) =>
    plain(`flip ${name}`, flipped, (context) => flipSome(context, pattern)),
  ),
  ...sorts.flatMap(({ name, pattern, mended: expect }) => [
    mended(`flip ${name}, mended`, expect, (context) => flipSome(context, pattern)),
    mended(`remove ${name}, mended`, removed[name], (context) => {
      context.files.delete(oneOf(context, pattern))
    }),
    mended(`empty ${name}, mended`, resized[name]!.empty, (context) => {
      context.files.set(oneOf(context, pattern), Buffer.alloc(0))
    }),
    mended(`append to ${name}, mended`, resized[name]!.longer, (context) => {
      const path = oneOf(context, pattern)
      context.files.set(path, Buffer.concat([context.files.get(path)!, Buffer.from('\n')]))
    }),
    mended(`cut ${name}, mended`, undefined, (context) => {
      const path = oneOf(context, pattern)
      const bytes = context.files.get(path)!
      context.files.set(path, bytes.subarray(0, context.below(bytes.length)))
    }),
  ]),
  plain('remove report', 'contents_differs', ({ files }) => files.delete('data/report/report.html')),
  plain('remove manifest', 'bag_malformed', ({ files }) => files.delete('manifest-sha256.txt')),
  plain('remove tagmanifest', 'bag_malformed', ({ files }) => files.delete('tagmanifest-sha256.txt')),
  mended('swap any two files, mended', undefined, (context) => {
    const [one, other] = [oneOf(context, /./), oneOf(context, /./)]
    const bytes = context.files.get(one)!
    context.files.set(one, context.files.get(other)!)
    context.files.set(other, bytes)
  }),
  plain('add file', 'file_added', ({ files }) => files.set('data/more.txt', Buffer.from('more'))),
  ...notEntered.map((path) =>
    mended(`add ${path}, mended`, 'contents_differs', ({ files }) => files.set(path, Buffer.from('added'))),
  ),
  ...strangers.map((path) =>
    mended(`add ${path}, mended`, 'file_added', ({ files }) => files.set(path, Buffer.from('added'))),
  ),
  plain('add file at top', 'file_added', ({ files }) => files.set('fetch.txt', Buffer.from('added'))),
  ...manifestMutations(),
]

function manifestMutations(): Mutation[] {
  const medium = /^([0-9a-f]{64})( {2}data\/originals\/.*)$/m
  return [
    remade('manifest says otherwise of a medium', 'manifest_differs', (text) =>
      text.replace(medium, `${'0'.repeat(64)}$2`),
    ),
    remade('manifest says otherwise of the report', 'file_differs', (text) =>
      text.replace(/^[0-9a-f]{64}(?= {2}data\/report\/report\.html$)/m, '0'.repeat(64)),
    ),
    remade('manifest leaves a medium out', 'file_added', (text) => text.replace(/^.*data\/originals\/.*\n/m, '')),
    remade(
      'manifest names a file that is not there',
      'file_missing',
      (text) => `${text}${'0'.repeat(64)}  data/verifier/x.txt\n`,
    ),
    remade('manifest names a path twice', 'bag_malformed', (text) => text + text.slice(0, text.indexOf('\n') + 1)),
    remade('manifest in upper case', 'bag_malformed', (text) =>
      text.replace(/^[0-9a-f]{64}/, (hex) => hex.toUpperCase()),
    ),
    remade('manifest with an asterisk', 'bag_malformed', (text) => text.replace('  ', ' *')),
    remade('manifest without its last newline', 'bag_malformed', (text) => text.slice(0, -1)),
    remade('manifest with CRLF', 'bag_malformed', (text) => text.replaceAll('\n', '\r\n')),
    remade('manifest leads outside', 'bag_malformed', (text) => `${text}${'0'.repeat(64)}  data/../../etc/passwd\n`),
    remade('manifest names a tag file', 'bag_malformed', (text) => `${text}${'0'.repeat(64)}  bagit.txt\n`),
    remade(
      'manifest in another order',
      'bag_malformed',
      (text) => `${text.trimEnd().split('\n').reverse().join('\n')}\n`,
    ),
  ]
}

/** Changes the manifest and writes the tag manifest anew. */
function remade(name: string, expect: string, change: (text: string) => string): Mutation {
  return plain(name, expect, ({ files }) => {
    const text = change(files.get('manifest-sha256.txt')!.toString('utf8'))
    const line = `${hexOf('sha256', Buffer.from(text))}  manifest-sha256.txt\n`
    files.set('manifest-sha256.txt', Buffer.from(text))
    editText(files, 'tagmanifest-sha256.txt', (tags) => tags.replace(/^.* {2}manifest-sha256\.txt\n/m, line))
  })
}

function oneOf(context: MutationContext, pattern: RegExp): string {
  const paths = pathsOf(context.files, pattern)
  return paths[context.below(paths.length)]!
}

function flipSome(context: MutationContext, pattern: RegExp): void {
  const path = oneOf(context, pattern)
  flipFile(context.files, path, context.below(context.files.get(path)!.length), context.below(8))
}
