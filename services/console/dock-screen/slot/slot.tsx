import { useEffect, useRef, useState } from 'react'
import { clockText } from '../../parts/figures.ts'
import { HostileText } from '../../parts/hostile-text.tsx'
import { Shape, Status } from '../../parts/status.tsx'
import { cardView, isOut, whoOf } from '../card-view.ts'
import { useSurroundings } from '../context.ts'
import type { Progress } from '../progress.ts'
import { slotSentence } from '../station-notice.tsx'
import type { SlotCard, SlotDetail } from '../types.ts'
import { useWords, type Words } from '../words.ts'
import { Files } from './files.tsx'
import { type FreeWords, useFreeWords } from './free-words.tsx'
import { Gaps } from './gaps.tsx'
import { Hold, PickUp } from './hold.tsx'
import { lengthText } from './length-text.ts'
import { Lifting, People } from './lifting.tsx'
import { SealCard } from './seal-card.tsx'
import { type Signed, SignInPart, useSignedIn } from './sign-in.tsx'
import { Statements } from './statements.tsx'
import { type Acts, useActs, useDetail } from './use-detail.ts'
import { Whose } from './whose.tsx'

/** One slot, after a touch: its files, and everything that may be said about them while the device sits there. */
export function Slot({ card, progress, onClose }: { card: SlotCard; progress: Progress | null; onClose(): void }) {
  const words = useWords()
  const { detail, reload } = useDetail(card)
  const acts = useActs(reload)
  const { client } = useSurroundings()
  const said = useFreeWords()
  const [isTaking, setTaking] = useState(false)
  const isSealing = card.attention?.word === 'card_to_seal'
  const isAsking = card.word === 'asking' || card.word === 'unread' || card.attention?.word === 'unknown_volume'
  const hasLeft = isOut(card)
  const signed = useSignedIn(card.slot, acts, !isSealing && !isAsking && !hasLeft)
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  useStayEnd(detail && `${detail.insertedAt} ${hasLeft}`, () => {
    setChosen(new Set())
    said.clear()
    signed.signOut()
  })
  return (
    <main className={isAsking ? 'slot asking' : 'slot'}>
      <SlotHead card={card} detail={detail} progress={progress} onClose={onClose} />
      {isAsking ? (
        <Whose slot={card.slot} acts={acts} />
      ) : detail === null ? (
        <p className="slot-empty">{words.slot.loading}</p>
      ) : detail.handInId === null && detail.files.length === 0 && !card.check ? (
        <div className="slot-empty">{card.attention ? <SlotAttention card={card} /> : words.slot.noDevice}</div>
      ) : isSealing ? (
        <div className="slot-form">
          <SlotAttention card={card} />
          <SealCard slot={card.slot} acts={acts} />
        </div>
      ) : isTaking && card.check ? (
        <People
          {...{ slot: card.slot, title: words.act.whoTakes, acts }}
          onPerson={({ id }) => {
            setTaking(false)
            void acts.run(() => client.take(card.slot, { personId: id }))
          }}
          onBack={() => setTaking(false)}
        />
      ) : (
        <div className="slot-body">
          <div className="slot-files">
            {card.attention && <SlotAttention card={card} />}
            <Files files={detail.files} chosen={chosen} onChosen={setChosen} />
          </div>
          <SlotSay {...{ card, detail, acts, said, signed, chosen, setChosen }} onTaker={() => setTaking(true)} />
        </div>
      )}
      <div className="slot-acts">
        {detail && !isAsking && (
          <>
            <Hold detail={detail} card={card} acts={acts} />
            <PickUp
              {...{ card, acts, isKept: detail.keptCard !== null }}
              personId={signed.who?.person.id ?? card.person?.id ?? null}
            />
          </>
        )}
        <p className={acts.outcome?.isGood === false ? 'outcome tone-wrong' : 'outcome'} role="status">
          {acts.outcome ? acts.outcome.text : words.slot.closesBySelf}
        </p>
      </div>
    </main>
  )
}

