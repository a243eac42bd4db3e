import type { ClosureEvent } from '../../../services/custody/packages/closure.ts'
import { packageRecordings } from '../../../services/custody/packages/recordings.ts'
import type { ReportFacts } from '../../../services/custody/packages/report/facts.ts'
import type { EventBody } from '../../../services/ledger/format/entry.ts'
import { at, caseEvents, caseNumber, listOf, packageId, registerEvents, writtenAt } from './events.ts'
import { shownLists } from './lists.ts'

export type Change = (bodies: readonly EventBody[]) => readonly EventBody[]

/** All events of a sound case with so many recordings. */
export function soundEvents(recordings = 2): EventBody[] {
  return [...registerEvents(recordings), ...caseEvents(recordings)].sort((a, b) =>
    a.at < b.at ? -1 : Number(a.at > b.at),
  )
}

/** What the report of a package with these events is made of: witnessed, time-stamped, media and all. */
export function factsFrom(bodies: readonly EventBody[], changes: Partial<ReportFacts> = {}): ReportFacts {
  const events = bodies.map(placed)
  const ids = new Set(
    bodies.flatMap(({ subjects }) => subjects.filter(({ type }) => type === 'recording')).map(({ id }) => id),
  )
  const closure = { caseNumber, subjects: [], events, recordingIds: [...ids], loose: [] }
  const recordings = packageRecordings(closure)
  const withFootage = bodies.find(({ kind }) => kind === 'package.requested')?.details.withFootage === true
  return {
    packageId,
    madeAt: new Date(at(writtenAt)),
    madeHow: '由证据保管系统按案件编号自动汇集。',
    closure,
    recordings: recordings.map((one) => ({
      ...one,
      hasOriginal: withFootage && one.withheld === null,
      hasPlayable: withFootage && one.withheld === null && one.playable !== null,
    })),
    handIns: shownLists(
      bodies,
      Array.from({ length: 10 }, (_, n) => listOf(n)),
    ),
    reportSize: 400,
    witnessedAt: new Date(at(writtenAt - 1)),
    witnesses: [{ name: 'witness.test/一', at: new Date(at(writtenAt - 1)) }],
    timestamps: [{ name: '时间戳机构', size: 390, at: new Date(at(writtenAt - 2)) }],
    ...changes,
  }
}

export function placed(body: EventBody, n: number): ClosureEvent {
  return { index: n * 3, id: `e${n}`, text: '', salt: Buffer.alloc(32), body: { ...body, id: body.id ?? `e${n}` } }
}

/** Leaves events of these kinds out. */
export const without =
  (...kinds: string[]): Change =>
  (bodies) =>
    bodies.filter(({ kind }) => !kinds.includes(kind))

/** Changes details of the events of a kind; a member of `undefined` goes. */
export const detailed =
  (kind: string, details: object, only: (body: EventBody) => boolean = () => true): Change =>
  (bodies) =>
    bodies.map((body) => {
      if (body.kind !== kind || !only(body)) return body
      const members = Object.entries({ ...body.details, ...details }).filter(([, value]) => value !== undefined)
      return { ...body, details: Object.fromEntries(members) as EventBody['details'] }
    })

/** Changes the events of a kind themselves: who acted, when. */
export const changed =
  (kind: string, changes: Partial<EventBody>, only: (body: EventBody) => boolean = () => true): Change =>
  (bodies) =>
    bodies.map((body) => (body.kind === kind && only(body) ? { ...body, ...changes } : body))

/** Puts an event at the end, about the same as the first of `like`. */
export const added =
  (like: string, body: Partial<EventBody>): Change =>
  (bodies) => {
    const first = bodies.find(({ kind }) => kind === like)!
    return [...bodies, { ...first, at: at(writtenAt - 10), ...body }]
  }

/** Puts further events in, each at its time. */
export const inserted =
  (...more: EventBody[]): Change =>
  (bodies) =>
    [...bodies, ...more].sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)))

export const both =
  (...changes: Change[]): Change =>
  (bodies) =>
    changes.reduce((all, change) => change(all), bodies)
