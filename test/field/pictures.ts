import { type FieldCase, film, heard } from './case.ts'
import { withEditsOf, withMatrix } from './edit-boxes.ts'
import { oneAfterTheOther } from './edit-streams.ts'
import { filmIndexLast, filmOfEightSeconds, filmWithLateTone, h264, partOfStream, picture, tone } from './sources.ts'
import { byFfmpeg, byHand } from './workshop.ts'

const red = (seconds: number) => ['-f', 'lavfi', '-i', `color=c=red:s=640x360:r=25:d=${seconds}`]

/** Films whose picture is turned, is not the first in the file, or is not all that the file holds. */
export const picturesOfFilms: readonly FieldCase[] = [
  {
    id: 'E1',
    file: 'worn-sideways-h264.mp4',
    situation: 'The camera was worn sideways and says so in its display matrix (90°).',
    make: byHand(async (workshop) => withMatrix(await filmIndexLast(workshop), 'turned90')),
    right: { ...film(6000, [360, 640], heard(0, 6000)), upright: 'transpose=clock' },
  },
  {
    id: 'more-turned-180',
    file: 'mounted-upside-down.mp4',
    situation: 'The camera was mounted upside down and says so in its display matrix (180°).',
    make: byHand(async (workshop) => withMatrix(await filmIndexLast(workshop), 'turned180')),
    right: { ...film(6000, [640, 360], heard(0, 6000)), upright: 'hflip,vflip' },
  },
  {
    id: 'more-turned-270',
    file: 'worn-on-the-other-side.mp4',
    situation: 'The camera was worn on the other side and says so in its display matrix (270°).',
    make: byHand(async (workshop) => withMatrix(await filmIndexLast(workshop), 'turned270')),
    right: { ...film(6000, [360, 640], heard(0, 6000)), upright: 'transpose=cclock' },
  },
  {
    id: 'more-mirrored',
    file: 'front-camera-mirrored.mp4',
    situation: 'A front camera mirrors its picture by its display matrix.',
    make: byHand(async (workshop) => withMatrix(await filmIndexLast(workshop), 'mirrored')),
    right: { ...film(6000, [640, 360], heard(0, 6000)), upright: 'hflip' },
  },
  {
    id: 'E3',
    file: 'preview-track-first.mov',
    situation: 'An action camera puts a track with one small preview picture before the film.',
    make: async (workshop, file) => {
      await workshop.made([...picture('160x90', 1, 1), '-frames:v', '1', '-c:v', 'mjpeg'], 'preview.mov')
      const inputs = ['-i', workshop.pathOfPart('preview.mov'), ...picture(), ...tone()]
      const tracks = ['-map', '0:v', '-map', '1:v', '-map', '2:a', '-c:v:0', 'copy', '-c:v:1', 'libx264']
      const encode = ['-preset', 'veryfast', '-crf', '30', '-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'aac']
      await workshop.ffmpeg([...inputs, ...tracks, ...encode, '-disposition:v:0', '0'], file)
    },
    right: { ...film(6000, [640, 360], heard(0, 6000)), furtherPictures: [{ width: 160, height: 90 }] },
  },
  {
    id: 'E5',
    file: 'two-lenses.mp4',
    situation: 'A camera with two lenses writes both into one file.',
    make: byFfmpeg(
      ...[...picture(), ...red(6), ...tone(), '-map', '0', '-map', '1', '-map', '2', ...h264, '-c:a', 'aac'],
    ),
    right: { ...film(6000, [640, 360], heard(0, 6000)), furtherPictures: [{ width: 640, height: 360 }] },
  },
  {
    id: 'more-three-lenses',
    file: 'three-lenses.mp4',
    situation: 'A camera with three lenses writes all of them into one file, the largest last.',
    make: byFfmpeg(
      ...[...picture('320x240', 25, 4), ...picture('320x180', 25, 4), ...picture('640x360', 25, 4), ...tone(440, 4)],
      ...['-map', '0', '-map', '1', '-map', '2', '-map', '3', ...h264, '-c:a', 'aac'],
    ),
    right: {
      ...film(4000, [640, 360], heard(0, 4000)),
      furtherPictures: [
        { width: 320, height: 240 },
        { width: 320, height: 180 },
      ],
    },
  },
  {
    id: 'E7',
    file: 'trimmed-by-edit-list.mp4',
    situation: 'A film of 8 s was trimmed to 2 s in the camera; all of it is still in the file.',
    make: byHand(async (workshop) => withEditsOf(await filmOfEightSeconds(workshop), { seconds: 2 })),
    // Without the edit list, its first picture is shown two pictures after the first one is decoded.
    right: {
      ...film(8080, [640, 360], heard(0, 8000), 'trimmed_by_camera'),
      shown: { fromMs: 0, lengthMs: 2000, sound: heard(0, 2000) },
    },
  },
  {
    id: 'more-trimmed-inside',
    file: 'trimmed-to-the-middle.mp4',
    situation: 'A film of 8 s was trimmed in the camera to 2 s in its middle, which do not begin with a key frame.',
    make: byHand(async (workshop) => withEditsOf(await filmWithLateTone(workshop), { fromSeconds: 3.4, seconds: 2 })),
    right: {
      ...film(8080, [640, 360], [...heard(600, 2000), ...heard(4000, 8000)], 'trimmed_by_camera'),
      shown: { fromMs: 3400, lengthMs: 2000, sound: heard(600, 2000) },
    },
  },
  {
    id: 'more-size-changes',
    file: 'size-changes.ts',
    situation: 'A network camera switched to a smaller picture after three seconds.',
    make: byHand(async (workshop) => {
      const large = await workshop.made(partOfStream({ size: '640x360' }), 'large.ts')
      const small = await workshop.made(partOfStream({ size: '320x240', fromSeconds: 3 }), 'small.ts')
      return oneAfterTheOther(large, small)
    }),
    right: film(6000, [640, 360], heard(0, 6000), 'size_changes'),
  },
  {
    id: 'more-pal',
    file: 'pal-interlaced-anamorphic.mpg',
    situation: 'A camcorder recorded interlaced PAL for a wide screen: 720×576 pixels that are wider than high.',
    make: byFfmpeg(
      ...[...picture('720x576', 50, 3), ...tone(440, 3)],
      ...['-vf', 'tinterlace=interleave_top,fieldorder=tff,setsar=64/45', '-flags', '+ildct+ilme'],
      ...['-c:v', 'mpeg2video', '-b:v', '2000k', '-c:a', 'mp2', '-f', 'vob'],
    ),
    right: film(3000, [1024, 576], heard(0, 3000)),
  },
  {
    id: 'P6',
    file: 'avchd-1080i-anamorphic.mts',
    situation: 'A camcorder recorded interlaced AVCHD with pixels that are wider than high.',
    make: byFfmpeg(
      ...[...picture('1440x1080', 50, 2), ...tone(440, 2)],
      ...['-vf', 'tinterlace=interleave_top,fieldorder=tff,setsar=4/3', '-c:v', 'libx264', '-preset', 'veryfast'],
      ...['-crf', '36', '-flags', '+ildct+ilme', '-x264opts', 'tff=1', '-pix_fmt', 'yuv420p', '-c:a', 'ac3'],
      ...['-f', 'mpegts', '-mpegts_m2ts_mode', '1'],
    ),
    right: film(2000, [1920, 1080], heard(0, 2000)),
  },
]
