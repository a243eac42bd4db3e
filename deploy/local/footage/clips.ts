// Which files one shift's devices hold.

export type DeviceKind = 'recorder' | 'camera' | 'audio_pen' | 'drone'

export interface Clip {
  readonly serial: string
  readonly kind: DeviceKind
  readonly officerNumber: string | null
  readonly title: string
  readonly mark: boolean
  /** When it begins, after the shift's first recording. */
  readonly afterSeconds: number
  readonly seconds: number
  readonly extension: string
  /** The device's own name for it, or null for the common `serial_officer_time_running[_mark]`. */
  readonly name: string | null
  readonly running: number
  /** GBK bytes of the mark's suffix, for a device that writes its names in GBK; null: UTF-8. */
  readonly gbkSuffix: Buffer | null
  /** lavfi sources and the filter between scene and burnt-in text; ffmpeg's output flags. */
  readonly scene: string | null
  readonly filter: string | null
  readonly sound: string | null
  readonly flags: readonly string[]
}

const common = {
  officerNumber: null,
  mark: false,
  name: null,
  running: 1,
  gbkSuffix: null,
  scene: null,
  filter: null,
  sound: null,
} satisfies Partial<Clip>

const h264 = [
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-pix_fmt',
  'yuv420p',
  '-g',
  '50',
  '-b:v',
  '6M',
  '-maxrate',
  '8M',
]
const recorderFlags = [...h264, '-bufsize', '16M', '-c:a', 'aac', '-b:a', '128k', '-ac', '1']
const street = (phase: number) =>
  `gradients=s=480x270:r=25:n=6:seed=${phase}:speed=0.02:c0=0x6c7a89:c1=0xb0c4de:c2=0x3a5f3a:c3=0x8b7d6b:c4=0x445566:c5=0xd2b48c`
/** Passers-by and a car: boxes that move through the picture, and a sensor's noise. */
const traffic = [
  'scale=1920:1080:flags=fast_bilinear',
  "drawbox=x='mod(t*260\\,iw+300)-300':y=ih*0.62:w=300:h=120:color=0x8b1a1a@0.9:t=fill",
  "drawbox=x='iw-mod(t*90\\,iw+60)':y=ih*0.5:w=60:h=210:color=0x22334a@0.9:t=fill",
  "drawbox=x='iw*0.4+40*sin(t)':y=ih*0.46:w=70:h=240:color=0xc8b560@0.9:t=fill",
  'noise=alls=5:allf=t',
].join(',')
const voices = 'anoisesrc=c=pink:r=48000:a=0.08,tremolo=f=4:d=0.8'
const engine = 'anoisesrc=c=brown:r=48000:a=0.25,tremolo=f=9:d=0.5'

/** The clips of a shift; `seconds` is the length of a recorder's segment. */
export function clipsOf(seconds: number): Clip[] {
  return [
    ...recorderClips(seconds),
    ...cameraClips(Math.ceil(seconds * 0.75)),
    ...droneClips(Math.min(seconds, 3)),
    ...penClips(seconds),
  ]
}

function recorderClips(seconds: number): Clip[] {
  const first = {
    ...common,
    serial: 'ZJ00001',
    kind: 'recorder',
    officerNumber: 'P00231',
    title: '执法记录 一大队',
  } as const
  const second = {
    ...common,
    serial: 'ZJ00002',
    kind: 'recorder',
    officerNumber: 'P00457',
    title: '执法记录 二大队',
  } as const
  const film = {
    extension: 'MP4',
    seconds,
    filter: traffic,
    sound: voices,
    flags: [...recorderFlags, '-movflags', '+faststart'],
  }
  return [
    { ...first, ...film, afterSeconds: 0, scene: street(3) },
    { ...first, ...film, afterSeconds: seconds, running: 2, mark: true, scene: street(3), flags: recorderFlags },
    {
      ...second,
      ...film,
      afterSeconds: 300,
      running: 3,
      mark: true,
      gbkSuffix: Buffer.from('d6d8b5e3', 'hex'), // 重点
      scene: 'testsrc2=s=1280x720:r=25',
      filter: 'noise=alls=5:allf=t',
    },
    {
      ...first,
      ...{ extension: 'JPG', seconds: 1, afterSeconds: 420, running: 3, scene: street(7), filter: traffic },
      flags: ['-frames:v', '1', '-q:v', '3', '-update', '1'],
    },
  ]
}

