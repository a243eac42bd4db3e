import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { undecodable } from '../../../services/custody/events/not-playable-words.ts'
import { neverShownReasons } from '../../../services/custody/events/words.ts'
import type { NotPlayable } from '../../../services/custody/viewing/not-playable.ts'
import type { Logger } from '../../../services/foundation/log.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { takeInventory } from '../inventory/take-inventory.ts'
import { requireShortEncoding } from '../places.ts'
import { type Chosen, chooseTracks, hasSoundsToChoose, type Levels, type NotShown } from '../plan/choose.ts'
import { measureLevels } from '../plan/levels.ts'
import { trimmedMsOf, withUntrimmed } from '../plan/untrimmed.ts'
import { planWays } from '../plan/ways.ts'
import { type Damage, withoutDamage } from './decoded.ts'
import type { PublishDeps } from './publisher.ts'
import { type Attempt, type Making, makeRendition, type NotMade } from './rendition.ts'

/**
 * Makes the film or the sound of a recording: in the way that changes least, then, where what came out is not what the
 * original holds, in ways that change more. What differs in the end is said in the rendition. What turns out to be damaged
 * is planned anew once, by what could be decoded.
 */
export async function makeFilm(deps: PublishDeps & { readonly log: Logger }, making: Making): Promise<NotMade> {
  const { inventory, recording } = making
  const levels: Levels = hasSoundsToChoose(inventory) ? await measureLevels(making) : new Map()
  const chosen = chooseTracks(inventory, levels)
  const untrimmed = await untrimmedInventory(making)
  const known = { making, levels, untrimmed }
  const attempts = attemptsFor(known, chosen, [])
  let notMade = nothingToShow(chosen)
  let best: Attempt | null = null
  for (let attempt = attempts.shift(); attempt; attempt = attempts.shift()) {
    const { way } = attempt
    if (way.tracks.some(({ picture }) => picture?.way === 'encode'))
      requireShortEncoding(making.limit, inventory.foundMs)
    const made = await makeRendition(deps, making, attempt)
    if (made.outcome === 'done') return null
    const why = made.outcome === 'failed' ? (made.complaint ?? made.reason) : made.differences
    deps.log.info({ recordingId: recording.id, method: way.method, why }, 'transcode: this way is not good enough')
    await clearMade(making.directory)
    if (made.outcome === 'failed') notMade = { why: made.why, reason: made.reason }
    else if (made.damage.length > 0) {
      attempts.splice(0, attempts.length, ...replanned(known, made.damage))
      notMade = { why: 'undecodable', reason: undecodable.nothing_decodes.en }
      best = null
    } else best = attempt
    if (attempts.length > 0 || best === null) continue
    attempts.push({ ...best, isLast: true })
    best = null
  }
  return notMade
}

interface Known {
  readonly making: Making
  readonly levels: Levels
  readonly untrimmed: Inventory | null
}

function attemptsFor({ making, levels, untrimmed }: Known, chosen: Chosen, damage: readonly Damage[]): Attempt[] {
  const plannedBy = damage.length > 0 ? withoutDamage(making.inventory, damage) : making.inventory
  const ways = withUntrimmed(planWays(chosen), untrimmed ? planWays(chooseTracks(untrimmed, levels)) : [])
  return ways.map((way, at) => ({ way, chosen, plannedBy, untrimmed, damage, isLast: at === ways.length - 1 }))
}

/** What is copied whole would bring the damage along. */
function replanned(known: Known, damage: readonly Damage[]): Attempt[] {
  const { making, levels } = known
  const chosen = chooseTracks(withoutDamage(making.inventory, damage), levels)
  return attemptsFor(known, chosen, damage).filter(({ way }) => way.method !== 'remux')
}

/** What all of a film holds that the camera trimmed; null when it did not, or when that cannot be read. */
async function untrimmedInventory({ directory, inventory, signal }: Making): Promise<Inventory | null> {
  if (trimmedMsOf(inventory.tracks) === 0) return null
  const { format, skipBytes } = inventory
  const looked = await takeInventory({
    directory,
    fileName: 'source',
    format,
    skipBytes,
    ignoresEditList: true,
    signal,
  })
  return 'reason' in looked ? null : looked.inventory
}

async function clearMade(directory: string): Promise<void> {
  await rm(join(directory, 'out'), { recursive: true, force: true })
  await mkdir(join(directory, 'out'), { mode: 0o700 })
}

function nothingToShow({ notShown: all }: Chosen): NotPlayable {
  const notShown = all.filter(({ why }) => neverShownReasons.every((never) => never !== why))
  const is = (why: NotShown['why']) => notShown.length > 0 && notShown.every((one) => one.why === why)
  if (is('encrypted')) return { why: 'encrypted', reason: 'its picture and sound are encrypted' }
  if (is('beyond_limit')) return { why: 'beyond_limit', reason: 'its picture and sound are beyond a limit' }
  if (notShown.length > 0) return { why: 'undecodable', reason: undecodable.nothing_decodes.en }
  return { why: 'no_picture_or_sound', reason: 'it holds neither picture nor sound' }
}
