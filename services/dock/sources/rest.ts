import type { FoundFile } from './walk.ts'

/** Tells files that stand still from those that somebody still writes, by looking at them again and again. */
export interface RestWatch {
  /** Takes what a look has found, and gives the keys (`restKey`) of what has not changed for `restMs`. */
  look(files: readonly FoundFile[], nowMs: number): ReadonlySet<string>
  /** Begins again for a file that turned out to be in use. */
  disturb(file: FoundFile, nowMs: number): void
}

export function restKey({ path }: FoundFile): string {
  return path.toString('latin1')
}

interface Sight {
  readonly bytes: number
  readonly modifiedMs: number
  readonly sinceMs: number
}

/**
 * What counts is how long this watch has seen a file unchanged, by its own clock: a time that another machine wrote into the
 * file says nothing about now.
 */
export function makeRestWatch(restMs: number): RestWatch {
  let sights = new Map<string, Sight>()
  return {
    look(files, nowMs) {
      const next = new Map<string, Sight>()
      const atRest = new Set<string>()
      for (const file of files) {
        const key = restKey(file)
        const before = sights.get(key)
        const isSame = before?.bytes === file.bytes && before.modifiedMs === file.modifiedMs
        // A clock that was set back begins the wait anew, never ends it early.
        const sinceMs = isSame && before.sinceMs <= nowMs ? before.sinceMs : nowMs
        next.set(key, { bytes: file.bytes, modifiedMs: file.modifiedMs, sinceMs })
        if (nowMs - sinceMs >= restMs) atRest.add(key)
      }
      sights = next
      return atRest
    },
    disturb(file, nowMs) {
      sights.set(restKey(file), { bytes: file.bytes, modifiedMs: file.modifiedMs, sinceMs: nowMs })
    },
  }
}
