/** A decoder refuses a picture beyond this, whatever its header claims (a bomb of pixels). */
const pictureAreaMax = 120_000_000

/** Cameras with a track for each of sixteen microphones, and action cameras with many data tracks, need more than a few. */
const streamsMax = 64

/**
 * Every run names its demuxer and may open nothing but the one file, whatever the footage asks for. `skipBytes` of a
 * device's own header or of padding are passed over before the demuxer sees the file.
 */
export function inputFlags(format: string, skipBytes = 0): string[] {
  return [
    ...['-nostdin', '-hide_banner', '-loglevel', 'warning', '-protocol_whitelist', 'file,pipe'],
    ...['-format_whitelist', demuxerName(format), '-max_streams', String(streamsMax)],
    ...(skipBytes > 0 ? ['-skip_initial_bytes', String(skipBytes)] : []),
    ...(isStill(format) ? ['-max_pixels', String(pictureAreaMax)] : ['-fflags', '+genpts']),
    ...['-f', format],
  ]
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
