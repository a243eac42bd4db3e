import { useEffect, useRef, useState } from 'react'
import { HostileText } from '../../parts/hostile-text.tsx'
import { Refused } from '../client.ts'
import { useSurroundings } from '../context.ts'
import type { SignedIn, SignIn } from '../types.ts'
import { useSeconds } from '../use-look.ts'
import { useWords } from '../words.ts'
import type { Acts } from './use-detail.ts'
import { useScanned } from './use-scanned.ts'

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '', '0'] as const
const codeLength = 6
/** A touch renews the time, but not each of them asks the agent. */
const stayEveryMs = 10_000

export interface Signed {
  readonly who: SignedIn | null
  readonly isRunning: boolean
  signIn(by: SignIn): void
  signOut(): void
}

/**
 * Who showed card or code in front of this slot; ends with its time, and when the slot is closed. `isListening`: what a reader
 * types is a card.
 */
export function useSignedIn(slot: number, acts: Acts, isListening: boolean): Signed {
  const { client, now } = useSurroundings()
  const [who, setWho] = useState<SignedIn | null>(null)
  const signIn = (by: SignIn) => void acts.run(async () => setWho(await client.signIn(slot, by)))
  const isSigned = who !== null
  const stayedAt = useRef(0)
  useScanned((text) => isListening && signIn({ card: text }))
  useEffect(() => {
    if (!who) return
    const timer = setTimeout(() => setWho(null), Math.max(0, who.endsAt - now()))
    return () => clearTimeout(timer)
  }, [who, now])
  useEffect(() => {
    if (!isSigned) return
    const touched = () => {
      if (now() - stayedAt.current < stayEveryMs) return
      stayedAt.current = now()
      // The touch may have been the one that leaves.
      const stays = (found: SignedIn) => setWho((current) => current && found)
      client.stay(slot).then(stays, (error: unknown) => {
        if (!(error instanceof Refused)) throw error
        setWho(null)
      })
    }
    addEventListener('pointerdown', touched)
    return () => {
      removeEventListener('pointerdown', touched)
      // Its time ends at the agent in any case.
      client.signOut(slot).catch((error: unknown) => {
        if (!(error instanceof Refused)) throw error
      })
    }
  }, [client, isSigned, slot, now])
  return { who, isRunning: acts.isRunning, signIn, signOut: () => setWho(null) }
}

/** K4: a work card is read at any time; the code is typed on a pad as large as a hand. */
export function SignInPart({ signed }: { signed: Signed }) {
  const { act, grade } = useWords()
  const { now } = useSurroundings()
  const [isPadOpen, setPadOpen] = useState(false)
  useSeconds()
  const { who } = signed
  if (who) {
    const seconds = Math.max(0, Math.ceil((who.endsAt - now()) / 1000))
    return (
      <section className="sign-in signed">
        <span>
          <b>
            <HostileText text={act.signedIn(who.person.name, grade[who.grade])} />
          </b>
          <small>{act.secondsLeft(seconds)}</small>
        </span>
        <button type="button" onClick={signed.signOut}>
          {act.signOut}
        </button>
      </section>
    )
  }
  return (
    <section className="sign-in">
      {isPadOpen ? (
        <Pad
          isRunning={signed.isRunning}
          onCode={(code) => {
            signed.signIn({ code })
            setPadOpen(false)
          }}
          onClose={() => setPadOpen(false)}
        />
      ) : (
        <button type="button" onClick={() => setPadOpen(true)}>
          {act.signIn}
          <small>{act.signInSays}</small>
        </button>
      )}
    </section>
  )
}

function Pad({ isRunning, onCode, onClose }: { isRunning: boolean; onCode(code: string): void; onClose(): void }) {
  const { act, slot } = useWords()
  const [code, setCode] = useState('')
  const press = (digit: string) => {
    const next = code + digit
    if (next.length < codeLength) return setCode(next)
    setCode('')
    onCode(next)
  }
  return (
    <div className="pad" role="dialog" aria-label={act.pad}>
      <p className="pad-code">
        <span>{act.pad}</span>
        <span className="dots" role="img" aria-label={act.padEntered(code.length)}>
          {Array.from({ length: codeLength }, (_, at) => (at < code.length ? '●' : '○')).join(' ')}
        </span>
        <button type="button" onClick={onClose}>
          ✕ {slot.close}
        </button>
      </p>
      <div className="keys">
        {digits.map((digit) =>
          digit === '' ? (
            <span key="none" />
          ) : (
            <button key={digit} type="button" disabled={isRunning} onClick={() => press(digit)}>
              {digit}
            </button>
          ),
        )}
        <button type="button" onClick={() => setCode(code.slice(0, -1))}>
          {act.erase}
        </button>
      </div>
    </div>
  )
}
