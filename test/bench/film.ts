// A recorder's film of about 1 GB (a short run: 300 MB): 1080p H.264 with sound, one short clip again and again, its index
// at the end.

import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { RunOptions } from './family.ts'

const run = promisify(execFile)
const clipSeconds = 20
const fullBytes = 1e9
const shortBytes = 3e8
const videoBitsPerSecond = 8e6

/** Makes the film at `path`. It takes some 20 s, most of it for the one clip. */
export async function makeFilm(path: string, { isShort }: Pick<RunOptions, 'isShort'>): Promise<void> {
  const folder = await mkdtemp(`${path}-`)
  const clip = join(folder, 'clip.mp4')
  const rate = String(videoBitsPerSecond)
  try {
    await ffmpeg([
      ...['-f', 'lavfi', '-i', `testsrc2=s=1920x1080:r=25:d=${clipSeconds}`],
      ...['-f', 'lavfi', '-i', `sine=frequency=330:sample_rate=48000:duration=${clipSeconds}`],
      ...[
        '-vf',
        'noise=alls=20:allf=t',
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-profile:v',
        'main',
        '-pix_fmt',
        'yuv420p',
      ],
      ...['-g', '50', '-b:v', rate, '-minrate', rate, '-maxrate', rate, '-bufsize', rate, '-nal-hrd', 'cbr'],
      ...['-c:a', 'aac', '-b:a', '96k', '-ac', '1', clip],
    ])
    const seconds = ((isShort ? shortBytes : fullBytes) * 8) / (videoBitsPerSecond + 96_000)
    const loops = Math.ceil(seconds / clipSeconds) - 1
    await ffmpeg(['-stream_loop', String(loops), '-i', clip, '-c', 'copy', path])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function ffmpeg(args: readonly string[]): Promise<void> {
  await run('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', ...args])
}
