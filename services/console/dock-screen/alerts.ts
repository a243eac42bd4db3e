import { minuteOfDay } from '../parts/figures.ts'
import type { ScreenState, SlotCard } from './types.ts'

export type Alert = 'recognised' | 'ready' | 'attention'

/** The weightiest first: of several in one second only one is heard. */
const weights: Record<Alert, number> = { attention: 3, ready: 2, recognised: 1 }

const quietWords = new Set(['empty', 'taken'])
const asksWords = new Set(['attention', 'asking'])
const readyWords = new Set(['ready', 'charging'])

/** What a change of a card sounds like; null for most of them. */
export function alertOf(before: SlotCard | undefined, now: SlotCard): Alert | null {
  if (!before) return null
  if (asksWords.has(now.word) && !asksWords.has(before.word)) return 'attention'
  if (asksWords.has(now.word) && now.attention?.word !== before.attention?.word) return 'attention'
  if (readyWords.has(now.word) && !readyWords.has(before.word))
    return quietWords.has(before.word) ? 'recognised' : 'ready'
  if (quietWords.has(before.word) && !quietWords.has(now.word)) return 'recognised'
  return null
}

export interface Heard {
  readonly alert: Alert
  readonly slot: number
  readonly at: number
}

/** Gathers alerts and lets at most one a second out, the weightiest of that second. */
export function alertPacer(out: (heard: Heard) => void, everyMs = 1000) {
  let waiting: Omit<Heard, 'at'> | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  const pass = () => {
    timer = null
    if (!waiting) return
    out({ ...waiting, at: Date.now() })
    waiting = null
    timer = setTimeout(pass, everyMs)
  }
  return {
    take(alert: Alert, slot: number) {
      if (waiting && weights[waiting.alert] >= weights[alert]) return
      waiting = { alert, slot }
      timer ??= setTimeout(pass, 0)
    },
    stop() {
      if (timer) clearTimeout(timer)
    },
  }
}

export type SoundState = 'on' | 'quiet' | 'off'

/** Whether sounds are heard now; quiet hours may pass midnight. */
export function soundState({ sounds, quietFrom, quietTo }: ScreenState['settings'], nowMs: number): SoundState {
  if (!sounds) return 'off'
  const from = minutesOf(quietFrom)
  const to = minutesOf(quietTo)
  if (from === null || to === null || from === to) return 'on'
  const now = minuteOfDay(nowMs)
  const isQuiet = from < to ? now >= from && now < to : now >= from || now < to
  return isQuiet ? 'quiet' : 'on'
}

function minutesOf(text: string | null): number | null {
  const [, hours, minutes] = /^(\d{2}):(\d{2})$/.exec(text ?? '') ?? []
  return hours === undefined ? null : Number(hours) * 60 + Number(minutes)
}
