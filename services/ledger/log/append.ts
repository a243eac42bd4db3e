import { randomBytes } from 'node:crypto'
import type { Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { canonicalText, type JsonValue } from '../format/canonical.ts'
import { commitmentOf } from '../format/entry.ts'
import { subjectAlpha, subjectText } from '../format/links.ts'

/** What an event is about: `type` and `id` name it for ever (a case by its number, everything else by its id). */
export interface Subject {
  readonly type: string
  readonly id: string
}

export interface NewEvent {
  readonly kind: string
  readonly at: Date
  /** The person, dock or service that acted. */
  readonly actor: string
  readonly actorRole: string
  /** The person by whose commission the actor, a deputy, acts. */
  readonly onBehalfOf?: string
  /** One to eight. */
  readonly subjects: readonly Subject[]
  readonly details: { readonly [name: string]: JsonValue }
}

export const subjectsMax = 8

/**
 * The longest body of an event, in bytes of its canonical form. The archive reads whole batches of bodies into memory, and a
 * package holds every body of its case. Whoever makes the details of an event bounds their lists and texts, so that nothing
 * which a file, a dock or a person says leads here: a longer body is a mistake of ours.
 */
export const bodyBytesMax = 256 * 1024

/**
 * Writes one custody event in the caller's transaction and returns its id. The salted commitment is fixed here
 * (`SHA-256(salt ‖ JCS(body))`); the sequencer gives it its place in the tree after the commit.
 *
 * @throws internal for a body of more than 256 KiB: nothing is written
 */
export async function appendEvent(trx: Trx, event: NewEvent): Promise<string> {
  requireSubjects(event.subjects)
  const id = newId(event.at)
  const body = canonicalText({
    id,
    kind: event.kind,
    at: event.at.toISOString(),
    actor: event.actor,
    actorRole: event.actorRole,
    ...(event.onBehalfOf !== undefined && { onBehalfOf: event.onBehalfOf }),
    subjects: event.subjects.map(({ type, id }) => ({ type, id })),
    details: event.details,
  })
  const bytes = Buffer.byteLength(body)
  if (bytes > bodyBytesMax) {
    const message = `event ${event.kind}: its body has ${bytes} bytes, at most ${bodyBytesMax} are written: a list or text in it has no limit`
    throw new Fault('internal', message)
  }
  const salt = randomBytes(32)
  await trx
    .insertInto('event')
    .values({
      id,
      kind: event.kind,
      at: event.at,
      body,
      salt,
      commitment: commitmentOf(salt, body),
      subjects: event.subjects.map(subjectText),
    })
    .execute()
  return id
}

/** What a verifier will ask of them: one to eight, each type spelled as `subjectAlpha` takes it. */
function requireSubjects(subjects: readonly Subject[]): void {
  if (subjects.length < 1 || subjects.length > subjectsMax) {
    throw new Fault('internal', `an event has 1 to ${subjectsMax} subjects, not ${subjects.length}`)
  }
  for (const { type, id } of subjects) subjectAlpha(type, id)
}
