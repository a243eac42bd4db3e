/** A decoder refuses a picture beyond this, whatever its header claims (a bomb of pixels). */
const pictureAreaMax = 120_000_000

/** Every run names its demuxer and may open nothing but the one file, whatever the footage asks for. */
export function inputFlags(format: string): string[] {
  return [
    ...['-nostdin', '-hide_banner', '-loglevel', 'warning', '-protocol_whitelist', 'file,pipe'],
    ...['-format_whitelist', demuxerName(format), '-max_streams', '8'],
    ...(format.endsWith('_pipe') ? ['-max_pixels', String(pictureAreaMax)] : ['-fflags', '+genpts']),
    ...['-f', format],
  ]
}

/** ffmpeg's whitelist compares whole names, and some demuxers have several. */
function demuxerName(format: string): string {
  if (format === 'mov') return 'mov,mp4,m4a,3gp,3g2,mj2'
  if (format === 'matroska') return 'matroska,webm'
  return format
}
