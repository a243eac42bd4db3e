import { type SampleOptions, sampleParts } from '../sample-package.ts'
import { type Mutation, replaceFiles } from './mutation.ts'
import { type PlannedEvent, sampleTimeMs } from './sample-log.ts'

/** Logs that are wrong in themselves, well signed; and whole packages that are not the sample. */
export const logMutations: readonly Mutation[] = [
  wrongLog('a leaf that is none', 'leaf_malformed', (events) =>
    events.with(1, { ...events[1]!, entry: Buffer.from('{"commitment":"","links":[],"v":1}') }),
  ),
  wrongLog('an event of the case that is none', 'body_malformed', (events) => changeCase(events, { body: '{"a":1}' })),
  ...brokenBodies().map(([what, body]) =>
    wrongLog(`an event of the case ${what}`, 'body_malformed', (events) => changeCase(events, { body })),
  ),
  wrongLog('an event without its link', 'link_missing', (events) => changeNumber(events, () => null)),
  wrongLog('a number given twice', 'number_twice', (events) => changeNumber(events, (n) => n - 1)),
  wrongLog('a number skipped', 'number_missing', (events) => changeNumber(events, (n) => n + 1)),
  wrongLog('a number far beyond', 'link_missing', (events) => changeNumber(events, (n) => n + 5_000)),
  wrongLog('numbers that descend', 'order_differs', (events) => {
    const swapped = changeNumber(events, (n) => n + 1)
    return changeNumber(swapped, (n) => n - 1, 1)
  }),
  wrongLog('an event of a time 5 s before the one before it', 'accepted', (events) => timedBack(events, 5_000)),
  wrongLog('an event of a time more than 5 s before the one before it', 'time_runs_back', (events) =>
    timedBack(events, 5_001),
  ),
  wrongLog('an event of a year before', 'time_runs_back', (events) => timedBack(events, 365 * 86_400_000)),
  wrongLog('an event of a time far ahead of those after it', 'time_runs_back', (events) =>
    timedBack(events, -3_600_000),
  ),
  {
    name: 'the package of an older checkpoint, whole',
    expect: 'accepted',
    apply: (context) => {
      const older = sampleParts({ seed: context.seed, authority: null, until: 290 })
      replaceFiles(context.files, older.files)
      return undefined
    },
  },
  {
    name: 'the package without footage',
    expect: 'accepted',
    apply: (context) => {
      replaceFiles(context.files, sampleParts({ seed: context.seed, authority: null, withFootage: false }).files)
      return undefined
    },
  },
  {
    name: 'the package of another bureau',
    expect: 'checkpoint_signature',
    apply: (context) => {
      replaceFiles(context.files, sampleParts({ seed: `${context.seed} stranger`, authority: null }).files)
      return undefined
    },
  },
]

/** The whole package of a log that was made wrong. */
export function wrongLog(
  what: string,
  expect: string,
  alter: (events: PlannedEvent[], seed: string) => PlannedEvent[],
  options: Pick<SampleOptions, 'make' | 'claims'> = {},
): Mutation {
  return {
    name: `log with ${what}`,
    expect,
    apply: ({ files, seed }) => {
      const parts = sampleParts({ ...options, seed, authority: null, alter: (events) => alter(events, seed) })
      replaceFiles(files, parts.files)
      return undefined
    },
  }
}

/** Bodies that differ from an event of §1 in one thing. */
function brokenBodies(): [string, string][] {
  const sound =
    '{"actor":"a","actorRole":"r","at":"2026-09-01T00:00:00.000Z","details":{},"id":"e","kind":"k","subjects":[{"id":"x","type":"party"}]}'
  const change = (from: string, to: string) => sound.replace(from, to)
  const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
  return [
    ['without an id', change('"id":"e",', '')],
    ['with an empty actor', change('"a"', '""')],
    ['with a member more', change('"at"', '"as":1,"at"')],
    ['with members in another order', change('"actor":"a","actorRole":"r"', '"actorRole":"r","actor":"a"')],
    ['with white space', change(',"at"', ', "at"')],
    ['with a member twice', change('"actor":"a"', '"actor":"a","actor":"a"')],
    ['with an escape too many', change('"a"', '"\\u0061"')],
    ['with a number in another spelling', change('{}', '{"n":1.0}')],
    ['with a number of minus zero', change('{}', '{"n":-0}')],
    ['with a number beyond all', change('{}', '{"n":1e400}')],
    ['with a number that loses digits', change('{}', '{"n":12345678901234567890}')],
    ['with half of a surrogate pair', change('{}', '{"n":"\\ud800"}')],
    ['nested too deep', change('{}', `{"n":${deep(64)}}`)],
    ['with a day that is not', change('09-01', '02-30')],
    ['with a leap second', change('00:00:00', '23:59:60')],
    ['without milliseconds', change('.000Z', 'Z')],
    ['with a year of six digits', change('2026-', '+012026-')],
    ['with no subject', change('[{"id":"x","type":"party"}]', '[]')],
    [
      'with nine subjects',
      change('[{"id":"x","type":"party"}]', `[${Array(9).fill('{"id":"x","type":"party"}').join()}]`),
    ],
    ['with a subject without an id', change('"x"', '""')],
    ['with a subject of an odd type', change('"party"', '"Party"')],
    ['with details that are a list', change('{}', '[]')],
    ['that ends in a newline', `${sound}\n`],
  ]
}

function changeCase(events: PlannedEvent[], change: Partial<PlannedEvent>): PlannedEvent[] {
  const at = events.findIndex(({ kind }) => kind === 'package.requested')
  return events.with(at, { ...events[at]!, ...change })
}

/** Gives the case another number at the recording's `attached` event (the case's second) or a later one. */
function changeNumber(events: PlannedEvent[], change: (n: number) => number | null, later = 0): PlannedEvent[] {
  const own = events.flatMap(({ subjects }, index) => (subjects.some(isCase) ? [index] : []))
  const place = 1 + later
  const at = own[place]!
  const subject = events[at]!.subjects.find(isCase)!
  return events.with(at, { ...events[at]!, numbers: { [`case:${subject.id}`]: change(place + 1) } })
}

/** Gives an event of the case a time by so much before that of the event of the case before it. */
function timedBack(events: PlannedEvent[], byMs: number): PlannedEvent[] {
  const own = events.flatMap(({ subjects }, index) => (subjects.some(isCase) ? [index] : []))
  const [before, at] = [own[0]!, own[1]!]
  return events.with(at, { ...events[at]!, at: new Date(sampleTimeMs(before) - byMs).toISOString() })
}

function isCase({ type, id }: { type: string; id: string }): boolean {
  return type === 'case' && id.endsWith('0231号')
}
