import { useSurroundings } from '../context.ts'
import type { SlotDetail, Statement } from '../types.ts'
import { useWords } from '../words.ts'
import type { Acts } from './use-detail.ts'

interface StatementsProps {
  readonly slot: number
  readonly detail: SlotDetail
  readonly chosen: ReadonlySet<number>
  readonly acts: Acts
  onSaid(): void
}

/** What the officer may say of files: no enforcement (only of files that were chosen), or a matter without a number yet. */
export function Statements({ slot, detail, chosen, acts, onSaid }: StatementsProps) {
  const { act, grade } = useWords()
  const { client } = useSurroundings()
  const say = (kind: Statement['kind']) =>
    acts.run(async () => {
      await client.say(slot, { kind, numbers: [...chosen].sort((one, other) => one - other), words: null })
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
      {detail.statements.slice(-2).map((said) => (
        <p key={`${said.kind} ${said.numbers.join(' ')}`} className="said">
          {(said.kind === 'not_enforcement' ? act.saidNotEnforcement : act.saidNoNumber)(
            count(said.numbers),
            grade[said.grade],
          )}
        </p>
      ))}
    </section>
  )
}
