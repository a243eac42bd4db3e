import { type SampleParts, sampleParts } from '../sample-package.ts'
import { changed, changedDetails } from './changed-events.ts'
import {
  addLine,
  assign,
  dropEvent,
  editLines,
  eventOfKind,
  eventsPath,
  handInsPath,
  type Json,
  leafOfKind,
  loosePath,
  type Mutation,
  mended,
  readLines,
  replaceFiles,
  subjectsPath,
} from './mutation.ts'
import { wrongLog } from './mutations-log.ts'
import type { PlannedEvent } from './sample-log.ts'
import { sampleId, sampleRecordings } from './sample-recordings.ts'
import { dockKey, dockSubjects, handInEvent, handInIdOf, handInLine } from './sample-registers.ts'

/** Docks, their lists, what was sealed from them, and older acts of registers that are not what the page says. */
export const registerMutations: readonly Mutation[] = [
  // The dock
  dock('that nobody released', (events) => without(events, 'dock.released')),
  wrongLog('a dock that was released by who registered it', 'statement_differs', (events, seed) =>
    changed(events, 'dock.released', { actor: sampleId(seed, 'administrator'), actorRole: 'administrator' }),
  ),
  dock('that was revoked before', (events, seed) =>
    changed(events, 'device.registered', {
      kind: 'dock.revoked',
      subjects: dockSubjects(seed),
      details: {},
    }),
  ),
  wrongLog('a dock that was registered twice', 'event_repeated', (events) => {
    const registered = events.find(({ kind }) => kind === 'dock.registered')!
    return changed(events, 'device.registered', { ...registered })
  }),
  dock('with another key', (events, seed) =>
    changed(events, 'dock.registered', {
      details: { name: '一号采集站', publicKey: dockKey(seed, 'another').publicKey.toString('hex') },
    }),
  ),
  dock('with a key that is none', (events) => changed(events, 'dock.registered', { details: { publicKey: 'x' } })),
  dock('whose list another key signed', (events, seed) => {
    const [film] = sampleRecordings(seed)
    return changed(events, 'hand_in.opened', { details: handInEvent(seed, film!, dockKey(seed, 'another')).details })
  }),
  dock('that signed at another time', (events) => changedDetails(events, 'hand_in.opened', { openedAt: 'yesterday' })),
  dock('that signed another number of files', (events) => changedDetails(events, 'hand_in.opened', { files: 4 })),
  wrongLog('a dock that is revoked afterwards', 'accepted', (events) => {
    const at = events.findLastIndex(({ kind }) => kind === 'receipt.issued')
    const { subjects } = events.find(({ kind }) => kind === 'dock.registered')!
    const revoked = { kind: 'dock.revoked', actor: 'setup', actorRole: 'service', subjects, details: {} }
    return events.with(at, { ...revoked, subjects: [...subjects, ...events[at]!.subjects] })
  }),
  // Lines of its list
  list('a line of another file of the dock', (lines, seed) =>
    assign(lines[0]!, handInLine(seed, recordingOf(lines[0]!, seed), [0, 1])),
  ),
  list('another line in its place', (lines, seed) =>
    assign(lines[0]!, handInLine(seed, recordingOf(lines[0]!, seed), [2])),
  ),
  list('no line', (lines) => assign(lines[0]!, { lines: [] })),
  list('one hand-in left out', (lines) => lines.slice(1)),
  list('one hand-in twice', (lines) => [lines[0]!, ...lines]),
  list('in another order', (lines) => lines.toReversed()),
  list('a hand-in of strangers', (lines) => [...lines, { handInId: 'stranger', lines: [] }]),
  line('another size', (one) => assign(one.line as Json, { bytes: 1 })),
  line('another name', (one) => assign(one.line as Json, { name: 'eA==' })),
  line('another digest', (one) => assign(one.line as Json, { sha256: '0'.repeat(64) })),
  line('no digest', (one) => assign(one.line as Json, { sha256: null })),
  line('another salt', (one) => assign(one, { salt: '0'.repeat(64) })),
  line('a hash less', (one) => assign(one, { path: (one.path as string[]).slice(1) })),
  line('a hash more', (one) => assign(one, { path: [...(one.path as string[]), '0'.repeat(64)] })),
  mended('a line of a list with a member more', 'package_malformed', ({ files }) => {
    editLines(files, handInsPath, (lines) => assign((lines[0]!.lines as Json[])[0]!.line as Json, { more: 1 }))
  }),
  wrongLog('a file that is not on its list', 'hand_in_differs', (events) =>
    changedDetails(events, 'upload.created', { onList: false }),
  ),
  wrongLog('a file that was sealed with another digest than on its list', 'hand_in_differs', (events) =>
    changedDetails(events, 'recording.sealed', { sha256: '0'.repeat(64) }),
  ),
  wrongLog('an opening that does not say what was signed', 'hand_in_differs', (events) => {
    const at = events.findIndex(({ kind }) => kind === 'hand_in.opened')
    return events.with(at, { ...events[at]!, details: { ...events[at]!.details, head: { v: 2 } } })
  }),
  wrongLog('an opening with a member more of what was signed', 'hand_in_differs', (events) => {
    const head = events.find(({ kind }) => kind === 'hand_in.opened')!.details.head as Json
    return changedDetails(events, 'hand_in.opened', { head: { ...head, more: 1 } })
  }),
  wrongLog('an opening that says nothing of what was signed, and lines', 'hand_in_differs', withoutHead),
  mended('log with an opening that says nothing of what was signed', 'hand_in_differs', ({ files, seed }) => {
    replaceFiles(files, sampleParts({ seed, authority: null, alter: withoutHead }).files)
    editLines(files, handInsPath, (lines) => lines.map((one) => ({ ...one, lines: [] })))
  }),
  // What was sealed as standing on a list
  mended('log with a recording whose upload claims no line', 'hand_in_differs', ({ files, seed }) => {
    const alter = (events: PlannedEvent[]) => changedDetails(events, 'upload.created', { onList: false })
    replaceFiles(files, sampleParts({ seed, authority: null, alter }).files)
    const [film] = sampleRecordings(seed)
    editLines(files, handInsPath, (lines) =>
      lines.map((one) => (one.handInId === handInIdOf(seed, film!) ? { ...one, lines: [] } : one)),
    )
  }),
  sealing('of another name than its upload', { name: { base64: 'eA==', text: 'x' } }),
  wrongLog('a recording sealed with another digest than its upload had', 'hand_in_differs', (events) =>
    changedDetails(events, 'upload.created', { declaredSha256: '0'.repeat(64) }),
  ),
  sealing('under no hand-in', {}, ['hand_in']),
  sealing('of no upload', {}, ['upload']),
  // Registers
  wrongLog('an act of a person without an account', 'subject_missing', (events) =>
    changed(events, 'case.opened', { actor: 'somebody' }),
  ),
  wrongLog('an officer without an account', 'subject_missing', (events) =>
    changedDetails(events, 'case.opened', { officerIds: ['somebody'] }),
  ),
  wrongLog('a deputy of somebody without an account', 'subject_missing', (events) =>
    changedDetails(events, 'case.opened', { sameSeat: { with: 'somebody' } }),
  ),
  // Older acts
  {
    ...mended('an older act of a register, shown by itself', 'accepted', (context) => {
      const parts = olderParts(context.seed)
      replaceFiles(context.files, parts.files)
      addLine(context.files, parts, loosePath, leafOfKind(parts, 'device.changed'))
    }),
    remarks: ['timestamp_missing', 'loose_events'],
  },
  {
    ...mended('a dock that was registered by an older act', 'accepted', (context) => {
      const subjects = dockSubjects(context.seed).slice(0, 1)
      const alter = (events: PlannedEvent[]) => changed(events, 'dock.registered', { subjects })
      const parts = sampleParts({ seed: context.seed, authority: null, alter })
      replaceFiles(context.files, parts.files)
      addLine(context.files, parts, loosePath, leafOfKind(parts, 'dock.registered'))
    }),
    remarks: ['timestamp_missing', 'loose_events'],
  },
  mended('a register left out of which an older act is shown', 'subject_missing', (context) => {
    const parts = olderParts(context.seed)
    replaceFiles(context.files, parts.files)
    addLine(context.files, parts, loosePath, leafOfKind(parts, 'device.changed'))
    dropEvent(context.files, eventOfKind(readLines(context.files, eventsPath), 'device.registered'))
    const [film] = sampleRecordings(context.seed)
    editLines(context.files, subjectsPath, (lines) =>
      lines.filter(({ subject }) => subject !== `device-register:${film!.device}`),
    )
  }),
  {
    ...mended('a hand-in whose older opening names no list', 'accepted', (context) => {
      const [film] = sampleRecordings(context.seed)
      const handInId = handInIdOf(context.seed, film!)
      const subjects = handInEvent(context.seed, film!).subjects.filter(({ type }) => type !== 'hand-in-list')
      const alter = (events: PlannedEvent[]) => changed(events, 'hand_in.opened', { subjects })
      const parts = sampleParts({ seed: context.seed, authority: null, alter })
      replaceFiles(context.files, parts.files)
      addLine(context.files, parts, loosePath, leafOfKind(parts, 'hand_in.opened'))
      editLines(context.files, handInsPath, (lines) => lines.filter((one) => one.handInId !== handInId))
    }),
    remarks: ['timestamp_missing', 'recording_not_listed', 'loose_events'],
  },
  mended('the opening of a hand-in of another case among the older acts', 'loose_extra', (context) => {
    const [film] = sampleRecordings(context.seed)
    const subjects = [
      { type: 'hand_in', id: 'of another case' },
      { type: 'device', id: film!.device },
      ...dockSubjects(context.seed).slice(0, 1),
    ]
    const parts = olderParts(context.seed, { kind: 'hand_in.opened', subjects })
    replaceFiles(context.files, parts.files)
    addLine(context.files, parts, loosePath, leafOfLast(parts, 'of another case'))
  }),
  mended('an act of the register of another device among the older acts', 'loose_extra', (context) => {
    const subjects = [
      { type: 'device', id: 'of another case' },
      { type: 'person', id: sampleId(context.seed, 'officer') },
    ]
    const parts = olderParts(context.seed, { subjects })
    replaceFiles(context.files, parts.files)
    addLine(context.files, parts, loosePath, leafOfKind(parts, 'device.changed'))
  }),
  mended('an older act of a register among the events', 'event_extra', (context) => {
    const parts = olderParts(context.seed)
    replaceFiles(context.files, parts.files)
    addLine(context.files, parts, 'data/ledger/events.jsonl', leafOfKind(parts, 'device.changed'))
  }),
  mended('a sign-in among the older acts', 'loose_extra', ({ files, parts }) => {
    addLine(files, parts, loosePath, leafOfKind(parts, 'session.opened'))
  }),
  mended('an event of the case among the older acts', 'event_twice', ({ files, parts }) => {
    addLine(files, parts, loosePath, leafOfKind(parts, 'dock.registered'))
  }),
  mended('an older act without its proof', 'proof_missing', (context) => {
    const parts = olderParts(context.seed)
    replaceFiles(context.files, parts.files)
    const index = leafOfKind(parts, 'device.changed')
    addLine(context.files, parts, loosePath, index)
    context.files.delete(`data/ledger/proofs/${index}.tlog-proof`)
  }),
]

