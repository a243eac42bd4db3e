import { type Alert, alertOf } from './alerts.ts'
import type { ScreenClient } from './client.ts'
import { nextProgress, type Progress } from './progress.ts'
import type { ScreenState, SlotCard } from './types.ts'

/** All that the wall shows. A new object with each change; cards that did not change are the same objects. */
export interface Shown {
  readonly state: ScreenState
  readonly isLinked: boolean
  readonly progress: ReadonlyMap<number, Progress>
  /** The station's clock less this browser's. */
  readonly clockAheadMs: number
}

/** 57 devices change 228 times a second: the wall is drawn four times. */
const drawMs = 250

export interface ScreenStore {
  subscribe(listener: () => void): () => void
  /** Null until the agent answered for the first time. */
  shown(): Shown | null
  stop(): void
}

/** Keeps what the agent says; `onAlert` is told of what should be heard. */
export function openStore(client: ScreenClient, onAlert: (alert: Alert, slot: number) => void): ScreenStore {
  let shown: Shown | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  const listeners = new Set<() => void>()
  const drawSoon = () => {
    timer ??= setTimeout(() => {
      timer = null
      for (const listener of listeners) listener()
    }, drawMs)
  }
  const change = (next: Shown) => {
    shown = next
    drawSoon()
  }
  const stop = client.watch({
    state(state) {
      const progress = new Map(state.slots.map((card) => [card.slot, progressOf(card, state, undefined)]))
      const first = shown === null
      shown = { state, isLinked: true, progress, clockAheadMs: state.at - Date.now() }
      if (first) for (const listener of listeners) listener()
      else drawSoon()
    },
    card(card) {
      if (!shown) return
      const { state } = shown
      const before = state.slots.find(({ slot }) => slot === card.slot)
      const alert = alertOf(before, card)
      if (alert) onAlert(alert, card.slot)
      const slots = before
        ? state.slots.map((one) => (one.slot === card.slot ? card : one))
        : [...state.slots, card].sort((one, other) => one.slot - other.slot)
      const progress = new Map(shown.progress).set(card.slot, progressOf(card, state, shown.progress.get(card.slot)))
      change({ ...shown, state: { ...state, slots }, progress })
    },
    head(head) {
      if (!shown) return
      change({ ...shown, state: { ...head, slots: shown.state.slots }, clockAheadMs: head.at - Date.now() })
    },
    linked(isLinked) {
      if (shown && shown.isLinked !== isLinked) change({ ...shown, isLinked })
    },
  })
  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    shown: () => shown,
    stop() {
      stop()
      if (timer) clearTimeout(timer)
    },
  }
}

function progressOf(card: SlotCard, { server }: ScreenState, shown: Progress | undefined): Progress {
  return nextProgress(shown ?? null, card, server === 'online')
}
