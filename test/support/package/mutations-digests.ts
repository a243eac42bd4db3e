import { type FileDigest, fileDigestBytes } from '../../../services/ledger/format/file-digest.ts'
import { filesRootOf } from '../../../services/ledger/format/hand-in-list.ts'
import { signBytes } from '../../../services/ledger/format/keys.ts'
import { type SampleOptions, sampleParts } from '../sample-package.ts'
import { changed, changedDetails } from './changed-events.ts'
import { editLines, handInsPath, type Mutation, mended, replaceFiles } from './mutation.ts'
import { acceptedFromQuarantine } from './mutations-remarks.ts'
import type { PlannedEvent } from './sample-log.ts'
import { hexOf, type SampleRecording, sampleRecordings } from './sample-recordings.ts'
import { dockKey, handInIdOf, handInLine, sampleList } from './sample-registers.ts'

type Alter = NonNullable<SampleOptions['alter']>
type DockDigest = { readonly signature: string; readonly sm3: string | null }

/** Digests that a dock signed when it had read a file of which its list has only name and size. */
export const digestMutations: readonly Mutation[] = [
  unread('whose line has no digest', (events) => events, ['recording_listed_by_name']),
  signed('with a digest that its dock signed', [], () => ({})),
  signed('with a SHA-256 alone that its dock signed', [], ({ statement }) => ({
    statement: { ...statement, sm3: null },
  })),
  unread('with a digest that its dock signed, taken away', (events, seed) => without(withDigest(events, seed)), [
    'recording_listed_by_name',
  ]),
  {
    ...mended('a recording of which line and dock say the digest', 'accepted', ({ files, seed }) => {
      const alter = (events: PlannedEvent[]) => withDigest(events, seed, (said) => on(said, { number: 1 }))
      replaceFiles(files, sampleParts({ seed, authority: null, alter }).files)
    }),
    remarks: ['timestamp_missing'],
  },
  signed('whose dock signed another SM3 than was read back', ['recording_not_listed'], (said) =>
    on(said, { sm3: '0'.repeat(64) }),
  ),
  unread(
    'accepted from quarantine, whose dock had signed another digest',
    (events, seed) => {
      const said = withDigest(events, seed, (one) => on(one, { sha256: '0'.repeat(64) }))
      const kept = changedDetails(said, 'recording.sealed', { declaredSha256: '0'.repeat(64) })
      return acceptedFromQuarantine(kept, 'digest_differs')
    },
    ['recording_not_listed'],
  ),
  wrong('another key signed', ({ seed }) => ({ key: dockKey(seed, 'another') })),
  wrong('was signed as another line', (said) => on(said, { number: 1 })),
  wrong('was signed for another list', (said) => on(said, { filesRoot: rootOf(said.seed, said.other) })),
  wrong('was signed for other bytes', (said) => on(said, { sha256: '0'.repeat(64) })),
  wrong('was signed with no SM3', (said) => ({ ...on(said, { sm3: null }), sm3: said.statement.sm3 })),
  wrong('has another SM3 than was signed', () => ({ sm3: '0'.repeat(64) })),
  wrong('has no SM3, and was signed with one', () => ({ sm3: null })),
  wrong('has an SM3 in capitals', (said) => ({ sm3: said.statement.sm3!.toUpperCase() })),
  wrong('has a changed signature', () => ({ change: ({ signature }) => ({ signature: `AA${signature.slice(2)}` }) })),
  wrong('has a signature that is no base64', () => ({ change: ({ signature }) => ({ signature: `${signature}\n` }) })),
  wrong('has a signature that is none', () => ({ change: () => ({ signature: '' }) })),
  wrong('has a member more', () => ({ change: () => ({ v: 1 }) })),
  refused('that is none', 'dock_digest_unsigned', { dockDigest: null }),
  refused('on no list', 'dock_digest_unsigned', { flags: ['not_on_list'] }),
  refused('without what the dock said', 'dock_digest_unsigned', { declaredSha256: null }),
  refused('and another that it said', 'hand_in_differs', { declaredSha256: '0'.repeat(64) }),
]

