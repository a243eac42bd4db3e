import type { JsonValue } from '../../../services/ledger/format/canonical.ts'
import { type SampleOptions, type SampleParts, sampleParts } from '../sample-package.ts'
import { changed, changedDetails } from './changed-events.ts'
import { type Mutation, mended, packagePath, replaceFiles, setCheckpoint } from './mutation.ts'
import { type PlannedEvent, sampleTimeMs, signedBy } from './sample-log.ts'

/** The clock of the computer that judges the corpus, whenever that is. */
export const judgedAt = '2026-12-01T00:00:00Z'
const judgedAtSeconds = Date.parse(judgedAt) / 1000
/** The last event of the sample is that of leaf 299. */
const newestEventSeconds = sampleTimeMs(299) / 1000

/** Sound packages that prove less than they could: DESIGN.md §7, remarks. */
export const remarkMutations: readonly Mutation[] = [
  cosignedAt('time 0', 0, ['cosignature_before_event']),
  cosignedAt('second 1e9', 1e9, ['cosignature_before_event']),
  cosignedAt('second 3.2e10', 3.2e10, ['cosignature_in_future']),
  cosignedAt('the last second there is', Number.MAX_SAFE_INTEGER, ['cosignature_in_future']),
  cosignedAt('a time 5 s before the newest event', newestEventSeconds - 5, []),
  cosignedAt('a time 6 s before the newest event', newestEventSeconds - 6, ['cosignature_before_event']),
  cosignedAt('a time 10 minutes ahead', judgedAtSeconds + 600, []),
  cosignedAt('a time more than 10 minutes ahead', judgedAtSeconds + 601, ['cosignature_in_future']),
  cosignedAt('a time 24 h before it was made', (parts) => madeSeconds(parts) - 86_400, ['cosignature_before_event']),
  {
    ...mended('checkpoint with one witness of an odd time', 'accepted', ({ files, parts }) => {
      const [aEd25519, aMlDsa44, b] = parts.signers.witnesses
      const text = parts.log.textAt(parts.size)
      const odd = signedBy(text, [b!], 1)
      setCheckpoint(files, signedBy(text, [...parts.signers.log, aEd25519!, aMlDsa44!]) + odd.slice(text.length + 1))
    }),
    remarks: ['cosignature_before_event'],
  },
  ...['no_list', 'not_on_list'].map((flag) =>
    sound(`a recording that stands on no list: ${flag}`, ['recording_not_listed'], (events) =>
      changedDetails(events, 'recording.sealed', { flags: [flag] }),
    ),
  ),
  ...unlistedByDigest(),
  sound('a list that was entered when the bytes were there already', ['recording_not_listed'], listedLate),
  sound('a file that was cleared on its receipt', [], (events) => cleared(events)),
  sound('a file that was cleared without its receipt', ['clearing_unproven'], (events) =>
    cleared(events, { receiptIndex: 1 }),
  ),
  sound('a file that was cleared with another digest', ['clearing_unproven'], (events) =>
    cleared(events, { sha256: '0'.repeat(64) }),
  ),
  sound('a file that was cleared, and its announcement is another', ['clearing_unproven'], (events) =>
    cleared(events, { announcement: 'event-1' }),
  ),
  sound('a file that was cleared before announcements were shown', [], (events) =>
    cleared(events, {}).map((event) => (event.kind === 'recording.cleared' ? withoutAnnouncement(event) : event)),
  ),
  sound('a clearing that two people gave up', ['clearing_outcome_unknown'], (events) =>
    cleared(events).map((event) => (event.kind === 'recording.cleared' ? leftUnknown(event) : event)),
  ),
  sound('a clearing that was given up, and its dock said later how it ended', [], (events) => leftThenCleared(events)),
  sound(
    'a clearing that was given up, and its dock said of another line how that ended',
    ['clearing_outcome_unknown'],
    (events) => leftThenCleared(events, { line: 1 }),
  ),
  sound('all copies on one host', ['copies_on_one_host'], (events) => events.map((event) => onHost(event, 'server-1'))),
  sound('copies of one recording on one host', ['copies_on_one_host'], (events) => {
    const { subjects } = events.find(({ kind, details }) => kind === 'recording.copied' && 'store' in details)!
    const { id } = subjects.find(({ type }) => type === 'recording')!
    return events.map((event) => (event.subjects.some((one) => one.id === id) ? onHost(event, 'server-2') : event))
  }),
  sound('copies secured on one host, moved from two', ['copies_on_one_host'], (events) =>
    events.map((event) => secured(event, ['server-3', 'server-3', 'server-3'])),
  ),
  sound('copies secured on three hosts, moved from one', [], (events) =>
    events.map((event) => secured(onHost(event, 'server-1'), ['server-1', 'server-2', 'server-3'])),
  ),
  sound('copies whose events name no host', [], (events) => events.map((event) => onHost(event, 7))),
  sound('an unwitnessed viewing', ['viewing_unwitnessed'], (events) =>
    events.map((event) =>
      event.kind === 'viewing.opened'
        ? { ...event, details: { ...event.details, unwitnessedSince: '2026-09-01T00:00:00.000Z' } }
        : event,
    ),
  ),
]

