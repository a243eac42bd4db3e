import { type Files, type SampleOptions, sampleParts } from '../sample-package.ts'
import { contentsPath, editJson, editLines, type Mutation, mended, packagePath, replaceFiles } from './mutation.ts'
import { wrongLog } from './mutations-log.ts'
import type { PlannedEvent } from './sample-log.ts'
import { sampleId } from './sample-recordings.ts'

/** Files that the ledger did not enter as they are, and packages that were made wrong from the beginning. */
export const contentMutations: readonly Mutation[] = [
  mended('another report, and its digest in the contents', 'contents_differs', ({ files }) => {
    const report = Buffer.from('forged')
    files.set('data/report/report.html', report)
    editLines(files, contentsPath, (lines) =>
      lines.map((line) => (line.path === 'data/report/report.html' ? { ...line, bytes: report.length } : line)),
    )
  }),
  mended('both reports removed', 'contents_differs', ({ files }) => {
    files.delete('data/report/report.html')
    files.delete('data/report/report.pdf')
  }),
  mended('making.json of another time', 'package_differs', ({ files }) => {
    editJson(files, packagePath, (value) => {
      value.madeAt = new Date(Date.parse(value.madeAt as string) - 60_000).toISOString()
    })
  }),
  contents('swapped lines', (lines) => [lines[1]!, lines[0]!, ...lines.slice(2)]),
  contents('a line less', (lines) => lines.slice(1)),
  contents('a line twice', (lines) => [lines[0]!, ...lines]),
  made('a report in a folder of its own', 'contents_differs', (files) => {
    files.set('data/report/more/report.html', Buffer.from('more'))
  }),
  made('a file of another name', 'contents_differs', (files) => {
    files.set('data/appendix.txt', Buffer.from('more'))
  }),
  made('a supplement to the report', 'accepted', (files) => {
    files.set('data/report/supplement.mp4', Buffer.from('more'))
  }),
  made('no report', 'accepted', (files) => {
    files.delete('data/report/report.html')
    files.delete('data/report/report.pdf')
  }),
  made('no making.json', 'package_malformed', (files) => {
    files.delete('data/making.json')
  }),
  event('no contents', 'contents_differs', (event) => ({ ...event, kind: 'package.begun' })),
  event('contents of another package', 'contents_differs', (event, seed) => ({
    ...event,
    subjects: anotherPackage([event], seed),
  })),
  event('contents of other files', 'contents_differs', (event) => ({
    ...event,
    details: { ...event.details, sha256: '0'.repeat(64) },
  })),
  event('contents of fewer files', 'contents_differs', (event) => ({
    ...event,
    details: { ...event.details, files: 1 },
  })),
  event('contents of more bytes', 'contents_differs', (event) => ({
    ...event,
    details: { ...event.details, bytes: 1 },
  })),
  wrongLog('contents that were entered twice, the last ones others', 'contents_differs', (events) =>
    enteredAgain(events, { sha256: '0'.repeat(64), files: 1, bytes: 1 }),
  ),
  {
    ...wrongLog('contents that were entered twice, the first ones others', 'accepted', (events) =>
      ofPackageBefore(events, { details: { sha256: '0'.repeat(64), files: 1, bytes: 1 } }),
    ),
    remarks: ['timestamp_missing', 'contents_entered_again'],
  },
  wrongLog('contents that were entered after the package was built', 'contents_differs', (events) =>
    ofPackageBefore(events, { kind: 'package.built', details: {} }),
  ),
  wrongLog('contents that were entered after another package was built', 'accepted', (events, seed) =>
    ofPackageBefore(events, { kind: 'package.built', details: {}, subjects: anotherPackage(events, seed) }),
  ),
  claims('another name of its maker', 'package_differs', (seed) => ({
    madeBy: { id: sampleId(seed, 'custodian'), name: '某人', role: 'custodian' },
  })),
  claims('another name of who signed it', 'package_differs', (seed) => ({
    signedBy: { id: sampleId(seed, 'supervisor'), name: '某人' },
  })),
  claims('another maker', 'package_differs', (seed) => ({
    madeBy: { id: sampleId(seed, 'officer'), name: '张伟', role: 'custodian' },
  })),
  claims('a report of later leaves than its contents', 'package_differs', () => ({ reportSize: 299 })),
  claims('a report of no leaves', 'accepted', () => ({ reportSize: 0 })),
  claims('a time before the events that it reports', 'package_differs', () => ({
    madeAt: '2026-09-01T00:00:00.000Z',
  })),
  claims('a time before all events, and a report of none', 'accepted', () => ({
    ...{ madeAt: '2026-08-31T00:00:00.000Z', reportSize: 0 },
  })),
  claims('a time after its contents were entered', 'package_differs', () => ({ madeAt: '2026-09-01T00:34:50.000Z' })),
  claims('another way of making', 'accepted', () => ({ madeHow: '不详' })),
  claims('another purpose than was asked for', 'package_differs', () => ({ purpose: '另一用途' })),
  claims('an older format, entered so', 'format_unknown', () => ({ format: 'evidence-package/v2' })),
  wrongLog('an account that was made without a name', 'accepted', (events) =>
    events.map((one) => (one.kind === 'person.created' ? { ...one, details: { ...one.details, name: null } } : one)),
  ),
]

