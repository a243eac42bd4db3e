import { inputFlags } from './input-flags.ts'
import { initFileName, segmentFilePattern } from './playlist.ts'
import type { Probe, ProbedStream } from './probe.ts'

/** What is to be made of one file: ffmpeg's arguments before and after its input, and what they amount to. */
export interface Plan {
  readonly kind: 'video' | 'audio' | 'still'
  readonly method: 'remux' | 'transcode'
  readonly inputFlags: readonly string[]
  readonly outputFlags: readonly string[]
  readonly audioProfile: string | null
}

export const segmentSeconds = 4
export const thumbnailsMax = 60
const stillPixelsMax = 1920

/**
 * The ways to make a file playable, best first: streams that browsers play are only repacked, the rest is transcoded to
 * H.264 720p and AAC. Empty when it has neither picture nor sound. Pure.
 */
export function planRendition(format: string, media: 'stream' | 'still', probe: Probe): Plan[] {
  const video = probe.streams.find((stream) => stream.codec_type === 'video' && !stream.disposition?.attached_pic)
  const audio = probe.streams.find((stream) => stream.codec_type === 'audio')
  if (media === 'still') return video ? [planStill(format)] : []
  if (!video && !audio) return []
  const kind = video ? 'video' : 'audio'
  const plans: Plan[] = []
  const videoStays = video !== undefined && playsAsItIs(video)
  const audioStays = audio !== undefined && audio.codec_name === 'aac' && playsAsAac(audio)
  if (video ? videoStays : audioStays) {
    plans.push({
      kind,
      method: 'remux',
      inputFlags: inputFlags(format),
      outputFlags: hlsFlags(video, audio, { videoStays, audioStays, format }),
      audioProfile: audioStays ? (audio?.profile ?? 'LC') : 'LC',
    })
  }
  plans.push({
    kind,
    method: 'transcode',
    inputFlags: inputFlags(format),
    outputFlags: hlsFlags(video, audio, { videoStays: false, audioStays: false, format }),
    audioProfile: 'LC',
  })
  return plans
}

/** A strip of small pictures from key frames only, at least `everySeconds` apart; each file's number is its time in ms. */
export function planThumbnails(format: string, everySeconds: number): { inputFlags: string[]; outputFlags: string[] } {
  return {
    inputFlags: ['-skip_frame', 'nokey', ...inputFlags(format)],
    outputFlags: [
      ...['-an', '-sn', '-dn', '-map_metadata', '-1'],
      ...['-vf', `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${everySeconds})',scale=160:-2,settb=1/1000`],
      ...['-vsync', 'passthrough', '-enc_time_base', '1/1000', '-frames:v', String(thumbnailsMax)],
      ...['-c:v', 'mjpeg', '-q:v', '6', '-pix_fmt', 'yuvj420p', '-f', 'image2', '-frame_pts', '1'],
    ],
  }
}

function planStill(format: string): Plan {
  const scale = `scale=w='min(${stillPixelsMax},iw)':h='min(${stillPixelsMax},ih)':force_original_aspect_ratio=decrease`
  return {
    kind: 'still',
    method: 'transcode',
    inputFlags: inputFlags(format),
    outputFlags: [
      ...['-map', '0:v:0', '-map_metadata', '-1', '-frames:v', '1', '-vf', scale],
      ...['-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj420p', '-f', 'image2', '-update', '1'],
    ],
    audioProfile: null,
  }
}

function playsAsItIs(video: ProbedStream): boolean {
  const progressive = !video.field_order || ['progressive', 'unknown'].includes(video.field_order)
  const profile = video.profile ?? ''
  return (
    video.codec_name === 'h264' &&
    ['yuv420p', 'yuvj420p'].includes(video.pix_fmt ?? '') &&
    ['Constrained Baseline', 'Baseline', 'Main', 'High'].includes(profile) &&
    progressive &&
    (video.width ?? 0) <= 4096 &&
    (video.height ?? 0) <= 2304
  )
}

function playsAsAac(audio: ProbedStream): boolean {
  return ['LC', 'HE-AAC', 'HE-AACv2'].includes(audio.profile ?? 'LC') && (audio.channels ?? 9) <= 2
}

function hlsFlags(
  video: ProbedStream | undefined,
  audio: ProbedStream | undefined,
  options: { videoStays: boolean; audioStays: boolean; format: string },
): string[] {
  const { videoStays, audioStays } = options
  const flags: string[] = []
  if (video) flags.push('-map', `0:${video.index}`)
  if (audio) flags.push('-map', `0:${audio.index}`)
  flags.push('-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1', '-max_muxing_queue_size', '4096')
  if (video && videoStays) flags.push('-c:v', 'copy')
  if (video && !videoStays) flags.push(...transcodedVideo(video))
  if (audio && audioStays) {
    flags.push('-c:a', 'copy')
    if (options.format === 'mpegts') flags.push('-bsf:a', 'aac_adtstoasc')
  }
  if (audio && !audioStays) flags.push('-c:a', 'aac', '-b:a', '96k', '-ac', '1', '-ar', '48000')
  flags.push(
    ...['-f', 'hls', '-hls_time', String(segmentSeconds), '-hls_list_size', '0', '-hls_playlist_type', 'event'],
    ...['-hls_segment_type', 'fmp4', '-hls_flags', 'independent_segments+temp_file'],
    ...['-hls_fmp4_init_filename', initFileName, '-hls_segment_filename', `/out/${segmentFilePattern}`],
  )
  return flags
}

function transcodedVideo(video: ProbedStream): string[] {
  const interlaced = video.field_order && !['progressive', 'unknown'].includes(video.field_order)
  const filters = [...(interlaced ? ['yadif'] : []), "scale=-2:'min(720,trunc(ih/2)*2)'", 'format=yuv420p']
  return [
    ...['-vf', filters.join(','), '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-profile:v', 'main'],
    ...['-maxrate', '2500k', '-bufsize', '5000k'],
    ...['-force_key_frames', `expr:gte(t,n_forced*${segmentSeconds})`],
  ]
}
