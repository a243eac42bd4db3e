import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { seededRandom } from '../seeded-random.ts'
import { type Clip, type ClipPicture, type ClipSound, containers, type Damage } from './clip.ts'
import { drawPicture } from './picture-code.ts'

const run = promisify(execFile)
const toneAmplitude = 0.25
const layouts = ['mono', 'stereo', '3.0', '4.0', '5.0', '5.1', '6.1', '7.1']
const pictureCoders: Readonly<Record<string, readonly string[]>> = {
  h264: ['libx264', '-preset', 'ultrafast', '-sc_threshold', '0'],
  hevc: ['libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none:pools=1:frame-threads=1'],
  mpeg4: ['mpeg4', '-q:v', '3'],
  mpeg2: ['mpeg2video', '-q:v', '3'],
  mjpeg: ['mjpeg', '-q:v', '3'],
  flv1: ['flv', '-q:v', '3'],
}
const soundCoders: Readonly<Record<string, readonly string[]>> = {
  aac: ['aac', '-b:a', '128k'],
  mp2: ['mp2', '-b:a', '192k'],
  ac3: ['ac3'],
  flac: ['flac', '-frame_size', '1152'],
  pcm: ['pcm_s16le'],
}

/** Number of the second picture track's pictures, which are told by it. */
export const secondPicture = 128

/** Makes the clip in a folder by one run of ffmpeg, and damages it as it says. Returns the file's path. */
export async function makeClip(folder: string, clip: Clip): Promise<string> {
  const path = join(folder, `${clip.seed}.${clip.container}`)
  const { format, ...kind } = containers[clip.container]
  const inputs: string[] = []
  const filters: string[] = []
  const outputs: string[] = []
  for (const [at, picture] of clip.pictures.entries()) {
    const raw = join(folder, `picture-${at}.raw`)
    await writeFile(raw, picturesOf(picture, at * secondPicture))
    const { width, height, rate, startMs, pixelAspect, gap, keyEvery, bFrames, codec } = picture
    inputs.push(...['-f', 'rawvideo', '-pix_fmt', 'gray'])
    inputs.push(...['-s', `${width}x${height}`, '-r', String(rate), '-i', raw])
    const select = gap ? `select='not(between(n,${gap.from},${gap.to - 1}))',` : ''
    filters.push(`[${at}:v]${select}setpts=PTS+${startMs / 1000}/TB,setsar=${pixelAspect.join('/')}[v${at}]`)
    const coder = pictureCoders[codec]!
    outputs.push(
      ...['-map', `[v${at}]`, `-c:v:${at}`, ...coder, `-g:v:${at}`, String(keyEvery), `-bf:v:${at}`, String(bFrames)],
    )
  }
  for (const [at, sound] of clip.sounds.entries()) {
    const raw = join(folder, `sound-${at}.raw`)
    await writeFile(raw, samplesOf(sound))
    const { sampleRate, channels, startMs, gap, frameSamples, codec } = sound
    const place = clip.pictures.length + at
    inputs.push(...['-f', 's16le', '-ar', String(sampleRate)])
    inputs.push(...['-ac', String(channels.length), '-channel_layout', layoutOf(channels.length), '-i', raw])
    const select = gap ? `,aselect='not(between(n,${gap.from},${gap.to - 1}))'` : ''
    filters.push(`[${place}:a]asetnsamples=n=${frameSamples}:p=0${select},asetpts=PTS+${startMs / 1000}/TB[a${at}]`)
    outputs.push(
      ...['-map', `[a${at}]`, `-c:a:${at}`, ...soundCoders[codec]!.map((word) => word.replace(/^-b:a$/, `-b:a:${at}`))],
    )
  }
  await run('ffmpeg', [
    ...['-nostdin', '-v', 'error', '-y', '-threads', '1', ...inputs, '-filter_complex', filters.join(';'), ...outputs],
    ...['-vsync', 'passthrough', '-pix_fmt', 'yuv420p', '-threads', '1', '-max_interleave_delta', '0'],
    ...['flags' in kind ? [...kind.flags] : [], '-f', format, path].flat(),
  ])
  const made = await readFile(path)
  turnPictures(made, clip.pictures)
  await writeFile(path, clip.damage ? damaged(made, clip.damage) : made)
  return path
}

function layoutOf(channels: number): string {
  return layouts[channels - 1]!
}

function picturesOf(picture: ClipPicture, firstNumber: number): Buffer {
  return Buffer.concat(Array.from({ length: picture.frames }, (_, at) => drawPicture(picture, firstNumber + at)))
}

function samplesOf({ channels, sampleRate, startMs, endMs }: ClipSound): Buffer {
  const count = Math.round(((endMs - startMs) * sampleRate) / 1000)
  const samples = Buffer.alloc(count * channels.length * 2)
  for (const [place, { hertz, bursts }] of channels.entries()) {
    for (const { fromMs, toMs } of bursts) {
      const to = Math.min(count, Math.round(((toMs - startMs) * sampleRate) / 1000))
      for (let at = Math.round(((fromMs - startMs) * sampleRate) / 1000); at < to; at++) {
        const level = toneAmplitude * Math.sin((2 * Math.PI * hertz * at) / sampleRate)
        samples.writeInt16LE(Math.round(level * 32_767), (at * channels.length + place) * 2)
      }
    }
  }
  return samples
}

/** Writes the display matrices into the track headers of an MP4 or MOV (ISO 14496-12, 8.3.2), in the order of the tracks. */
function turnPictures(file: Buffer, pictures: readonly ClipPicture[]): void {
  if (pictures.every(({ matrix }) => matrix.join() === '1,0,0,1')) return
  let from = 0
  for (const { matrix } of pictures) {
    const at = file.indexOf('tkhd', from)
    if (at < 0 || file[at + 4] !== 0) throw new Error('the clip has no track header of version 0')
    const [a, b, c, d] = matrix
    const rows = [a, b, 0, c, d, 0]
    for (const [index, value] of rows.entries()) file.writeInt32BE(value * 0x10000, at + 44 + index * 4)
    from = at + 4
  }
}

function damaged(file: Buffer, damage: Damage): Buffer {
  if (damage.kind === 'cut') return file.subarray(0, Math.ceil(file.length * damage.at))
  if (damage.kind === 'zeros') {
    const from = Math.floor(file.length * damage.at)
    return Buffer.from(file).fill(0, from, Math.min(file.length, from + Math.ceil(file.length * damage.share)))
  }
  if (damage.kind === 'flips') {
    const flipped = Buffer.from(file)
    for (const at of damage.at) flipped[Math.floor(at * file.length)]! ^= 0x5a
    return flipped
  }
  const random = seededRandom(damage.seed)
  const junk = Buffer.from(Array.from({ length: damage.bytes }, () => Math.floor(random() * 256)))
  return Buffer.concat(damage.kind === 'before' ? [junk, file] : [file, junk])
}
