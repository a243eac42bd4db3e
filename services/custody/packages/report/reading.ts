import type { MediaKind } from '../../../foundation/db/words.ts'
import { plain } from '../../../foundation/plain-text.ts'
import type { EventBody } from '../../../ledger/format/entry.ts'
import { type EventKind, isEventKind, kindName } from '../../events/kinds.ts'
import { eventOf, type KnownEvent, knownEvent } from '../../events/read.ts'
import { sharedSeats } from '../../events/words.ts'
import { signedKinds } from '../../signing/put-up.ts'
import { copiesOf, type ShownCopy } from './copies.ts'
import { detailsInWords } from './details.ts'
import type { ReportFacts, ReportRecording } from './facts.ts'
import { type HandIns, handInsOf, type ListedFile } from './hand-ins.ts'
import type { PlacedBody } from './placed.ts'
import { type Register, registerOf } from './register.ts'
import { thirdWords } from './third-signatures.ts'
import * as words from './words.ts'

type Requested = KnownEvent<'package.requested'>
type Attached = KnownEvent<'recording.attached'>

/** How the sections read the facts: names instead of ids, recordings by their number in the list. */
export interface Reading {
  readonly facts: ReportFacts
  /** Disclosed and loose events, ascending. */
  readonly events: readonly PlacedBody[]
  readonly bodies: readonly EventBody[]
  readonly register: Register
  readonly handIns: HandIns
  /** That this package was asked for, and that it was approved. */
  readonly request: Requested | null
  readonly approval: KnownEvent<'package.signed'> | null
  /** The events of these kinds that can be read. */
  ofKind<Kind extends EventKind>(...kinds: Kind[]): KnownEvent<Kind>[]
  /** How many events of these kinds there are, whether their details can be read or not. */
  countOf(...kinds: EventKind[]): number
  /** Events of a kind that this version knows, whose details are not those of the kind. */
  readonly unreadable: readonly EventBody[]
  /** Events that name this recording. */
  about(recordingId: string): readonly EventBody[]
  copiesOf(recordingId: string): readonly ShownCopy[]
  /** What the request says of this recording. */
  askedOf(recordingId: string): NonNullable<Requested['details']['recordings']>[number] | null
  /** The event that filed the recording into this case last, unless it was taken out again. */
  filingOf(recordingId: string): Attached | null
  /** Where a recording stands on a dock's list that the package shows; null when it does not. */
  listedAs(recording: ReportRecording): ListedFile | null
  /** What it is: as it was taken in, unless what was made of the whole of it says otherwise. */
  kindOf(recording: ReportRecording): MediaKind
  /** `录像1`, `录音2`: by what it is and its place in the list. */
  numberOf(recordingId: string): string
  /** Name and role of whoever acted, and by whose commission. */
  actorOf(body: Pick<EventBody, 'actor' | 'actorRole' | 'onBehalfOf'>): string
  /** What is to be said beside a signature: by whose commission, and that it came from another signer's seat. */
  signatureRemarks(body: EventBody): string[]
  /** Of people, docks and services. */
  nameOf(id: string): string
  subjectOf(body: Pick<EventBody, 'subjects'>, type: string): string | null
  /** What an event says, in words; that it cannot be read, when its details are not those of its kind. */
  summaryOf(body: EventBody): string
}

const uuid = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g

