import type { Trx } from '../foundation/db/database.ts'
import { isFault } from '../foundation/errors.ts'
import { subjectsMax } from '../ledger/append.ts'
import { checkBody, type EventBody } from '../ledger/entry.ts'
import { recordEvent } from './events.ts'
import type { Actor } from './permissions.ts'

/**
 * Enters that somebody was given an event's body with its proof. It is an act on what the event was about, so it stands in
 * the chains of the same subjects.
 */
export async function recordProofRead(
  trx: Trx,
  reader: Actor,
  event: { id: string; index: number; body: string },
  now: Date,
): Promise<void> {
  const self = { type: 'person', id: reader.id }
  const others = (readBody(event.body)?.subjects ?? []).filter(({ type, id }) => type !== 'person' || id !== reader.id)
  await recordEvent(trx, {
    kind: 'proof.read',
    at: now,
    actor: reader.id,
    actorRole: reader.role,
    subjects: [self, ...others.slice(0, subjectsMax - 1)],
    details: { eventId: event.id, index: event.index },
  })
}

/** Null for a body that was tampered with: that somebody read it is entered all the same. */
function readBody(text: string): EventBody | null {
  try {
    return checkBody(text)
  } catch (error) {
    if (isFault(error, 'malformed')) return null
    throw error
  }
}
