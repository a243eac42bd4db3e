import { isoHeadOf } from '../../services/custody/devices/iso-head.ts'
import { isStillBrand } from '../../services/custody/devices/media-kind.ts'
import { elementaryVideoOf } from './sniff/elementary-video.ts'
import { programStreamOf, transportStreamOf } from './sniff/mpeg-packets.ts'
import { looksEncrypted, otherThingOf, textOf } from './sniff/not-footage.ts'
import { hasAt, isMxf, isRawDv, signatureOf } from './sniff/signatures.ts'
import { refuse, type Sniffed, still, stream } from './sniff/sniffed.ts'
import { soundFramesOf, tagsBefore } from './sniff/sound-frames.ts'

/**
 * Names the format by the first bytes of a file (`sniffBytes` of them, or the whole of a shorter file). What is exact goes
 * before what is likely: signatures, then text, then the streams that have none and may stand behind a device's own
 * header. Pure.
 */
export function sniffMedia(head: Uint8Array): Sniffed {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
  return (
    otherThingOf(bytes) ??
    taggedSoundOf(bytes) ??
    signatureOf(bytes) ??
    pictureOf(bytes) ??
    isoMediaOf(bytes) ??
    textOf(bytes) ??
    programStreamOf(bytes) ??
    (isRawDv(bytes) ? stream('dv') : null) ??
    (isMxf(bytes) ? stream('mxf') : null) ??
    // Before packets: frames of 192 bytes with a steady tone have the same byte at the same place, too.
    soundFramesOf(bytes) ??
    transportStreamOf(bytes) ??
    elementaryVideoOf(bytes) ??
    unknownOf(bytes)
  )
}

/** ffmpeg passes over such tags by itself, whatever follows them. */
function taggedSoundOf(bytes: Buffer): Sniffed | null {
  const tagBytes = tagsBefore(bytes)
  if (tagBytes === 0) return null
  const sound = bytes.subarray(tagBytes)
  const found = signatureOf(sound) ?? soundFramesOf(sound)
  return found?.format && found.media === 'stream' ? stream(found.format) : stream('mp3')
}

/** Pictures that are stills or move, which only more than their signature tells. */
function pictureOf(bytes: Buffer): Sniffed | null {
  if (hasAt(bytes, 0, 'GIF87a') || hasAt(bytes, 0, 'GIF89a')) {
    // Each picture of a moving one says how long it stays (GIF89a §23).
    const controls = bytes.toString('latin1').split('\x21\xf9\x04').length - 1
    return controls > 1 ? stream('gif') : still('gif')
  }
  if (hasAt(bytes, 0, '\x89PNG\r\n\x1a\n')) {
    // The number of pictures stands before the first of them (PNG third edition §11.3.6).
    const controlAt = bytes.indexOf('acTL')
    return controlAt !== -1 && controlAt < bytes.indexOf('IDAT') ? stream('apng') : still('png_pipe')
  }
  if (!hasAt(bytes, 0, 'RIFF') || !hasAt(bytes, 8, 'WEBP')) return null
  const isAnimated = hasAt(bytes, 12, 'VP8X') && ((bytes[20] ?? 0) & 2) !== 0
  return isAnimated
    ? refuse('animated_picture', 'an animated WebP picture, which this release of ffmpeg does not read')
    : still('webp_pipe')
}

function isoMediaOf(bytes: Buffer): Sniffed | null {
  const iso = isoHeadOf(bytes)
  if (!iso) return null
  if (isStillBrand(iso.brand)) return { format: 'heif', media: 'heif', skipBytes: 0 }
  return iso.brand === 'crx '
    ? refuse('camera_raw', "a camera's raw still: it needs the maker's own program")
    : stream('mov')
}

function unknownOf(bytes: Buffer): Sniffed {
  return looksEncrypted(bytes)
    ? refuse('encrypted', 'no known format: its bytes look encrypted, which only the player of its maker can undo')
    : refuse('unknown', 'no known format of video, sound or picture')
}
