import type { Inventory, InventoryTrack, Stretch } from '../inventory/inventory.ts'
import type { TrackPlan } from '../track-plan.ts'
import { checkPictures } from './check-pictures.ts'
import { type CheckRun, checkedSampleRate, type SourceRun, type TimedPicture } from './check-run.ts'
import { compareLengths, compareShape, holesOf, trackOf } from './compare-lengths.ts'
import { compareSound } from './compare-sound.ts'
import type { Hole, Thumbnail, TrackFindings } from './findings.ts'
import { damagedAt, madeAccount, type Place, undecoded } from './made-account.ts'
import { startMadeDecoder } from './made-decoder.ts'
import { madeSound } from './made-sound.ts'
import { readSourceSound, type SourceSound } from './source-sound.ts'
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

/** Sound that is neither damaged nor a gap of the source is not missing for a shorter time. */
const soundGapMs = 100

/**
 * Starts the check of one track. While it is made, what was made and the sound of the source are decoded; at the end the source's
 * pictures are looked at. Nothing here uses how the rendition was made: the source is read anew.
 */
export function startCheck(
  run: CheckRun & {
    readonly inventory: Inventory
    /** ffmpeg's flags before `-i`, by which the original is opened. */
    readonly inputFlags: readonly string[]
    readonly plan: TrackPlan
  },
): TrackCheck {
  const { inventory, plan } = run
  const { picture, sound, lengthMs } = plan
  const account = madeAccount()
  const pictures: TimedPicture[] = []
  const thumbnails: Thumbnail[] = []
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
  const source: SourceRun = { ...run, startSeconds: inventory.startSeconds }
  const sourceSound = startSourceSound(source, soundTrack, plan)
  // Awaited at the end; until then a failure must not end the process.
  sourceSound.catch(() => undefined)
  return {
    async piece(kind, bytes, place) {
      account.add(kind, bytes, place)
      await decoder.write(bytes)
    },
    async end() {
      const played = { picture: account.played('video'), sound: account.played('audio') }
      await decoder.end()
      const decodedMs = pictures.map(({ timeMs }) => timeMs)
      const damaged = [...account.damaged, ...undecoded(account.keyFramesMs, decodedMs, lengthMs), ...heard.damaged()]
      const pictureTrack = trackOf(inventory, picture?.stream)
      const isCopied = picture?.way === 'copy'
      const seen = pictureTrack ? await checkPictures(source, pictureTrack, { pictures, isCopied }) : []
      const shape = pictureTrack?.picture ? compareShape(pictureTrack.picture, account.aspect, lengthMs) : []
      const fromSource = await sourceSound
      const loudness =
        sound && fromSource
          ? compareSound(fromSource.envelope, heard.envelope(played.sound?.firstMs ?? 0), {
              ...{ channels: sound.channels, endMs: lengthMs },
            })
          : []
      const silences = fromSource && soundTrack ? unexplainedSilences(soundTrack, fromSource.present, lengthMs) : []
      const lengths = compareLengths(inventory, plan, { played, segmentsMs: account.lengthMs })
      const differences = [
        ...lengths.filter(({ what }) => what !== 'sound_displaced' || loudness.every((other) => other.what !== what)),
        ...damagedAt(damaged),
        ...damagedAt(silences),
        ...shape,
        ...seen,
        ...loudness,
      ]
      const lost: Hole[] = [
        ...silences.map((stretch) => ({ kind: 'sound' as const, ...stretch })),
        ...seen
          .filter(({ what }) => what === 'damaged')
          .map(({ fromMs, toMs }) => ({
            ...{ kind: 'picture' as const, fromMs: fromMs!, toMs: toMs! },
          })),
      ]
      return { differences: summarise(differences), thumbnails, holes: [...holesOf(inventory, plan), ...lost] }
    },
  }
}

async function startSourceSound(
  source: SourceRun,
  track: InventoryTrack | null,
  plan: TrackPlan,
): Promise<SourceSound | null> {
  if (!track?.sound || !plan.sound) return null
  return await readSourceSound(source, {
    ...{ stream: track.stream, channels: plan.sound.channels, channelsInStream: track.sound.channels },
    ...{ sampleRate: track.sound.sampleRate, endMs: plan.lengthMs },
  })
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
