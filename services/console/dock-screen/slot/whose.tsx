import { useEffect, useState } from 'react'
import { deviceLabel } from '../../../foundation/device-label.ts'
import { HostileText } from '../../parts/hostile-text.tsx'
import { Refused } from '../client.ts'
import { useSurroundings } from '../context.ts'
import { Pager } from '../pages.tsx'
import type { DeviceChoice, WhoseVolume } from '../types.ts'
import { useWords } from '../words.ts'
import type { Acts } from './use-detail.ts'
import { useScanned } from './use-scanned.ts'

const choicesOfPage = 6

/** A volume that names no registered device: one touch says whose it is. The bureau's own devices first. */
export function Whose({ slot, acts }: { slot: number; acts: Acts }) {
  const { act } = useWords()
  const { client } = useSurroundings()
  const [choices, setChoices] = useState<readonly DeviceChoice[] | null>(null)
  const [from, setFrom] = useState(0)
  useEffect(() => {
    let isWanted = true
    client.devices(slot).then(
      (found) => isWanted && setChoices(found),
      (error: unknown) => {
        // The slot was emptied meanwhile, or the agent is away: its card says so.
        if (!(error instanceof Refused)) throw error
      },
    )
    return () => {
      isWanted = false
    }
  }, [client, slot])
  const say = (answer: WhoseVolume) => acts.run(() => client.whose(slot, answer))
  useScanned((text) => {
    const scanned = choices?.find(({ label, serial }) => text === label || text === serial)
    if (scanned) void say({ answer: 'ours', serial: scanned.serial })
    else if (text.startsWith(deviceLabel(''))) acts.refuse('unknown_label')
  })
  const kind = (choice: DeviceChoice) => act.kind[choice.kind] ?? act.otherKind
  return (
    <div className="whose">
      <section className="choices">
        <h3>
          {act.whose}
          <small>{act.whoseSays}</small>
        </h3>
        <div className="choice-grid">
          {choices?.slice(from, from + choicesOfPage).map((choice) => (
            <button
              key={choice.serial}
              type="button"
              disabled={acts.isRunning}
              onClick={() => say({ answer: 'ours', serial: choice.serial })}
            >
              <b>
                <HostileText text={choice.serial} />
              </b>
              <span>
                {kind(choice)}　<HostileText text={choice.model ?? ''} />
              </span>
              <span>{choice.keeper && <HostileText text={act.keeper(choice.keeper)} />}</span>
            </button>
          ))}
        </div>
        {choices?.length === 0 && <p>{act.noChoices}</p>}
        <Pager from={from} size={choicesOfPage} all={choices?.length ?? 0} onFrom={setFrom} />
      </section>
      <section className="not-ours">
        <h3>{act.notListed}</h3>
        {Object.values(act.foreign).map((text) => (
          <button
            key={text}
            type="button"
            disabled={acts.isRunning}
            onClick={() => say({ answer: 'foreign', words: text })}
          >
            {text}
          </button>
        ))}
        <p className="hint">{act.foreignSays}</p>
        <button type="button" disabled={acts.isRunning} onClick={() => say({ answer: 'not_a_device' })}>
          {act.notADevice}
        </button>
        <p className="hint">{act.notADeviceSays}</p>
      </section>
    </div>
  )
}
