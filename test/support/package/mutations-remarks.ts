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
