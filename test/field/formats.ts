import { type FieldCase, film, heard, soundOnly, stillOf } from './case.ts'
import { dhavOf } from './dhav.ts'
import { withBoxBefore } from './edit-boxes.ts'
import { withErrorCorrection } from './edit-streams.ts'
import { h264, picture, pictures, plainFilm, programStream, tone, transportStream } from './sources.ts'
import { byFfmpeg, byHand, sample } from './workshop.ts'

const oneBox = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const freeBox = Buffer.concat([oneBox('00000040 66726565'), Buffer.alloc(56)])
/** The old QuickTime preview: no time of change, version 0, and the type of the preview's box. */
const previewBox = oneBox('00000014 706e6f74 00000000 0000 50494354 0000')
const vendorHeader = Buffer.concat([Buffer.from('IMKH'), oneBox('0101000002000100'), Buffer.alloc(28)])
const plain = film(6000, [640, 360], heard(0, 6000))
const mute = film(6000, [640, 360], [])

/** Ordinary formats that are not what their first bytes or their names say. */
export const formats: readonly FieldCase[] = [
  {
    id: 'G1',
    file: 'imkh-ps.mp4',
    situation: 'A recorder puts a header of its own before its programme stream and calls the file MP4.',
    make: byHand(async (workshop) => Buffer.concat([vendorHeader, await programStream(workshop)])),
    right: plain,
  },
  {
    id: 'G2',
    file: 'pen-zeros-then-mp3.mp3',
    situation: 'A pen wrote a frame of zeros before its MP3.',
    make: byHand(async (workshop) => {
      const flags = [...tone(500, 5), '-c:a', 'libmp3lame', '-id3v2_version', '0', '-write_xing', '0']
      return Buffer.concat([Buffer.alloc(417), await workshop.made(flags, 'pen.mp3')])
    }),
    right: soundOnly(5000, heard(0, 5000)),
  },
  {
    id: 'G3',
    file: 'raw-annexb.264',
    situation: 'A recorder exports its picture without a container.',
    make: byFfmpeg(...picture(), ...pictures('-bf', '0'), '-f', 'h264'),
    right: mute,
  },
  {
    id: 'more-raw-hevc',
    file: 'raw-annexb.265',
    situation: 'A recorder exports its H.265 picture without a container.',
    make: byFfmpeg(
      ...[...picture(), '-c:v', 'libx265', '-preset', 'ultrafast', '-crf', '34', '-pix_fmt', 'yuv420p'],
      ...['-x265-params', 'log-level=0', '-f', 'hevc'],
    ),
    right: mute,
  },
  {
    id: 'more-raw-mpeg2',
    file: 'raw-mpeg2.m2v',
    situation: 'An editing station exports an MPEG-2 picture without a container.',
    make: byFfmpeg(...picture(), '-c:v', 'mpeg2video', '-b:v', '1000k', '-f', 'mpeg2video'),
    right: mute,
  },
  {
    id: 'G5',
    file: 'long-recorder-rf64.wav',
    situation: 'A recorder for long sessions writes RF64, which may be larger than 4 GB.',
    make: byFfmpeg(...tone(700, 5, 16_000), '-rf64', 'always', '-ac', '1'),
    right: soundOnly(5000, heard(0, 5000)),
  },
  {
    id: 'more-w64',
    file: 'long-recorder.w64',
    situation: 'A recorder for long sessions writes W64.',
    make: byFfmpeg(...tone(700, 5, 16_000), '-ac', '1'),
    right: soundOnly(5000, heard(0, 5000)),
  },
  {
    id: 'more-aiff',
    file: 'studio.aiff',
    situation: 'A studio delivers AIFF.',
    make: byFfmpeg(...tone(700, 5, 16_000), '-ac', '1'),
    right: soundOnly(5000, heard(0, 5000)),
  },
  {
    id: 'G7',
    file: 'mp4-free-first.mp4',
    situation: 'A camera writes free space before the first box of its MP4.',
    make: byHand(async (workshop) => withBoxBefore(await plainFilm(workshop), freeBox)),
    right: plain,
  },
  {
    id: 'G7',
    file: 'camera-2005-pnot-first.mov',
    situation: 'A camera of 2005 begins its MOV with a preview.',
    make: byHand(async (workshop) => withBoxBefore(await plainFilm(workshop), previewBox)),
    right: plain,
  },
  {
    id: 'G9',
    file: 'ts-cut-mid-packet.ts',
    situation: 'A transport stream was cut in the middle of a packet.',
    make: byHand(async (workshop) => (await transportStream(workshop)).subarray(77)),
    right: plain,
  },
  {
    id: 'more-204',
    file: 'ts-204-bytes.ts',
    situation: 'Broadcast equipment writes error correction behind every packet.',
    make: byHand(async (workshop) => withErrorCorrection(await transportStream(workshop))),
    right: plain,
  },
  {
    id: 'G10',
    file: 'camcorder.mxf',
    situation: 'A camcorder of a television station writes MXF.',
    make: byFfmpeg(
      ...[...picture('720x576', 25, 3), ...tone(440, 3), '-c:v', 'mpeg2video', '-b:v', '2500k'],
      ...['-c:a', 'pcm_s16le', '-ar', '48000'],
    ),
    right: film(3000, [720, 576], heard(0, 3000)),
  },
  {
    id: 'more-dv',
    file: 'tape.dv',
    situation: 'A DV tape was copied to disk without a container (a third of a second: DV is large).',
    make: byFfmpeg(...picture('720x576', 25, 0.32), ...tone(440, 0.32), '-target', 'pal-dv', '-ac', '2'),
    right: film(320, [768, 576], heard(0, 320, 2)),
  },
  {
    id: 'more-flv',
    file: 'web-camera.flv',
    situation: 'A web camera of a street office writes FLV.',
    make: byFfmpeg(...picture(), ...tone(), ...h264, '-c:a', 'aac'),
    right: plain,
  },
  {
    id: 'more-dhav',
    file: 'network-recorder.dav',
    situation: 'A network recorder writes its own container, .dav.',
    make: byHand(async (workshop) => {
      const delimited = [...picture(), ...pictures('-bf', '0', '-aud', '1'), '-f', 'h264']
      const sound = await workshop.made([...tone(440, 6, 16_000), '-f', 's16le'], 'pieces.pcm')
      return dhavOf(await workshop.made(delimited, 'delimited.264'), sound)
    }),
    right: plain,
  },
  {
    id: 'more-tagged-aac',
    file: 'pen-tag-then-aac.aac',
    situation: 'A pen writes the tag of an MP3 player before its AAC.',
    make: byFfmpeg(...tone(500, 5), '-c:a', 'aac', '-f', 'adts', '-write_id3v2', '1', '-metadata', 'title=0007'),
    right: soundOnly(5000, heard(0, 5000)),
  },
  {
    id: 'G13',
    file: 'photo.heic',
    situation: 'A telephone took the photo, as HEIC.',
    make: sample('photo.heic'),
    right: stillOf(320, 180),
  },
  {
    id: 'more-heic-turned',
    file: 'photo-turned.heic',
    situation:
      'A telephone held upright took the photo: it says twice that it is to be turned, and must be turned once.',
    make: sample('photo-turned.heic'),
    right: stillOf(180, 320),
  },
  {
    id: 'more-heic-main',
    file: 'photo-second-is-main.heic',
    situation: 'A telephone took several pictures at once, and the second is the main one.',
    make: sample('photo-second-is-main.heic'),
    right: stillOf(320, 180, 'one_of_several'),
  },
  {
    id: 'more-avif',
    file: 'photo.avif',
    situation: 'The photo is AVIF.',
    make: sample('photo.avif'),
    right: stillOf(320, 180),
  },
  {
    id: 'G13',
    file: 'photo.bmp',
    situation: 'A microscope camera saves BMP.',
    make: byFfmpeg(...picture('320x180', 25, 1), '-frames:v', '1', '-pix_fmt', 'bgr24'),
    right: stillOf(320, 180),
  },
  {
    id: 'more-tiff',
    file: 'scan.tif',
    situation: 'A scanner saves TIFF.',
    make: byFfmpeg(...picture('320x180', 25, 1), '-frames:v', '1', '-pix_fmt', 'rgb24'),
    right: stillOf(320, 180),
  },
  {
    id: 'more-webp',
    file: 'chat-picture.webp',
    situation: 'A picture was saved from a chat, as WebP.',
    make: byFfmpeg(...picture('320x180', 25, 1), '-frames:v', '1'),
    right: stillOf(320, 180),
  },
  {
    id: 'H1',
    file: 'file-index.log',
    situation: 'A recorder writes a log whose first word is "File".',
    make: byHand(() => Buffer.from('File 20261120_083000_0007.MP4\r\nGPS 31.2,121.4\r\n')),
    right: { kind: 'not_playable', reason: 'text' },
  },
]
