import { join } from 'node:path'
import { Fault } from '../../../services/foundation/errors.ts'
import type { Inventory, InventoryTrack, Stretch } from '../inventory/inventory.ts'
import { unlistedStandMsOf, usualStepMsOf } from '../inventory/step-tally.ts'
import { readOutLines } from '../out-file.ts'
import { pictureLogName, soundLogName } from '../plan/commands.ts'
import { decodableFromMs } from '../plan/ways.ts'
import type { TrackPlan } from '../track-plan.ts'

/** Where pictures or sound of a stream could be decoded, by stream number. */
export type Decoded = ReadonlyMap<number, readonly Stretch[]>

/** Pictures are listed five times a second, sound ten times: what is missing for longer was not decoded. */
const pauseMsMin = 500
/** Times in a list and in an inventory are rounded. */
const roundingMs = 2
/** Two days of film have no more of them, as far as they must be apart to be told from one another. */
const stretchesMax = 400_000

/**
 * Reads from ffmpeg's lists when pictures and sound were decoded, for the tracks that were made anew; a stream that was
 * copied is not in the result.
 *
 * @throws bad_request when the sandbox left something else in place of a list
 */
export async function readDecoded(
  directory: string,
  inventory: Inventory,
  plans: readonly TrackPlan[],
): Promise<Decoded> {
  const decoded = new Map<number, readonly Stretch[]>()
  for (const { track, picture, sound, ignoresEditList } of plans) {
    // What is hidden lies on another clock; the track's own check says what of it is damaged.
    if (ignoresEditList) continue
    for (const [plan, name] of [
      [picture, pictureLogName(track)],
      [sound, soundLogName(track)],
    ] as const) {
      if (plan?.way !== 'encode') continue
      const source = inventory.tracks.find(({ stream }) => stream === plan.stream)
      if (!source) continue
      const list = stretchList(pauseOf(source))
      if (await readOutLines(join(directory, 'out', name), list.add)) decoded.set(plan.stream, list.result())
    }
  }
  return decoded
}

/** A time-lapse has its pictures far apart; of events with pauses between them, that is said of each pause. */
function pauseOf(track: InventoryTrack): number {
  const unlistedMs = unlistedStandMsOf(track)
  return Math.max(pauseMsMin, 2.5 * usualStepMsOf(track), unlistedMs > 0 ? unlistedMs + pauseMsMin : 0)
}

/** Takes a framecrc list line by line and keeps the stretches that it covers; pauses of up to `pauseMs` count as covered. */
export function stretchList(pauseMs: number): { add: (line: string) => void; result: () => Stretch[] } {
  const stretches: { fromMs: number; toMs: number }[] = []
  let ticksPerMs = 1
  return {
    add(line) {
      const base = /^#tb 0: (\d{1,9})\/(\d{1,9})$/.exec(line)
      if (base) ticksPerMs = Number(base[2]) / Number(base[1]) / 1000
      const packet = /^0, +-?\d+, +(-?\d+), +(\d+), /.exec(line)
      if (!packet || !(ticksPerMs > 0)) return
      const fromMs = Number(packet[1]) / ticksPerMs
      const toMs = fromMs + Number(packet[2]) / ticksPerMs
      const last = stretches.at(-1)
      if (last && fromMs - last.toMs <= pauseMs) last.toMs = Math.max(last.toMs, toMs)
      else if (stretches.length < stretchesMax) stretches.push({ fromMs, toMs })
      else throw new Fault('bad_request', 'the list of what was decoded is longer than any film')
    },
    result: () => stretches.map(({ fromMs, toMs }) => ({ fromMs: Math.round(fromMs), toMs: Math.round(toMs) })),
  }
}

/** Where a stream has packets and nothing could be decoded. */
export interface Damage extends Stretch {
  readonly stream: number
}

/** Compares what was decoded with the packets that the inventory found. Pure. */
export function damageOf(inventory: Inventory, decoded: Decoded): Damage[] {
  return inventory.tracks.flatMap((track) => {
    const stretches = decoded.get(track.stream)
    if (!stretches || track.firstMs === null || track.endMs === null) return []
    const pauseMs = pauseOf(track)
    // Pictures before the first key frame cannot be decoded in a whole file either.
    const fromMs = decodableFromMs({ ...track, firstMs: track.firstMs })
    const own = withoutGaps({ ...track, firstMs: fromMs }, pauseMs)
    const covered = withStands(stretches, track.stands, pauseMs)
    // All of these lists are in order: what lies before one stretch lies before the next as well.
    let passed = 0
    return own
      .flatMap((stretch) => {
        while (passed < covered.length && covered[passed]!.toMs <= stretch.fromMs) passed++
        return remainder(stretch, { covered, passed }, pauseMs)
      })
      .filter((hole) => hole.toMs - hole.fromMs - gapMsIn(hole, track.gaps) > pauseMs)
      .map((hole) => ({ stream: track.stream, ...hole }))
  })
}