interface Said {
  readonly seed: string
  readonly film: SampleRecording
  /** Another recording, of another hand-in. */
  readonly other: SampleRecording
  readonly statement: FileDigest
}

interface Otherwise {
  readonly statement?: FileDigest
  /** What the event says, where it is not what was signed. */
  readonly sm3?: string | null
  readonly key?: ReturnType<typeof dockKey>
  readonly change?: (said: DockDigest) => Readonly<Record<string, string | number>>
}

function on({ statement }: Said, change: Partial<FileDigest>): Otherwise {
  return { statement: { ...statement, ...change } }
}

/** The first film was sealed with the digest that its dock signed as line 0, unless something else is said. */
function withDigest(
  events: PlannedEvent[],
  seed: string,
  otherwise: (said: Said) => Otherwise = () => ({}),
): PlannedEvent[] {
  const [film, other] = sampleRecordings(seed) as [SampleRecording, SampleRecording]
  const [sha256, sm3] = [hexOf('sha256', film.original), hexOf('sm3', film.original)]
  const right: FileDigest = { v: 1, filesRoot: rootOf(seed, film), number: 0, sha256, sm3 }
  const { statement = right, key = dockKey(seed), change, ...said } = otherwise({ seed, film, other, statement: right })
  const signature = signBytes(key, fileDigestBytes(statement)).toString('base64')
  const plain: DockDigest = { signature, sm3: said.sm3 === undefined ? statement.sm3 : said.sm3 }
  const dockDigest = { ...plain, ...change?.(plain) }
  return changedDetails(events, 'recording.sealed', { declaredSha256: sha256, dockDigest })
}

function without(events: PlannedEvent[]): PlannedEvent[] {
  const sealed = events.find(({ kind }) => kind === 'recording.sealed')!
  const { dockDigest: _, ...details } = sealed.details
  return changed(events, 'recording.sealed', { details })
}

function rootOf(seed: string, recording: SampleRecording): string {
  return filesRootOf(sampleList(seed, recording).digests).toString('hex')
}

/** The film was handed in as line 0 of its list, which has no digest. */
function unread(
  what: string,
  alter: (events: PlannedEvent[], seed: string) => PlannedEvent[],
  remarks: readonly string[],
): Mutation {
  return { ...unreadEnding(what, 'accepted', alter), remarks: ['timestamp_missing', ...remarks] }
}

function unreadEnding(
  what: string,
  expect: string,
  alter: (events: PlannedEvent[], seed: string) => PlannedEvent[],
): Mutation {
  return mended(`a recording ${what}`, expect, ({ files, seed }) => {
    const onFirstLine: Alter = (events) => alter(asUnreadLine(events, seed), seed)
    replaceFiles(files, sampleParts({ seed, authority: null, alter: onFirstLine }).files)
    const [film] = sampleRecordings(seed)
    editLines(files, handInsPath, (lines) =>
      lines.map((one) => (one.handInId === handInIdOf(seed, film!) ? handInLine(seed, film!, [0]) : one)),
    )
  })
}

function signed(what: string, remarks: readonly string[], otherwise: (said: Said) => Otherwise): Mutation {
  return unread(what, (events, seed) => withDigest(events, seed, otherwise), remarks)
}

function wrong(what: string, otherwise: (said: Said) => Otherwise): Mutation {
  return unreadEnding(`with a digest that ${what}`, 'dock_digest_unsigned', (events, seed) =>
    withDigest(events, seed, otherwise),
  )
}

/** The digest is signed, and the event says something else besides. */
function refused(what: string, expect: string, details: PlannedEvent['details']): Mutation {
  return unreadEnding(`with a signed digest ${what}`, expect, (events, seed) =>
    changedDetails(withDigest(events, seed), 'recording.sealed', details),
  )
}

function asUnreadLine(events: PlannedEvent[], seed: string): PlannedEvent[] {
  const [film] = sampleRecordings(seed)
  const base64 = sampleList(seed, film!).lines[0]!.line.name
  const name = { base64, text: Buffer.from(base64, 'base64').toString() }
  const created = changedDetails(events, 'upload.created', { line: 0, name })
  return changedDetails(created, 'recording.sealed', { name })
}
