import type { ReportRecording } from '../facts.ts'
import type { Reading } from '../reading.ts'

/**
 * A statement of the report. It is said only where the disclosed events say so: `say` is empty everywhere else, and a test
 * has a case for each in which it stands and one in which it does not.
 */
export interface Sentence {
  readonly id: string
  say(reading: Reading): readonly string[]
}

/** @param say null or an empty list where the events do not say it */
export function sentence(id: string, say: (reading: Reading) => string | readonly string[] | null): Sentence {
  return {
    id,
    say: (reading) => {
      const said = say(reading)
      return typeof said === 'string' ? [said] : (said ?? [])
    },
  }
}

/** What these sentences say, in their order. */
export function saidBy(sentences: readonly Sentence[], reading: Reading): string[] {
  return sentences.flatMap((one) => one.say(reading))
}

/** Different texts, none of them empty, in the order in which they come first. */
export function different(values: readonly (string | null | undefined)[]): string[] {
  return [...new Set(values.filter((value): value is string => Boolean(value)))]
}

/** `录像1、录像3`; null when there is none. */
export function namesOfRecordings(reading: Reading, recordings: readonly { readonly id: string }[]): string | null {
  return recordings.length === 0 ? null : recordings.map(({ id }) => reading.numberOf(id)).join('、')
}

/** What is said of each recording, once for all of which the same is said. @param say null where nothing is */
export function saidTogether(reading: Reading, say: (recording: ReportRecording) => string | null): string[] {
  const said = [...Map.groupBy(reading.facts.recordings, say)]
  return said.flatMap(([text, recordings]) =>
    text === null ? [] : [`${namesOfRecordings(reading, recordings)}${text}`],
  )
}
