import { useEffect, useState } from 'react'
import { deviceLabel } from '../../../foundation/device-label.ts'
import { sizeText } from '../../parts/figures.ts'
import { HostileText } from '../../parts/hostile-text.tsx'
import { useSurroundings } from '../context.ts'
import { PageHead } from '../pages.tsx'
import { useActs } from '../slot/use-detail.ts'
import { useScanned } from '../slot/use-scanned.ts'
import type { DeskImport, DeskMedium, DeskState } from '../types.ts'
import { useWords } from '../words.ts'
import { Choice, Step } from './step.tsx'

interface DeskPageProps {
  readonly desk: DeskState
  reload(): Promise<void>
  onBack(): void
  /** The medium is being taken in there. */
  onSlot(slot: number): void
}

/** 介质导入: a card, an export or a telephone is taken in once somebody has said of which device it is, and who he is. */
export function DeskPage({ desk, reload, onBack, onSlot }: DeskPageProps) {
  const { desk: words } = useWords()
  const { client } = useSurroundings()
  const acts = useActs(reload, words.failed)
  const [chosen, setChosen] = useState<string | null>(null)
  const [device, setDevice] = useState<{ serial: string; isScanned: boolean } | null>(null)
  const [by, setBy] = useState<DeskImport['by']>(null)
  const free = desk.media.filter(({ slot, isUnreadable }) => slot === null && !isUnreadable)
  const medium = free.find(({ id }) => id === chosen) ?? (free.length === 1 ? free[0]! : null)
  const mediumId = medium?.id ?? null
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was said of one card is not true of the next
  useEffect(() => {
    setDevice(null)
    setBy(null)
  }, [mediumId])
  const said = medium?.serial && desk.devices.some(({ serial }) => serial === medium.serial) ? medium.serial : null
  const whose = device ?? (said === null ? null : { serial: said, isScanned: false })
  useScanned((text) => {
    const scanned = desk.devices.find(({ label, serial }) => text === label || text === serial)
    if (scanned) setDevice({ serial: scanned.serial, isScanned: true })
    else if (text.startsWith(deviceLabel(''))) acts.refuse('unknown_label')
    else setBy({ card: text })
  })
  const begin = (serial: string | null) =>
    acts.run(async () => {
      const asked = {
        medium: medium!.id,
        serial,
        isScanned: whose?.isScanned ?? false,
        by: serial === null ? null : by,
      }
      const { slot } = await client.beginImport(asked).catch((error: unknown) => {
        // A card that was not taken is shown anew.
        if (by && 'card' in by) setBy(null)
        throw error
      })
      setDevice(null)
      setBy(null)
      setChosen(null)
      onSlot(slot)
    })
  const isReady = medium !== null && whose !== null && by !== null && !acts.isRunning
  return (
    <main className="page desk">
      <PageHead title={words.title} onBack={onBack} />
      <div className="desk-steps">
        <Media media={desk.media} chosen={medium?.id ?? null} onChosen={setChosen} />
        <Devices
          devices={desk.devices}
          chosen={whose?.serial ?? null}
          onChosen={(serial) => setDevice({ serial, isScanned: false })}
        />
        <People people={desk.people} by={by} onChosen={(personId) => setBy({ personId })} />
      </div>
      <div className="desk-acts">
        <button type="button" className="desk-begin" disabled={!isReady} onClick={() => begin(whose!.serial)}>
          {words.begin}
        </button>
        <button type="button" disabled={medium === null || acts.isRunning} onClick={() => begin(null)}>
          {words.notListed}
        </button>
        <p className={acts.outcome?.isGood === false ? 'outcome tone-wrong' : 'outcome'} role="status">
          {acts.outcome && !acts.outcome.isGood ? acts.outcome.text : words.says}
        </p>
      </div>
    </main>
  )
}

function Media(props: { media: readonly DeskMedium[]; chosen: string | null; onChosen(id: string): void }) {
  const { desk: words } = useWords()
  const { media, chosen, onChosen } = props
  return (
    <Step
      {...{ title: words.media, says: words.mediaSays, none: words.noMedia, columns: 1 }}
      choices={media}
      isChosen={({ id }) => id === chosen}
    >
      {({ id, kind, name, serial, bytes, isUnreadable, slot }) => (
        <Choice key={id} isChosen={id === chosen} isOff={slot !== null || isUnreadable} onChosen={() => onChosen(id)}>
          <b>
            {words.kind[kind]}　<HostileText text={name} />
          </b>
          <span>
            {slot !== null ? (
              <>{words.inSlot(slot)} </>
            ) : serial === null ? null : (
              <>
                <HostileText text={words.saysSerial(serial)} />{' '}
              </>
            )}
            {isUnreadable ? words.unreadable : bytes === null ? '' : sizeText(bytes)}
          </span>
        </Choice>
      )}
    </Step>
  )
}

function Devices(props: { devices: DeskState['devices']; chosen: string | null; onChosen(serial: string): void }) {
  const { act, desk: words } = useWords()
  const { devices, chosen, onChosen } = props
  return (
    <Step
      {...{ title: words.device, says: words.deviceSays, none: act.noChoices, columns: 2 }}
      choices={devices}
      isChosen={({ serial }) => serial === chosen}
    >
      {({ serial, kind, model, keeper }) => (
        <Choice key={serial} isChosen={serial === chosen} onChosen={() => onChosen(serial)}>
          <b>
            <HostileText text={serial} />
          </b>
          <span>
            {act.kind[kind] ?? act.otherKind}　<HostileText text={model ?? ''} />
          </span>
          <span>{keeper && <HostileText text={act.keeper(keeper)} />}</span>
        </Choice>
      )}
    </Step>
  )
}

function People(props: { people: DeskState['people']; by: DeskImport['by']; onChosen(personId: string): void }) {
  const { desk: words } = useWords()
  const { people, by, onChosen } = props
  const chosen = by && 'personId' in by ? by.personId : null
  const says = by && 'card' in by ? words.cardRead : words.personSays
  return (
    <Step
      {...{ title: words.person, says, none: words.noPeople, columns: 2 }}
      choices={people}
      isChosen={({ id }) => id === chosen}
    >
      {({ id, name, number }) => (
        <Choice key={id} isChosen={id === chosen} onChosen={() => onChosen(id)}>
          <b>
            <HostileText text={name} />
          </b>
          <span>
            <HostileText text={number ?? ''} />
          </span>
        </Choice>
      )}
    </Step>
  )
}
