import { type FieldCase, film, heard, soundOnly, stillOf } from './case.ts'
import { withOrientation } from './edit-streams.ts'
import { h264, photo, picture, tone } from './sources.ts'
import { byFfmpeg, byHand, sample } from './workshop.ts'

const hevc = ['-c:v', 'libx265', '-preset', 'ultrafast', '-crf', '34']

/** Files that are odd and have always been played right. */
export const ordinary: readonly FieldCase[] = [
  {
    id: 'P1',
    file: 'photo-exif-orientation-3.jpg',
    situation: 'A camera was held upside down and says so in the photo.',
    make: byHand(async (workshop) => withOrientation(await photo(workshop), 3)),
    right: stillOf(640, 360),
  },
  {
    id: 'P1',
    file: 'photo-exif-orientation-6.jpg',
    situation: 'A camera was held upright and says so in the photo.',
    make: byHand(async (workshop) => withOrientation(await photo(workshop), 6)),
    right: stillOf(360, 640),
  },
  {
    id: 'P1',
    file: 'photo-cmyk.jpg',
    situation: 'A print shop delivered a photo in its printing colours.',
    make: sample('photo-cmyk.jpg'),
    right: stillOf(320, 180),
  },
  {
    id: 'P3',
    file: 'one-frame.mp4',
    situation: 'The button was pressed twice: the film has one picture.',
    make: byFfmpeg(...picture('640x360', 25, 1), '-frames:v', '1', ...h264),
    right: film(40, [640, 360], []),
  },
  {
    id: 'P3',
    file: 'timelapse-30s.mp4',
    situation: 'A camera took a picture every 30 s.',
    make: byFfmpeg(...picture('640x360', '1/30', 300), ...h264),
    right: film(300_000, [640, 360], []),
  },
  {
    id: 'P6',
    file: 'hlg-10bit.mp4',
    situation: 'A drone recorded H.265 with 10 bits and a wide range of brightness.',
    make: byFfmpeg(
      ...[...picture('640x360', 25, 3), ...hevc, '-pix_fmt', 'yuv420p10le', '-tag:v', 'hev1'],
      ...['-x265-params', 'log-level=0:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc'],
    ),
    right: film(3000, [640, 360], []),
  },
  {
    id: 'P6',
    file: 'hevc-irregular-90k.mp4',
    situation: 'A telephone recorded H.265 whose pictures come at irregular times.',
    make: byFfmpeg(
      ...[...picture('320x240', 25, 4), '-vf', "settb=1/90000,setpts='PTS+floor(random(1)*1500)'", '-vsync', '0'],
      ...['-enc_time_base', '1/90000', ...hevc, '-pix_fmt', 'yuv420p', '-tag:v', 'hvc1'],
      ...['-x265-params', 'log-level=0:vui-timing-info=0:bframes=0', '-video_track_timescale', '90000'],
    ),
    right: film(4000, [320, 240], []),
  },
  {
    id: 'P6',
    file: 'odd-641x361.avi',
    situation: 'A recorder writes pictures of an odd width and height.',
    make: byFfmpeg(...picture('640x360', 25, 3), '-vf', 'format=yuvj444p,scale=641:361', '-c:v', 'mjpeg', '-q:v', '8'),
    right: film(3000, [641, 361], []),
  },
  {
    id: 'P6',
    file: 'pen-g726.wav',
    situation: 'A pen writes G.726 to save room.',
    make: byFfmpeg(...tone(500, 4, 8000), '-c:a', 'g726', '-code_size', '4', '-ar', '8000'),
    right: soundOnly(4000, heard(0, 4000)),
  },
]
