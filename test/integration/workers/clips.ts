import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Teardown } from '../../support/stack.ts'

const run = promisify(execFile)
const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=25']
const sound = ['-f', 'lavfi', '-i', 'sine=f=440:r=48000']
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '25']

/** Small clips in the formats of the bureau's devices: ffmpeg's arguments by file name. */
const recipes = {
  'recorder.mp4': [...picture, ...sound, '-t', '10', ...h264, '-c:a', 'aac', '-movflags', '+faststart'],
  'moov-last.mp4': [...picture, ...sound, '-t', '6', ...h264, '-c:a', 'aac'],
  'rare-key-frames.mp4': [
    ...['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=2', '-t', '90', '-c:v', 'libx264', '-preset', 'ultrafast'],
    ...['-pix_fmt', 'yuv420p', '-g', '1000', '-sc_threshold', '0'],
  ],
  // One frame an hour, or in 27 hours: what decode bombs of time stamps are made of.
  'hourly.mp4': [
    ...['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=1/3600', '-frames:v', '4', ...h264, '-bf', '0'],
    ...['-video_track_timescale', '1'],
  ],
  'daily.mkv': ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=1/100000', '-frames:v', '4', ...h264, '-bf', '0'],
  // A tag that spells an escape of JSON.
  'spelling-tags.mp4': [...picture, '-t', '2', ...h264, '-metadata', 'title=ends in \\u0000'],
  'silent.mp4': [...picture, '-t', '3', ...h264],
  'camera.mov': [...picture, ...sound, '-t', '3', ...h264, '-c:a', 'pcm_s16le'],
  'camera.avi': [...picture, ...sound, '-t', '3', '-c:v', 'mjpeg', '-c:a', 'pcm_s16le'],
  'camera-minute.avi': [...picture, '-t', '60', '-c:v', 'mjpeg'],
  'camera.mts': [...picture, ...sound, '-t', '3', ...h264, '-c:a', 'aac', '-f', 'mpegts', '-mpegts_m2ts_mode', '1'],
  'camera.ts': [...picture, ...sound, '-t', '3', ...h264, '-c:a', 'aac', '-f', 'mpegts'],
  'drone.mp4': [
    ...picture,
    '-t',
    '2',
    '-c:v',
    'libx265',
    '-preset',
    'ultrafast',
    '-x265-params',
    'log-level=error',
    '-tag:v',
    'hvc1',
  ],
  'tenbit.mkv': [...picture, '-t', '2', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv422p10le'],
  'odd.mp4': ['-f', 'lavfi', '-i', 'testsrc2=s=321x239:r=25', '-t', '2', '-c:v', 'mpeg4'],
  'pen.wav': [...sound, '-t', '5', '-c:a', 'pcm_s16le'],
  'pen.mp3': [...sound, '-t', '5', '-c:a', 'libmp3lame'],
  'still.jpg': [...picture, '-vf', 'scale=2560:1920', '-frames:v', '1', '-metadata', 'comment=where it was taken'],
  'still.png': [...picture, '-frames:v', '1'],
  'many-streams.mkv': [
    ...sound,
    ...Array.from({ length: 80 }, () => ['-map', '0:a']).flat(),
    ...['-t', '1', '-c:a', 'pcm_s16le'],
  ],
} as const satisfies Record<string, readonly string[]>

export type ClipName = keyof typeof recipes

/** Makes clips on demand in a folder that goes with the test; each is made once. */
export async function clipMaker(t: Teardown): Promise<(name: ClipName) => Promise<string>> {
  const directory = await mkdtemp(join(tmpdir(), 'custody-clips-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const made = new Map<ClipName, Promise<string>>()
  return (name) => {
    const path = join(directory, name)
    const known =
      made.get(name) ?? run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...recipes[name], path]).then(() => path)
    made.set(name, known)
    return known
  }
}
