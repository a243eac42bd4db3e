import { plain } from '../../../foundation/plain-text.ts'
import type { EventBody } from '../../../ledger/format/entry.ts'
import { type EventKind, isEventKind, kindName } from '../../events/kinds.ts'
import { eventOf, type KnownEvent, knownEvent } from '../../events/read.ts'
import { detailsInWords } from './details.ts'
import type { ReportFacts } from './facts.ts'
import * as words from './words.ts'

/** How the sections read the facts: names instead of ids, recordings by their number in the list. */
export interface Reading {
  readonly facts: ReportFacts
  readonly bodies: readonly EventBody[]
  /** The events of these kinds that can be read. */
  ofKind<Kind extends EventKind>(...kinds: Kind[]): KnownEvent<Kind>[]
  /** How many events of these kinds there are, whether their details can be read or not. */
  countOf(...kinds: EventKind[]): number
  /** Events of a kind that this version knows, whose details are not those of the kind. */
  readonly unreadable: readonly EventBody[]
  /** Events that name this recording. */
  about(recordingId: string): EventBody[]
  /** `录像1` */
  numberOf(recordingId: string): string
  /** Name and role of whoever acted. */
  actorOf(body: EventBody): string
  nameOf(id: string): string
  subjectOf(body: Pick<EventBody, 'subjects'>, type: string): string | null
  /** What an event says, in words; that it cannot be read, when its details are not those of its kind. */
  summaryOf(body: EventBody): string
}

export function readingOf(facts: ReportFacts): Reading {
  const bodies = facts.closure.events.map(({ body }) => body)
  const numbers = new Map(facts.recordings.map(({ id }, at) => [id, `录像${at + 1}`]))
  const nameOf = (id: string) => plain(facts.rows.names.get(id) ?? words.serviceName(id))
  const subjectOf = (body: Pick<EventBody, 'subjects'>, type: string) =>
    body.subjects.find((one) => one.type === type)?.id ?? null
  const numberOf = (id: string) => numbers.get(id) ?? '未列录像'
  return {
    facts,
    bodies,
    nameOf,
    numberOf,
    subjectOf,
    ofKind: (...kinds) => bodies.flatMap((body) => eventOf(body, ...kinds) ?? []),
    countOf: (...kinds) => bodies.filter(({ kind }) => kinds.some((one) => one === kind)).length,
    unreadable: bodies.filter((body) => isEventKind(body.kind) && knownEvent(body) === null),
    about: (id) => bodies.filter(({ subjects }) => subjects.some((one) => one.type === 'recording' && one.id === id)),
    actorOf: (body) => `${nameOf(body.actor)}（${plain(words.roleName(body.actorRole))}）`,
    summaryOf: (body) => {
      const recordings = body.subjects.filter(({ type }) => type === 'recording').map(({ id }) => numberOf(id))
      const known = knownEvent(body)
      const details = known ? detailsInWords(known) : ['内容与事件类型不符，无法列出']
      return [...new Set(recordings), ...details].join('；')
    },
  }
}

/** Chinese name of an event's kind, fit to be printed whatever the kind is. */
export function shownKind(kind: string): string {
  return plain(kindName(kind))
}
