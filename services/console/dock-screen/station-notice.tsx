import { sizeText } from '../parts/figures.ts'
import { HostileText } from '../parts/hostile-text.tsx'
import { Shape } from '../parts/status.tsx'
import type { Tone } from '../parts/tone.ts'
import { whoOf } from './card-view.ts'
import { useSurroundings } from './context.ts'
import type { ScreenState, SlotCard } from './types.ts'
import { useWords, type Words } from './words.ts'

interface NoticeProps {
  readonly state: ScreenState
  readonly isLinked: boolean
  /** Who stands in front of one slot is not told of others. */
  readonly isSlotOpen: boolean
  onSlot(slot: number): void
}

/** What is wrong and what to do, in one sentence a matter: the station's own first, then the first slot that asks. */
export function StationNotice({ state, isLinked, isSlotOpen, onSlot }: NoticeProps) {
  const words = useWords()
  const { settings } = useSurroundings()
  const station = stationSentence(state, isLinked, words)
  const asking = state.slots.filter(({ word }) => word === 'attention' || word === 'asking')
  const first = asking.find(({ word }) => word === 'attention') ?? asking[0]
  return (
    <section className="notices" aria-live="polite">
      {station && (
        <p className={`notice tone-${station.tone}`}>
          <Shape tone={station.tone} />
          <span>{station.text}</span>
        </p>
      )}
      {isSlotOpen || !isLinked ? null : first ? (
        <div className="notice tone-wrong">
          <Shape tone="wrong" />
          <span>
            <b>{words.slot.slot(first.slot)}</b> <HostileText text={whoOf(first, settings.names, words.frame)} />{' '}
            {slotSentence(first, words)}
          </span>
          <button type="button" onClick={() => onSlot(first.slot)}>
            {asking.length > 1 ? `${words.frame.look}（${asking.length}）` : words.frame.look}
          </button>
        </div>
      ) : station ? null : (
        <p className="notice calm">
          <Shape tone="none" />
          <span>{words.frame.nobodyNeeded}</span>
        </p>
      )}
    </section>
  )
}

/** What is wrong with a slot, and what to do. */
export function slotSentence({ attention }: Pick<SlotCard, 'attention'>, words: Words): string {
  const found = words.attention[attention?.word ?? 'unknown_volume']
  const stop = words.frame.language === 'en' ? '. ' : '。'
  return `${found.wrong(attention?.count ?? 1)}${stop}${found.act}`
}

function stationSentence(state: ScreenState, isLinked: boolean, { frame }: Words): { tone: Tone; text: string } | null {
  const { station } = frame
  if (!isLinked) return { tone: 'wrong', text: station.unlinked }
  if (state.spool.state === 'full') return { tone: 'wrong', text: station.spoolFull }
  if (state.server === 'refused') return { tone: 'wrong', text: station.refused }
  const { refusedFiles = 0, missingCopies = 0, devicesWanted = [] } = state.spool
  if (missingCopies > 0) return { tone: 'wrong', text: station.missingCopies(missingCopies) }
  if (refusedFiles > 0) return { tone: 'wrong', text: station.refusedFiles(refusedFiles) }
  if (devicesWanted.length > 0) return { tone: 'wrong', text: station.devicesWanted(devicesWanted.join('、')) }
  if (state.server === 'offline') {
    const waiting = state.spool.waitingBytes > 0 ? `　${frame.waiting(sizeText(state.spool.waitingBytes))}` : ''
    if (state.certificate) return { tone: 'wrong', text: `${station.certificate[state.certificate]}${waiting}` }
    return { tone: 'waits', text: `${station.offline}${waiting}` }
  }
  if (state.trouble) return { tone: 'wrong', text: station.trouble[state.trouble.word](state.trouble.store) }
  if (state.clock === 'off') return { tone: 'wrong', text: station.clockOff }
  return state.spool.state === 'filling' ? { tone: 'waits', text: station.spoolFilling } : null
}
