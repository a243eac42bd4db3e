import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { NotPlayable } from '../../../services/custody/viewing/not-playable.ts'
import type { Logger } from '../../../services/foundation/log.ts'
import { requireShortEncoding } from '../places.ts'
import { type Chosen, chooseTracks, hasSoundsToChoose, type Levels, type NotShown } from '../plan/choose.ts'
import { measureLevels } from '../plan/levels.ts'
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
  const attempts = attemptsFor(making, chosen, [])
  let notMade = nothingToShow(chosen)
  let best: Attempt | null = null
  for (let attempt = attempts.shift(); attempt; attempt = attempts.shift()) {
    const { way } = attempt
    if (way.tracks.some(({ picture }) => picture?.way === 'encode'))
      requireShortEncoding(making.limit, inventory.foundMs)
    const made = await makeRendition(deps, making, attempt)
    if (made.outcome === 'done') return null
    const why = made.outcome === 'failed' ? made.reason : made.differences
    deps.log.info({ recordingId: recording.id, method: way.method, why }, 'transcode: this way is not good enough')
    await clearMade(making.directory)
    if (made.outcome === 'failed') notMade = { why: made.why, reason: made.reason }
    else if (made.damage.length > 0) {
      attempts.splice(0, attempts.length, ...replanned(making, levels, made.damage))
      notMade = { why: 'undecodable', reason: 'nothing in it can be decoded' }
      best = null
    } else best = attempt
    if (attempts.length > 0 || best === null) continue
    attempts.push({ ...best, isLast: true })
    best = null
  }
  return notMade
}

function attemptsFor(making: Making, chosen: Chosen, damage: readonly Damage[]): Attempt[] {
  const plannedBy = damage.length > 0 ? withoutDamage(making.inventory, damage) : making.inventory
  const ways = planWays(chosen)
  return ways.map((way, at) => ({ way, chosen, plannedBy, damage, isLast: at === ways.length - 1 }))
}

/** What is copied whole would bring the damage along. */
function replanned(making: Making, levels: Levels, damage: readonly Damage[]): Attempt[] {
  const known = withoutDamage(making.inventory, damage)
  return attemptsFor(making, chooseTracks(known, levels), damage).filter(({ way }) => way.method !== 'remux')
}

async function clearMade(directory: string): Promise<void> {
  await rm(join(directory, 'out'), { recursive: true, force: true })
  await mkdir(join(directory, 'out'), { mode: 0o700 })
}

function nothingToShow({ notShown }: Chosen): NotPlayable {
  const is = (why: NotShown['why']) => notShown.length > 0 && notShown.every((one) => one.why === why)
  if (is('encrypted')) return { why: 'encrypted', reason: 'its picture and sound are encrypted' }
  if (is('beyond_limit')) return { why: 'beyond_limit', reason: 'its picture and sound are beyond a limit' }
  if (notShown.length > 0) return { why: 'undecodable', reason: 'nothing in it can be decoded' }
  return { why: 'no_picture_or_sound', reason: 'it holds neither picture nor sound' }
}
