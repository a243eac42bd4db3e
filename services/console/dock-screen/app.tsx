import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import type { Heard } from './alerts.ts'
import type { ScreenClient } from './client.ts'
import { SurroundingsContext } from './context.ts'
import { DeskPage } from './desk/desk-page.tsx'
import { useDesk } from './desk/use-desk.ts'
import { Foot } from './foot.tsx'
import { Head } from './head.tsx'
import type { Page } from './page.ts'
import { HelpPage, TodayPage } from './pages.tsx'
import { Slot } from './slot/slot.tsx'
import { StationNotice } from './station-notice.tsx'
import type { ScreenStore, Shown as ShownState } from './store.ts'
import { type Look, useIdleClose, useLook } from './use-look.ts'
import { Wall } from './wall.tsx'
import { useWords, type Words, WordsContext, wordsOf } from './words.ts'
import { zh } from './words.zh.ts'

export interface ScreenProps {
  readonly client: ScreenClient
  readonly store: ScreenStore
  /** The sound that was played last, with its picture; null when it was long ago. */
  readonly heard: { subscribe(listener: () => void): () => void; last(): Heard | null }
  /** Where the screen begins: fixtures show its pages by it. */
  readonly begin?: Partial<Look> & { readonly slot?: number; readonly page?: Page }
}

/** The whole screen: the wall, and over it one slot that somebody touched. */
export function Screen({ client, store, heard, begin = {} }: ScreenProps) {
  const [look, setLook] = useLook(begin)
  const [words, setWords] = useState<Words>(zh)
  useEffect(() => {
    let isWanted = true
    void wordsOf(look.language).then((found) => isWanted && setWords(found))
    return () => {
      isWanted = false
    }
  }, [look.language])
  useEffect(() => {
    const { classList } = document.documentElement
    document.documentElement.lang = words.frame.language
    classList.toggle('contrast', look.contrast)
    classList.toggle('large', look.large)
  }, [words, look])
  return (
    <WordsContext.Provider value={words}>
      <Shown client={client} store={store} heard={heard} begin={begin} look={look} setLook={setLook} />
    </WordsContext.Provider>
  )
}

function Shown(props: ScreenProps & { look: Look; setLook: (look: Look) => void }) {
  const { client, store, heard, begin, look, setLook } = props
  const words = useWords()
  const shown = useSyncExternalStore(store.subscribe, store.shown)
  const lastHeard = useSyncExternalStore(heard.subscribe, heard.last)
  const [slot, setSlot] = useState<number | null>(begin?.slot ?? null)
  const [page, setPage] = useState<Page>(begin?.page ?? 'wall')
  useIdleClose(slot !== null || page !== 'wall', () => {
    setSlot(null)
    setPage('wall')
  })
  const aheadMs = useRef(0)
  aheadMs.current = shown?.clockAheadMs ?? 0
  const now = useCallback(() => Date.now() + aheadMs.current, [])
  const settings = shown?.state.settings ?? null
  const surroundings = useMemo(() => settings && { client, now, settings }, [client, now, settings])
  if (!shown || !surroundings) return <p className="loading">{words.frame.loading}</p>
  return (
    <SurroundingsContext.Provider value={surroundings}>
      <Pages
        shown={shown}
        lastHeard={lastHeard}
        look={look}
        setLook={setLook}
        slot={slot}
        setSlot={setSlot}
        page={page}
        setPage={setPage}
      />
    </SurroundingsContext.Provider>
  )
}

interface PagesProps {
  readonly shown: ShownState
  readonly lastHeard: Heard | null
  readonly look: Look
  setLook(look: Look): void
  readonly slot: number | null
  setSlot(slot: number | null): void
  readonly page: Page
  setPage(page: Page): void
}

function Pages({ shown, lastHeard, look, setLook, slot, setSlot, page, setPage }: PagesProps) {
  const { desk, reload } = useDesk(page === 'desk', shown.isLinked)
  const showPage = (next: Page) => {
    setSlot(null)
    setPage(next)
  }
  const { state, isLinked, progress } = shown
  const card = slot === null ? undefined : state.slots.find((one) => one.slot === slot)
  return (
    <div className={isLinked ? 'screen' : 'screen unlinked'}>
      <Head state={state} heard={lastHeard} look={look} setLook={setLook} />
      <StationNotice state={state} isLinked={isLinked} isSlotOpen={card !== undefined} onSlot={setSlot} />
      {card ? (
        <Slot card={card} progress={progress.get(card.slot) ?? null} onClose={() => setSlot(null)} />
      ) : page === 'wall' || (page === 'desk' && !desk) ? (
        <Wall state={state} progress={progress} onSlot={setSlot} />
      ) : page === 'desk' && desk ? (
        <DeskPage desk={desk} reload={reload} onBack={() => setPage('wall')} onSlot={setSlot} />
      ) : page === 'today' ? (
        <TodayPage onBack={() => setPage('wall')} />
      ) : (
        <HelpPage contact={state.contact} onBack={() => setPage('wall')} />
      )}
      {!card && <Foot state={state} hasDesk={desk !== null} onPage={showPage} />}
    </div>
  )
}
