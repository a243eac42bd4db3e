import { createHmac, randomBytes } from 'node:crypto'
import type { Static } from 'typebox'
import { Fault, type FaultCode } from '../../foundation/errors.ts'
import { Away, Refused } from '../ingest/client.ts'
import type { SignedIn, SignIn } from '../screen/schemas.ts'
import type { StationDeps } from './deps.ts'

/**
 * Who is signed in at a slot, by work card or dock code: in memory only, for a short while, and as long as the same volume
 * (`stay`: its id) is in it.
 */
export interface SignIns {
  /** Renewed by being asked: any touch does. */
  at(slot: number, stay: string): Static<typeof SignedIn> | null
  /** @throws conflict without a device; wrong_role for a card or code that nobody has; not_ready while the bureau is away; too_many_requests, locked */
  signIn(
    slot: number,
    device: {
      readonly serial: string | null
      readonly stay: string
      /** The bureau's id of the list that it is for; null: the next one. */
      readonly handInId: string | null
    },
    by: Static<typeof SignIn>,
  ): Promise<Static<typeof SignedIn>>
  /** @throws gone when nobody is signed in any more */
  stay(slot: number, stay: string): Static<typeof SignedIn>
  signOut(slot: number): void
  /** Whether this text was shown as a card here, and made somebody known, since the agent's start. */
  isCard(text: string): boolean
}

const signedInMs = 90_000
/** What the bureau answers to too many wrong tries: nobody is asked for a while, or codes count no more today. */
const refusals = new Map<number, FaultCode>([
  [429, 'too_many_requests'],
  [423, 'locked'],
])

export function openSignIns({ ingest, now }: Pick<StationDeps, 'ingest' | 'now'>): SignIns {
  const signedIn = new Map<number, { readonly stay: string; readonly one: Static<typeof SignedIn> }>()
  // Never the numbers themselves, and nothing that means anything outside of this process.
  const key = randomBytes(32)
  const digestOf = (card: string) => createHmac('sha256', key).update(card.trim().toUpperCase()).digest('hex')
  const cards = new Set<string>()
  const at: SignIns['at'] = (slot, stay) => {
    const found = signedIn.get(slot)
    if (!found) return null
    const { one } = found
    if (found.stay !== stay || one.endsAt <= now()) {
      signedIn.delete(slot)
      return null
    }
    one.endsAt = now() + signedInMs
    return one
  }
  return {
    at,
    stay(slot, stay) {
      const one = at(slot, stay)
      if (!one) throw new Fault('gone', 'nobody is signed in here any more')
      return one
    },
    async signIn(slot, { serial, stay, handInId }, by) {
      if (serial === null) throw new Fault('conflict', 'there is no device in this slot to sign in for')
      try {
        const json = { serial, handInId, ...by }
        const question = { method: 'POST', path: '/docks/me/identify', json, isAboutPerson: true } as const
        const { person, grade } = JSON.parse((await ingest.ask(question)).text) as Omit<
          Static<typeof SignedIn>,
          'endsAt'
        >
        const one = { person, grade, endsAt: now() + signedInMs }
        if ('card' in by) cards.add(digestOf(by.card))
        signedIn.set(slot, { stay, one })
        return one
      } catch (error) {
        if (error instanceof Away) throw new Fault('not_ready', 'the bureau cannot be asked now', { cause: error })
        if (!(error instanceof Refused)) throw error
        throw new Fault(refusals.get(error.status) ?? 'wrong_role', error.message, { cause: error })
      }
    },
    signOut: (slot) => {
      signedIn.delete(slot)
    },
    isCard: (text) => cards.has(digestOf(text)),
  }
}