function cameraClips(seconds: number): Clip[] {
  const camera = { ...common, kind: 'camera', title: '现场录像', seconds, sound: voices } as const
  return [
    {
      ...camera,
      ...{ serial: 'SX00001', extension: 'MOV', name: 'MVI_0123.MOV', afterSeconds: 600 },
      scene: 'mandelbrot=s=1280x720:r=25:start_scale=0.6:end_scale=0.02:end_pts=400',
      flags: [...h264, '-c:a', 'pcm_s16le'],
    },
    {
      ...camera,
      ...{ serial: 'SX00002', extension: 'AVI', name: 'DSCN0042.AVI', afterSeconds: 720 },
      scene: 'life=s=320x240:r=25:mold=10:ratio=0.2:death_color=0x405060:life_color=0xd0e0c0',
      filter: 'scale=640:480:flags=neighbor',
      flags: ['-c:v', 'mjpeg', '-q:v', '5', '-pix_fmt', 'yuvj420p', '-c:a', 'pcm_s16le'],
    },
    {
      ...camera,
      ...{
        serial: 'SX00003',
        extension: 'MTS',
        name: '00017.MTS',
        afterSeconds: 840,
        scene: street(11),
        filter: traffic,
      },
      flags: [...h264, '-c:a', 'ac3', '-b:a', '192k', '-f', 'mpegts', '-mpegts_m2ts_mode', '1'],
    },
  ]
}

function droneClips(seconds: number): Clip[] {
  return [
    {
      ...common,
      ...{ serial: 'HP00001', kind: 'drone', title: '航拍取证', extension: 'MP4', seconds, afterSeconds: 1200 },
      name: 'DJI_20260918100000_0001_V.MP4',
      scene: 'gradients=s=960x540:r=24:n=8:seed=21:speed=0.03',
      filter: 'noise=alls=4:allf=t,scale=3840:2160:flags=fast_bilinear',
      sound: engine,
      flags: [
        ...['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error:keyint=48', '-b:v', '20M'],
        ...['-pix_fmt', 'yuv420p', '-tag:v', 'hvc1', '-c:a', 'aac', '-b:a', '128k'],
      ],
    },
  ]
}

function penClips(seconds: number): Clip[] {
  const pen = { ...common, serial: 'LY00001', kind: 'audio_pen', title: '询问录音', sound: voices } as const
  return [
    { ...pen, extension: 'WAV', seconds, afterSeconds: 1500, name: 'REC_0007.WAV', flags: ['-c:a', 'pcm_s16le'] },
    {
      ...pen,
      extension: 'MP3',
      seconds,
      afterSeconds: 1560,
      name: 'REC_0008.MP3',
      flags: ['-c:a', 'libmp3lame', '-b:a', '96k'],
    },
    { ...pen, extension: 'AMR', seconds, afterSeconds: 1620, name: 'REC_0009.AMR', flags: [] },
  ]
}

/** The name as the device writes it, its local time (Asia/Shanghai) included. */
export function fileNameOf(clip: Clip, deviceTime: Date): Buffer {
  if (clip.name) return Buffer.from(clip.name, 'utf8')
  const local = new Date(deviceTime.getTime() + 8 * 3_600_000).toISOString().replaceAll(/[-:T]|\..*/g, '')
  const stem = `${clip.serial}_${clip.officerNumber ?? '000000'}_${local}_${String(clip.running).padStart(4, '0')}`
  const suffix = clip.mark ? (clip.gbkSuffix ?? Buffer.from('重点', 'utf8')) : null
  return Buffer.concat([
    Buffer.from(stem),
    ...(suffix ? [Buffer.from('_'), suffix] : []),
    Buffer.from(`.${clip.extension}`),
  ])
}
