import { clockText } from '../parts/figures.ts'
import { HostileText } from '../parts/hostile-text.tsx'
import { Status } from '../parts/status.tsx'
import type { Tone } from '../parts/tone.ts'
import { useSurroundings } from './context.ts'
import type { Page } from './page.ts'
import type { RecentHandIn, ScreenState } from './types.ts'
import { useWords } from './words.ts'

export const resultTones: Record<RecentHandIn['result'], Tone> = {
  receipts: 'proven',
  provisional: 'waits',
  no_receipt: 'waits',
  attention: 'wrong',
  pulled_out: 'wrong',
  picked_up: 'waits',
}
const justNowMs = 120_000

/** The last line: what was handed in just now, how many slots need somebody, and the pages beside the wall. */
export function Foot(props: { state: ScreenState; hasDesk: boolean; onPage(page: Page): void }) {
  const { state, hasDesk, onPage } = props
  const { frame, desk } = useWords()
  const recent = state.recent.slice(0, 3)
  return (
    <footer className="foot">
      <p className="recent">
        <span className="recent-title">{frame.recent}</span>
        {recent.length === 0
          ? frame.noRecent
          : recent.map((one) => <Recent key={`${one.at} ${one.serial}`} one={one} />)}
      </p>
      <div className="pages">
        {hasDesk && (
          <button type="button" onClick={() => onPage('desk')}>
            {desk.title}
          </button>
        )}
        <button type="button" onClick={() => onPage('today')}>
          {frame.todayList}
        </button>
        <button type="button" onClick={() => onPage('help')}>
          {frame.help}
        </button>
      </div>
    </footer>
  )
}

function Recent({ one }: { one: RecentHandIn }) {
  const words = useWords()
  const { now } = useSurroundings()
  const isNew = now() - one.at < justNowMs
  return (
    <span className="recent-one">
      <span>{isNew ? words.frame.justNow : clockText(one.at)}</span>
      <HostileText text={one.person ?? one.serial ?? words.frame.unregistered} />
      <span>{words.frame.files(one.files)}</span>
      <Status tone={resultTones[one.result]}>{words.recentResult[one.result]}</Status>
    </span>
  )
}
