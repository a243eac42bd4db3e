import { type ReactNode, useEffect, useState } from 'react'
import { Pager } from '../pages.tsx'
import { useRowsThatFit } from '../rows-that-fit.ts'

/** Rows of choices that are always shown, however little room there is. */
const rowsMin = 2
/** On a telephone, where the page scrolls. */
const rowsOfPhone = 4
/** The buttons that turn pages, on a screen no larger than the one that the station has. */
const pagerPixels = 64

interface StepProps<Chosen> {
  readonly title: string
  readonly says: string
  /** What stands there instead of choices. */
  readonly none: string
  readonly columns: 1 | 2
  readonly choices: readonly Chosen[]
  isChosen(choice: Chosen): boolean
  children(choice: Chosen): ReactNode
}

/**
 * One of the desk's three questions, with as many choices as there is room for. What is chosen is seen, also when a scanner
 * chose it on another page; nothing moves away from under a finger.
 */
export function Step<Chosen>({ title, says, none, columns, choices, isChosen, children }: StepProps<Chosen>) {
  const [place, rows] = useRowsThatFit<HTMLElement>(rowsThatFit, rowsOfPhone, choices.length > 0)
  const [first, setFirst] = useState(0)
  const size = rows * columns
  const chosenAt = choices.findIndex(isChosen)
  useEffect(() => {
    if (chosenAt >= 0) setFirst(chosenAt)
  }, [chosenAt])
  const from = pageOf(Math.min(first, choices.length - 1), size)
  return (
    <section className="choices" ref={place}>
      <h3>
        {title}
        <small>{says}</small>
      </h3>
      {choices.length === 0 ? (
        <p>{none}</p>
      ) : (
        <div className={columns === 2 ? 'choice-grid two-wide' : 'choice-grid'}>
          {choices.slice(from, from + size).map(children)}
        </div>
      )}
      <Pager from={from} size={size} all={choices.length} onFrom={setFirst} />
    </section>
  )
}

interface ChoiceProps {
  readonly isChosen: boolean
  readonly isOff?: boolean
  onChosen(): void
  readonly children: ReactNode
}

export function Choice({ isChosen, isOff = false, onChosen, children }: ChoiceProps) {
  return (
    <button type="button" aria-pressed={isChosen} disabled={isOff} onClick={onChosen}>
      {children}
    </button>
  )
}

/** Where the page begins that shows this one. */
function pageOf(at: number, size: number): number {
  return Math.max(0, Math.floor(at / size) * size)
}

/** Room is left for the buttons that turn pages, whether they are there or not: the choices do not jump. */
function rowsThatFit(section: HTMLElement): number {
  const grid = section.querySelector('.choice-grid')
  const choice = grid?.firstElementChild
  if (!grid || !choice) return rowsMin
  const { rowGap, marginBottom } = getComputedStyle(grid)
  const gap = Number.parseFloat(rowGap)
  const row = choice.getBoundingClientRect().height
  const below = pagerPixels + Number.parseFloat(marginBottom)
  const room = section.getBoundingClientRect().bottom - grid.getBoundingClientRect().top - below
  return Math.max(rowsMin, Math.floor((room + gap) / (row + gap)))
}
