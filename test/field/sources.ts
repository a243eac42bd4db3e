import type { Workshop } from './workshop.ts'

// Test pictures and tones, and the plain films that damage, headers and rotations are applied to.

/** A moving test picture that shows its time, and which corner is up. */
export function picture(size = '640x360', rate: number | string = 25, seconds = 6): string[] {
  return ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=${seconds}`]
}

export function tone(hertz = 440, seconds = 6, rate = 48_000): string[] {
  return ['-f', 'lavfi', '-i', `sine=f=${hertz}:r=${rate}:d=${seconds}`]
}

export const pictures = (...more: readonly string[]): string[] => [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '30', '-g', '25', '-pix_fmt', 'yuv420p'],
  ...more,
]
export const h264 = pictures()

/** Six seconds of picture and tone, index first. */
export const plainFilm = (workshop: Workshop): Promise<Buffer> =>
  workshop.made([...picture(), ...tone(), ...h264, '-c:a', 'aac', '-movflags', '+faststart'], 'plain.mp4')

/** The same, index last. */
export const filmIndexLast = (workshop: Workshop): Promise<Buffer> =>
  workshop.made([...picture(), ...tone(), ...h264, '-c:a', 'aac'], 'index-last.mp4')

export const filmOfEightSeconds = (workshop: Workshop): Promise<Buffer> =>
  workshop.made(
    [...picture('640x360', 25, 8), ...tone(440, 8), ...h264, '-c:a', 'aac', '-movflags', '+faststart'],
    'eight.mp4',
  )

/** The same, with its tone in the second half only. */
export const filmWithLateTone = (workshop: Workshop): Promise<Buffer> =>
  workshop.made(
    [
      ...[...picture('640x360', 25, 8), ...tone(440, 8), ...h264, '-af', "volume=enable='lt(t,4)':volume=0"],
      ...['-c:a', 'aac', '-movflags', '+faststart'],
    ],
    'late-tone.mp4',
  )

export const transportStream = (workshop: Workshop): Promise<Buffer> =>
  workshop.made([...picture(), ...tone(), ...h264, '-c:a', 'aac', '-f', 'mpegts'], 'whole.ts')

/** A recorder's MPEG-PS with H.264 and sound of 16 kHz. */
export const programStream = (workshop: Workshop): Promise<Buffer> =>
  workshop.made(
    [
      ...picture(),
      ...tone(440, 6, 8000),
      ...h264,
      '-bf',
      '0',
      '-c:a',
      'mp2',
      '-ar',
      '16000',
      '-b:a',
      '32k',
      '-f',
      'vob',
    ],
    'recorder.mpg',
  )

export const photo = (workshop: Workshop): Promise<Buffer> =>
  workshop.made([...picture('640x360', 25, 1), '-frames:v', '1', '-q:v', '4'], 'photo.jpg')

/** Three seconds of a transport stream, from a second of its clock on. */
export const partOfStream = ({ size = '320x240', fromSeconds = 0 }): string[] => [
  ...[...picture(size, 25, 3), ...tone(440, 3), ...pictures('-bf', '0'), '-c:a', 'aac'],
  ...['-output_ts_offset', String(fromSeconds), '-f', 'mpegts'],
]
