import { createHash } from 'node:crypto'
import { sampleParts } from '../sample-package.ts'
import { changed, changedDetails } from './changed-events.ts'
import { type Json, type Mutation, replaceFiles } from './mutation.ts'
import { wrongLog } from './mutations-log.ts'
import { eventBody, type PlannedEvent } from './sample-log.ts'
import { actorOf } from './sample-registers.ts'

/** Statements that are not what the page says, acts that were entered twice, and acts that rest on a third signature. */
export const actMutations: readonly Mutation[] = [
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
  wrongLog('a statement of who had put the matter up', 'statement_differs', (events, seed) =>
    changed(events, 'package.requested', actorOf(seed, 'supervisor')),
  ),
  wrongLog('a statement under a list of who had put the matter up', 'statement_differs', (events, seed) =>
    changed(listed(events, 'list:a', 'ab'.repeat(32)), 'package.requested', actorOf(seed, 'supervisor')),
  ),
  wrongLog('a statement under a list about what nobody put up', 'statement_differs', (events) =>
    changed(listed(events, 'list:a', 'ab'.repeat(32)), 'package.requested', { kind: 'package.asked' }),
  ),
  wrongLog('a statement under a list without a name', 'statement_differs', (events) =>
    changedStatement(changedDetails(events, 'package.signed', { list: { of: 1, place: 1, sha256: 'ab'.repeat(32) } }), {
      object: 'list:undefined',
      objectSha256: 'ab'.repeat(32),
    }),
  ),
  wrongLog('a statement under a list', 'accepted', (events) => listed(events, 'list:a', 'ab'.repeat(32))),
  wrongLog('a statement under another list', 'statement_differs', (events) =>
    listed(events, 'list:b', 'ab'.repeat(32)),
  ),
  wrongLog('a statement under a list of another digest', 'statement_differs', (events) =>
    listed(events, 'list:a', 'cd'.repeat(32)),
  ),
  // What happens once
  wrongLog('an account that was made twice, under another name', 'event_repeated', (events, seed) => {
    const created = events.find(({ kind, details }) => kind === 'person.created' && details.role === 'officer')!
    const details = { ...created.details, name: '某人' }
    return changed(events, 'device.registered', { ...created, ...actorOf(seed, 'administrator'), details })
  }),
  wrongLog('a device that was registered twice', 'event_repeated', (events) => {
    const [first, second] = events.filter(({ kind }) => kind === 'device.registered')
    return events.map((one) => (one === second ? first! : one))
  }),
  wrongLog('a custodian who was appointed twice', 'event_repeated', (events) => {
    const appointed = events.find(({ kind }) => kind === 'custodian.appointed')!
    return changed(events, 'device.registered', appointed)
  }),
  wrongLog('a viewing that ended twice', 'event_repeated', (events) =>
    events.map((one) => (one.kind === 'viewing.renewed' ? { ...one, kind: 'viewing.ended' } : one)),
  ),
  // Signatures from outside the bureau's accounts
  third('that was confirmed in time', ['third_signature']),
  third('that was confirmed too late', ['third_signature_unconfirmed'], { confirmBy: '2026-09-01T00:00:00.000Z' }),
  third('that is to be confirmed at a time that is none', ['third_signature_unconfirmed'], { confirmBy: '2027' }),
  third('that nobody confirmed', ['third_signature_unconfirmed'], {}, 'signature.third_seen'),
  third('that was refused', ['third_signature_unconfirmed'], {}, 'signature.third_refused'),
  third('that was added under another act', ['third_signature_unconfirmed'], { act: 'package.refused' }),
  third('that was added under another matter', ['third_signature_unconfirmed'], { matterId: 'another' }),
  third('on the sheet of somebody else', ['third_signature_unconfirmed'], {
    paper: { name: '孙立', office: '区司法局', scanSha256: 'a3'.repeat(32) },
  }),
  third('on another sheet', ['third_signature_unconfirmed'], {
    paper: { name: '钱进', office: '区司法局', scanSha256: 'b4'.repeat(32) },
  }),
  third('that says nothing of a sheet', ['third_signature_unconfirmed'], { paper: null }),
  ...['package.signed', 'dock.released'].map((kind) =>
    wrongLog(`a signature without a statement: ${kind}`, 'statement_differs', (events) => unsigned(events, kind)),
  ),
  wrongLog('an account that was shut by two', 'accepted', (events, seed) => shut(events, seed, 'supervisor')),
  wrongLog('an account that was shut by who asked for it', 'statement_differs', (events, seed) =>
    shut(events, seed, 'administrator'),
  ),
  wrongLog('a package that was signed by the deputy of who asked for it', 'statement_differs', (events, seed) =>
    changed(events, 'package.signed', { onBehalfOf: actorOf(seed, 'custodian').actor }),
  ),
  {
    ...wrongLog('an act that rests on a third signature which nobody added', 'accepted', (events) =>
      changedDetails(events, 'package.signed', { third: null }),
    ),
    remarks: ['timestamp_missing', 'third_signature_unconfirmed'],
  },
]

