import { editListFlags, inputFlags } from '../input-flags.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { PicturePlan, SoundPlan, TrackPlan } from '../track-plan.ts'

/** One run of ffmpeg: its arguments before the input, after it, and those of a second input where there is one. */
export interface Command {
  /** A run of ffmpeg before it, whose output on a pipe it reads in place of the original; null when it reads that itself. */
  readonly decoding: Decoding | null
  readonly inputFlags: readonly string[]
  /** A sound that was made before, in the run directory's `in/`, and where it starts on the original's own clock. */
  readonly soundFile: { readonly name: string; readonly startSeconds: number } | null
  readonly outputFlags: readonly string[]
  /** A second output: when pictures or sound were decoded, as ffmpeg's framecrc lists them. */
  readonly log: { readonly fileName: string; readonly flags: readonly string[] } | null
}

/**
 * Decodes a sound as it is, with its own time stamps. Where its sampling rate or its channels change midway, ffmpeg sets all
 * filters up anew: what counts samples or fills pauses would begin again, so it comes after this.
 */
export interface Decoding {
  readonly inputFlags: readonly string[]
  readonly outputFlags: readonly string[]
}

/** What is made of a track: its sound first, when that is made anew, then the film with it. */
export interface TrackCommands {
  readonly sound: Command | null
  readonly film: Command
}

/**
 * Time stamps of what ffmpeg writes lie this much after the recording's clock, so that none is negative: the packets before
 * a sound's first sample, and pictures that are decoded before they are shown, have times before 0.
 */
export const clockOffsetMs = 600_000
/** What is made of sound has this rate: the samples that decoding adds at the start are 21 ms then (128 ms at 8 kHz). */
const madeSampleRate = 48_000
/** Time stamps of decoded sound lie this much after the recording's clock, for the same reason as those of what is made. */
const decodedOffsetSeconds = 10
const decodedFormat = 'nut'
const keyFrameEverySeconds = 4
/** A fragment ends before each key picture, and after this at the latest. */
const fragmentMicroseconds = 4_000_000

/** The name, in the run directory's `in/`, of the sound made for a track. */
export const soundFileName = (track: number): string => `sound-${track}.mp4`

/** The names, in the run directory's `out/`, of the lists of what was decoded for a track. */
export const pictureLogName = (track: number): string => `pictures-${track}.txt`
export const soundLogName = (track: number): string => `sound-${track}.txt`

/** How ffmpeg is called to make one track. Pure. */
export function commandsOf(inventory: Inventory, plan: TrackPlan): TrackCommands {
  const { picture, sound } = plan
  const clock = clockOf(inventory, plan)
  const inputs = [...clock.flags, ...openFlags(inventory, plan)]
  const made = sound?.way === 'encode' ? makeSound({ inputs, startSeconds: clock.startSeconds }, sound, plan) : null
  if (made && !picture) {
    return { sound: null, film: { ...made, outputFlags: [...made.outputFlags, ...streamFlags(plan, 0)] } }
  }
  // What is decoded is moved to the recording's clock by its filter, what is copied by the output.
  const rawSeconds = picture?.way === 'encode' ? 0 : clock.startSeconds
  const filter = picture?.way === 'encode' ? ['-filter_complex', pictureFilter(picture, clock.startSeconds)] : []
  const isAdts = sound?.way === 'copy' && hasAdtsHeaders(inventory.format)
  const film: Command = {
    decoding: null,
    inputFlags: [...(picture?.changesSize ? ['-reinit_filter', '0'] : []), ...inputs],
    soundFile: made ? { name: soundFileName(plan.track), startSeconds: rawSeconds } : null,
    outputFlags: [
      ...filter,
      ...(picture ? ['-map', picture.way === 'copy' ? `0:${picture.stream}` : '[picture]'] : []),
      ...(sound ? ['-map', made ? '1:0' : `0:${sound.stream}`] : []),
      ...(picture ? pictureFlags(picture) : []),
      ...(sound ? ['-c:a', 'copy'] : []),
      ...streamFlags(plan, rawSeconds),
      // Its description is known from the first packet only, so the header waits for one of each track.
      ...(isAdts ? ['-bsf:a', 'aac_adtstoasc', '-movflags', '+delay_moov'] : []),
    ],
    log: picture?.way === 'encode' ? { fileName: pictureLogName(plan.track), flags: pictureLogFlags } : null,
  }
  return { sound: made && { ...made, outputFlags: [...made.outputFlags, ...soundFileFlags] }, film }
}

