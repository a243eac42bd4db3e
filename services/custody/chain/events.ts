import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { accountNames } from '../../ledger/format/account-names.ts'
import { joinedSubjects } from '../../ledger/format/closure.ts'
import { bodyOrNull, type EventBody } from '../../ledger/format/entry.ts'
import { kindName } from '../events/kinds.ts'
import { eventOf } from '../events/read.ts'
import type { EventRow, LeafRow } from '../fsck/leaf-rows.ts'
import type { CaseChain } from './schema.ts'
import { looseEvents, recordingsByRows, type StoredEvent, storedEvents, subjectsByRows } from './stored-events.ts'

export interface FoundEvents {
  /** In the order of the ledger. */
  readonly stored: readonly StoredEvent[]
  /** Older acts of the registers, which had no subjects of their own then. */
  readonly loose: readonly StoredEvent[]
  readonly events: CaseChain['events']
  readonly looseEvents: CaseChain['loose']
  /** `type:id`, the case first. */
  readonly subjects: string[]
  readonly recordingIds: string[]
}

/**
 * Follows a case to its recordings, those to their uploads and viewings, and all of them to the registers of the people,
 * devices and docks in them, by rows, by event bodies and by links, until nothing new appears. Each of the three may have
 * been tampered with; what one still says is found.
 */
export async function chainEvents(db: Db, caseNumber: string): Promise<FoundEvents> {
  const subjects = new Set<string>([`case:${caseNumber}`])
  for (const id of await recordingsByRows(db, caseNumber)) subjects.add(`recording:${id}`)
  const found = new Map<string, StoredEvent>()
  const followed = new Set<string>()
  for (let fresh = [...subjects]; fresh.length > 0; fresh = [...subjects].filter((one) => !followed.has(one))) {
    for (const subject of fresh) followed.add(subject)
    for (const subject of await subjectsByRows(db, fresh)) subjects.add(subject)
    for (const one of await storedEvents(db, fresh)) {
      found.set(one.event?.id ?? one.leaf!.event_id, one)
      const body = one.event && bodyOrNull(one.event.body)
      for (const subject of body ? joinedSubjects(body) : []) subjects.add(subject)
    }
  }
  const stored = inOrder([...found.values()])
  const loose = inOrder(await looseEvents(db, subjects))
  const all = [...subjects]
  const names = await actorNames(db, [...stored, ...loose])
  const shownOf = (some: readonly StoredEvent[]) =>
    some.flatMap(({ event, leaf }) => (event ? [shown(event, leaf, names)] : []))
  return {
    stored,
    loose,
    events: shownOf(stored),
    looseEvents: shownOf(loose),
    subjects: all,
    recordingIds: all.filter((one) => one.startsWith('recording:')).map((one) => one.slice('recording:'.length)),
  }
}

/** By their leaves; those that wait for one by their ids, which follow the time. */
function inOrder(stored: readonly StoredEvent[]): StoredEvent[] {
  const keyOf = ({ event, leaf }: StoredEvent) => [leaf?.index ?? Number.MAX_SAFE_INTEGER, event?.id ?? ''] as const
  return stored.toSorted((one, other) => {
    const [[index, id], [otherIndex, otherId]] = [keyOf(one), keyOf(other)]
    return index - otherIndex || Number(id > otherId) - Number(id < otherId)
  })
}

/** What a reader needs to find all events of each subject. */
export async function disclosedSecrets(db: Db, subjects: readonly string[]): Promise<CaseChain['subjects']> {
  const secrets = await db
    .selectFrom('subject_secret')
    .selectAll()
    .where('subject', 'in', [...subjects])
    .execute()
  const counts = await db
    .selectFrom('link')
    .where('subject', 'in', [...subjects])
    .groupBy('subject')
    .select((select) => ['subject', select.fn.countAll<number>().as('count')])
    .execute()
  return subjects.map((subject) => {
    const row = secrets.find((one) => one.subject === subject)
    return {
      subject,
      secret: row?.secret.toString('hex') ?? null,
      proof: row?.proof.toString('hex') ?? null,
      count: counts.find((one) => one.subject === subject)?.count ?? 0,
    }
  })
}

/** Names as events of the chain say them; of others those that stand in the tables now. */
async function actorNames(db: Db, stored: readonly StoredEvent[]): Promise<ReadonlyMap<string, string>> {
  const bodies = stored.flatMap(({ event }) => (event && bodyOrNull(event.body)) ?? [])
  const told = new Map([...accountNames(bodies), ...dockNames(bodies)])
  const actors = new Set(bodies.flatMap(({ actor, onBehalfOf }) => [actor, onBehalfOf]))
  const ids = [...actors].filter((actor) => actor !== undefined && !told.has(actor))
  if (ids.length === 0) return told
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from person where id::text = any(${ids}::text[])
    union all select id, name from dock where id::text = any(${ids}::text[])`.execute(db)
  return new Map([...rows.map((row) => [row.id, row.name] as const), ...told])
}

function dockNames(bodies: readonly EventBody[]): [string, string][] {
  return bodies.flatMap((body): [string, string][] => {
    const registered = eventOf(body, 'dock.registered')
    const id = body.subjects.find(({ type }) => type === 'dock')?.id
    return registered && id !== undefined ? [[id, registered.details.name]] : []
  })
}

function shown(event: EventRow, leaf: LeafRow | null, names: ReadonlyMap<string, string>): CaseChain['events'][number] {
  const body = bodyOrNull(event.body)
  const kind = body?.kind ?? event.kind
  const actor = body?.actor ?? ''
  const principal = body?.onBehalfOf
  return {
    id: event.id,
    index: leaf?.index ?? null,
    kind,
    kindName: kindName(kind),
    at: body?.at ?? event.at.toISOString(),
    actor,
    actorName: names.get(actor) ?? null,
    actorRole: body?.actorRole ?? '',
    ...(principal !== undefined && { onBehalfOf: principal, onBehalfOfName: names.get(principal) ?? '' }),
    subjects: [...(body?.subjects ?? [])],
    details: (body?.details ?? {}) as Record<string, never>,
    body: event.body,
    salt: event.salt.toString('hex'),
    leafHash: leaf?.hash.toString('hex') ?? null,
  }
}
