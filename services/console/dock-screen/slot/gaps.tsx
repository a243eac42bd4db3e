import { useState } from 'react'
import { deviceTimeText } from '../../parts/figures.ts'
import { HostileText } from '../../parts/hostile-text.tsx'
import { Shape } from '../../parts/status.tsx'
import { useSurroundings } from '../context.ts'
import type { GapReason, SlotGap } from '../types.ts'
import { useWords, type Words } from '../words.ts'
import { type FreeWords, FreeWordsButton, FreeWordsField } from './free-words.tsx'
import { lengthText } from './length-text.ts'
import type { Acts } from './use-detail.ts'

/** There is room for some; the slip and the console have all. */
const explainedShown = 4

interface GapsProps {
  readonly slot: number
  readonly gaps: readonly SlotGap[]
  readonly acts: Acts
  readonly said: FreeWords
  /** Nothing can be explained any more. */
  readonly isOut: boolean
}

/** What is missing, each with its reasons as buttons: one touch explains it. Those that nobody explained come first. */
export function Gaps({ slot, gaps, acts, said, isOut }: GapsProps) {
  const words = useWords()
  const [skipped, setSkipped] = useState(0)
  if (gaps.length === 0) return null
  const open = gaps.filter(({ explained }) => explained === null)
  const gap = isOut ? undefined : open[skipped % Math.max(1, open.length)]
  return (
    <section className="gaps">
      <h3 className={open.length > 0 ? 'tone-waits' : ''}>
        <Shape tone={open.length > 0 ? 'waits' : 'normal'} />
        <span>{words.act.gaps(open.length)}</span>
        {gap && <FreeWordsButton words={said} />}
        {gap && open.length > 1 && (
          <button type="button" onClick={() => setSkipped(skipped + 1)}>
            {words.act.nextGap}
          </button>
        )}
      </h3>
      {gap ? <Gap key={gap.id} slot={slot} gap={gap} acts={acts} said={said} /> : <Explained gaps={gaps} />}
      {isOut && open.length > 0 && <p className="hint">{words.act.gapsLater}</p>}
    </section>
  )
}

/** What was said, once nothing is left to say or nothing can be said. */
function Explained({ gaps }: { gaps: readonly SlotGap[] }) {
  const words = useWords()
  const { act } = words
  return (
    <>
      {gaps.slice(0, explainedShown).map(({ id, explained, ...gap }) => (
        <p key={id} className="gap-explained">
          {whatIsMissing(gap, words)}
          {explained?.words && <HostileText text={act.words(explained.words)} />}
          {explained && <span>{act.explained(words.gapReason[explained.reason], words.grade[explained.grade])}</span>}
        </p>
      ))}
      {gaps.some(({ explained }) => explained?.grade === 'slot') && <p className="hint">{act.confirmLater}</p>}
    </>
  )
}

function Gap({ slot, gap, acts, said }: Omit<GapsProps, 'gaps' | 'isOut'> & { readonly gap: SlotGap }) {
  const words = useWords()
  const { client } = useSurroundings()
  const { act } = words
  const explain = (reason: GapReason) =>
    acts.run(async () => {
      await client.explain(slot, { gapId: gap.id, reason, words: said.said() })
      said.clear()
    })
  const reasons = (Object.keys(words.gapReason) as GapReason[]).filter((reason) => reason !== gap.proposed?.reason)
  return (
    <div className="one-gap">
      <FreeWordsField words={said} />
      <p className="gap-what">
        {whatIsMissing(gap, words)}
        {gap.fromTime && gap.toTime && (
          <span>　{act.gapSpan(deviceTimeText(gap.fromTime)!, deviceTimeText(gap.toTime)!)}</span>
        )}
      </p>
      <p className="gap-where">
        <HostileText text={act.gapFiles(gap.before ?? act.edge, gap.after ?? act.edge)} />
      </p>
      {gap.proposed && (
        <button
          type="button"
          className="primary proposed"
          disabled={acts.isRunning}
          onClick={() => explain(gap.proposed!.reason)}
        >
          {act.yes(words.gapReason[gap.proposed.reason])}
          <small>{act.because[gap.proposed.because](gap.proposed.value)}</small>
        </button>
      )}
      <div className="reasons">
        {reasons.map((reason) => (
          <button key={reason} type="button" disabled={acts.isRunning} onClick={() => explain(reason)}>
            {words.gapReason[reason]}
          </button>
        ))}
      </div>
    </div>
  )
}

function whatIsMissing(
  { kind, lengthMs, missingNumbers }: Pick<SlotGap, 'kind' | 'lengthMs' | 'missingNumbers'>,
  words: Words,
): string {
  const { act } = words
  if (kind === 'number') return act.gapNumber(missingNumbers ?? 1)
  if (kind === 'not_read') return act.gapNotRead(missingNumbers ?? 1)
  return act.gapTime(lengthText(lengthMs ?? 0, words))
}
