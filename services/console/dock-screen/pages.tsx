import { useEffect, useState } from 'react'
import { clockText, dayText } from '../parts/figures.ts'
import { HostileText } from '../parts/hostile-text.tsx'
import { Status } from '../parts/status.tsx'
import { useSurroundings } from './context.ts'
import { resultTones } from './foot.tsx'
import type { RecentHandIn, ScreenState } from './types.ts'
import { useWords } from './words.ts'

/** Rows that fit on every screen; older ones follow on the next page. */
const rowsOfPage = 8

/** What was handed in today. */
export function TodayPage({ onBack }: { onBack(): void }) {
  const words = useWords()
  const { frame } = words
  const { client, now } = useSurroundings()
  const [handIns, setHandIns] = useState<readonly RecentHandIn[] | 'failed' | null>(null)
  const [from, setFrom] = useState(0)
  const day = dayText(now())
  useEffect(() => {
    let isWanted = true
    client.handIns(day).then(
      (found) => isWanted && setHandIns(found),
      () => isWanted && setHandIns('failed'),
    )
    return () => {
      isWanted = false
    }
  }, [client, day])
  const found = Array.isArray(handIns) ? (handIns as readonly RecentHandIn[]) : []
  const rows = found.slice(from, from + rowsOfPage)
  const all = found.length
  return (
    <main className="page">
      <PageHead title={`${frame.todayList}　${day}`} onBack={onBack} />
      {handIns === null && <p>{frame.loading}</p>}
      {handIns === 'failed' && <p>{words.act.failed.offline}</p>}
      {handIns !== null && handIns !== 'failed' && all === 0 && <p>{frame.noRecent}</p>}
      <ul className="today">
        {rows.map((one) => (
          <li key={`${one.at} ${one.serial}`}>
            <span>{clockText(one.at)}</span>
            <HostileText text={one.person ?? frame.nobody} />
            <HostileText text={one.serial ?? frame.unregistered} />
            <span>{frame.files(one.files)}</span>
            <Status tone={resultTones[one.result]}>{words.recentResult[one.result]}</Status>
          </li>
        ))}
      </ul>
      <Pager from={from} size={rowsOfPage} all={all} onFrom={setFrom} />
    </main>
  )
}

/** One page up or down, by buttons that a thumb hits; nothing when all is on one. */
export function Pager(props: { from: number; size: number; all: number; onFrom(from: number): void }) {
  const { from, size, all, onFrom } = props
  const { slot } = useWords()
  if (all <= size) return null
  return (
    <div className="pager">
      <button type="button" disabled={from === 0} onClick={() => onFrom(Math.max(0, from - size))}>
        {slot.earlier}
      </button>
      <span>{slot.page(from + 1, Math.min(all, from + size), all)}</span>
      <button type="button" disabled={from + size >= all} onClick={() => onFrom(from + size)}>
        {slot.later}
      </button>
    </div>
  )
}

/** What the words on the wall mean, and what to do: on one page, without a single menu. */
export function HelpPage({ contact, onBack }: { contact: ScreenState['contact']; onBack(): void }) {
  const { frame } = useWords()
  return (
    <main className="page">
      <PageHead title={frame.help} onBack={onBack} />
      <dl className="help">
        {frame.helpSteps.map(({ head, text }) => (
          <div key={head}>
            <dt>{head}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {contact && (
        <p className="help-contact">
          <HostileText text={frame.contact(contact.name, contact.phone)} />
        </p>
      )}
    </main>
  )
}

export function PageHead({ title, onBack }: { title: string; onBack(): void }) {
  const { frame } = useWords()
  return (
    <div className="page-head">
      <h2>{title}</h2>
      <button type="button" onClick={onBack}>
        {frame.back}
      </button>
    </div>
  )
}
