import { sampleParts } from '../sample-package.ts'
import {
  addLine,
  assign,
  editLines,
  handInsPath,
  type Json,
  leafOfKind,
  loosePath,
  type Mutation,
  mended,
  replaceFiles,
} from './mutation.ts'
import { wrongLog } from './mutations-log.ts'
import type { PlannedEvent } from './sample-log.ts'
import { sampleId, sampleRecordings } from './sample-recordings.ts'
import { dockKey, dockSubjects, handInEvent, handInLine } from './sample-registers.ts'

/** Docks, their lists, statements and older acts of registers that are not what the page says. */
export const registerMutations: readonly Mutation[] = [
  // The dock
  dock('that nobody released', (events) => without(events, 'dock.released')),
  dock('that was released by who registered it', (events, seed) =>
    changed(events, 'dock.released', { actor: sampleId(seed, 'administrator'), actorRole: 'administrator' }),
  ),
  dock('that was revoked before', (events, seed) =>
    changed(events, 'device.registered', {
      kind: 'dock.revoked',
      subjects: dockSubjects(seed),
      details: {},
    }),
  ),
  dock('that was registered twice', (events) => {
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
  wrongLog('a list of the first version, and lines of it', 'hand_in_differs', (events) => {
    const at = events.findIndex(({ kind }) => kind === 'hand_in.opened')
    const { head, ...details } = events[at]!.details
    return events.with(at, { ...events[at]!, details })
  }),
  // Statements
  statement('of another person', { person: 'another' }),
  statement('of another role', { role: 'auditor' }),
  statement('of another act', { act: 'package.refused' }),
  statement('about another object', { object: 'package:another' }),
  statement('about another body', { objectSha256: '0'.repeat(64) }),
  statement('of another version', { v: 2 }),
  statement('with a member more', { more: '' }),
  statement('with a digest in upper case', { objectSha256: 'A'.repeat(64) }),
  wrongLog('a statement that is a text', 'statement_differs', (events) =>
    changedDetails(events, 'package.signed', { statement: 'I agree' }),
  ),
  wrongLog('a signature on what nobody asked for', 'statement_differs', (events) =>
    changed(events, 'package.requested', { kind: 'package.asked' }),
  ),
  wrongLog('a statement under a list', 'accepted', (events) => listed(events, 'list:a', 'ab'.repeat(32))),
  wrongLog('a statement under another list', 'statement_differs', (events) =>
    listed(events, 'list:b', 'ab'.repeat(32)),
  ),
  wrongLog('a statement under a list of another digest', 'statement_differs', (events) =>
    listed(events, 'list:a', 'cd'.repeat(32)),
  ),
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
function olderParts(seed: string) {
  const alter = (events: PlannedEvent[]): PlannedEvent[] => {
    const at = events.findIndex(({ kind }) => kind === 'session.opened')
    const [film] = sampleRecordings(seed)
    const subjects = [{ type: 'device', id: film!.device }]
    const by = { actor: 'setup', actorRole: 'service' }
    return events.with(at, { ...events[at]!, ...by, kind: 'device.changed', subjects, details: {} })
  }
  return sampleParts({ seed, authority: null, alter })
}

function dock(what: string, alter: (events: PlannedEvent[], seed: string) => PlannedEvent[]): Mutation {
  return {
    name: `log with a dock ${what}`,
    expect: 'hand_in_differs',
    apply: ({ files, seed }) => {
      replaceFiles(
        files,
        sampleParts({ seed, authority: null, alter: (events) => unsigned(alter(events, seed)) }).files,
      )
      return undefined
    },
  }
}

/** The release says nothing of what it signs: what is wrong with the dock is not its statement. */
function unsigned(events: PlannedEvent[]): PlannedEvent[] {
  return events.map(({ signs, ...event }) => (event.kind === 'dock.released' || !signs ? event : { ...event, signs }))
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

function statement(what: string, change: Json): Mutation {
  return wrongLog(`a statement ${what}`, 'statement_differs', (events) => changedStatement(events, change))
}

/** Whoever signed the package signed this instead. */
function changedStatement(events: PlannedEvent[], change: Json): PlannedEvent[] {
  const at = events.findIndex(({ kind }) => kind === 'package.signed')
  const { signs, ...event } = events[at]!
  return events.with(at, { ...event, signs: { ...signs!, instead: change } })
}

function listed(events: PlannedEvent[], object: string, sha256: string): PlannedEvent[] {
  const entered = changedDetails(events, 'package.signed', {
    list: { id: 'a', of: 1, place: 1, sha256: 'ab'.repeat(32) },
  })
  return changedStatement(entered, { object, objectSha256: sha256 })
}

function without(events: PlannedEvent[], kind: string): PlannedEvent[] {
  return changed(events, kind, { kind: 'dock.seen' })
}

function changed(events: PlannedEvent[], kind: string, change: Partial<PlannedEvent>): PlannedEvent[] {
  const at = events.findIndex((one) => one.kind === kind)
  return events.with(at, { ...events[at]!, ...change })
}

function changedDetails(events: PlannedEvent[], kind: string, change: PlannedEvent['details']): PlannedEvent[] {
  const { details } = events.find((one) => one.kind === kind)!
  return changed(events, kind, { details: { ...details, ...change } })
}
