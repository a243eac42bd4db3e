import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

/** Below this width the page scrolls: it is a telephone, and counts no rows. */
const phonePixels = 700

/**
 * How many rows fit into a place, counted anew whenever its size changes.
 *
 * @param fit called with the place
 * @param ofPhone rows on a telephone
 * @param isFilled whether there is anything in it to measure yet
 */
export function useRowsThatFit<Place extends HTMLElement>(
  fit: (place: Place) => number,
  ofPhone: number,
  isFilled = true,
): readonly [RefObject<Place | null>, number] {
  const place = useRef<Place>(null)
  const latest = useRef(fit)
  latest.current = fit
  const [rows, setRows] = useState(3)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is filled now can be measured now
  useLayoutEffect(() => {
    const measure = () => {
      if (place.current) setRows(innerWidth <= phonePixels ? ofPhone : latest.current(place.current))
    }
    measure()
    const observer = new ResizeObserver(measure)
    if (place.current) observer.observe(place.current)
    return () => observer.disconnect()
  }, [ofPhone, isFilled])
  return [place, rows] as const
}