interface SlotSayProps {
  readonly card: SlotCard
  readonly detail: SlotDetail
  readonly acts: Acts
  readonly said: FreeWords
  readonly signed: Signed
  readonly chosen: ReadonlySet<number>
  setChosen(chosen: ReadonlySet<number>): void
  onTaker(): void
}

/** What may be said here. A gap that waits for a word comes before what there is no room for beside it. */
function SlotSay({ card, detail, acts, said, signed, chosen, setChosen, onTaker }: SlotSayProps) {
  const { slot } = card
  const hasLeft = isOut(card)
  const hasOpenGap = !hasLeft && detail.gaps.some(({ explained }) => explained === null)
  return (
    <div className="slot-say">
      {!(hasOpenGap && said.isOpen) && <Lifting card={card} isShort={hasOpenGap} onTaker={onTaker} />}
      <Gaps {...{ slot, gaps: detail.gaps, acts, said, isOut: hasLeft }} />
      {!hasLeft && !(hasOpenGap && (said.isOpen || card.check)) && (
        <Statements
          {...{ slot, detail, chosen, acts, said }}
          hasField={!hasOpenGap}
          onSaid={() => setChosen(new Set())}
        />
      )}
      {!hasLeft && (!said.isOpen || signed.who) && <SignInPart signed={signed} />}
    </div>
  )
}

/** What somebody was about to say belongs to the device that was there. `stay`: null as long as it is not known. */
function useStayEnd(stay: string | null, onEnd: () => void): void {
  const known = useRef(stay)
  const latest = useRef(onEnd)
  latest.current = onEnd
  useEffect(() => {
    if (stay === null || stay === known.current) return
    if (known.current !== null) latest.current()
    known.current = stay
  }, [stay])
}

/** What is wrong here, and what to do. */
function SlotAttention({ card }: { card: SlotCard }) {
  const words = useWords()
  return (
    <p className="slot-attention tone-wrong">
      <Shape tone="wrong" />
      <span>
        {slotSentence(card, words)}
        {card.attention?.detail && (
          <small>
            <HostileText text={card.attention.detail} />
          </small>
        )}
      </span>
    </p>
  )
}

function SlotHead(props: { card: SlotCard; detail: SlotDetail | null; progress: Progress | null; onClose(): void }) {
  const { card, detail, progress, onClose } = props
  const words = useWords()
  const { settings } = useSurroundings()
  const view = cardView(card, words, settings.names)
  const percent = view.stage && progress ? `　${words.stage[view.stage]} ${Math.round(progress.percent)} %` : ''
  return (
    <div className="slot-head">
      <h2>
        <span className="slot-number">{String(card.slot).padStart(2, '0')}</span>
        <HostileText text={whoOf(card, settings.names === 'number' ? 'number' : 'both', words.frame)} />
      </h2>
      <span className="slot-device">
        <HostileText text={[card.serial, detail?.model].filter(Boolean).join('　')} />
      </span>
      <span className="slot-word">
        <Status tone={view.tone}>
          {words.big[view.word]}
          <small>{percent}</small>
        </Status>
      </span>
      <ul className="slot-facts">
        {card.batteryPercent !== null && <li>{words.slot.battery(card.batteryPercent)}</li>}
        {detail?.handInId && <li>{clockWords(detail, words)}</li>}
        {detail?.insertedAt && <li>{words.slot.inserted(clockText(detail.insertedAt))}</li>}
      </ul>
      <button type="button" className="close" onClick={onClose}>
        ✕ {words.slot.close}
      </button>
    </div>
  )
}

function clockWords({ clockOffsetMs: offsetMs, isClockSet }: SlotDetail, words: Words): string {
  const { slot } = words
  if (offsetMs === null) return slot.clockUnknown
  if (Math.abs(offsetMs) < 1000) return slot.clockRight
  const length = lengthText(Math.abs(offsetMs), words)
  const was = offsetMs > 0 ? slot.clockFast(length) : slot.clockSlow(length)
  return isClockSet ? `${was} ${slot.clockSet}` : was
}
