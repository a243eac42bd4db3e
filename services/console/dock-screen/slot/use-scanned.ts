import { useEffect, useRef } from 'react'
import { scannedText } from '../scanned.ts'

/** Calls `onScanned` with what a card reader or a label scanner typed. */
export function useScanned(onScanned: (text: string) => void): void {
  const latest = useRef(onScanned)
  latest.current = onScanned
  useEffect(() => {
    const scanned = scannedText()
    const take = (event: KeyboardEvent) => {
      const text = scanned.take(event.key, event.timeStamp)
      if (text === null) return
      // Its Enter must not press the button that was touched last.
      event.preventDefault()
      latest.current(text)
    }
    addEventListener('keydown', take, { capture: true })
    return () => removeEventListener('keydown', take, { capture: true })
  }, [])
}
