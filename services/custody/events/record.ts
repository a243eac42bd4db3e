import type { Clock } from '../../foundation/clock.ts'
import type { Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import type { JsonValue } from '../../ledger/format/canonical.ts'
import { appendEvent, type Subject } from '../../ledger/log/append.ts'
import type { Actor } from './actor.ts'
import { type AlarmMembers, type AlarmWord, alarms } from './alarms.ts'
import { misfitOf } from './check.ts'
import { type DetailsOf, type EventKind, eventKinds } from './kinds.ts'
import type { SubjectCount, Subjects } from './subjects.ts'

/** Who acts, on what, and by which clock the event is dated. */
interface Act {
  readonly clock: Clock
  /** The person, dock or service that acts. */
  readonly by: Actor
  /** One to eight. */
  readonly subjects: readonly Subject[]
}

export interface RecordedEvent {
  readonly id: string
  /** The event's time. Rows that carry it are written with this one, so that they equal what the event says. */
  readonly at: Date
}

/**
 * Writes one custody event in the caller's transaction. Its time is taken here, so call it after the locks that the act
 * needs. A state change writes its event in its own transaction.
 *
 * @throws internal, naming kind and member, when details or subjects are not as the kind declares, or the body is longer than
 *   `bodyBytesMax`: nothing is written
 */
export function recordEvent<Kind extends Exclude<EventKind, 'alarm.raised'>>(
  trx: Trx,
  kind: Kind,
  event: Act & { readonly details: DetailsOf<Kind> },
): Promise<RecordedEvent> {
  requireDeclaredSubjects(kind, eventKinds[kind].subjects, event.subjects)
  return append(trx, kind, event)
}

/** Writes an alarm: the event `alarm.raised` with this word and what belongs to it. @throws internal as `recordEvent` does */
export function raiseAlarm<Word extends AlarmWord>(
  trx: Trx,
  alarm: Word,
  event: Act & { readonly details: AlarmMembers<Word> },
): Promise<RecordedEvent> {
  requireDeclaredSubjects(`alarm ${alarm}`, alarms[alarm].subjects, event.subjects)
  return append(trx, 'alarm.raised', { ...event, details: { ...event.details, alarm } })
}

async function append(trx: Trx, kind: EventKind, event: Act & { readonly details: object }): Promise<RecordedEvent> {
  const misfit = misfitOf(kind, event.details)
  if (misfit !== null) throw new Fault('internal', `event ${kind}: ${misfit}`)
  const at = event.clock.now()
  const { by, subjects } = event
  const details = event.details as { readonly [name: string]: JsonValue }
  const { id: actor, role: actorRole, onBehalfOf } = by
  const who = { actor, actorRole, ...(onBehalfOf !== undefined && { onBehalfOf }) }
  return { id: await appendEvent(trx, { kind, at, ...who, subjects, details }), at }
}

const fits: Readonly<Record<SubjectCount, (count: number) => boolean>> = {
  one: (count) => count === 1,
  optional: (count) => count <= 1,
  several: (count) => count >= 1,
  any: () => true,
}

function requireDeclaredSubjects(what: string, declared: Subjects, subjects: readonly Subject[]): void {
  const strange = subjects.find(({ type }) => !Object.hasOwn(declared, type))
  if (strange) throw new Fault('internal', `event ${what}: subjects: it is about no ${strange.type}`)
  for (const [type, count] of Object.entries(declared)) {
    const named = subjects.filter((subject) => subject.type === type).length
    if (fits[count](named)) continue
    throw new Fault('internal', `event ${what}: subjects: ${type}: ${count} is declared, ${named} named`)
  }
}
