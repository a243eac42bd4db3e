import { hash } from 'node:crypto'
import { type Static, Type } from 'typebox'
import type { Actor } from './actor.ts'
import { closed, Digest, Id, Text, Time } from './shapes.ts'

/**
 * What a person signs, in this form for ever: a passkey's assertion is over SHA-256 of its canonical text (RFC 8785).
 * `object` names the thing as subjects do (`package:…`), `objectSha256` is the digest of the body of the event that put it
 * up for signature, so that whoever has both events can check what was signed.
 */
export const Statement = closed({
  v: Type.Literal(1),
  act: Text,
  object: Text,
  objectSha256: Digest,
  person: Id,
  role: Text,
  askedAt: Time,
})
export type Statement = Static<typeof Statement>

/** @param putUp the canonical body of the event that put the object up for signature */
export function statementOf(
  actor: Actor,
  signed: { act: string; object: string; putUp: string; askedAt: Date },
): Statement {
  return {
    v: 1,
    act: signed.act,
    object: signed.object,
    objectSha256: hash('sha256', signed.putUp, 'hex'),
    person: actor.id,
    role: actor.role,
    askedAt: signed.askedAt.toISOString(),
  }
}
