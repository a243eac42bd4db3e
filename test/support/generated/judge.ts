import type { DetailsOf } from '../../../services/custody/events/kinds.ts'
import type { Account, PictureAccount } from './account.ts'
import type { Span } from './clip.ts'

/** One thing that is not as it was recorded. */
export interface Wrong extends Span {
  readonly kind: 'picture' | 'sound' | 'length'
  readonly text: string
  /** The stream of the file in which it was found. */
  readonly stream?: number
}

export type Said = Pick<DetailsOf<'rendition.ready'>, 'differences' | 'holes' | 'notShown' | 'tracks'>

/** Times this close are the same, and what measuring a tone's edge is off by. */
const toleranceMs = 40
const measuredMs = 12
/** Shorter than a picture, so that one which is taken for a hole shows. */
const holeSlackMs = 30
const everyMs = 50
/** A few packets that cannot be decoded are silence here and an accident there. */
const lostMs = 160

/** What differs between the recording and what is watched. Pure. */
export function differencesOf(recorded: Account, watched: Account, isDamaged: boolean): Wrong[] {
  const slackMs = isDamaged ? lostMs : toleranceMs + measuredMs
  const wrong: Wrong[] = []
  for (const [hertz, channels] of recorded.tones) {
    const heard = watched.tones.get(hertz) ?? []
    const stream = recorded.streamOfTone?.get(hertz)
    for (const spans of channels) {
      wrong.push(...compareTone(hertz, spans, heard, slackMs).map((one) => ({ ...one, stream })))
    }
  }
  for (const picture of recorded.pictures) {
    const group = groupOf(picture)
    if (group === null) continue
    const shown = watched.pictures.find((other) => groupOf(other) === group)
    const missing = { kind: 'picture' as const, ...reachOf(picture), text: `picture track ${group} is not shown` }
    const found = shown ? comparePictures(picture, shown) : [missing]
    wrong.push(...found.map((one) => ({ ...one, stream: picture.stream })))
  }
  return wrong
}

/** What nobody said of what is wrong. Pure. */
export function unsaid(wrong: readonly Wrong[], said: Said): Wrong[] {
  return wrong.filter(({ kind, fromMs, toMs, stream }) => {
    const isNear = (span: { fromMs?: number; toMs?: number }): boolean =>
      (span.fromMs ?? Number.NEGATIVE_INFINITY) <= toMs + 500 && (span.toMs ?? Number.POSITIVE_INFINITY) >= fromMs - 500
    const explains = ({ what, track }: { what: string; track?: number }): boolean => {
      if (what.startsWith('sound_')) return kind === 'sound'
      if (/^(picture_|begins_|size_|not_upright)/.test(what)) return kind === 'picture'
      return what !== 'damaged' || isOfTrack(said, track, stream)
    }
    if (isNotShown(said, stream)) return false
    if ((said.differences ?? []).some((one) => explains(one) && isNear(one))) return false
    return !(kind !== 'sound' && (said.holes ?? []).some((one) => isOfTrack(said, one.track, stream) && isNear(one)))
  })
}

/** Of which streams nobody said that they are damaged, although the decoder had to make up pictures of theirs. Pure. */
export function undeclaredDamage({ pictures }: Account, said: Said): string[] {
  return pictures
    .filter(({ stream, isConcealed }) => isConcealed && !isNotShown(said, stream))
    .filter(({ stream }) => {
      const isDamaged = (one: { track?: number; what?: string; why?: string }) =>
        (one.what ?? one.why) === 'damaged' && isOfTrack(said, one.track, stream)
      return ![...(said.differences ?? []), ...(said.holes ?? [])].some(isDamaged)
    })
    .map(({ stream }) => `picture: stream ${stream} has damaged pictures, and nothing says so`)
}

function isNotShown({ notShown = [] }: Said, stream: number | undefined): boolean {
  return notShown.some((one) => one.stream === stream)
}

/** Whether what is said of a track is said of a stream; of all where either is not known. */
function isOfTrack({ tracks = [] }: Said, track: number | undefined, stream: number | undefined): boolean {
  if (track === undefined || stream === undefined) return true
  return tracks.find((one) => one.track === track)?.streams.includes(stream) ?? true
}

/** The tone must sound so in one of the channels in which it is heard. */
function compareTone(
  hertz: number,
  spans: readonly Span[],
  heard: readonly (readonly Span[])[],
  slackMs: number,
): Wrong[] {
  const attempts = heard
    .filter((channel) => channel.length > 0)
    .map((channel) => compareSpans(hertz, spans, channel, slackMs))
  const best = attempts.sort((one, other) => one.length - other.length)[0]
  return best ?? compareSpans(hertz, spans, [], slackMs)
}

