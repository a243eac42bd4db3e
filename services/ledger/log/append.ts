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
  /** One to eight. */
  readonly subjects: readonly Subject[]
  readonly details: { readonly [name: string]: JsonValue }
}

export const subjectsMax = 8

/**
 * Writes one custody event in the caller's transaction and returns its id. The salted commitment is fixed here
 * (`SHA-256(salt ‖ JCS(body))`); the sequencer gives it its place in the tree after the commit.
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
    subjects: event.subjects.map(({ type, id }) => ({ type, id })),
    details: event.details,
  })
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
