import { pictureAreaMax, streamsMax } from './footage-limits.ts'

/**
 * Every run names its demuxer and may open nothing but the one file, whatever the footage asks for. `skipBytes` of a
 * device's own header or of padding are passed over before the demuxer sees the file. A decoder refuses a picture of more
 * than `pictureAreaMax`, whatever its header claims.
 */
export function inputFlags(format: string, skipBytes = 0): string[] {
  return [
    ...['-nostdin', '-hide_banner', '-loglevel', 'warning', '-protocol_whitelist', 'file,pipe'],
    ...['-format_whitelist', demuxerName(format), '-max_streams', String(streamsMax)],
    ...['-max_pixels', String(pictureAreaMax)],
    ...(skipBytes > 0 ? ['-skip_initial_bytes', String(skipBytes)] : []),
    ...(isStill(format) ? [] : ['-fflags', withCutPackets.has(format) ? '+genpts+discardcorrupt' : '+genpts']),
    ...['-f', format],
  ]
}

/**
 * In these a packet that is cut short is one that nobody finished writing: a picture of it would be half grey. (In a stream
 * of packets, what a lost packet took of a picture is concealed by the decoder, and half a packet of samples is sound.)
 */
const withCutPackets = new Set(['mov', 'avi', 'matroska', 'flv'])

/** Pictures without a container: none of their packets has a time, so that a time can neither be read nor searched for. */
export const bareVideoFormats: ReadonlySet<string> = new Set(['h264', 'hevc', 'mpegvideo', 'm4v'])

/** How a `mov` is opened so that what its edit lists hide is there too. Pure. */
export function editListFlags({ ignoresEditList = false }: { readonly ignoresEditList?: boolean }): string[] {
  return ignoresEditList ? ['-ignore_editlist', '1'] : []
}

function isStill(format: string): boolean {
  return format.endsWith('_pipe') || format === 'gif'
}

/** ffmpeg's whitelist compares whole names, and some demuxers have several. */
function demuxerName(format: string): string {
  if (format === 'mov') return 'mov,mp4,m4a,3gp,3g2,mj2'
  if (format === 'matroska') return 'matroska,webm'
  return format
}
