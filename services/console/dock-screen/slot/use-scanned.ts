import { useEffect, useRef } from 'react'
import { scannedText } from '../scanned.ts'

/**
 * Calls `onScanned` with what a card reader or a label scanner typed. It types into whatever field has the focus: that holds
 * again what it held before, for the number of a work card makes its holder known and may stand in no words.
 */
export function useScanned(onScanned: (text: string) => void): void {
  const latest = useRef(onScanned)
  latest.current = onScanned
  useEffect(() => {
    const scanned = scannedText()
    let takeBack = () => {}
    const take = (event: KeyboardEvent) => {
      const text = scanned.take(event.key, event.timeStamp)
      // A key arrives before its character does.
      if (scanned.hasBegun()) takeBack = fieldAsItIs()
      if (text === null) return
      // Its Enter must not press the button that was touched last.
      event.preventDefault()
      takeBack()
      latest.current(text)
    }
    addEventListener('keydown', take, { capture: true })
    return () => removeEventListener('keydown', take, { capture: true })
  }, [])
}

/** Remembers what the field with the focus holds. The answer makes it so again, as if it had been typed: React hears of it. */
function fieldAsItIs(): () => void {
  const field = document.activeElement
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return () => {}
  const { value, selectionStart, selectionEnd } = field
  const kind = field instanceof HTMLInputElement ? HTMLInputElement : HTMLTextAreaElement
  const { set } = Object.getOwnPropertyDescriptor(kind.prototype, 'value')!
  return () => {
    if (field.value === value) return
    set!.call(field, value)
    field.setSelectionRange(selectionStart, selectionEnd)
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
}
