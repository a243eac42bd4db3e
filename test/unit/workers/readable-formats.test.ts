import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import type { Inventory } from '../../../workers/transcode/inventory/inventory.ts'
import { takeInventory } from '../../../workers/transcode/inventory/take-inventory.ts'
import { sniffMedia } from '../../../workers/transcode/media-sniff.ts'
import { makeRunDirectory } from '../../../workers/transcode/sandbox.ts'
import { sniffBytes } from '../../../workers/transcode/sniff/sniffed.ts'

// Every format that is accepted is really read by the sandboxed ffprobe, with the demuxer named and no other allowed.

t.setTimeout(240_000)
const run = promisify(execFile)
const signal = new AbortController().signal
const limits = { cpuSeconds: 60, fileBytes: 64 * 1024 * 1024, memoryBytes: 4 * 1024 ** 3 }

const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=25:d=0.4']
const sound = ['-f', 'lavfi', '-i', 'sine=f=440:r=48000:d=0.4']
const both = [...picture, ...sound]
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']
const hevc = ['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-x265-params', 'log-level=0']

type Change = (bytes: Buffer) => Buffer
const behind =
  (header: Buffer): Change =>
  (bytes) =>
    Buffer.concat([header, bytes])
/** A vendor's header with bytes that mean nothing to anybody else. */
const vendorHeader = behind(
  Buffer.concat([Buffer.from('IMKH'), Buffer.from(Array.from({ length: 2044 }, (_, n) => n % 251))]),
)

interface Accepted {
  readonly format: string
  readonly flags: readonly string[]
  readonly change?: Change
  readonly codecs: string
}