/** A package that whoever made it made with other files. */
function made(what: string, expect: string, make: (files: Files) => void): Mutation {
  return wrongLog(`all as entered, and ${what}`, expect, (events) => events, { make })
}

/** A package that was made with other claims. */
function claims(what: string, expect: string, of: (seed: string) => NonNullable<SampleOptions['claims']>): Mutation {
  return {
    name: `a package made with ${what}`,
    expect,
    apply: ({ files, seed }) => {
      replaceFiles(files, sampleParts({ seed, authority: null, claims: of(seed) }).files)
      return undefined
    },
  }
}

function contents(what: string, change: Parameters<typeof editLines>[2]): Mutation {
  return mended(`contents: ${what}`, 'contents_differs', ({ files }) => editLines(files, contentsPath, change))
}

function event(what: string, expect: string, change: (event: PlannedEvent, seed: string) => PlannedEvent): Mutation {
  return {
    name: `log with ${what}`,
    expect,
    apply: ({ files, seed }) => {
      const alter = (events: PlannedEvent[]) =>
        events.map((one) => (one.kind === 'package.contents' ? change(one, seed) : one))
      replaceFiles(files, sampleParts({ seed, authority: null, alter }).files)
      return undefined
    },
  }
}

function anotherPackage(events: readonly PlannedEvent[], seed: string): PlannedEvent['subjects'] {
  const { subjects } = events.find(({ kind }) => kind === 'package.contents')!
  return subjects.map((one) => (one.type === 'package' ? { ...one, id: sampleId(seed, 'another') } : one))
}

/** Before the package is signed stands another event like the one that enters its contents. */
function ofPackageBefore(events: PlannedEvent[], instead: Partial<PlannedEvent>): PlannedEvent[] {
  const at = events.findIndex(({ kind }) => kind === 'package.signed')
  const before = events.findLastIndex(({ kind }, index) => index < at && kind === 'timestamp.requested')
  const entered = events.find(({ kind }) => kind === 'package.contents')!
  return events.with(before, { ...entered, ...instead })
}

/** A later viewing's renewal becomes a second event of these contents. */
function enteredAgain(events: PlannedEvent[], details: PlannedEvent['details']): PlannedEvent[] {
  const entered = events.find(({ kind }) => kind === 'package.contents')!
  const at = events.findLastIndex(({ kind }) => kind === 'viewing.renewed')
  const again = events[at]!
  return events.with(at, { ...entered, subjects: [...again.subjects, entered.subjects[0]!], details })
}
