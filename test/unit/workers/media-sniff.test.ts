import { createCipheriv } from 'node:crypto'
import t from 'tap'
import { notFootageKinds } from '../../../services/foundation/db/words.ts'
import { sniffMedia } from '../../../workers/transcode/media-sniff.ts'
import { sniffBytes } from '../../../workers/transcode/sniff/sniffed.ts'

const hex = (text: string): Buffer => Buffer.concat([Buffer.from(text.replaceAll(' ', ''), 'hex'), Buffer.alloc(64)])
const latin = (text: string): Buffer => Buffer.from(text, 'latin1')
const again = (bytes: Buffer, times: number): Buffer => Buffer.concat(new Array<Buffer>(times).fill(bytes))

/** Packets of 188 bytes in cells of `size`, with the bytes before each that cameras write. */
function packets(size: number, before: number, count = 40): Buffer {
  const cell = Buffer.alloc(size, 0x11)
  cell[before] = 0x47
  return again(cell, count)
}

function box(type: string, bytes: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + bytes.length)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, bytes])
}

const film = Buffer.concat([box('ftyp', latin('isom\0\0\x02\0')), box('moov', Buffer.alloc(16))])
const pack = Buffer.from(
  '000001ba44000400040100038bf8 000001bb000680000180ffff 000001e00004'.replaceAll(' ', ''),
  'hex',
)
const mp3Frame = Buffer.concat([Buffer.from('fffb9064', 'hex'), Buffer.alloc(413, 0x01)])
const ac3Frame = Buffer.concat([Buffer.from('0b77000000 40'.replaceAll(' ', ''), 'hex'), Buffer.alloc(122, 0x01)])
const adtsFrame = Buffer.concat([Buffer.from('fff15080 0cbffc'.replaceAll(' ', ''), 'hex'), Buffer.alloc(94, 0x01)])
const annexB = Buffer.from('0000000167640028ac 0000000168ee3c80 000001658884'.replaceAll(' ', ''), 'hex')
const hevc = Buffer.from('0000000140010c01 0000000142010101 000000014401c172 000001260 1af'.replaceAll(' ', ''), 'hex')
const encryptedBytes = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(
  Buffer.alloc(sniffBytes),
)
const tags = Buffer.concat([latin('ID3\x04\0\0\0\0\0\x14'), Buffer.alloc(20)])

const known: [name: string, bytes: Buffer, format: string, skipBytes?: number][] = [
  ['MP4', hex('00000020 66747970 69736f6d'), 'mov'],
  ['MOV of an old camera', hex('00000008 77696465 00000000 6d646174'), 'mov'],
  ['MP4 whose index comes first', hex('00001000 6d6f6f76'), 'mov'],
  ...['free', 'skip', 'wide', 'pnot', 'PICT', 'udta', 'uuid', 'mdat'].map((type): [string, Buffer, string] => [
    `MP4 behind a box ${type}`,
    Buffer.concat([box(type, Buffer.alloc(24)), film]),
    'mov',
  ]),
  [
    'MOV behind a preview longer than the head',
    Buffer.concat([box('pnot', Buffer.alloc(12)), latin('\0\x10\0\0PICT')]),
    'mov',
  ],
  ['Matroska', hex('1a45dfa3'), 'matroska'],
  ['AVI', latin('RIFF\x00\x10\x00\x00AVI LIST'), 'avi'],
  ['WAV', latin('RIFF\x00\x10\x00\x00WAVEfmt '), 'wav'],
  ['RF64', latin('RF64\xff\xff\xff\xffWAVEds64'), 'wav'],
  ['BW64', latin('BW64\xff\xff\xff\xffWAVEds64'), 'wav'],
  ['W64', hex('72696666 2e91cf11 a5d628db 04c10000'), 'w64'],
  ['AIFF', latin('FORM\x00\x00\x10\x00AIFFCOMM'), 'aiff'],
  ['CAF', latin('caff\x00\x01\x00\x00desc'), 'caf'],
  ['AU', latin('.snd\x00\x00\x00\x18'), 'au'],
  ['DSS dictation', latin('\x02dss\x00'), 'dss'],
  ['AMR', latin('#!AMR\n'), 'amr'],
  ['MP3 with a tag', latin('ID3\x04\x00'), 'mp3'],
  ['MP3 without a tag', again(mp3Frame, 3), 'mp3'],
  ['MP3 behind a frame of zeros', Buffer.concat([Buffer.alloc(417), again(mp3Frame, 9)]), 'mp3', 417],
  ['AAC', again(adtsFrame, 3), 'aac'],
  ['AAC behind a tag', Buffer.concat([tags, again(adtsFrame, 3)]), 'aac'],
  ['FLAC behind a tag', Buffer.concat([tags, latin('fLaC\0\0\0\x22')]), 'flac'],
  ['AC-3', again(ac3Frame, 3), 'ac3'],
  ['AC-3 behind padding', Buffer.concat([Buffer.alloc(100, 0xff), again(ac3Frame, 9)]), 'ac3', 100],
  ['MPEG-TS', packets(188, 0), 'mpegts'],
  ['MPEG-TS of two packets', packets(188, 0, 2), 'mpegts'],
  ['MTS of a camera', packets(192, 4), 'mpegts'],
  ['MPEG-TS with error correction', packets(204, 0), 'mpegts'],
  ['MPEG-TS cut in a packet', packets(188, 0).subarray(77), 'mpegts', 111],
  ['MTS cut in a packet', packets(192, 4).subarray(100), 'mpegts', 92],
  ['MTS cut in the time of a packet', packets(192, 4).subarray(2), 'mpegts', 190],
  ['MPEG-TS of 204 bytes cut in a packet', packets(204, 0).subarray(5), 'mpegts', 199],
  ['MPEG-PS', hex('000001ba'), 'mpeg'],
  ["MPEG-PS behind a recorder's header", Buffer.concat([latin('IMKH'), Buffer.alloc(36, 1), pack, pack]), 'mpeg', 40],
  ['MPEG-PS behind a header of 5 KiB', Buffer.concat([Buffer.alloc(5120, 7), pack, pack]), 'mpeg', 5120],
  ['H.264 without a container', annexB, 'h264'],
  ['H.264 behind a header that holds a start code', Buffer.concat([latin('\0\0\x01VENDOR\x01'), annexB]), 'h264', 10],
  ['H.265 without a container', hevc, 'hevc'],
  ['MPEG-2 without a container', hex('000001b3 14 00f0 13 ffffe018 000001b5'), 'mpegvideo'],
  ['FLV', latin('FLV\x01\x05\0\0\0\x09'), 'flv'],
  ['DHAV', latin('DHAV\xfd\0\0\0'), 'dhav'],
  ['DHAV behind its header', Buffer.concat([latin('DAHUA'), Buffer.alloc(1019), latin('DHAV')]), 'dhav'],
  ['MXF', hex('060e2b34 02050101 0d010201 0102'), 'mxf'],
  ['MXF behind a run-in', Buffer.concat([Buffer.alloc(3000, 1), hex('060e2b34 02050101 0d010201 0102')]), 'mxf'],
]
for (const [name, bytes, format, skipBytes = 0] of known) {
  t.test(`${name} is known by its content, whatever it is called`, async (t) => {
    t.same(sniffMedia(bytes), { format, media: 'stream', skipBytes })
  })
}

