import { plain } from '../../../foundation/plain-text.ts'
import type { EventBody } from '../../../ledger/format/entry.ts'
import { type EventKind, isEventKind, kindName } from '../../events/kinds.ts'
import { eventOf, type KnownEvent, knownEvent } from '../../events/read.ts'
import { sharedSeats } from '../../events/words.ts'
import { signedKinds } from '../../signing/put-up.ts'
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
  /** Name and role of whoever acted, and by whose commission. */
  actorOf(body: EventBody): string
  /** What is to be said beside a signature: by whose commission, and that it came from another signer's seat. */
  signatureRemarks(body: EventBody): string[]
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
  const commissionOf = (body: EventBody) => `受${nameOf(body.onBehalfOf ?? '')}委托`
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
    actorOf: (body) => {
      const actor = `${nameOf(body.actor)}（${plain(words.roleName(body.actorRole))}）`
      return body.onBehalfOf === undefined ? actor : `${actor}，${commissionOf(body)}`
    },
    signatureRemarks: (body) => [
      ...(body.onBehalfOf === undefined ? [] : [commissionOf(body)]),
      ...sameSeatWords(body, nameOf),
      ...thirdWords(body, bodies),
    ],
    summaryOf: (body) => {
      const recordings = body.subjects.filter(({ type }) => type === 'recording').map(({ id }) => numberOf(id))
      const known = knownEvent(body)
      const details = known ? detailsInWords(known) : ['内容与事件类型不符，无法列出']
      return [...new Set(recordings), ...details, ...sameSeatWords(body, nameOf), ...thirdWords(body, bodies)].join(
        '；',
      )
    },
  }
}

/** Chinese name of an event's kind, fit to be printed whatever the kind is. */
export function shownKind(kind: string): string {
  return plain(kindName(kind))
}

/** 同机签署, with whom, how soon after and by what it was seen; nothing for any other event. */
function sameSeatWords(body: EventBody, nameOf: (id: string) => string): string[] {
  const mark = eventOf(body, ...signedKinds)?.details.sameSeat
  return mark ? [`同机签署（与${nameOf(mark.with)}，${mark.minutesApart} 分钟内，${sharedSeats[mark.by]}）`] : []
}

/** 第三方签署: by whom, on which sheet, and whether an auditor has confirmed it; nothing for any other event. */
function thirdWords(body: EventBody, bodies: readonly EventBody[]): string[] {
  const third = eventOf(body, ...signedKinds)?.details.third
  if (!third) return []
  const isAbout = (one: EventBody) => one.subjects.some(({ type, id }) => type === 'third_signature' && id === third.id)
  const about = bodies.filter(isAbout).map(({ kind }) => kind)
  const confirmed = about.includes('signature.third_confirmed') ? '法制办已核对' : '法制办尚未核对'
  const state = about.includes('signature.third_refused') ? '法制办核对不符' : confirmed
  const sheet = third.scanSha256 ? [`纸质，扫描件 SHA-256 ${third.scanSha256.slice(0, 16)}…`] : []
  return [`第三方签署（${[plain(third.name), plain(third.office), ...sheet, state].join('，')}）`]
}