/** The command lines of a whole rendition as the ledger keeps them: the original and made sounds by their names. Pure. */
export function flagsOf(commands: readonly TrackCommands[]): string[] {
  const line = (name: string, { decoding, inputFlags, soundFile, outputFlags, log }: Command) => [
    ...(decoding ? [`${name} decoding`, ...decoding.inputFlags, '-i', 'original', ...decoding.outputFlags] : []),
    ...[name, ...inputFlags, '-i', decoding ? 'decoded' : 'original'],
    ...(soundFile ? [...soundInputFlags(soundFile), '-i', soundFile.name] : []),
    ...outputFlags,
    ...(log?.flags ?? []),
  ]
  return commands.flatMap(({ sound, film }, track) => [
    ...(sound ? line(`[sound ${track}]`, sound) : []),
    ...line(`[track ${track}]`, film),
  ])
}

/** Where the recording's clock starts on the file's own, and the flags that keep that; they are not kept where they step back. */
function clockOf(inventory: Inventory, plan: TrackPlan): { flags: string[]; startSeconds: number } {
  const streams = [plan.picture?.stream, plan.sound?.stream]
  const jumps = inventory.tracks.some(({ stream, jumpsBack }) => streams.includes(stream) && jumpsBack > 0)
  // ffmpeg's own correction (-itsoffset, -start_at_zero) starts at the first of the tracks in use, not of the recording.
  return jumps ? { flags: [], startSeconds: 0 } : { flags: ['-copyts'], startSeconds: inventory.startSeconds }
}

/** How ffmpeg opens the original: the forced demuxer, and a look that finds streams which begin late. Pure. */
export function openFlags(inventory: Inventory, plan: Pick<TrackPlan, 'ignoresEditList'>): string[] {
  return [
    ...editListFlags(plan),
    ...['-probesize', '300M', '-analyzeduration', '300M'],
    ...inputFlags(inventory.format, inventory.skipBytes),
  ]
}

/** Packets of AAC in these formats have a header of their own (ADTS), which MP4 does without. Pure. */
export function hasAdtsHeaders(format: string): boolean {
  return ['mpegts', 'aac'].includes(format)
}

const soundFileFlags = ['-f', 'mp4']

/** How a sound that was made before is opened. Pure. */
export function soundInputFlags({ startSeconds }: { readonly startSeconds: number }): string[] {
  return ['-itsoffset', startSeconds.toFixed(6), ...inputFlags('mov')]
}

/** Silence where the source has none, from 0 to the film's end; channels by number, nothing mixed. */
function makeSound(
  { inputs, startSeconds }: { inputs: readonly string[]; startSeconds: number },
  sound: SoundPlan,
  { track, lengthMs }: TrackPlan,
): Command {
  const { stream, channels, of } = sound
  const layout = channels.length === 2 ? 'stereo' : 'mono'
  const isWhole = channels.length === of
  const pan = channels.map((channel, at) => `c${at}=c${channel - 1}`).join('|')
  const filters = [
    `aresample=${madeSampleRate}:async=1:min_hard_comp=0.03:first_pts=0`,
    // The coder makes everything quieter where samples lie beyond full scale, as those between clipped ones do.
    'aformat=sample_fmts=s16',
    isWhole ? `aformat=channel_layouts=${layout}` : `pan=${layout}|${pan}`,
    `apad=whole_dur=${lengthMs}ms`,
  ]
  return {
    decoding: {
      inputFlags: inputs,
      outputFlags: [
        ...['-map', `0:${stream}`, '-c:a', 'pcm_s16le', '-ar', String(madeSampleRate)],
        ...['-output_ts_offset', (decodedOffsetSeconds - startSeconds).toFixed(6), '-f', decodedFormat],
      ],
    },
    inputFlags: ['-copyts', ...inputFlags(decodedFormat)],
    soundFile: null,
    outputFlags: [
      ...[
        '-filter_complex',
        `[0:0]asetpts=PTS-${decodedOffsetSeconds}/TB,asplit[a][b];[a]${filters.join(',')}[sound];[b]${heardFilter}[heard]`,
      ],
      ...['-map', '[sound]'],
      ...['-c:a', 'aac', '-b:a', channels.length === 2 ? '128k' : '96k', '-map_metadata', '-1', '-map_chapters', '-1'],
    ],
    log: { fileName: soundLogName(track), flags: ['-map', '[heard]', '-c:a', 'pcm_s16le', '-f', 'framecrc'] },
  }
}

