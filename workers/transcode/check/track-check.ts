import type { Inventory, InventoryTrack, Stretch } from '../inventory/inventory.ts'
import type { TrackPlan } from '../track-plan.ts'
import { checkPictures } from './check-pictures.ts'
import { type CheckRun, checkedSampleRate, type SourceRun, type TimedPicture } from './check-run.ts'
import { compareLengths, compareShape, holesOf, trackOf } from './compare-lengths.ts'
import { compareSound } from './compare-sound.ts'
import type { CheckedDifference, Difference, Hole, Thumbnail, TrackFindings } from './findings.ts'
import { madeAccount, type Place, picturesAt, undecoded } from './made-account.ts'
import { startMadeDecoder } from './made-decoder.ts'
import { madeSound } from './made-sound.ts'
import { picturesToDecode } from './part-to-decode.ts'
import { startSourceSound } from './source-sound.ts'
import { summarise } from './summarise.ts'

/** Checks one track of a rendition while it is made. */
export interface TrackCheck {
  /** Takes the next piece, exactly as it is stored. Resolves when the check has room for another. */
  piece(kind: 'init' | 'segment', bytes: Buffer, place: Place): Promise<void>
  /**
   * Compares what was made with its source.
   *
   * @throws bad_request when the check was not done in its time; the signal's reason when aborted
   */
  end(): Promise<TrackFindings>
}

type CheckOfTrack = CheckRun & {
  readonly inventory: Inventory
  /** ffmpeg's flags before `-i`, by which the original is opened. */
  readonly inputFlags: readonly string[]
  readonly plan: TrackPlan
}

/** Sound that is neither damaged nor a gap of the source is not missing for a shorter time. */
const soundGapMs = 100

/** What is found by comparing with the original's own time stamps. */
const comparedByClock = new Set<CheckedDifference>(['sound_differs', 'sound_displaced', 'picture_differs', 'damaged'])

/**
 * Starts the check of one track. While it is made, the structure of all of it is checked, and its sound and key frames (of
 * films longer than ten minutes: the first of each segment; of short copied ones: all pictures) are decoded, as is the sound of the source unless its packets
 * were copied; at the end the source's pictures are looked at. The source is read anew for all this.
 * Where the source's clock steps back, which is said, its time stamps appear twice or out of order: then only what was made
 * is judged, and what is missing in it.
 */
export function startCheck(run: CheckOfTrack): TrackCheck {
  const { inventory, plan } = run
  const { picture, sound, lengthMs } = plan
  const pictures: TimedPicture[] = []
  const thumbnails: Thumbnail[] = []
  const pictureTrack = trackOf(inventory, picture?.stream)
  const account = madeAccount(picturesToDecode(plan, pictureTrack?.packets ?? 0))
  const soundTrack = trackOf(inventory, sound?.stream)
  const sampleRate = soundTrack?.sound ? checkedSampleRate(soundTrack.sound.sampleRate) : null
  const heard = madeSound(account, { channels: sound?.channels.length ?? 1, sampleRate: sampleRate ?? 1, lengthMs })
  const decoder = startMadeDecoder(
    { ...run, hasPicture: picture !== null, lengthMs, sampleRate },
    {
      onPicture: (found) => pictures.push(found),
      onThumbnail: (found) => thumbnails.push(found),
      onSound: (timeMs, bytes) => heard.add(timeMs, bytes),
    },
  )
  const jumps = [picture, sound].some((one) => (trackOf(inventory, one?.stream)?.jumpsBack ?? 0) > 0)
  const comparable = (found: readonly Difference[]) =>
    jumps ? found.filter(({ what }) => !comparedByClock.has(what)) : [...found]
  const source: SourceRun = { ...run, format: inventory.format, startSeconds: inventory.startSeconds }
  const sourceSound = startSourceSound(source, inventory, plan)
  return {
    async piece(kind, bytes, place) {
      const part = account.add(kind, bytes, place)
      if (part) await decoder.write(part)
    },
    async end() {
      await decoder.end()
      const decodedMs = pictures.map(({ timeMs }) => timeMs)
      const firstKeyMs = account.keyFramesMs[0] ?? 0
      // A decoder may keep back pictures of a whole film, as those before the first key frame; then it complains of nothing.
      const expectedMs = decoder.hasFailed ? account.picturesMs.filter((timeMs) => timeMs >= firstKeyMs) : []
      const damaged = [
        ...account.damaged,
        ...undecoded(account.keyFramesMs, decodedMs, lengthMs),
        ...undecoded(expectedMs, decodedMs, lengthMs),
        ...heard.damaged(),
      ]
      const keyFrames = picturesAt(account.keyFramesMs, pictures)
      const shape = picture && pictureTrack?.picture ? compareShape(pictureTrack.picture, account.aspect, lengthMs) : []
      const seen = comparable(await comparePictureTrack(source, run, keyFrames))
      const inSource = await sourceSound.heardUnlessSame(account.packets)
      const played = { picture: account.played('video'), sound: account.played('audio') }
      const loudness =
        sound && inSource
          ? compareSound(inSource.envelope, heard.envelope(played.sound?.firstMs ?? 0), {
              ...{ channels: sound.channels, endMs: lengthMs },
            })
          : []
      const isSoundKnown = inSource && soundTrack && !jumps
      const silences = isSoundKnown ? unexplainedSilences(soundTrack, inSource.present, lengthMs) : []
      const lengths = compareLengths(inventory, plan, { played, segmentsMs: account.lengthMs })
      const differences = [
        ...lengths.filter(({ what }) => what !== 'sound_displaced' || loudness.every((other) => other.what !== what)),
        ...[...damaged, ...silences].map(damagedAt),
        ...shape,
        ...seen,
        ...comparable(loudness),
      ]
      const lost: Hole[] = [
        ...silences.map((stretch) => ({ kind: 'sound' as const, ...stretch })),
        ...seen
          .filter(({ what }) => what === 'damaged')
          .map(({ fromMs, toMs }) => ({ kind: 'picture' as const, fromMs: fromMs!, toMs: toMs! })),
      ]
      return { differences: summarise(differences), thumbnails, holes: [...holesOf(inventory, plan), ...lost] }
    },
  }
}

async function comparePictureTrack(
  source: SourceRun,
  { inventory, plan }: CheckOfTrack,
  pictures: readonly TimedPicture[],
): Promise<Difference[]> {
  const track = trackOf(inventory, plan.picture?.stream)
  if (!track?.picture) return []
  const isCopied = plan.picture?.way === 'copy'
  const fittedInto = plan.picture?.changesSize ? plan.picture : null
  return checkPictures(source, track, { pictures, isCopied, fittedInto })
}

function damagedAt({ fromMs, toMs }: Stretch): Difference {
  return { what: 'damaged', fromMs: Math.round(fromMs), toMs: Math.round(toMs) }
}

/** Where the file has packets of sound, but nothing can be decoded of them. */
function unexplainedSilences(track: InventoryTrack, present: readonly Stretch[], lengthMs: number): Stretch[] {
  if (track.firstMs === null || track.endMs === null) return []
  const known = [...present, ...track.gaps].sort((a, b) => a.fromMs - b.fromMs)
  const endMs = Math.min(track.endMs, lengthMs)
  const found: Stretch[] = []
  let toMs = track.firstMs
  for (const next of [...known, { fromMs: endMs, toMs: endMs }]) {
    if (next.fromMs - toMs > soundGapMs) found.push({ fromMs: Math.round(toMs), toMs: Math.round(next.fromMs) })
    toMs = Math.max(toMs, next.toMs)
  }
  return found
}
