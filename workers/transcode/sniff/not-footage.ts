import { hasAt } from './signatures.ts'
import { refuse, type Sniffed, sniffBytes } from './sniffed.ts'

const kept = 'it is kept as it is, there is nothing to play'
const archive = (name: string): Sniffed => refuse('archive', `${name}: it is never opened; put its files in one by one`)
const document = (name: string): Sniffed => refuse('document', `${name}: ${kept}`)
const program = refuse('program', `a program: ${kept}, and nobody should run it`)
const database = (name: string): Sniffed => refuse('database', `${name}: ${kept}`)
const encrypted = (how: string): Sniffed =>
  refuse('encrypted', `a file encrypted with ${how}: it cannot be read here without the key`)
const cardImage = refuse('disk_image', 'an image of a disk or card: it is never opened; put its files in one by one')
const cameraRaw = refuse('camera_raw', "a camera's raw still: it needs the maker's own program")

/** Magic bytes as latin-1 text, where they stand, and what the file is then. */
const signatures: readonly (readonly [at: number, bytes: string, is: Sniffed])[] = [
  [0, '%PDF-', document('a PDF document')],
  [0, '{\\rtf', document('a rich text document')],
  [0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', document('a document of Word, Excel or a like program')],
  [0, 'Rar!\x1a\x07', archive('a RAR archive')],
  [0, '7z\xbc\xaf\x27\x1c', archive('a 7z archive')],
  [0, '\x1f\x8b\x08', archive('a gzip archive')],
  [4, '1AY&SY', archive('a bzip2 archive')],
  [0, '\xfd7zXZ\x00', archive('an xz archive')],
  [0, '\x28\xb5\x2f\xfd', archive('a zstd archive')],
  [0, 'MSCF\x00\x00\x00\x00', archive('a cabinet archive')],
  [257, 'ustar', archive('a tar archive')],
  [32_769, 'CD001', cardImage],
  [82, 'FAT32   ', cardImage],
  [54, 'FAT16   ', cardImage],
  [3, 'EXFAT   ', cardImage],
  [3, 'NTFS    ', cardImage],
  [0, 'MZ\x90\x00', program],
  [0, '\x7fELF', program],
  [0, '\xca\xfe\xba\xbe', program],
  [0, '\xcf\xfa\xed\xfe', program],
  [0, 'dex\n', program],
  [0, 'SQLite format 3\x00', database('an SQLite database')],
  [4, 'Standard Jet DB', database('an Access database')],
  [4, 'Standard ACE DB', database('an Access database')],
  [0, 'Salted__', encrypted('OpenSSL')],
  [0, 'age-encryption.org/v1', encrypted('age')],
  [0, '-----BEGIN PGP MESSAGE', encrypted('PGP')],
  [0, 'AES\x02', encrypted('AES Crypt')],
  [0, 'LUKS\xba\xbe', encrypted('LUKS')],
  [0, 'II*\x00\x10\x00\x00\x00CR', cameraRaw],
  [0, 'FUJIFILMCCD-RAW', cameraRaw],
  [0, 'IIU\x00', cameraRaw],
  [0, '\x03ds2', refuse('vendor_format', "dictation in DS2, which only its maker's player reads")],
  [0, '#!SILK', refuse('vendor_format', 'a voice message in SILK, which ffmpeg does not read')],
  [0, '\x02#!SILK', refuse('vendor_format', 'a voice message in SILK, which ffmpeg does not read')],
  // ffmpeg 5 takes its samples for little-endian ones: what it plays is noise.
  [
    0,
    'RIFX',
    refuse('vendor_format', 'a WAV of big-endian machines (RIFX), which this release of ffmpeg reads wrongly'),
  ],
  [0, '.RMF\x00', refuse('vendor_format', 'a RealMedia file, which is not opened here')],
]

/** What a file is that has the signature of something else than footage; null when it has none. Pure. */
export function otherThingOf(bytes: Buffer): Sniffed | null {
  if (bytes.length === 0) return refuse('empty', 'an empty file: zero bytes')
  if (bytes.every((byte) => byte === 0)) return zerosOf(bytes)
  if (hasAt(bytes, 0, 'PK\x03\x04') || hasAt(bytes, 0, 'PK\x05\x06')) return zipOf(bytes)
  return signatures.find(([at, text]) => hasAt(bytes, at, text))?.[2] ?? null
}

function zerosOf(bytes: Buffer): Sniffed {
  const all = bytes.length < sniffBytes ? 'nothing but zeros' : `nothing but zeros in its first ${bytes.length} bytes`
  return refuse('zeros', `${all}: the device made room for a recording there and wrote none, or the card lost it`)
}

/** Office documents are ZIP archives too; their first entry tells (OPC, ODF part 3). */
function zipOf(bytes: Buffer): Sniffed {
  const start = bytes.toString('latin1', 0, 4096)
  const isOffice = start.includes('[Content_Types].xml') || start.includes('mimetypeapplication/vnd.oasis')
  return isOffice ? document('a document of Word, Excel or a like program') : archive('a ZIP archive')
}

/** What a file is that is text from its first bytes on; null when it is not. Pure. */
export function textOf(bytes: Buffer): Sniffed | null {
  const text = decodedText(bytes.subarray(0, 4096))
  if (text === null) return null
  return isPlaylist(text.trimStart())
    ? refuse('playlist', 'a playlist of other files, not footage: it is never opened')
    : refuse('text', `a text file, not footage: ${kept}`)
}

function decodedText(bytes: Buffer): string | null {
  if (hasAt(bytes, 0, '\xff\xfe')) return printable(bytes.toString('utf16le', 2))
  if (hasAt(bytes, 0, '\xfe\xff')) {
    const pairs = bytes.subarray(2, bytes.length - (bytes.length % 2))
    return printable(Buffer.from(pairs).swap16().toString('utf16le'))
  }
  // Latin-1 shows every byte: what the text is written in does not matter here.
  return printable(bytes.toString('latin1', hasAt(bytes, 0, '\xef\xbb\xbf') ? 3 : 0))
}

const textControls = new Set(['\t', '\n', '\f', '\r', '\x1b'])

/** The text, or null when its first characters are none that text has. */
function printable(text: string): string | null {
  const start = text.slice(0, 512)
  const isText = [...start].every((character) => character >= ' ' || textControls.has(character))
  return isText && start.isWellFormed() ? text : null
}

/** The words with which players' lists begin. A concat script quotes its paths: a log may begin with the word "File". */
function isPlaylist(text: string): boolean {
  return /^(#extm3u|ffconcat|\[playlist\]|\[reference\]|<asx|<smil|v=0\r?\no=)/i.test(text) || isManifest(text)
}

function isManifest(text: string): boolean {
  return /<(mpd|smil|smoothstreamingmedia|compositionplaylist)[\s>]/i.test(text) || /^file\s+['"]/m.test(text)
}

const randomBytesMin = 16 * 1024
/** χ² of 255 degrees of freedom is below this for 999,999 of a million files of random bytes; for compressed film far above. */
const evennessMax = 370

/** Encrypted bytes are all equally frequent; those of film, sound or programs are not. Pure. */
export function looksEncrypted(bytes: Buffer): boolean {
  if (bytes.length < randomBytesMin) return false
  const counts = new Array<number>(256).fill(0)
  for (const byte of bytes) counts[byte]!++
  const expected = bytes.length / 256
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0) < evennessMax
}
