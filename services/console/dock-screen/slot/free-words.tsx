import { useState } from 'react'
import { useWords } from '../words.ts'

/** As the agent and the bureau take them. */
const wordsMax = 400

/** Words of one's own beside what is touched: nobody needs them, and there is no keyboard on the screen for them. */
export interface FreeWords {
  readonly text: string
  setText(text: string): void
  readonly isOpen: boolean
  toggle(): void
  /** They were said, or belong to another device. */
  clear(): void
  /** Null for nothing but blanks. */
  said(): string | null
}

export function useFreeWords(): FreeWords {
  const [text, setText] = useState('')
  const [isOpen, setOpen] = useState(false)
  return {
    ...{ text, setText, isOpen },
    toggle: () => setOpen(!isOpen),
    clear() {
      setText('')
      setOpen(false)
    },
    // What is not shown is not said.
    said: () => (!isOpen || text.trim() === '' ? null : text.trim()),
  }
}

/** Opens and closes the field. */
export function FreeWordsButton({ words }: { words: FreeWords }) {
  const { act } = useWords()
  return (
    <button type="button" className="free-words-open" aria-expanded={words.isOpen} onClick={words.toggle}>
      {words.isOpen ? act.closeWords : act.addWords}
    </button>
  )
}

export function FreeWordsField({ words }: { words: FreeWords }) {
  const { act } = useWords()
  const { text, setText, isOpen } = words
  if (!isOpen) return null
  return (
    <label className="free-words">
      <span>
        {act.wordsHead}
        <small>{act.wordsLeft(wordsMax - text.length)}</small>
      </span>
      <textarea rows={2} maxLength={wordsMax} value={text} onChange={({ target }) => setText(target.value)} />
      <small>{act.addWordsSays}</small>
    </label>
  )
}
