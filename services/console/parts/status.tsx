import type { ReactNode } from 'react'
import type { Tone } from './tone.ts'

const shapes: Record<Tone, ReactNode> = {
  proven: (
    <>
      <path
        d="M12 1.5 21 5v7c0 5.5-3.8 9-9 10.5C6.8 21 3 17.5 3 12V5z"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.2"
      />
      <path d="m7 12 3.6 3.600L17 8.5" fill="none" stroke="currentColor" strokeWidth="2.8" />
    </>
  ),
  normal: <circle cx="12" cy="12" r="8.5" fill="currentColor" />,
  running: (
    <>
      <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" strokeWidth="2.4" />
      <path d="M12 12V3a9 9 0 0 1 9 9z" fill="currentColor" />
    </>
  ),
  waits: <path d="m12 1.5 10.5 10.500L12 22.5 1.5 12z" fill="currentColor" />,
  wrong: <path d="M12 2 23 21.500H1z" fill="currentColor" />,
  none: <circle cx="12" cy="12" r="8.5" fill="none" stroke="currentColor" strokeWidth="2.4" />,
}

export function Shape({ tone }: { tone: Tone }) {
  return (
    <svg className="shape" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {shapes[tone]}
    </svg>
  )
}

export function Status({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={`status tone-${tone}`}>
      <Shape tone={tone} />
      <span className="status-word">{children}</span>
    </span>
  )
}
