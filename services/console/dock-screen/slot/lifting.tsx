import { useEffect, useState } from 'react'
import { clockText } from '../../parts/figures.ts'
import { HostileText } from '../../parts/hostile-text.tsx'
import { Shape } from '../../parts/status.tsx'
import { nameOf, unfitText } from '../card-view.ts'
import { Refused } from '../client.ts'
import { useSurroundings } from '../context.ts'
import { Pager } from '../pages.tsx'
import type { ScreenPerson, SlotCard } from '../types.ts'
import { useWords } from '../words.ts'
import { lengthText } from './length-text.ts'
import type { Acts } from './use-detail.ts'

const peopleOfPage = 8

interface LiftingProps {
  readonly card: SlotCard
  /** Its result alone, where something else needs the room. */
  readonly isShort: boolean
  onTaker(): void
}

/** 班前检查: it fills itself; who takes the device is one touch, where the roster does not say it. */
export function Lifting({ card, isShort, onTaker }: LiftingProps) {
  const words = useWords()
  const { settings } = useSurroundings()
  const { act } = words
  const { check } = card
  if (!check) return null
  const { unfit, instead, taker } = check
  const isFit = unfit.length === 0
  return (
    <section className={isShort ? 'lifting short' : 'lifting'}>
      <div>
        <h3 className={isFit ? '' : 'tone-waits'}>
          <Shape tone={isFit ? 'normal' : 'waits'} />
          <span>{isFit ? act.fit : act.unfit(unfit.map((one) => unfitText(one, card, words)).join(act.and))}</span>
        </h3>
        {instead && (
          <p className="instead">
            <HostileText text={act.instead(instead.slot, instead.serial)} />
          </p>
        )}
        {!isShort && <Facts card={card} check={check} />}
      </div>
      <button type="button" onClick={onTaker}>
        {taker ? <HostileText text={act.taker(nameOf(taker, settings.names))} /> : act.sayTaker}
      </button>
    </section>
  )
}

function Facts({ card, check }: { card: SlotCard; check: NonNullable<SlotCard['check']> }) {
  const words = useWords()
  const { act, slot } = words
  const { batteryPercent, receiptAt } = card
  const { freePercent, clockOffsetMs } = check
  const clock =
    clockOffsetMs === null
      ? slot.clockUnknown
      : Math.abs(clockOffsetMs) < 1000
        ? slot.clockRight
        : act.clockOff(lengthText(Math.abs(clockOffsetMs), words))
  return (
    <ul className="facts">
      {batteryPercent !== null && <li>{slot.battery(batteryPercent)}</li>}
      {freePercent !== null && <li>{act.free(freePercent)}</li>}
      <li>{clock}</li>
      <li>{receiptAt === null ? act.noReceipt : act.lastReceipt(clockText(receiptAt))}</li>
    </ul>
  )
}

interface PeopleProps {
  readonly slot: number
  readonly title: string
  readonly acts: Acts
  onPerson(person: ScreenPerson): void
  onBack(): void
}

/** Everybody who carries devices, the likeliest first: one touch says who it is. */
export function People({ slot, title, acts, onPerson, onBack }: PeopleProps) {
  const words = useWords()
  const [from, setFrom] = useState(0)
  const people = usePeople(slot)
  return (
    <div className="people">
      <h3>
        <span>{title}</span>
        <button type="button" onClick={onBack}>
          {words.frame.back}
        </button>
      </h3>
      <div className="people-grid">
        {people?.slice(from, from + peopleOfPage).map((person) => (
          <button key={person.id} type="button" disabled={acts.isRunning} onClick={() => onPerson(person)}>
            <b>
              <HostileText text={person.name} />
            </b>
            <span>{person.number && <HostileText text={person.number} />}</span>
          </button>
        ))}
      </div>
      {people?.length === 0 && <p>{words.act.nobodyKnown}</p>}
      <Pager from={from} size={peopleOfPage} all={people?.length ?? 0} onFrom={setFrom} />
    </div>
  )
}

/** Null until the agent has answered. */
function usePeople(slot: number): readonly ScreenPerson[] | null {
  const { client } = useSurroundings()
  const [people, setPeople] = useState<readonly ScreenPerson[] | null>(null)
  useEffect(() => {
    let isWanted = true
    client.people(slot).then(
      (found) => isWanted && setPeople(found),
      (error: unknown) => {
        // The slot was emptied meanwhile, or the agent is away: its card says so.
        if (!(error instanceof Refused)) throw error
      },
    )
    return () => {
      isWanted = false
    }
  }, [client, slot])
  return people
}
