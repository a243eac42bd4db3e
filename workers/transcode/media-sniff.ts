/** What a file's first bytes say it is: the demuxer to force (ffmpeg is never left to guess), or why it is refused. */
export type Sniffed =
  | { readonly format: string; readonly media: 'stream' | 'still' }
  | { readonly format: null; readonly reason: string }

/** How many of a file's first bytes `sniffMedia` wants. */
export const sniffBytes = 4096

const stream = (format: string): Sniffed => ({ format, media: 'stream' })
const still = (format: string): Sniffed => ({ format, media: 'still' })
const refuse = (reason: string): Sniffed => ({ format: null, reason })

interface Signature {
  readonly offset: number
  readonly bytes: string
  readonly also?: { readonly offset: number; readonly bytes: string }
  readonly is: Sniffed
}

/** Magic bytes as latin-1 text. The first that matches decides; names and declared types are never looked at. */
const signatures: readonly Signature[] = [
  { offset: 4, bytes: 'ftyp', is: stream('mov') },
  { offset: 4, bytes: 'moov', is: stream('mov') },
  { offset: 4, bytes: 'mdat', is: stream('mov') },
  { offset: 4, bytes: 'wide', is: stream('mov') },
  { offset: 4, bytes: 'skip', is: stream('mov') },
  { offset: 0, bytes: '\x1aE\xdf\xa3', is: stream('matroska') },
  { offset: 0, bytes: 'RIFF', also: { offset: 8, bytes: 'AVI ' }, is: stream('avi') },
  { offset: 0, bytes: 'RIFF', also: { offset: 8, bytes: 'WAVE' }, is: stream('wav') },
  { offset: 0, bytes: '#!AMR', is: stream('amr') },
  { offset: 0, bytes: 'ID3', is: stream('mp3') },
  { offset: 0, bytes: 'OggS', is: stream('ogg') },
  { offset: 0, bytes: 'fLaC', is: stream('flac') },
  { offset: 0, bytes: '\x00\x00\x01\xba', is: stream('mpeg') },
  { offset: 0, bytes: '\x30\x26\xb2\x75\x8e\x66\xcf\x11', is: stream('asf') },
  { offset: 0, bytes: '\xff\xd8\xff', is: still('jpeg_pipe') },
  { offset: 0, bytes: '\x89PNG\r\n\x1a\n', is: still('png_pipe') },
  { offset: 0, bytes: '%PDF-', is: refuse('a PDF document: kept as it is, there is nothing to play') },
  { offset: 0, bytes: '#EXTM3U', is: refuse('a playlist of other files, not footage: it is never opened') },
  { offset: 0, bytes: 'ffconcat', is: refuse('a playlist of other files, not footage: it is never opened') },
  { offset: 0, bytes: '[playlist]', is: refuse('a playlist of other files, not footage: it is never opened') },
]

/** Names the format by the first bytes of a file (`sniffBytes` of them, or the whole of a shorter file). Pure. */
export function sniffMedia(head: Uint8Array): Sniffed {
  if (head.length === 0) return refuse('an empty file: zero bytes')
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
  for (const signature of signatures) {
    if (!matches(bytes, signature)) continue
    if (signature.also && !matches(bytes, signature.also)) continue
    return signature.is
  }
  if (hasSyncEvery(bytes, 0, 188) || hasSyncEvery(bytes, 4, 192)) return stream('mpegts')
  if (isMpegAudioHeader(bytes)) return stream('mp3')
  if (isAdtsHeader(bytes)) return stream('aac')
  if (looksLikeText(withoutMark(bytes))) {
    const text = withoutMark(bytes).toString('latin1').trimStart().toLowerCase()
    if (text.startsWith('#extm3u') || text.includes('<mpd') || text.startsWith('file ')) {
      return refuse('a playlist of other files, not footage: it is never opened')
    }
    return refuse('a text file, not footage')
  }
  return refuse('no known format of video, sound or picture')
}

function matches(bytes: Buffer, { offset, bytes: magic }: { offset: number; bytes: string }): boolean {
  return bytes.toString('latin1', offset, offset + magic.length) === magic
}

/** MPEG-TS packets begin with 0x47 every 188 bytes; a camera's MTS puts 4 bytes of time before each. */
function hasSyncEvery(bytes: Buffer, first: number, step: number): boolean {
  const last = Math.min(bytes.length, first + 8 * step)
  let seen = 0
  for (let at = first; at < last; at += step) {
    if (bytes[at] !== 0x47) return false
    seen++
  }
  return seen >= 2
}

function isMpegAudioHeader(bytes: Buffer): boolean {
  const [first = 0, second = 0, third = 0] = bytes
  const layer = (second >> 1) & 3
  return first === 0xff && (second & 0xe0) === 0xe0 && layer !== 0 && third >> 4 !== 0xf && ((third >> 2) & 3) !== 3
}

function isAdtsHeader(bytes: Buffer): boolean {
  const [first = 0, second = 0] = bytes
  return first === 0xff && (second & 0xf6) === 0xf0
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes.toString('latin1', 0, 3) === '\xef\xbb\xbf' ? bytes.subarray(3) : bytes
}

function looksLikeText(bytes: Buffer): boolean {
  for (const byte of bytes.subarray(0, 512)) {
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return false
  }
  return true
}
