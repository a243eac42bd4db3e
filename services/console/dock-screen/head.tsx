import { clockText, sizeText } from '../parts/figures.ts'
import { HostileText } from '../parts/hostile-text.tsx'
import { Shape, Status } from '../parts/status.tsx'
import type { Tone } from '../parts/tone.ts'
import { type Heard, soundState } from './alerts.ts'
import { useSurroundings } from './context.ts'
import type { ScreenState } from './types.ts'
import { type Look, useSeconds } from './use-look.ts'
import { useWords } from './words.ts'

interface HeadProps {
  readonly state: ScreenState
  readonly heard: Heard | null
  readonly look: Look
  setLook(look: Look): void
}

const serverTones = { online: 'normal', offline: 'waits', refused: 'wrong' } as const
const spoolTones = { ok: 'normal', filling: 'waits', full: 'wrong' } as const
const clockTones = { proven: 'normal', unproven: 'waits', off: 'wrong' } as const

/** The first line: how the station is, in figures; and how the screen looks, to choose. */
export function Head({ state, heard, look, setLook }: HeadProps) {
  const { frame } = useWords()
  const { server, spool, clock, contact, today } = state
  return (
    <header className="head">
      <h1 className="station">
        <HostileText text={state.station} />
      </h1>
      <ul className="facts">
        <li>
          {frame.receiving(state.receiving)}　{sizeText(state.bytesPerSecond)}/s
        </li>
        <li>{frame.today(today.handedIn, today.expected)}</li>
        <Fact tone={serverTones[server]} text={frame.server[server]} />
        <Fact tone={spoolTones[spool.state]} text={frame.spool(sizeText(spool.usedBytes), sizeText(spool.sizeBytes))} />
        <Fact tone={clockTones[clock]} text={frame.clock[clock]} />
        {contact && (
          <li>
            <HostileText text={frame.contact(contact.name, contact.phone)} />
          </li>
        )}
      </ul>
      <HeardPicture state={state} heard={heard} />
      <Clock />
      <div className="looks">
        <button
          type="button"
          aria-pressed={look.contrast}
          onClick={() => setLook({ ...look, contrast: !look.contrast })}
        >
          {frame.contrast}
        </button>
        <button type="button" aria-pressed={look.large} onClick={() => setLook({ ...look, large: !look.large })}>
          {frame.large}
        </button>
        <button
          type="button"
          lang={look.language === 'zh' ? 'en' : 'zh-CN'}
          onClick={() => setLook({ ...look, language: look.language === 'zh' ? 'en' : 'zh' })}
        >
          {frame.otherLanguage}
        </button>
      </div>
    </header>
  )
}

function Fact({ tone, text }: { tone: Tone; text: string }) {
  return (
    <li>
      <Status tone={tone}>{text}</Status>
    </li>
  )
}

function Clock() {
  const { now } = useSurroundings()
  useSeconds()
  return <time className="clock">{clockText(now(), true)}</time>
}

/** The picture of a sound, for who does not hear it: it stays for some seconds. */
function HeardPicture({ state, heard }: { state: ScreenState; heard: Heard | null }) {
  const { frame } = useWords()
  const { now } = useSurroundings()
  const sound = soundState(state.settings, now())
  if (!heard) return <p className="heard idle">{frame.sound[sound]}</p>
  const tone = heard.alert === 'attention' ? 'wrong' : heard.alert === 'ready' ? 'proven' : 'running'
  return (
    <p className={`heard tone-${tone}`} role="status">
      <Shape tone={tone} />
      {frame.heardIn(frame.heard[heard.alert], heard.slot)}
    </p>
  )
}
