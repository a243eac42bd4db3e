import { useCallback, useEffect, useRef, useState } from 'react'
import { Refused } from '../client.ts'
import { useSurroundings } from '../context.ts'
import type { SlotCard, SlotDetail } from '../types.ts'
import { useWords, type Words } from '../words.ts'

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

export interface Acts {
  /** Does it, says how it ended, and asks for the slot anew. */
  run(act: () => Promise<unknown>): Promise<void>
  readonly isRunning: boolean
  readonly outcome: { readonly isGood: boolean; readonly text: string } | null
}

export function useActs(reload: () => Promise<void>): Acts {
  const words = useWords()
  const [outcome, setOutcome] = useState<Acts['outcome']>(null)
  const [isRunning, setRunning] = useState(false)
  const run = async (act: () => Promise<unknown>) => {
    // A finger that hits twice does it once.
    if (isRunning) return
    setRunning(true)
    try {
      await act()
      setOutcome({ isGood: true, text: words.act.done })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setOutcome({ isGood: false, text: failedText(error.code, words) })
    } finally {
      setRunning(false)
    }
    await reload()
  }
  return { run, isRunning, outcome }
}

function failedText(code: string, { act }: Words): string {
  return Object.hasOwn(act.failed, code) ? act.failed[code as keyof typeof act.failed] : act.failed.other
}
