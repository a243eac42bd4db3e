import type { DetailsOf } from '../events/kinds.ts'
import type { NeverShownReason } from '../events/words.ts'
import {
  type Clause,
  differenceClauses,
  endsEarly,
  holeClauses,
  neverShownClauses,
  notShownWords,
  originalPrevails,
} from './rendition-sentences.ts'

/** Whole sentences in both languages, as many in one as in the other. */
export interface RenditionNotes {
  readonly zh: string[]
  readonly en: string[]
}

/** The heading above the sentences; there is none when there are no sentences. */
export const renditionNotesHeading = { zh: '播放件说明', en: 'About the rendition' } as const

type Ready = DetailsOf<'rendition.ready'>
type Language = keyof RenditionNotes

/** What one clause is said of: all places of one track at which the same is so. */
interface Statement {
  readonly clause: Clause
  readonly track: number | null
  readonly places: readonly Place[]
  readonly statedMs: number | null
  readonly foundMs: number | null
}

interface Place {
  readonly fromMs?: number
  readonly toMs?: number
}

/** More places of one kind than this are counted instead of listed; the event has them all. */
const placesMax = 20

/**
 * What somebody who watches a rendition has to know of it, in plain sentences: what differs from the original and where,
 * what could not be decoded, and which streams it does not show and why. Empty for a rendition that differs in nothing.
 * The `detail` of a stream that is not shown is text of any origin: escape it as such.
 *
 * @param originalWasChecked whether the original's bytes were compared with the sealed digest and nothing has spoken against
 *   them since: only then is it said that the original is unchanged
 */
export function renditionNotes(ready: Ready, originalWasChecked: boolean): RenditionNotes {
  const zh = sentences(ready, 'zh')
  const en = sentences(ready, 'en')
  if (zh.length === 0 || !originalWasChecked) return { zh, en }
  return { zh: [originalPrevails.zh, ...zh], en: [originalPrevails.en, ...en] }
}

function sentences(ready: Ready, language: Language): string[] {
  const inWords = (list: readonly Statement[]) => [
    ...new Set(list.map((one) => aboutInput(worded(one, language), ready, language))),
  ]
  const length = lengthStatement(ready)
  const stated = statementsOf(ready)
  const supplied = stated.filter(isSupplied).map((one) => worded(one, language))
  // That the last packet is cut off needs no words of its own where the file is said to end early.
  const isTold = (one: Statement) => length?.clause === endsEarly && isOfDamage(one) && one.places.length === 0
  const statements = stated.filter((one) => !isSupplied(one) && !isTold(one))
  // What can be played and what is damaged belong together: one sentence.
  const damage = inWords([...(length ? [length] : []), ...statements.filter(isOfDamage)])
  const first = damage.length > 0 ? [damage.join(language === 'zh' ? '；' : '; ')] : []
  const rest = inWords(statements.filter((one) => !isOfDamage(one)))
  const all = [...supplied, ...first, ...rest, ...notShown(ready, language), ...notListed(ready, language)]
  return all.map((text) => sentence(text, language))
}

/** The event lists only so many of each kind, and says how many there are in all. */
function notListed(
  { differences = [], holes = [], differencesInAll, holesInAll }: Ready,
  language: Language,
): string[] {
  const more = Math.max(0, (differencesInAll ?? 0) - differences.length) + Math.max(0, (holesInAll ?? 0) - holes.length)
  if (more === 0) return []
  return [language === 'zh' ? `以上说明另有 ${more} 处未逐一列出` : `${more} more places of these kinds are not listed`]
}

function isSupplied({ clause }: Statement): boolean {
  return clause === differenceClauses.supplied_by_vendor_player
}

/** A rendition was compared with what it was made of: that is the original, unless a film was supplied. */
function aboutInput(text: string, { differences = [] }: Ready, language: Language): string {
  if (!differences.some(({ what }) => what === 'supplied_by_vendor_player')) return text
  return language === 'zh'
    ? text.replaceAll('原始文件', '所提交影片')
    : text.replaceAll('the original', 'the supplied film')
}

function isOfDamage({ clause }: Statement): boolean {
  return clause === differenceClauses.damaged
}

/** Said when the check found the rendition too short, or found holes in it and knows what that leaves. */
function lengthStatement({ differences = [], holes = [], statedMs, foundMs }: Ready): Statement | null {
  const short = differences.find(({ what }) => what === 'shorter_than_stated')
  const hasHoles = holes.length > 0 || differences.some(({ what }) => what === 'damaged')
  const isShort = statedMs !== undefined && foundMs !== undefined && seconds(foundMs) < seconds(statedMs)
  if (!short && !(hasHoles && isShort)) return null
  const lengths = { statedMs: short?.statedMs ?? statedMs ?? null, foundMs: short?.foundMs ?? foundMs ?? null }
  const isCut = short !== undefined && endsBeforeDamage(lengths, [...differences, ...holes])
  const clause = isCut ? endsEarly : differenceClauses.shorter_than_stated
  return { clause, track: null, places: [], ...lengths }
}

