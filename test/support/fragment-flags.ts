/**
 * How ffmpeg must write a film that `openFragmentedFilm` reads from its standard output (ffmpeg 5.1). Each track begins at
 * decode time 0 and no edit list is written: offsets between tracks are lost, and placed anew by the segmenter.
 *
 * - A fragment ends before each key picture, and after 4 s at the latest: what goes on without one stays small.
 * - Without `max_interleave_delta 0` a track that waits (an encoder's last pictures) is written up to minutes after the
 *   others.
 */
export const fragmentFlags: readonly string[] = [
  ...['-max_interleave_delta', '0', '-f', 'mp4'],
  ...['-movflags', '+empty_moov+default_base_moof+frag_keyframe+negative_cts_offsets'],
  ...['-frag_duration', '4000000'],
]

/**
 * What copied sound needs besides, when it comes in ADTS frames (MPEG-TS, raw AAC): its description is known from the first
 * packet only, so ffmpeg must hold back the header until every track has one.
 */
export const adtsFlags: readonly string[] = [
  ...['-bsf:a', 'aac_adtstoasc', '-movflags', '+delay_moov', '-use_editlist', '0'],
]