const stills: [string, Buffer, string][] = [
  ['JPEG', hex('ffd8ffe0'), 'jpeg_pipe'],
  ['PNG', hex('89504e470d0a1a0a'), 'png_pipe'],
  ['BMP', hex('424d 36840300 00000000 36000000 28000000'), 'bmp_pipe'],
  ['TIFF', latin('II*\0\x08\0\0\0'), 'tiff_pipe'],
  ['TIFF of big-endian machines', latin('MM\0*\0\0\0\x08'), 'tiff_pipe'],
  ['WebP', latin('RIFF\x00\x10\x00\x00WEBPVP8 \x00\x01\x02'), 'webp_pipe'],
  ['JPEG 2000', hex('0000000c 6a502020 0d0a870a'), 'j2k_pipe'],
  ['GIF of one picture', latin('GIF89a\x10\0\x10\0\0\0\0\x21\xf9\x04\0'), 'gif'],
]
for (const [name, bytes, format] of stills) {
  t.test(`${name} is a still`, async (t) => t.same(sniffMedia(bytes), { format, media: 'still', skipBytes: 0 }))
}

t.test('a GIF of several pictures moves', async (t) => {
  const bytes = latin('GIF89a\x10\0\x10\0\0\0\0\x21\xf9\x04\0\0\0\0\0\x21\xf9\x04\0')
  t.match(sniffMedia(bytes), { format: 'gif', media: 'stream' })
})

for (const brand of ['heic', 'heix', 'heim', 'hevc', 'mif1', 'avif', 'avis']) {
  t.test(`ISO media of the brand ${brand} is a still for libheif`, async (t) => {
    t.same(sniffMedia(box('ftyp', latin(`${brand}\0\0\0\0mif1`))), { format: 'heif', media: 'heif', skipBytes: 0 })
  })
}

