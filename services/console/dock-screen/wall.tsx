import { type CSSProperties, memo } from 'react'
import { HostileText } from '../parts/hostile-text.tsx'
import { Shape } from '../parts/status.tsx'
import { cardView, type Names, whoOf } from './card-view.ts'
import type { Progress } from './progress.ts'
import type { ScreenState, SlotCard } from './types.ts'
import { useWords, type Words } from './words.ts'

interface WallProps {
  readonly state: ScreenState
  readonly progress: ReadonlyMap<number, Progress>
  onSlot(slot: number): void
}

const columns = { few: 4, some: 6, many: 10 } as const

/** All slots: up to 12 in 4 columns, up to 24 in 6, more in 10. */
export function Wall({ state, progress, onSlot }: WallProps) {
  const { slots, settings } = state
  const size = slots.length <= 12 ? 'few' : slots.length <= 24 ? 'some' : 'many'
  const rows = Math.ceil(slots.length / columns[size])
  return (
    <main className={`wall ${size}`} style={{ '--rows': rows } as CSSProperties}>
      {slots.map((card) => (
        <Card
          key={card.slot}
          card={card}
          progress={progress.get(card.slot) ?? null}
          names={settings.names}
          isDense={size === 'many'}
          onSlot={onSlot}
        />
      ))}
    </main>
  )
}

interface CardProps {
  readonly card: SlotCard
  readonly progress: Progress | null
  readonly names: Names
  readonly isDense: boolean
  onSlot(slot: number): void
}

const Card = memo(function Card({ card, progress, names, isDense, onSlot }: CardProps) {
  const words = useWords()
  // There is room for one of the two on a crowded wall.
  const shown = isDense && names === 'both' ? 'name' : names
  const view = cardView(card, words, shown)
  const who = whoOf(card, shown, words.frame)
  const word = words.big[view.word]
  return (
    <button
      type="button"
      className={`card tone-${view.tone} word-${view.word}`}
      data-slot={card.slot}
      data-word={card.word}
      onClick={() => onSlot(card.slot)}
    >
      <span className="card-top">
        <span className="card-slot">{String(card.slot).padStart(2, '0')}</span>
        <span className="card-who">
          <HostileText text={who} />
        </span>
        <Flags card={card} />
        {isDense && <Shape tone={view.tone} />}
      </span>
      {!isDense && (
        <span className="card-device">
          <HostileText text={card.serial ?? ''} />
          <Extras card={card} words={words} />
        </span>
      )}
      <span className="card-word">
        {!isDense && <Shape tone={view.tone} />}
        {word}
      </span>
      <span className="card-note">{view.note}</span>
      {view.stage ? <Bar progress={progress} stage={words.stage[view.stage]} /> : isDense ? null : <Foot card={card} />}
    </button>
  )
})

/** The same two facts where there is no room for words. */
function Flags({ card: { marked, gaps } }: { card: SlotCard }) {
  if (marked.total === 0 && gaps === 0) return null
  return (
    <span className="card-flags">
      {marked.total > 0 && <span className="mark">⚑</span>}
      {gaps > 0 && <span className="gap">▨{gaps}</span>}
    </span>
  )
}

/** Marked files first: who brought them wants to know that they are safe. Gaps that wait for a word. */
function Extras({ card, words }: { card: SlotCard; words: Words }) {
  const { marked, gaps } = card
  return (
    <span className="card-extras">
      {marked.total > 0 && <span className="mark">⚑{words.frame.marked(marked.secured, marked.total)}</span>}
      {gaps > 0 && <span className="gap">▨{words.frame.gaps(gaps)}</span>}
    </span>
  )
}

function Bar({ progress, stage }: { progress: Progress | null; stage: string }) {
  const words = useWords()
  const percent = Math.round(progress?.percent ?? 0)
  return (
    <span className="card-bar">
      <span className="bar">
        <span className="bar-done" style={{ width: `${percent}%` }} />
      </span>
      <span className="bar-text">
        <span>
          <span className="bar-stage">{stage} </span>
          {percent} %
        </span>
        <span className="bar-left">{leftText(progress?.leftMs ?? null, words)}</span>
      </span>
    </span>
  )
}

function Foot({ card }: { card: SlotCard }) {
  const { frame } = useWords()
  const battery = card.batteryPercent
  return <span className="card-foot">{battery !== null && card.word !== 'empty' ? frame.battery(battery) : ''}</span>
}

/** In steps that people use: seconds by ten, then minutes. */
export function leftText(leftMs: number | null, { frame }: Words): string {
  if (leftMs === null) return ''
  if (leftMs < 60_000) return frame.left.seconds(Math.max(10, Math.ceil(leftMs / 10_000) * 10))
  if (leftMs < 5_400_000) return frame.left.minutes(Math.ceil(leftMs / 60_000))
  return frame.leftHours(Math.ceil(leftMs / 3_600_000))
}
