import type { Clock } from '../../foundation/clock.ts'
import type { Trx } from '../../foundation/db/database.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { subjectsMax } from '../../ledger/log/append.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import { subjectTypes } from '../events/subjects.ts'

/**
 * Enters that somebody was given an event's body with its proof. It is an act on what the event was about, so it stands in
 * the chains of the same subjects.
 */
export async function recordProofRead(
  trx: Trx,
  clock: Clock,
  reader: Actor,
  event: { id: string; index: number; body: string },
): Promise<void> {
  const self = { type: 'person', id: reader.id }
  // A body that was tampered with may name nothing, or what no event is about: that it was read is recorded all the same.
  const others = (bodyOrNull(event.body)?.subjects ?? [])
    .filter(({ type, id }) => type !== 'person' || id !== reader.id)
    .filter(({ type }) => (subjectTypes as readonly string[]).includes(type))
  await recordEvent(trx, 'proof.read', {
    clock,
    by: reader,
    subjects: [self, ...others.slice(0, subjectsMax - 1)],
    details: { eventId: event.id, index: event.index },
  })
}