function cosignedAt(
  what: string,
  seconds: number | ((parts: SampleParts) => number),
  remarks: readonly string[],
): Mutation {
  const mutation = mended(`checkpoint cosigned at ${what}`, 'accepted', ({ files, parts }) => {
    const { log, witnesses } = parts.signers
    const at = typeof seconds === 'number' ? seconds : seconds(parts)
    setCheckpoint(files, signedBy(parts.log.textAt(parts.size), [...log, ...witnesses], at))
  })
  return { ...mutation, remarks }
}

function madeSeconds({ files }: SampleParts): number {
  const { madeAt } = JSON.parse(files.get(packagePath)!.toString('utf8')) as { madeAt: string }
  return Date.parse(madeAt) / 1000
}

/** The whole package of another log, without a time-stamp. */
function sound(what: string, remarks: readonly string[], alter: NonNullable<SampleOptions['alter']>): Mutation {
  return {
    name: `sound log with ${what}`,
    expect: 'accepted',
    remarks: ['timestamp_missing', ...remarks],
    apply: ({ files, seed }) => {
      replaceFiles(files, sampleParts({ seed, authority: null, alter }).files)
      return undefined
    },
  }
}

/** Places of events of no case after an event of this kind. */
function freeAfter(events: readonly PlannedEvent[], kind: string): number[] {
  const after = events.findIndex((one) => one.kind === kind)
  return events.flatMap((one, at) => (at > after && one.kind === 'session.opened' ? [at] : []))
}

function listedLate(events: PlannedEvent[]): PlannedEvent[] {
  const opened = events.findIndex(({ kind }) => kind === 'hand_in.opened')
  const [free] = freeAfter(events, 'recording.sealed')
  return events.with(opened, events[free!]!).with(free!, events[opened]!)
}

/** The first recording's file was removed from its device: announced, and then as its event says. */
function cleared(events: PlannedEvent[], changes: PlannedEvent['details'] = {}): PlannedEvent[] {
  const receipt = events.findIndex(({ kind }) => kind === 'receipt.issued')
  const recording = events[receipt]!.subjects.filter(({ type }) => type === 'recording')
  const sealed = events.find(
    ({ kind, subjects }) => kind === 'recording.sealed' && subjects[0]!.id === recording[0]!.id,
  )!
  const handIn = sealed.subjects.find(({ type }) => type === 'hand_in')!
  const { actor, actorRole, subjects } = events.find(
    (one) => one.kind === 'hand_in.opened' && one.subjects.some(({ id }) => id === handIn.id),
  )!
  const [announced, removed] = freeAfter(events, 'receipt.issued')
  const details = {
    ...{ clearingId: 'c', line: 0, basis: 'witnessed', receiptIndex: receipt, announcement: `event-${announced}` },
    ...{ sha256: events[receipt]!.details.sha256!, ...changes },
  }
  const ofFile = [...recording, ...subjects.filter(({ type }) => type !== 'hand-in-list')]
  return events
    .with(announced!, { kind: 'clearing.announced', actor, actorRole, subjects, details: { clearingId: 'c' } })
    .with(removed!, { kind: 'recording.cleared', actor, actorRole, subjects: ofFile, details })
}

