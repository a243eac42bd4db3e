import { useEffect, useRef, useState } from 'react'
import { type Language, languages } from './words.ts'

/** How the screen looks: chosen by whoever stands there, kept over a restart of the kiosk. */
export interface Look {
  readonly language: Language
  readonly contrast: boolean
  /** 125 %. */
  readonly large: boolean
}

const key = 'dock-screen-look'
const idleMs = 60_000

export function useLook(begin: Partial<Look>): [Look, (look: Look) => void] {
  const [look, setLook] = useState<Look>(() => ({ ...kept(), ...chosen(begin) }))
  return [
    look,
    (next) => {
      localStorage.setItem(key, JSON.stringify(next))
      setLook(next)
    },
  ]
}

function kept(): Look {
  const prefersContrast = matchMedia('(prefers-contrast: more)').matches
  const plainLook: Look = { language: 'zh', contrast: prefersContrast, large: false }
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Look>
    return { ...plainLook, ...chosen(found) }
  } catch {
    // What another version left there is nobody's loss.
    return plainLook
  }
}

function chosen({ language, contrast, large }: Partial<Look>): Partial<Look> {
  return {
    ...(language && languages.includes(language) ? { language } : {}),
    ...(typeof contrast === 'boolean' ? { contrast } : {}),
    ...(typeof large === 'boolean' ? { large } : {}),
  }
}

/** Calls `close` when nobody touched anything for 60 s while `isOpen`. */
export function useIdleClose(isOpen: boolean, close: () => void): void {
  const latest = useRef(close)
  latest.current = close
  useEffect(() => {
    if (!isOpen) return
    let timer: ReturnType<typeof setTimeout>
    const touched = () => {
      clearTimeout(timer)
      timer = setTimeout(() => latest.current(), idleMs)
    }
    touched()
    const kinds = ['pointerdown', 'keydown'] as const
    for (const kind of kinds) addEventListener(kind, touched)
    return () => {
      clearTimeout(timer)
      for (const kind of kinds) removeEventListener(kind, touched)
    }
  }, [isOpen])
}

/** A count that grows once a second, for what shows the time. */
export function useSeconds(): number {
  const [count, setCount] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setCount((before) => before + 1), 1000)
    return () => clearInterval(timer)
  }, [])
  return count
}