/** Whether a file holds nothing behind what can be played: no data there that is merely damaged. */
function endsBeforeDamage(
  { statedMs, foundMs }: Pick<Statement, 'statedMs' | 'foundMs'>,
  said: readonly (Place & { readonly what?: string; readonly why?: string })[],
): boolean {
  if (statedMs === null || foundMs === null) return false
  return !said.some(({ what, why, fromMs, toMs }) => {
    const isPlaced = fromMs !== undefined || toMs !== undefined
    const isDamage = what === 'damaged' || why === 'damaged'
    return isDamage && isPlaced && (toMs === undefined || seconds(toMs) > seconds(foundMs))
  })
}

/** Differences and holes of one kind, track and pair of values are one statement. */
function statementsOf({ differences = [], holes = [], tracks = [] }: Ready): Statement[] {
  const statements = new Map<string, Statement>()
  const add = (clause: Clause, one: Place & { track?: number; statedMs?: number; foundMs?: number }) => {
    const { statedMs = null, foundMs = null, fromMs, toMs } = one
    // A rendition with one track needs no numbers.
    const track = tracks.length < 2 ? null : (one.track ?? null)
    const bare = { clause, track, places: [], statedMs, foundMs }
    // What the clause would read without a place tells statements apart.
    const key = worded(bare, 'en')
    const before = statements.get(key)?.places ?? []
    const isKnown = before.some((place) => place.fromMs === fromMs && place.toMs === toMs)
    const isPlaced = fromMs !== undefined || toMs !== undefined
    statements.set(key, { ...bare, places: isPlaced && !isKnown ? [...before, { fromMs, toMs }] : before })
  }
  for (const one of differences) {
    if (one.what !== 'shorter_than_stated') add(differenceClauses[one.what], one)
  }
  for (const one of holes) add(holeClauses[one.why], one)
  const all = [...statements.values()]
  const isBareDamage = (one: Statement) => isOfDamage(one) && one.places.length === 0
  // That something of a track is damaged need not be said where it is said what is.
  const isPlaced = ({ track }: Statement) =>
    all.some(
      (one) => isOfDamage(one) && !isBareDamage(one) && (track === null || one.track === null || one.track === track),
    )
  return all.filter((one) => !isBareDamage(one) || !isPlaced(one))
}

function worded({ clause, track, places, statedMs, foundMs }: Statement, language: Language): string {
  const text = clause[language]({
    where: placesText(places, language),
    stated: statedMs === null ? null : secondsText(statedMs, language),
    found: foundMs === null ? null : secondsText(foundMs, language),
    lacking: statedMs === null || foundMs === null ? null : secondsText(Math.max(0, statedMs - foundMs), language),
  })
  if (track === null) return text
  return language === 'zh' ? `轨道 ${track}：${text}` : `track ${track}: ${text}`
}

function notShown(ready: Ready, language: Language): string[] {
  const neverShown = new Map<NeverShownReason, number>()
  const sentences: string[] = []
  for (const { stream, why, detail } of ready.notShown ?? []) {
    if (isNeverShown(why)) {
      neverShown.set(why, (neverShown.get(why) ?? 0) + 1)
      continue
    }
    const reason = notShownWords[why][language]
    const what =
      language === 'zh'
        ? `原始文件中的第 ${stream} 号流未制作播放件：${reason}`
        : `stream ${stream} of the original is not in the rendition: ${reason}`
    sentences.push(aboutInput(what, ready, language) + detailText(detail, language))
  }
  const counted = [...neverShown].map(([why, count]) => neverShownClauses[why][language](count))
  return [...sentences, ...counted.map((text) => aboutInput(text, ready, language))]
}

function isNeverShown(why: string): why is NeverShownReason {
  return Object.hasOwn(neverShownClauses, why)
}

function detailText(detail: string | undefined, language: Language): string {
  if (!detail) return ''
  return language === 'zh' ? `（${detail}）` : ` (${detail})`
}

function sentence(text: string, language: Language): string {
  return language === 'zh' ? `${text}。` : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function placesText(places: readonly Place[], language: Language): string {
  const shown = places.slice(0, placesMax).map((place) => placeText(place, language))
  const more = places.length - shown.length
  if (language === 'zh') return shown.join('、') + (more > 0 ? ` 等 ${places.length} 处` : '')
  return shown.join(', ') + (more > 0 ? ` and at ${more} more places` : '')
}

function placeText({ fromMs, toMs }: Place, language: Language): string {
  const from = fromMs === undefined ? null : clockText(fromMs)
  const to = toMs === undefined ? null : clockText(toMs)
  if (language === 'zh') return from && to ? `${from} 至 ${to}` : from ? `${from} 起` : `${to} 之前`
  return from && to ? `from ${from} to ${to}` : from ? `from ${from} on` : `before ${to}`
}

/** `00:00:04.0` */
function clockText(ms: number): string {
  const tenths = Math.round(ms / 100)
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  return `${two(tenths / 36_000)}:${two((tenths / 600) % 60)}:${two((tenths / 10) % 60)}.${tenths % 10}`
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10
}

/** `8.0 秒`; what is a minute or longer also in hours, minutes and seconds. */
function secondsText(ms: number, language: Language): string {
  const text = `${seconds(ms).toFixed(1)} ${language === 'zh' ? '秒' : 's'}`
  if (ms < 60_000) return text
  return language === 'zh' ? `${text}（${clockText(ms)}）` : `${text} (${clockText(ms)})`
}