function leftUnknown(event: PlannedEvent): PlannedEvent {
  return { ...event, kind: 'recording.not_cleared', details: { ...event.details, why: 'outcome_unknown' } }
}

/** Given up in the place of a free event, and said after all in the place of the next. */
function leftThenCleared(events: PlannedEvent[], changes: PlannedEvent['details'] = {}): PlannedEvent[] {
  const all = cleared(events)
  const [, given, said] = freeAfter(events, 'receipt.issued')
  const event = all[given!]!
  return all.with(given!, leftUnknown(event)).with(said!, { ...event, details: { ...event.details, ...changes } })
}

function withoutAnnouncement(event: PlannedEvent): PlannedEvent {
  const { announcement: _, ...details } = event.details
  return { ...event, details }
}

/** Bytes that the dock had said another digest of: accepted from quarantine, they do not stand on its list. */
function unlistedByDigest(): Mutation[] {
  const declared = (events: PlannedEvent[]) =>
    changedDetails(events, 'upload.created', { declaredSha256: '0'.repeat(64) })
  return [
    sound('a recording in quarantine whose digest differs', ['recording_not_listed'], (events) =>
      acceptedFromQuarantine(declared(events), 'digest_differs'),
    ),
    sound('a recording in quarantine that stands on its list', [], (events) =>
      acceptedFromQuarantine(events, 'unknown_device'),
    ),
  ]
}

/** The first recording came into quarantine, and two people accepted it. */
export function acceptedFromQuarantine(events: PlannedEvent[], reason: string): PlannedEvent[] {
  const sealed = events.find(({ kind }) => kind === 'recording.sealed')!
  const recording = sealed.subjects.filter(({ type }) => type === 'recording')
  const free = events.flatMap(({ kind }, at) => (kind === 'session.opened' ? [at] : []))
  const after = free.filter((at) => at > events.indexOf(sealed))
  const people = events.filter(({ kind }) => kind === 'person.created')
  const actors = people.map(({ subjects }) => ({ actor: subjects[0]!.id, subjects: recording }))
  const proposed = { ...actors[0]!, actorRole: 'custodian', kind: 'quarantine.proposed', details: { proposalId: 'p' } }
  return changedDetails(
    changed(events, 'recording.sealed', { kind: 'recording.quarantined' }),
    'recording.quarantined',
    { reason },
  )
    .with(after[0]!, proposed)
    .with(after[1]!, {
      ...actors[1]!,
      actorRole: 'supervisor',
      kind: 'quarantine.resolved',
      details: { confirmed: true, outcome: 'accept', proposalId: 'p' },
      signs: {
        object: `recording:${recording[0]!.id}`,
        kind: 'quarantine.proposed',
        subject: `recording:${recording[0]!.id}`,
      },
    })
}

function onHost(event: PlannedEvent, host: JsonValue): PlannedEvent {
  const { kind, details } = event
  if (kind === 'recording.copied' && 'store' in details) return { ...event, details: { ...details, host } }
  if (kind !== 'recording.sealed') return event
  return { ...event, details: { ...details, copy: { ...(details.copy as object), host } } }
}

/** Its receipt becomes the event that it is secured. */
function secured(event: PlannedEvent, hosts: readonly string[]): PlannedEvent {
  if (event.kind !== 'receipt.issued') return event
  return { ...event, kind: 'recording.secured', details: { copies: hosts.map((host) => ({ host })) } }
}