function compareSpans(hertz: number, recorded: readonly Span[], heard: readonly Span[], slackMs: number): Wrong[] {
  const missing = (of: readonly Span[], among: readonly Span[], text: string): Wrong[] =>
    of
      .filter((span) => longestLeft(span, among) > slackMs)
      .map((span) => ({
        kind: 'sound',
        ...span,
        text: `${hertz} Hz ${textOf(span)} ${text}; there: ${among.map(textOf).join(' ')}`,
      }))
  return [...missing(recorded, heard, 'is not heard'), ...missing(heard, recorded, 'is heard and was not recorded')]
}

/** The longest stretch of `span` that nothing of `among` covers. */
function longestLeft(span: Span, among: readonly Span[]): number {
  let [left, fromMs] = [0, span.fromMs]
  for (const covered of [...among, { fromMs: span.toMs, toMs: span.toMs }]) {
    left = Math.max(left, Math.min(covered.fromMs, span.toMs) - fromMs)
    fromMs = Math.max(fromMs, covered.toMs)
  }
  return left
}

const textOf = ({ fromMs, toMs }: Span): string => `${Math.round(fromMs)}-${Math.round(toMs)}`

function groupOf({ shown }: PictureAccount): number | null {
  const number = shown.find((picture) => picture.number !== null)?.number
  return number === undefined || number === null ? null : number >> 7
}

function reachOf({ shown, endMs }: PictureAccount): Span {
  return { fromMs: shown[0]!.atMs, toMs: endMs }
}

function comparePictures(recorded: PictureAccount, shown: PictureAccount): Wrong[] {
  const reach = reachOf(recorded)
  const wrong: Wrong[] = []
  if (Math.abs(shown.aspect / recorded.aspect - 1) > 0.03) {
    wrong.push({ kind: 'picture', ...reach, text: `shape ${shown.aspect} instead of ${recorded.aspect}` })
  }
  const slackMs = Math.max(toleranceMs, Math.min(recorded.frameMs, 100)) + 1
  for (let atMs = Math.max(0, reach.fromMs) + slackMs; atMs < reach.toMs; atMs += everyMs) {
    const seen = pictureAt(shown, atMs)
    const possible = recorded.shown.filter(
      (picture, at) =>
        picture.atMs <= atMs + slackMs && (recorded.shown[at + 1]?.atMs ?? Number.POSITIVE_INFINITY) >= atMs - slackMs,
    )
    if (possible.length === 0 || possible.some(({ number }) => number === null)) continue
    if (possible.some(({ number, corners }) => number === seen?.number && corners === seen.corners)) continue
    const wanted = possible.map(({ number, corners }) => `${number} ${corners}`).join(' or ')
    const found = seen === null ? 'nothing' : `${seen.number} ${seen.corners}`
    wrong.push({
      kind: 'picture',
      fromMs: atMs,
      toMs: atMs,
      text: `at ${Math.round(atMs)} ms ${found} instead of ${wanted}`,
    })
  }
  return wrong
}

function pictureAt({ shown }: PictureAccount, atMs: number) {
  return shown.findLast((picture) => picture.atMs <= atMs) ?? null
}

/** What is said of an undamaged recording although it is not so: only where it has no picture there is a hole. Pure. */
export function wronglySaid(recorded: Account, lengthMs: number, said: Said): string[] {
  const holes = (said.holes ?? []).filter(
    ({ fromMs, toMs }) => !recorded.pictures.some((picture) => lacks(picture, lengthMs, { fromMs, toMs })),
  )
  return [...(said.differences ?? []), ...holes, ...(said.notShown ?? [])].map(
    (one) => `said without cause: ${JSON.stringify(one)}`,
  )
}

function lacks({ shown, endMs, frameMs }: PictureAccount, lengthMs: number, hole: Span): boolean {
  const steps = [
    0,
    ...shown.flatMap(({ atMs }) => [atMs, atMs + frameMs]).slice(0, -1),
    endMs,
    Math.max(lengthMs, endMs),
  ]
  for (let at = 0; at < steps.length; at += 2) {
    if (hole.fromMs >= steps[at]! - holeSlackMs && hole.toMs <= steps[at + 1]! + holeSlackMs) return true
  }
  return false
}
