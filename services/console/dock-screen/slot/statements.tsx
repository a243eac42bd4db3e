import { HostileText } from '../../parts/hostile-text.tsx'
import { useSurroundings } from '../context.ts'
import type { SlotDetail, Statement } from '../types.ts'
import { useWords } from '../words.ts'
import { type FreeWords, FreeWordsButton, FreeWordsField } from './free-words.tsx'
import type { Acts } from './use-detail.ts'

interface StatementsProps {
  readonly slot: number
  readonly detail: SlotDetail
  readonly chosen: ReadonlySet<number>
  readonly acts: Acts
  readonly said: FreeWords
  /** Whether the field stands here: it stands with the gaps while one is open. */
  readonly hasField: boolean
  onSaid(): void
}

/** What the officer may say of files: no enforcement (only of files that were chosen), or a matter without a number yet. */
export function Statements({ slot, detail, chosen, acts, said, hasField, onSaid }: StatementsProps) {
  const { act, grade } = useWords()
  const { client } = useSurroundings()
  const say = (kind: Statement['kind']) =>
    acts.run(async () => {
      const numbers = [...chosen].sort((one, other) => one - other)
      await client.say(slot, { kind, numbers, words: said.said() })
      said.clear()
      onSaid()
    })
  const count = (numbers: readonly number[]) => (numbers.length === 0 ? detail.files.length : numbers.length)
  return (
    <section className="statements">
      <h3>
        {act.say}
        {chosen.size === 0 && <small>{act.sayHint}</small>}
      </h3>
      <div className="two">
        <button type="button" disabled={chosen.size === 0 || acts.isRunning} onClick={() => say('not_enforcement')}>
          {act.sayNotEnforcement(chosen.size)}
        </button>
        <button type="button" disabled={acts.isRunning} onClick={() => say('no_number_yet')}>
          {act.sayNoNumber(chosen.size)}
        </button>
      </div>
      {hasField && <FreeWordsButton words={said} />}
      {hasField && <FreeWordsField words={said} />}
      {detail.statements.slice(-2).map((statement) => (
        <p key={`${statement.kind} ${statement.numbers.join(' ')}`} className="said">
          {(statement.kind === 'not_enforcement' ? act.saidNotEnforcement : act.saidNoNumber)(
            count(statement.numbers),
            grade[statement.grade],
          )}
          {statement.words && <HostileText text={act.words(statement.words)} />}
        </p>
      ))}
    </section>
  )
}