const refused: [name: string, bytes: Buffer, kind: string, reason: RegExp][] = [
  ['nothing at all', Buffer.alloc(0), 'empty', /empty/],
  ['zeros', Buffer.alloc(4096), 'zeros', /nothing but zeros: /],
  ['zeros at the start of a long file', Buffer.alloc(sniffBytes), 'zeros', /in its first 131072 bytes/],
  ['a playlist', latin('#EXTM3U\nfile:///etc/passwd\n'), 'playlist', /playlist/],
  ['a playlist behind blank lines', latin('\n\n  #EXTM3U\n'), 'playlist', /playlist/],
  ['a playlist behind a mark', latin('\xef\xbb\xbf#EXTM3U\n'), 'playlist', /playlist/],
  ['a playlist in UTF-16', Buffer.from('\ufeff#EXTM3U\n', 'utf16le'), 'playlist', /playlist/],
  ['a concat script', latin('ffconcat version 1.0\n'), 'playlist', /playlist/],
  ['a concat script without a header', latin("file '/etc/passwd'\n"), 'playlist', /playlist/],
  ['a concat script behind a comment', latin("# list\nfile '/etc/passwd'\n"), 'playlist', /playlist/],
  ['a manifest', latin('<?xml version="1.0"?>\n<MPD>'), 'playlist', /playlist/],
  ['a session description', latin('v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n'), 'playlist', /playlist/],
  ['a log that begins with the word File', latin('File 20261120_083000_0007.MP4\r\nGPS 31.2\r\n'), 'text', /text file/],
  ['a log whose line begins with the word file', latin('file 20261120.MP4 closed\r\n'), 'text', /text file/],
  ['a text', latin('hello'), 'text', /text file/],
  ['a text in UTF-16', Buffer.from('\ufeff执法记录', 'utf16le'), 'text', /text file/],
  ['a text in GBK', Buffer.from('d6b4b7a8bcc7c2bc0d0a', 'hex'), 'text', /text file/],
  ['a PDF', latin('%PDF-1.4\n'), 'document', /PDF/],
  ['a Word document', latin('PK\x03\x04\x14\0\x06\0[Content_Types].xml'), 'document', /Word/],
  ['an old Word document', hex('d0cf11e0a1b11ae1'), 'document', /Word/],
  ['a ZIP archive', latin('PK\x03\x04\x14\0film.mp4'), 'archive', /ZIP/],
  ['a RAR archive', latin('Rar!\x1a\x07\x01\0'), 'archive', /RAR/],
  ['a 7z archive', hex('377abcaf271c'), 'archive', /7z/],
  ['a program', latin('\x7fELF\x02\x01'), 'program', /program/],
  ['a program of Windows', latin('MZ\x90\0\x03'), 'program', /program/],
  ['a database', latin('SQLite format 3\0'), 'database', /SQLite/],
  ['an encrypted file that says so', latin('Salted__\x01\x02'), 'encrypted', /OpenSSL/],
  ['bytes that are all equally frequent', encryptedBytes, 'encrypted', /look encrypted/],
  ["a camera's raw still", box('ftyp', latin('crx \0\0\0\x01')), 'camera_raw', /raw/],
  ['a WebP that moves', latin('RIFF\0\x10\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0'), 'animated_picture', /WebP/],
  ['a WAV of big-endian machines', latin('RIFX\0\0\x10\0WAVEfmt '), 'vendor_format', /RIFX/],
  ['a RIFF of another kind', latin('RIFF\x00\x10\x00\x00RMIDdata\x00\x01\x02'), 'unknown', /no known format/],
  ['one lone sync byte', Buffer.concat([Buffer.from([0x47]), Buffer.alloc(600, 1)]), 'unknown', /no known format/],
  ['a few sync bytes somewhere', Buffer.concat([Buffer.alloc(900, 1), packets(188, 0, 4)]), 'unknown', /no known/],
  [
    'one lone pack header',
    Buffer.concat([Buffer.alloc(40, 1), pack.subarray(0, 14), Buffer.alloc(900, 1)]),
    'unknown',
    /no known/,
  ],
]
for (const [name, bytes, kind, reason] of refused) {
  t.test(`${name} is refused as what it is`, async (t) => {
    t.match(sniffMedia(bytes), { format: null, kind, reason })
  })
}

t.test('every refusal is a word of the list', async (t) => {
  for (const [, , kind] of refused) t.ok((notFootageKinds as readonly string[]).includes(kind), kind)
})

t.test('sound frames of 192 bytes with the same byte in each are not taken for packets', async (t) => {
  const frame = Buffer.concat([Buffer.from('fffb5464', 'hex'), Buffer.alloc(188, 0x01)])
  frame[20] = 0x47
  t.match(sniffMedia(again(frame, 40)), { format: 'mp3', skipBytes: 0 })
  t.match(sniffMedia(Buffer.concat([Buffer.alloc(192), again(frame, 40)])), { format: 'mp3', skipBytes: 192 })
})

t.test('frames of silence within one packet of a transport stream are not taken for a file of sound', async (t) => {
  const stream = packets(188, 0)
  const frame = Buffer.concat([Buffer.from('fff15080', 'hex'), Buffer.alloc(9)])
  frame.writeUInt16BE(frame.length << 5, 4)
  for (const at of [188 + 20, 5 * 188 + 40]) again(frame, 9).copy(stream, at)
  t.match(sniffMedia(stream), { format: 'mpegts', skipBytes: 0 })
  t.match(sniffMedia(again(frame, 40)), { format: 'aac', skipBytes: 0 }, 'as a file they are sound')
  t.match(sniffMedia(Buffer.concat([Buffer.alloc(50), again(frame, 40)])), { format: 'aac', skipBytes: 50 })
})
