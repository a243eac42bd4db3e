// Footage that looks like what it stands for, made by ffmpeg for the demo, the end-to-end tests and the bench: moving
// scenes, a burnt-in clock, device and officer number in Chinese, sound; the formats and file names of real devices.

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Fault } from '../../services/foundation/errors.ts'
import { type Clip, clipsOf, type DeviceKind, fileNameOf } from './footage/clips.ts'

export interface GeneratedFile {
  readonly path: string
  readonly deviceSerial: string
  readonly kind: DeviceKind
  /** Whether the officer pressed the mark key. */
  readonly mark: boolean
  /** What the device's clock said when the recording began. */
  readonly deviceTime: Date
  /** The name as the device's FAT volume holds it: UTF-8 or GBK. */
  readonly rawName: Buffer
}

export interface FootageOptions {
  /** Length of a recorder's segment; everything else is shorter. Default 12. */
  readonly seconds?: number
  /** Default: all of the shift's. */
  readonly isWanted?: (clip: Clip) => boolean
  /** Told after each file which share of all is done, 0..1. */
  readonly onProgress?: (done: number) => void
}

const run = promisify(execFile)
const fonts = [
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/truetype/wqy/wqy-microhei.ttc',
]

/**
 * Makes the files of one shift in `directory`: recorders (two MP4 segments of one recording, a marked one with a GBK name,
 * a still), cameras (MOV, AVI, MTS), a drone (HEVC 4K) and a pen (WAV, MP3, and AMR where sox can write it).
 *
 * @throws not_ready when ffmpeg or a Chinese font is missing
 */
export async function generateFootage(directory: string, options: FootageOptions = {}): Promise<GeneratedFile[]> {
  const font = requireFont()
  await mkdir(directory, { recursive: true })
  const begun = new Date(Math.floor((Date.now() - 3_600_000) / 60_000) * 60_000)
  const clips = clipsOf(options.seconds ?? 12).filter(options.isWanted ?? (() => true))
  const files: GeneratedFile[] = []
  let done = 0
  const waiting = clips.entries()
  const work = async (): Promise<void> => {
    for (const [index, clip] of waiting) {
      const deviceTime = new Date(begun.getTime() + clip.afterSeconds * 1000)
      const path = join(directory, `${String(index + 1).padStart(2, '0')}.${clip.extension.toLowerCase()}`)
      if (await makeClip(clip, { path, directory, index, deviceTime, font })) {
        files[index] = { path, deviceTime, ...describe(clip, deviceTime) }
      }
      done++
      options.onProgress?.(done / clips.length)
    }
  }
  await Promise.all([work(), work()])
  return files.filter((file) => file !== undefined)
}

/** The font of burnt-in texts. @throws not_ready when this machine has none for Chinese */
export function requireFont(): string {
  const font = fonts.find((path) => existsSync(path))
  if (!font) throw new Fault('not_ready', 'no Chinese font for the burnt-in texts: install fonts-noto-cjk')
  return font
}

function describe(clip: Clip, deviceTime: Date): Pick<GeneratedFile, 'deviceSerial' | 'kind' | 'mark' | 'rawName'> {
  return { deviceSerial: clip.serial, kind: clip.kind, mark: clip.mark, rawName: fileNameOf(clip, deviceTime) }
}

/** False when this machine has no program for the format (AMR alone may be missing). */
async function makeClip(
  clip: Clip,
  made: { path: string; directory: string; index: number; deviceTime: Date; font: string },
): Promise<boolean> {
  if (clip.extension === 'AMR') return makeAmr(clip, made.path)
  const textFile = join(made.directory, `${made.index}.txt`)
  await writeFile(textFile, overlayText(clip, made.deviceTime))
  const overlay = [
    `drawtext=fontfile=${made.font}:textfile=${textFile}:fontsize=h/24:fontcolor=white:line_spacing=8`,
    'box=1:boxcolor=black@0.45:boxborderw=8:x=24:y=24',
  ].join(':')
  const arguments_ = [
    ...['-nostdin', '-v', 'error', '-y'],
    ...(clip.scene ? ['-f', 'lavfi', '-i', clip.scene] : []),
    ...(clip.sound ? ['-f', 'lavfi', '-i', clip.sound] : []),
    ...['-t', String(clip.seconds)],
    ...(clip.scene ? ['-vf', [...(clip.filter ? [clip.filter] : []), overlay].join(',')] : []),
    ...['-metadata', `creation_time=${made.deviceTime.toISOString()}`, ...clip.flags, made.path],
  ]
  await run('ffmpeg', arguments_, { env: { ...process.env, TZ: 'Asia/Shanghai' }, maxBuffer: 1 << 20 }).catch(
    (cause: unknown) => {
      throw new Fault('not_ready', `ffmpeg could not make the ${clip.extension} of ${clip.serial}`, { cause })
    },
  )
  await rm(textFile)
  return true
}

/** What a recorder burns in: device, officer, and its own clock running. */
function overlayText(clip: Clip, deviceTime: Date): string {
  const seconds = Math.floor(deviceTime.getTime() / 1000)
  const officer = clip.officerNumber ? `  警号 ${clip.officerNumber}` : ''
  return `${clip.title}\n产品序号 ${clip.serial}${officer}\n%{pts:localtime:${seconds}:%Y-%m-%d %T}`
}

async function makeAmr(clip: Clip, path: string): Promise<boolean> {
  try {
    const format = ['-r', '8000', '-c', '1', '-C', '7', '-t', 'amr-nb']
    // A gliding tone: noise makes sox write comfort-noise frames, which ffmpeg's decoder does not know.
    const sound = ['synth', String(clip.seconds), 'sine', '300-900', 'vol', '0.6']
    await run('sox', ['-n', ...format, path, ...sound])
  } catch {
    return false // no sox, or one without AMR: the pen's other two formats stand for it
  }
  return (await stat(path)).size > 0
}