const accepted: Readonly<Record<string, Accepted>> = {
  MP4: { format: 'mov', flags: [...both, ...h264, '-c:a', 'aac', '-f', 'mp4'], codecs: 'h264+aac' },
  Matroska: { format: 'matroska', flags: [...both, ...h264, '-c:a', 'aac', '-f', 'matroska'], codecs: 'h264+aac' },
  AVI: {
    format: 'avi',
    flags: [...both, '-c:v', 'mjpeg', '-c:a', 'pcm_s16le', '-f', 'avi'],
    codecs: 'mjpeg+pcm_s16le',
  },
  FLV: { format: 'flv', flags: [...both, ...h264, '-c:a', 'aac', '-f', 'flv'], codecs: 'h264+aac' },
  MXF: {
    format: 'mxf',
    flags: [...both, '-c:v', 'mpeg2video', '-c:a', 'pcm_s16le', '-f', 'mxf'],
    codecs: 'mpeg2video+pcm_s16le',
  },
  'MXF behind a run-in': {
    format: 'mxf',
    flags: [...both, '-c:v', 'mpeg2video', '-c:a', 'pcm_s16le', '-f', 'mxf'],
    change: behind(Buffer.alloc(3000, 1)),
    codecs: 'mpeg2video+pcm_s16le',
  },
  ASF: { format: 'asf', flags: [...both, '-c:v', 'wmv2', '-c:a', 'wmav2', '-f', 'asf'], codecs: 'wmv2+wmav2' },
  DV: { format: 'dv', flags: [...both, '-target', 'pal-dv', '-ac', '2'], codecs: 'dvvideo+pcm_s16le' },
  'MPEG-PS': {
    format: 'mpeg',
    flags: [...both, '-c:v', 'mpeg2video', '-c:a', 'mp2', '-f', 'vob'],
    codecs: 'mpeg2video+mp2',
  },
  'MPEG-1 system stream': {
    format: 'mpeg',
    flags: [...both, '-c:v', 'mpeg1video', '-c:a', 'mp2', '-f', 'mpeg'],
    codecs: 'mpeg1video+mp2',
  },
  'MPEG-PS behind a header': {
    format: 'mpeg',
    flags: [...both, ...h264, '-c:a', 'mp2', '-f', 'vob'],
    change: vendorHeader,
    codecs: 'h264+mp2',
  },
  'MPEG-TS': { format: 'mpegts', flags: [...both, ...h264, '-c:a', 'aac', '-f', 'mpegts'], codecs: 'h264+aac' },
  'MPEG-TS behind a header': {
    format: 'mpegts',
    flags: [...both, ...h264, '-c:a', 'aac', '-f', 'mpegts'],
    change: vendorHeader,
    codecs: 'h264+aac',
  },
  'MPEG-TS cut in a packet': {
    format: 'mpegts',
    flags: [...both, ...h264, '-c:a', 'aac', '-f', 'mpegts'],
    change: (bytes) => bytes.subarray(77),
    codecs: 'h264+aac',
  },
  'MPEG-TS of 192 bytes': {
    format: 'mpegts',
    flags: [...both, ...h264, '-c:a', 'aac', '-f', 'mpegts', '-mpegts_m2ts_mode', '1'],
    codecs: 'h264+aac',
  },
  'MPEG-TS of 192 bytes, cut': {
    format: 'mpegts',
    flags: [...both, ...h264, '-c:a', 'aac', '-f', 'mpegts', '-mpegts_m2ts_mode', '1'],
    change: (bytes) => bytes.subarray(99),
    codecs: 'h264+aac',
  },
  'MPEG-TS of 204 bytes, cut': {
    format: 'mpegts',
    flags: [...both, ...h264, '-c:a', 'aac', '-f', 'mpegts'],
    change: (bytes) => withErrorCorrection(bytes).subarray(50),
    codecs: 'h264+aac',
  },
  'H.264 without a container': { format: 'h264', flags: [...picture, ...h264, '-f', 'h264'], codecs: 'h264' },
  'H.264 behind a header': {
    format: 'h264',
    flags: [...picture, ...h264, '-f', 'h264'],
    change: vendorHeader,
    codecs: 'h264',
  },
  'H.265 without a container': { format: 'hevc', flags: [...picture, ...hevc, '-f', 'hevc'], codecs: 'hevc' },
  'MPEG-2 without a container': {
    format: 'mpegvideo',
    flags: [...picture, '-c:v', 'mpeg2video', '-f', 'mpeg2video'],
    codecs: 'mpeg2video',
  },
  'MPEG-1 without a container': {
    format: 'mpegvideo',
    flags: [...picture, '-c:v', 'mpeg1video', '-f', 'mpeg1video'],
    codecs: 'mpeg1video',
  },
  'MPEG-4 without a container': { format: 'm4v', flags: [...picture, '-c:v', 'mpeg4', '-f', 'm4v'], codecs: 'mpeg4' },
  WAV: { format: 'wav', flags: [...sound, '-f', 'wav'], codecs: 'pcm_s16le' },
  RF64: { format: 'wav', flags: [...sound, '-f', 'wav', '-rf64', 'always'], codecs: 'pcm_s16le' },
  W64: { format: 'w64', flags: [...sound, '-f', 'w64'], codecs: 'pcm_s16le' },
  AIFF: { format: 'aiff', flags: [...sound, '-f', 'aiff'], codecs: 'pcm_s16be' },
  CAF: { format: 'caf', flags: [...sound, '-f', 'caf'], codecs: 'pcm_s16be' },
  AU: { format: 'au', flags: [...sound, '-f', 'au'], codecs: 'pcm_s16be' },
  VOC: { format: 'voc', flags: [...sound, '-f', 'voc', '-c:a', 'pcm_u8'], codecs: 'pcm_u8' },
  Ogg: { format: 'ogg', flags: [...sound, '-f', 'ogg', '-c:a', 'libvorbis'], codecs: 'vorbis' },
  FLAC: { format: 'flac', flags: [...sound, '-f', 'flac'], codecs: 'flac' },
  'FLAC behind a tag': {
    format: 'flac',
    flags: [...sound, '-f', 'flac'],
    change: behind(Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\x14'), Buffer.alloc(20)])),
    codecs: 'flac',
  },
  WavPack: { format: 'wv', flags: [...sound, '-f', 'wv'], codecs: 'wavpack' },
  MP3: { format: 'mp3', flags: [...sound, '-f', 'mp3'], codecs: 'mp3' },
  'MP3 behind zeros': {
    format: 'mp3',
    flags: [...sound, '-f', 'mp3', '-id3v2_version', '0', '-write_xing', '0'],
    change: behind(Buffer.alloc(417)),
    codecs: 'mp3',
  },
  AAC: { format: 'aac', flags: [...sound, '-c:a', 'aac', '-f', 'adts'], codecs: 'aac' },
  'AAC behind a tag': {
    format: 'aac',
    flags: [...sound, '-c:a', 'aac', '-f', 'adts', '-write_id3v2', '1'],
    codecs: 'aac',
  },
  'AC-3': { format: 'ac3', flags: [...sound, '-c:a', 'ac3', '-f', 'ac3'], codecs: 'ac3' },
  'AC-3 behind padding': {
    format: 'ac3',
    flags: [...sound, '-c:a', 'ac3', '-f', 'ac3'],
    change: behind(Buffer.alloc(500, 0xff)),
    codecs: 'ac3',
  },
  'E-AC-3': { format: 'eac3', flags: [...sound, '-c:a', 'eac3', '-f', 'eac3'], codecs: 'eac3' },
  JPEG: {
    format: 'jpeg_pipe',
    flags: [...picture, '-frames:v', '1', '-f', 'image2', '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'],
    codecs: 'mjpeg',
  },
  PNG: { format: 'png_pipe', flags: [...picture, '-frames:v', '1', '-f', 'image2', '-c:v', 'png'], codecs: 'png' },
  BMP: { format: 'bmp_pipe', flags: [...picture, '-frames:v', '1', '-f', 'image2', '-c:v', 'bmp'], codecs: 'bmp' },
  TIFF: { format: 'tiff_pipe', flags: [...picture, '-frames:v', '1', '-f', 'image2', '-c:v', 'tiff'], codecs: 'tiff' },
  WebP: {
    format: 'webp_pipe',
    flags: [...picture, '-frames:v', '1', '-f', 'image2', '-c:v', 'libwebp'],
    codecs: 'webp',
  },
  'JPEG 2000': {
    format: 'j2k_pipe',
    flags: [...picture, '-frames:v', '1', '-f', 'image2', '-c:v', 'jpeg2000'],
    codecs: 'jpeg2000',
  },
  GIF: { format: 'gif', flags: [...picture, '-frames:v', '1', '-f', 'gif'], codecs: 'gif' },
  'GIF that moves': { format: 'gif', flags: [...picture, '-f', 'gif'], codecs: 'gif' },
}

/** Sixteen bytes of error correction behind each packet. */
function withErrorCorrection(bytes: Buffer): Buffer {
  const packets = Array.from({ length: bytes.length / 188 }, (_, n) => bytes.subarray(188 * n, 188 * (n + 1)))
  return Buffer.concat(packets.flatMap((packet) => [packet, Buffer.alloc(16, 0xa5)]))
}

async function makeRun(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'custody-formats-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  await makeRunDirectory(directory, limits)
  return directory
}

function codecsOf({ tracks }: Inventory): string {
  return tracks.map(({ codec }) => codec).join('+')
}

for (const [name, { format, flags, change, codecs }] of Object.entries(accepted)) {
  t.test(`${name} is read with the demuxer ${format} alone`, async (t) => {
    const directory = await makeRun()
    const path = join(directory, 'in', 'source')
    await run('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...flags, path])
    if (change) await writeFile(path, change(await readFile(path)))
    const sniffed = sniffMedia((await readFile(path)).subarray(0, sniffBytes))
    if (sniffed.format === null) return t.fail(sniffed.reason)
    t.equal(sniffed.format, format)
    const { skipBytes } = sniffed
    const looked = await takeInventory({ directory, fileName: 'source', format, skipBytes, signal })
    if ('reason' in looked) return t.fail(looked.reason)
    t.equal(codecsOf(looked.inventory), codecs)
  })
}
