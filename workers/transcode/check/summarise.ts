import { fairly } from '../fairly.ts'
import { type Difference, toleranceMs } from './findings.ts'

/** Stretches this close are one. */
const nearMs = 2 * toleranceMs
/** A rendition that differs in more places than this is told by the first of them. */
const differencesMax = 100
/** No more are compared with one another. */
const differencesKeptMax = 2000

/**
 * Says each difference once: stretches of one kind that overlap become one, and where something cannot be decoded, or has
 * ended, it is not said again that it sounds different. Times become whole milliseconds. Pure.
 */
export function summarise(differences: readonly Difference[]): Difference[] {
  const once: Difference[] = []
  const inOrder = differences.map(rounded).sort((a, b) => (a.fromMs ?? 0) - (b.fromMs ?? 0))
  /** Where in `once` the last difference of each kind stands: in order of time, only that one can overlap the next. */
  const last = new Map<string, number>()
  for (const difference of inOrder) {
    const kind = `${difference.what}/${difference.channel ?? ''}`
    const place = last.get(kind)
    const earlier = place === undefined ? undefined : once[place]
    if (earlier && isSameKind(earlier, difference) && overlap(earlier, difference)) {
      once[place!] = { ...earlier, toMs: Math.max(earlier.toMs!, difference.toMs!) }
    } else {
      last.set(kind, once.length)
      once.push(difference)
    }
  }
  const fewest = fairly(once, differencesKeptMax, ({ what, channel }) => `${what}/${channel ?? ''}`)
  const causes = fewest.filter(({ what, channel }) => what === 'damaged' || (what === 'sound_missing' && !channel))
  const said = fewest.filter(
    (echo) => !isLoudness(echo) || !causes.some((cause) => cause !== echo && covers(cause, echo)),
  )
  return fairly(said, differencesMax, ({ what, channel }) => `${what}/${channel ?? ''}`)
}

function rounded(difference: Difference): Difference {
  const entries = Object.entries(difference).map(([name, value]) => [
    name,
    typeof value === 'number' ? Math.round(value) : value,
  ])
  return Object.fromEntries(entries) as Difference
}

/** A difference that names two times is not joined with another one: it would no longer be true. */
function isSameKind(a: Difference, b: Difference): boolean {
  return a.what === b.what && a.channel === b.channel && a.statedMs === undefined && b.statedMs === undefined
}

function overlap(a: Difference, b: Difference): boolean {
  if (a.fromMs === undefined || a.toMs === undefined || b.fromMs === undefined || b.toMs === undefined) return false
  return b.fromMs <= a.toMs + nearMs && a.fromMs <= b.toMs + nearMs
}

function isLoudness({ what, channel }: Difference): boolean {
  return channel !== undefined && (what === 'sound_missing' || what === 'sound_differs')
}

function covers(cause: Difference, echo: Difference): boolean {
  return cause.fromMs! - nearMs <= echo.fromMs! && echo.toMs! <= cause.toMs! + nearMs
}
