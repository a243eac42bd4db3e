import type { ScreenClient } from '../client.ts'
import { startScreen } from '../start.tsx'
import { at, people } from './cards.ts'
import { type Scene, scenes } from './scenes.ts'

// gallery.html#scene=wall-24&lang=en&contrast=1&large=1 shows one state of the screen; without a scene, links to all of them.
// Whoever changes only what follows the # is shown the next one without loading the page again.

let end = (): void => undefined

function show(): void {
  end()
  const asked = new URLSearchParams(location.hash.slice(1))
  const name = asked.get('scene') ?? ''
  const scene = scenes[name]?.()
  if (!scene) {
    end = listAll()
    return
  }
  Object.assign(document.documentElement, { lang: '' }).dataset.scene = name
  end = startScreen(answersFrom(scene), {
    ...scene.begin,
    language: asked.get('lang') === 'en' ? 'en' : 'zh',
    contrast: asked.has('contrast'),
    large: asked.has('large'),
  })
}

/** @returns takes the list off again */
function listAll(): () => void {
  const links = Object.keys(scenes).map((name) => {
    const link = document.createElement('a')
    link.href = `#scene=${name}`
    link.textContent = name
    return [link, document.createElement('br')]
  })
  const list = document.createElement('div')
  list.append(...links.flat())
  document.body.append(list)
  return () => list.remove()
}

addEventListener('hashchange', show)
show()

/** An agent that says the same for ever and does whatever it is asked. */
function answersFrom({ state, details, devices, desk, isLinked }: Scene): ScreenClient {
  const done = async () => undefined
  const signedIn = async () => ({ person: state.slots[1]!.person!, grade: 'card' as const, endsAt: at + 90_000 })
  return {
    watch(watcher) {
      watcher.state(state)
      watcher.linked(isLinked)
      return () => undefined
    },
    slot: async (slot) => details.get(slot)!,
    devices: async () => devices,
    people: async () => people,
    handIns: async () => state.recent,
    desk: async () => desk,
    beginImport: async () => ({ slot: 2 }),
    explain: done,
    say: done,
    whose: done,
    pickUp: done,
    take: done,
    keepCard: done,
    keep: done,
    clear: done,
    print: done,
    signIn: signedIn,
    stay: signedIn,
    signOut: done,
  }
}
