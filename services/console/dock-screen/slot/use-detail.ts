import { useCallback, useEffect, useRef, useState } from 'react'
import { Refused } from '../client.ts'
import { useSurroundings } from '../context.ts'
import type { SlotCard, SlotDetail } from '../types.ts'
import { useWords } from '../words.ts'

/** A slot is asked about again at most this often while its card changes. */
const againMs = 1_000

/** The slot in full, asked for again whenever its card changed. Null until it was answered, and while it is another's. */
export function useDetail(card: SlotCard): { detail: SlotDetail | null; reload(): Promise<void> } {
  const { client } = useSurroundings()
  const [detail, setDetail] = useState<SlotDetail | null>(null)
  const askedAt = useRef(0)
  const { slot } = card
  const reload = useCallback(async () => {
    askedAt.current = Date.now()
    const found = await client.slot(slot).catch((error: unknown) => {
      // The stream says that the agent is away; what was known of the slot stays.
      if (error instanceof Refused) return null
      throw error
    })
    if (found) setDetail(found)
  }, [client, slot])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed card is the reason to ask again
  useEffect(() => {
    const timer = setTimeout(() => void reload(), Math.max(0, askedAt.current + againMs - Date.now()))
    return () => clearTimeout(timer)
  }, [card, reload])
  return { detail: detail?.card.slot === slot ? detail : null, reload }
}

/** How an act is said to have ended, where the common words do not say it. */
export interface ActWords {
  readonly done?: string
  /** By the codes of refusals. */
  readonly failed?: FailedWords
}
export type FailedWords = Readonly<Record<string, string>>

export interface Acts {
  /** Does it, says how it ended, and asks for the slot anew. */
  run(act: () => Promise<unknown>, says?: ActWords): Promise<void>
  /** Says why nothing is done, by a code as of a refusal. */
  refuse(code: string): void
  readonly isRunning: boolean
  readonly outcome: { readonly isGood: boolean; readonly text: string } | null
}

/** @param ownFailed words of a page of its own, ahead of the common ones */
export function useActs(reload: () => Promise<void>, ownFailed: FailedWords = {}): Acts {
  const words = useWords()
  const [outcome, setOutcome] = useState<Acts['outcome']>(null)
  const [isRunning, setRunning] = useState(false)
  const refuse = (code: string, failed: FailedWords = {}) =>
    setOutcome({ isGood: false, text: failedText(code, { ...words.act.failed, ...ownFailed, ...failed }) })
  const run = async (act: () => Promise<unknown>, says: ActWords = {}) => {
    // A finger that hits twice does it once.
    if (isRunning) return
    setRunning(true)
    try {
      await act()
      setOutcome({ isGood: true, text: says.done ?? words.act.done })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      refuse(error.code, says.failed)
    } finally {
      setRunning(false)
    }
    await reload()
  }
  return { run, refuse: (code) => refuse(code), isRunning, outcome }
}

function failedText(code: string, failed: FailedWords): string {
  return Object.hasOwn(failed, code) ? failed[code]! : failed.other!
}