/** A picture that stands long covers all of that, when it was decoded: not every picture is in the list. */
function withStands(stretches: readonly Stretch[], stands: readonly Stretch[], pauseMs: number): Stretch[] {
  const isDecoded = (atMs: number) =>
    stretches.some(({ fromMs, toMs }) => fromMs <= atMs + roundingMs && atMs <= toMs + pauseMs)
  return [...stretches, ...stands.filter(({ fromMs }) => isDecoded(fromMs))].sort((a, b) => a.fromMs - b.fromMs)
}

/** Short gaps beside a picture that is not in the list are no damage either. `gaps` are in order and apart. */
function gapMsIn(hole: Stretch, gaps: readonly Stretch[]): number {
  let [first, behind] = [0, gaps.length]
  while (first < behind) {
    const middle = (first + behind) >> 1
    if (gaps[middle]!.toMs <= hole.fromMs) first = middle + 1
    else behind = middle
  }
  let sum = 0
  for (let at = first; at < gaps.length && gaps[at]!.fromMs < hole.toMs; at++) {
    const { fromMs, toMs } = gaps[at]!
    sum += Math.max(0, Math.min(toMs, hole.toMs) - Math.max(fromMs, hole.fromMs))
  }
  return sum
}

function withoutGaps({ firstMs, endMs, gaps }: InventoryTrack, pauseMs: number): Stretch[] {
  const own: Stretch[] = []
  let fromMs = firstMs ?? 0
  for (const gap of gaps) {
    if (gap.toMs - gap.fromMs <= pauseMs) continue
    if (gap.fromMs > fromMs) own.push({ fromMs, toMs: gap.fromMs })
    fromMs = Math.max(fromMs, gap.toMs)
  }
  if (endMs !== null && endMs > fromMs) own.push({ fromMs, toMs: endMs })
  return own
}

/** What of `stretch` none of `covered` covers, when it is longer than a pause; the first `passed` of them end before it. */
function remainder(
  stretch: Stretch,
  { covered, passed }: { readonly covered: readonly Stretch[]; readonly passed: number },
  pauseMs: number,
): Stretch[] {
  const holes: Stretch[] = []
  let fromMs = stretch.fromMs
  const close = (toMs: number) => {
    if (toMs - fromMs > pauseMs) holes.push({ fromMs, toMs })
  }
  for (let at = passed; at < covered.length; at++) {
    const one = covered[at]!
    if (one.toMs <= fromMs) continue
    if (one.fromMs >= stretch.toMs) break
    close(one.fromMs)
    fromMs = Math.max(fromMs, one.toMs)
  }
  if (fromMs < stretch.toMs) close(stretch.toMs)
  return holes
}

/**
 * The inventory as if the damage were not in the file: tracks end where the last of them can be decoded, and holes inside are
 * gaps. Nothing that decodes is lost. Pure.
 */
export function withoutDamage(inventory: Inventory, damage: readonly Damage[]): Inventory {
  const tracks = inventory.tracks.map((track) => {
    const own = damage.filter(({ stream }) => stream === track.stream)
    if (own.length === 0 || track.firstMs === null || track.endMs === null) return track
    const first = own.find(({ fromMs }) => fromMs <= track.firstMs!)
    const last = own.find(({ toMs }) => toMs >= track.endMs!)
    const firstMs = first ? first.toMs : track.firstMs
    const endMs = last ? last.fromMs : track.endMs
    const inner = own.filter((hole) => hole !== first && hole !== last).map(({ fromMs, toMs }) => ({ fromMs, toMs }))
    const gaps = [...track.gaps, ...inner].filter(({ toMs }) => toMs <= endMs).sort((a, b) => a.fromMs - b.fromMs)
    return endMs > firstMs ? { ...track, firstMs, endMs, gaps } : { ...track, packets: 0, firstMs: null, endMs: null }
  })
  return { ...inventory, tracks }
}