/** The package rests on a third signature, which events between request, signature and contents add and confirm. */
function third(
  what: string,
  remarks: readonly string[],
  instead: PlannedEvent['details'] = {},
  decided = 'signature.third_confirmed',
): Mutation {
  const alter = (events: PlannedEvent[], seed: string): PlannedEvent[] => {
    const at = events.findIndex(({ kind }) => kind === 'package.requested')
    const requested = events[at]!
    const subjects = [{ type: 'third_signature', id: 'third' }, ...requested.subjects]
    const [body, scan] = [eventBody(requested, at), { name: '钱进', office: '区司法局', scanSha256: 'a3'.repeat(32) }]
    const { id: matterId } = JSON.parse(body) as { id: string }
    const putUpSha256 = createHash('sha256').update(body).digest('hex')
    const confirmBy = '2026-09-10T00:00:00.000Z'
    const added = { act: 'package.signed', matterId, putUpSha256, paper: scan, confirmBy, ...instead }
    const signedAt = events.findIndex(({ kind }) => kind === 'package.signed')
    const signs = { object: 'third_signature:third', kind: 'signature.third_added', subject: 'third_signature:third' }
    const byOfficer = { ...actorOf(seed, 'officer'), subjects }
    return changedDetails(events, 'package.signed', { third: { id: 'third', ...scan } })
      .with(at + 1, { ...byOfficer, kind: 'signature.third_added', details: added })
      .with(signedAt + 1, { ...byOfficer, ...actorOf(seed, 'administrator'), kind: decided, details: {}, signs })
  }
  return {
    name: `sound log with a third signature ${what}`,
    expect: 'accepted',
    remarks: ['timestamp_missing', ...remarks],
    apply: ({ files, seed }) => {
      replaceFiles(files, sampleParts({ seed, authority: null, alter: (events) => alter(events, seed) }).files)
      return undefined
    },
  }
}

/** Whoever acts there signs nothing. */
function unsigned(events: PlannedEvent[], kind: string): PlannedEvent[] {
  const at = events.findIndex((one) => one.kind === kind)
  const { signs: _, ...event } = events[at]!
  return events.with(at, event)
}

/** The officer's account is shut at the end, as the administrator had asked. */
function shut(events: PlannedEvent[], seed: string, by: 'supervisor' | 'administrator'): PlannedEvent[] {
  const { subjects } = events.find(({ kind, details }) => kind === 'person.created' && details.role === 'officer')!
  const free = events.flatMap(({ kind }, at) => (kind === 'session.opened' ? [at] : []))
  const [asked, done] = [free.at(-2)!, free.at(-1)!]
  return events
    .with(asked, { ...actorOf(seed, 'administrator'), kind: 'person.shut_asked', subjects, details: {} })
    .with(done, { ...actorOf(seed, by), kind: 'person.disabled', subjects, details: { shuttingId: `event-${asked}` } })
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