/** A tenth of a second of decoded sound is a line of the list. */
const heardFilter = 'pan=mono|c0=c0,aresample=8000,asetnsamples=n=800:p=0'
/** Five pictures a second are enough to see where pictures are missing. */
const seenFilter = "select='isnan(prev_selected_t)+gte(t-prev_selected_t,0.2)',scale=16:16"
const pictureLogFlags = ['-map', '[seen]', '-vsync', 'passthrough', '-enc_time_base', '1/1000', '-f', 'framecrc']

function pictureFilter(picture: PicturePlan, startSeconds: number): string {
  const { stream, width, height, isInterlaced, changesSize, fill } = picture
  const size = changesSize ? fittedInto(picture) : `scale=${width}:${height}`
  const filters = [
    ...[`setpts=PTS-${startSeconds}/TB`, ...(isInterlaced ? ['yadif'] : []), size, 'setsar=1', 'format=yuv420p'],
    'split[a][b];[a]null',
  ]
  if (fill) {
    const blackSeconds = fill.startMs / 1000
    filters.push(`setpts=PTS-${blackSeconds}/TB`, `fps=${fill.rate}:start_time=0`)
    filters.push(
      `tpad=start_duration=${blackSeconds}:start_mode=add:color=black:stop_mode=clone:stop_duration=${fill.endMs / 1000}`,
    )
  }
  return `[0:${stream}]${filters.join(',')}[picture];[b]${seenFilter}[seen]`
}

/** Whatever size and shape of pixel a picture has, it keeps its own shape in a frame that stays the same. */
function fittedInto({ width, height }: PicturePlan): string {
  const square = "scale=w='max(1,iw*sar)':h=ih:eval=frame,setsar=1"
  const fit = `scale=${width}:${height}:force_original_aspect_ratio=decrease:eval=frame`
  return `${square},${fit},pad=${width}:${height}:-1:-1:eval=frame`
}

function pictureFlags(picture: PicturePlan): string[] {
  if (picture.way === 'copy') return ['-c:v', 'copy']
  return [
    // Times are rounded to a sixtieth of a second: finer ones would upset the coder's idea of the rate.
    ...['-r', '60', '-vsync', 'vfr', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-profile:v', 'main'],
    // Pictures in the order in which they are shown: at a picture every half minute, others would come a minute early.
    ...['-bf', '0'],
    ...['-maxrate', '2500k', '-bufsize', '5000k', '-force_key_frames', `expr:gte(t,n_forced*${keyFrameEverySeconds})`],
  ]
}

/**
 * Fragmented MP4 without edit lists on standard output; the times of each track are kept. `rawSeconds` is where the recording's
 * clock starts on that of what is written.
 */
function streamFlags({ picture }: TrackPlan, rawSeconds: number): string[] {
  return [
    ...['-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1', '-max_muxing_queue_size', '4096'],
    ...[
      '-output_ts_offset',
      (clockOffsetMs / 1000 - rawSeconds).toFixed(6),
      '-avoid_negative_ts',
      'disabled',
      '-use_editlist',
      '0',
    ],
    // Tracks are written side by side, however long one of them waits for its coder.
    ...['-max_interleave_delta', '0', '-frag_duration', String(fragmentMicroseconds)],
    ...['-f', 'mp4', '-movflags', `+empty_moov+default_base_moof+frag_discont${picture ? '+frag_keyframe' : ''}`],
  ]
}
