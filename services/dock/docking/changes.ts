import type { SlotCard } from '../screen/schemas.ts'
import type { ScreenModel } from '../screen/screen-model.ts'
import type { Head } from './station-state.ts'

type Listener = Parameters<ScreenModel['subscribe']>[0]

const lookMs = 250

/** Tells listeners of each card that changed, and of the head, four times a second at most; nothing runs without a listener. */
export function openChanges(model: { cards: () => readonly SlotCard[]; head: (cards: readonly SlotCard[]) => Head }) {
  const listeners = new Set<Listener>()
  const told = new Map<number | 'head', string>()
  let timer: NodeJS.Timeout | null = null
  const changedSince = (key: number | 'head', value: unknown) => {
    const text = JSON.stringify(value)
    if (told.get(key) === text) return false
    told.set(key, text)
    return true
  }
  const look = () => {
    const cards = model.cards()
    const head = model.head(cards)
    for (const card of cards) {
      if (changedSince(card.slot, card)) for (const listener of listeners) listener({ card })
    }
    // The clock alone is told once in five seconds: it shows that the agent lives.
    const { at, ...rest } = head
    if (changedSince('head', { ...rest, at: Math.floor(at / 5000) }))
      for (const listener of listeners) listener({ head })
  }
  return {
    subscribe(listener: Listener): () => void {
      listeners.add(listener)
      timer ??= setInterval(look, lookMs)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0 || !timer) return
        clearInterval(timer)
        timer = null
        told.clear()
      }
    },
    close() {
      listeners.clear()
      if (timer) clearInterval(timer)
      timer = null
    },
  }
}
