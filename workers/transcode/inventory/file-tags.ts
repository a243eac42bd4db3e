import type { Description } from './described.ts'

const tagsMax = 200
const valueCharsMax = 1000
const clock = /(^|[^a-z])(creation_?(time|date)|.*date.*|time|timecode|year|icrd|idit|tdrc|tyer)$/i
const noClock = /update|candidate|validat/i

type Tags = Readonly<Record<string, string>>

/** Tags of a file or a track, at most 200 of 1,000 characters each; `leftOut` says in words what was cut. Pure. */
export function boundedTags(tags: Tags | undefined, of: string): { tags: Tags; leftOut: string[] } {
  const entries = Object.entries(tags ?? {})
  const leftOut: string[] = []
  if (entries.length > tagsMax) leftOut.push(`${entries.length - tagsMax} tags of ${of}: only ${tagsMax} are kept`)
  const kept = entries.slice(0, tagsMax).map(([name, value]) => {
    if (value.length > valueCharsMax || name.length > valueCharsMax) {
      leftOut.push(`a tag of ${of} is longer than ${valueCharsMax} characters: only its beginning is kept`)
    }
    return [cut(name), cut(value)]
  })
  return { tags: Object.fromEntries(kept), leftOut }
}

/**
 * The file's own clocks, as it says them: its tags that name a date or a time of day, then those of its tracks that differ
 * (`creation_time of track 1`). Pure.
 */
export function clocksOf(description: Description, still: Tags): Record<string, string> {
  const clocks = new Map<string, string>()
  for (const tags of [description.format.tags ?? {}, still]) {
    for (const [name, value] of Object.entries(tags)) if (isClock(name)) clocks.set(cut(name), cut(value))
  }
  for (const stream of description.streams) {
    for (const [name, value] of Object.entries(stream.tags ?? {})) {
      if (isClock(name) && ![...clocks.values()].includes(cut(value))) {
        clocks.set(`${cut(name)} of track ${stream.index}`, cut(value))
      }
    }
  }
  return Object.fromEntries([...clocks].slice(0, tagsMax))
}

function isClock(name: string): boolean {
  return clock.test(name) && !noClock.test(name)
}

function cut(text: string): string {
  return text.slice(0, valueCharsMax).toWellFormed()
}