/** The sample with an act about a device of the case that does not name its register. */
function olderParts(seed: string, instead: Partial<PlannedEvent> = {}) {
  const alter = (events: PlannedEvent[]): PlannedEvent[] => {
    const at = events.findIndex(({ kind }) => kind === 'session.opened')
    const [film] = sampleRecordings(seed)
    const subjects = [{ type: 'device', id: film!.device }]
    const by = { actor: 'setup', actorRole: 'service' }
    return events.with(at, { ...events[at]!, ...by, kind: 'device.changed', subjects, details: {}, ...instead })
  }
  return sampleParts({ seed, authority: null, alter })
}

function dock(what: string, alter: (events: PlannedEvent[], seed: string) => PlannedEvent[]): Mutation {
  return {
    name: `log with a dock ${what}`,
    expect: 'hand_in_differs',
    apply: ({ files, seed }) => {
      replaceFiles(files, sampleParts({ seed, authority: null, alter: (events) => alter(events, seed) }).files)
      return undefined
    },
  }
}

function leafOfLast({ log }: SampleParts, named: string): number {
  return log.leaves.findIndex(({ body }) => body.includes(named))
}

function withoutHead(events: PlannedEvent[]): PlannedEvent[] {
  const at = events.findIndex(({ kind }) => kind === 'hand_in.opened')
  const { head: _, ...details } = events[at]!.details
  return events.with(at, { ...events[at]!, details })
}

/** A recording that is said to stand on its dock's list, and was sealed so. */
function sealing(what: string, details: PlannedEvent['details'], without: readonly string[] = []): Mutation {
  return wrongLog(`a recording sealed ${what}`, 'hand_in_differs', (events) => {
    const sealed = events.find(({ kind }) => kind === 'recording.sealed')!
    const subjects = sealed.subjects.filter(({ type }) => !without.includes(type))
    return changed(events, 'recording.sealed', { subjects, details: { ...sealed.details, ...details } })
  })
}

function list(what: string, change: (lines: Json[], seed: string) => Json[] | undefined): Mutation {
  return mended(`hand-ins: ${what}`, 'hand_in_differs', ({ files, seed }) => {
    editLines(files, handInsPath, (lines) => change(lines, seed))
  })
}

function line(what: string, change: (line: Json) => undefined): Mutation {
  return list(`a line with ${what}`, (lines) => change((lines[0]!.lines as Json[])[0]!))
}

function recordingOf({ handInId }: Json, seed: string) {
  return sampleRecordings(seed).find((recording) => handInLine(seed, recording).handInId === handInId)!
}

function without(events: PlannedEvent[], kind: string): PlannedEvent[] {
  return changed(events, kind, { kind: 'dock.seen' })
}
