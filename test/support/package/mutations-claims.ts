import { changed } from './changed-events.ts'
import { editJson, type Json, type Mutation, mended, packagePath } from './mutation.ts'
import { wrongLog } from './mutations-log.ts'
import type { PlannedEvent } from './sample-log.ts'

/** package.json against the events of its package. */
export const claimMutations: readonly Mutation[] = [
  claim('another maker', (value) => changeMember(value, 'madeBy', { id: 'somebody' })),
  claim('another role of its maker', (value) => changeMember(value, 'madeBy', { role: 'supervisor' })),
  claim('another recipient', (value) => changeMember(value, 'recipient', { name: '钱律师' })),
  claim('another second signature', (value) => changeMember(value, 'signedBy', { id: 'somebody' })),
  claim('a second signature of nobody', (value) => changeMember(value, 'signedBy', { id: '' })),
  claim('the id of another package', (value) => Object.assign(value, { id: 'another' }), 'contents_differs'),
  claim('a time before its last events', (value) => Object.assign(value, { madeAt: '2026-09-01T00:34:40.000Z' })),
  claim('another way of making', (value) => Object.assign(value, { madeHow: '不详' })),
  claim('a report of another size', (value) => Object.assign(value, { reportSize: 1 })),
  wrongLog('two requests of the package', 'event_repeated', (events) => again(events, 'package.requested')),
  wrongLog('two signatures on the package', 'event_repeated', (events) => again(events, 'package.signed')),
  wrongLog('no signature on a package with footage', 'package_differs', (events) =>
    changed(events, 'package.signed', { kind: 'package.refused' }),
  ),
  wrongLog('a package that its maker signed', 'statement_differs', signedByMaker),
  wrongLog('a request for a package without footage', 'package_differs', (events) =>
    changed(events, 'package.requested', {
      details: { ...events.find(({ kind }) => kind === 'package.requested')!.details, withFootage: false },
    }),
  ),
  wrongLog('a request that names no recipient', 'package_differs', (events) => {
    const { recipient, ...details } = events.find(({ kind }) => kind === 'package.requested')!.details
    return changed(events, 'package.requested', { details })
  }),
]

function claim(what: string, change: (value: Json) => unknown, expect = 'package_differs'): Mutation {
  return mended(`package.json with ${what}`, expect, ({ files }) =>
    editJson(files, packagePath, (value) => {
      change(value)
    }),
  )
}

function changeMember(value: Json, member: string, change: Json): void {
  value[member] = { ...(value[member] as Json), ...change }
}

/** A later viewing's end becomes a second event of this kind. */
function again(events: PlannedEvent[], kind: string): PlannedEvent[] {
  const { subjects, details } = events.find((one) => one.kind === kind)!
  const at = events.findLastIndex((one) => one.kind === 'viewing.renewed')
  const event = events[at]!
  return events.with(at, { ...event, kind, subjects: [...event.subjects, ...subjects.filter(isPackage)], details })
}

function isPackage({ type }: { type: string }): boolean {
  return type === 'package'
}

function signedByMaker(events: PlannedEvent[]): PlannedEvent[] {
  return changed(events, 'package.signed', { actor: events.find(({ kind }) => kind === 'package.requested')!.actor })
}
