import { createRoot } from 'react-dom/client'
import { alertPacer, type Heard, soundState } from './alerts.ts'
import { Screen, type ScreenProps } from './app.tsx'
import type { ScreenClient } from './client.ts'
import { openSounds } from './sounds.ts'
import { openStore } from './store.ts'
import '../styles/tokens.css'
import '../styles/frame.css'
import '../styles/wall.css'
import '../styles/slot-say.css'
import '../styles/slot-form.css'
import '../styles/slot.css'
import '../styles/desk.css'

/** A sound keeps its picture this long. */
const pictureMs = 5_000

/** Puts the screen on the page. `begin` is where the gallery starts it. @returns takes it off again */
export function startScreen(client: ScreenClient, begin?: ScreenProps['begin']): () => void {
  const heard = openHeard()
  const sounds = openSounds()
  const pacer = alertPacer((one) => {
    heard.hear(one)
    const shown = store.shown()
    if (shown && soundState(shown.state.settings, Date.now() + shown.clockAheadMs) === 'on') sounds.play(one.alert)
  })
  const store = openStore(client, pacer.take)
  keepKiosk()
  const root = createRoot(document.getElementById('screen')!)
  root.render(<Screen client={client} store={store} heard={heard} begin={begin} />)
  return () => {
    root.unmount()
    store.stop()
  }
}

function openHeard() {
  let last: Heard | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const listeners = new Set<() => void>()
  const set = (heard: Heard | null) => {
    last = heard
    for (const listener of listeners) listener()
  }
  return {
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    last: () => last,
    hear(heard: Heard) {
      set(heard)
      clearTimeout(timer)
      timer = setTimeout(() => set(null), pictureMs)
    },
  }
}

/** A screen in a corridor: nothing to select, no menu of the browser, no zoom by two fingers. */
function keepKiosk(): void {
  for (const kind of ['contextmenu', 'selectstart', 'dragstart', 'gesturestart']) {
    addEventListener(kind, (event) => event.preventDefault())
  }
  addEventListener('wheel', (event) => event.ctrlKey && event.preventDefault(), { passive: false })
  addEventListener('touchmove', (event) => event.touches.length > 1 && event.preventDefault(), { passive: false })
}
