import t from 'tap'
import { sniffMedia } from '../../../workers/transcode/media-sniff.ts'

const hex = (text: string): Buffer => Buffer.concat([Buffer.from(text.replaceAll(' ', ''), 'hex'), Buffer.alloc(64)])
const latin = (text: string): Buffer => Buffer.from(text, 'latin1')

function packets(size: number, offset: number): Buffer {
  const bytes = Buffer.alloc(size * 8, 0xff)
  for (let at = offset; at < bytes.length; at += size) bytes[at] = 0x47
  return bytes
}

const known: [string, Buffer, string][] = [
  ['MP4', hex('00000020 66747970 69736f6d'), 'mov'],
  ['MOV of an old camera', hex('00000008 77696465 00000000 6d646174'), 'mov'],
  ['MP4 whose index comes first', hex('00001000 6d6f6f76'), 'mov'],
  ['Matroska', hex('1a45dfa3'), 'matroska'],
  ['AVI', latin('RIFF\x00\x10\x00\x00AVI LIST'), 'avi'],
  ['WAV', latin('RIFF\x00\x10\x00\x00WAVEfmt '), 'wav'],
  ['AMR', latin('#!AMR\n'), 'amr'],
  ['MP3 with a tag', latin('ID3\x04\x00'), 'mp3'],
  ['MP3 without a tag', hex('fffb9064'), 'mp3'],
  ['AAC', hex('fff15080'), 'aac'],
  ['MPEG-TS', packets(188, 0), 'mpegts'],
  ['MTS of a camera', packets(192, 4), 'mpegts'],
  ['MPEG-PS', hex('000001ba'), 'mpeg'],
  ['JPEG', hex('ffd8ffe0'), 'jpeg_pipe'],
  ['PNG', hex('89504e470d0a1a0a'), 'png_pipe'],
]
for (const [name, bytes, format] of known) {
  t.test(`${name} is known by its first bytes, whatever it is called`, async (t) => {
    t.match(sniffMedia(bytes), { format })
  })
}

const refused: [string, Buffer, RegExp][] = [
  ['nothing at all', Buffer.alloc(0), /empty/],
  ['a playlist', latin('#EXTM3U\nfile:///etc/passwd\n'), /playlist/],
  ['a playlist behind blank lines', latin('\n\n  #EXTM3U\n'), /playlist/],
  ['a concat script', latin('ffconcat version 1.0\n'), /playlist/],
  ['a concat script without a header', latin("file '/etc/passwd'\n"), /playlist/],
  ['a manifest', latin('<?xml version="1.0"?>\n<MPD>'), /playlist/],
  ['a text', latin('hello'), /text/],
  ['a PDF', latin('%PDF-1.4\n'), /PDF/],
  ['a RIFF of another kind', latin('RIFF\x00\x10\x00\x00WEBPVP8 \x00\x01\x02'), /no known format/],
  ['one lone sync byte', Buffer.concat([Buffer.from([0x47]), Buffer.alloc(600, 1)]), /no known format/],
  ['zeros', Buffer.alloc(4096), /no known format/],
]
for (const [name, bytes, reason] of refused) {
  t.test(`${name} is refused with its reason`, async (t) => {
    t.match(sniffMedia(bytes), { format: null, reason })
  })
}