export function readingOf(facts: ReportFacts): Reading {
  const { closure } = facts
  const events = [...closure.events, ...closure.loose].sort((a, b) => a.index - b.index)
  const bodies = events.map(({ body }) => body)
  const register = registerOf(events)
  const byRecording = Map.groupBy(events, ({ body }) => subjectOf(body, 'recording') ?? '')
  const about = (id: string) => byRecording.get(id) ?? []
  const kindOf = (one: ReportRecording) => mediaKindIn(about(one.id), one.sealed.details.mediaKind)
  const numbers = new Map(facts.recordings.map((one, at) => [one.id, `${words.mediaKindName(kindOf(one))}${at + 1}`]))
  const inCase = new Set(facts.recordings.filter(({ withheld }) => withheld !== 'not_in_case').map(({ id }) => id))
  const handIns = handInsOf(events, facts.handIns, register, (id) => inCase.has(id))
  const nameOf = (id: string) => nameIn(register, id)
  const numberOf = (id: string) => numbers.get(id) ?? '未列音像资料'
  // Sentences that the product wrote into an event name a recording by its id.
  const withNumbers = (text: string) => text.replaceAll(uuid, (id) => numbers.get(id) ?? id)
  const commissionOf = (onBehalfOf: string) => `受${nameOf(onBehalfOf)}委托`
  const ofPackage = <Kind extends 'package.requested' | 'package.signed'>(kind: Kind) =>
    bodies
      .filter((body) => subjectOf(body, 'package') === facts.packageId)
      .flatMap((body) => eventOf(body, kind) ?? [])[0] ?? null
  const request = ofPackage('package.requested')
  return {
    facts,
    events,
    bodies,
    register,
    handIns,
    request,
    approval: ofPackage('package.signed'),
    nameOf,
    kindOf,
    numberOf,
    subjectOf,
    ofKind: (...kinds) => bodies.flatMap((body) => eventOf(body, ...kinds) ?? []),
    countOf: (...kinds) => bodies.filter(({ kind }) => kinds.some((one) => one === kind)).length,
    unreadable: bodies.filter((body) => isEventKind(body.kind) && knownEvent(body) === null),
    about: (id) => about(id).map(({ body }) => body),
    copiesOf: (id) => copiesOf(about(id), facts.recordings.find((one) => one.id === id)?.sha256),
    askedOf: (id) => request?.details.recordings?.find(({ recordingId }) => recordingId === id) ?? null,
    filingOf: (id) => filingIn(about(id), closure.caseNumber),
    listedAs: ({ sealed }) => handIns.listedAs(sealed),
    actorOf: ({ actor, actorRole, onBehalfOf }) => {
      const named = `${nameOf(actor)}（${plain(words.roleName(actorRole))}）`
      return onBehalfOf === undefined ? named : `${named}，${commissionOf(onBehalfOf)}`
    },
    signatureRemarks: (body) => [
      ...(body.onBehalfOf === undefined ? [] : [commissionOf(body.onBehalfOf)]),
      ...sameSeatWords(body, nameOf),
      ...thirdWords(body, bodies, facts.madeAt),
    ],
    summaryOf: (body) => {
      const known = knownEvent(body)
      const details = known ? detailsInWords(known).map(withNumbers) : ['内容与事件类型不符，无法列出']
      const objects = [
        ...body.subjects.flatMap((subject) => objectText(subject, { numberOf, nameOf }) ?? []),
        ...custodiansIn(body).map(nameOf),
      ]
      const signature = [...sameSeatWords(body, nameOf), ...thirdWords(body, bodies, facts.madeAt)]
      return [...new Set(objects), ...details, ...signature].join('；')
    },
  }
}

function subjectOf(body: Pick<EventBody, 'subjects'>, type: string): string | null {
  return body.subjects.find((one) => one.type === type)?.id ?? null
}

/** What an event is about, where its other words do not say so: a recording, and what a register's event registers. */
function objectText(
  { type, id }: EventBody['subjects'][number],
  { numberOf, nameOf }: Pick<Reading, 'numberOf' | 'nameOf'>,
): string | null {
  if (type === 'recording') return numberOf(id)
  if (type === 'account') return `账号：${nameOf(id)}`
  if (type === 'dock-register') return `采集站：${nameOf(id)}`
  return type === 'device-register' ? plain(`设备：${id}`) : null
}

/** Of an event about the custodian's office: whose office it is, or passes from and to. */
function custodiansIn({ subjects }: EventBody): string[] {
  if (!subjects.some(({ type }) => type === 'custodianship')) return []
  return subjects.filter(({ type }) => type === 'person').map(({ id }) => id)
}

/** By the events: the name that an account or a dock was registered with. */
function nameIn({ people, docks }: Register, id: string): string {
  const name = people.get(id)?.created.details.name ?? docks.get(id)?.name
  if (name !== undefined && name !== '') return plain(name)
  return plain(words.serviceName(id) ?? `${id}（名称未载入事件）`)
}

/**
 * At the seal a film's kind is guessed from its first bytes: sound alone in a film's container passes for a film. The playable
 * form says it, where nothing of the original was left out of it.
 */
function mediaKindIn(events: readonly PlacedBody[], sealedAs: MediaKind): MediaKind {
  const ready = events.flatMap(({ body }) => eventOf(body, 'rendition.ready') ?? []).at(-1)?.details
  if (!ready || (ready.notShown ?? []).length > 0 || (sealedAs !== 'unknown' && sealedAs !== 'video')) return sealedAs
  return ready.renditionKind
}

function filingIn(events: readonly PlacedBody[], caseNumber: string): Attached | null {
  const last = events
    .flatMap(({ body }) => eventOf(body, 'recording.attached', 'recording.detached') ?? [])
    .findLast((event) => subjectOf(event, 'case') === caseNumber)
  return last?.kind === 'recording.attached' ? last : null
}

/** Chinese name of an event's kind, fit to be printed whatever the kind is. */
export function shownKind(kind: string): string {
  return plain(kindName(kind))
}

/** 同机签署, with whom, how soon after and by what it was seen; nothing for any other event. */
export function sameSeatWords(body: EventBody, nameOf: (id: string) => string): string[] {
  const mark = eventOf(body, ...signedKinds)?.details.sameSeat
  return mark ? [`同机签署（与${nameOf(mark.with)}，${mark.minutesApart} 分钟内，${sharedSeats[mark.by]}）`] : []
}
