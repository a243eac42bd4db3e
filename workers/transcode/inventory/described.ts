import type { PictureFacts, SoundFacts, TrackKind } from './inventory.ts'
import { orientationOf } from './orientation.ts'

/** A stream as ffprobe describes it; only the members named here are used. */
export interface DescribedStream {
  readonly index: number
  readonly id?: string
  readonly codec_type?: string
  readonly codec_name?: string
  readonly codec_tag_string?: string
  readonly profile?: string
  readonly width?: number
  readonly height?: number
  readonly sample_aspect_ratio?: string
  readonly field_order?: string
  readonly pix_fmt?: string
  readonly avg_frame_rate?: string
  readonly channels?: number
  readonly channel_layout?: string
  readonly sample_rate?: string
  readonly start_time?: string
  readonly duration?: string
  readonly nb_frames?: string
  readonly disposition?: { readonly attached_pic?: number }
  readonly tags?: Readonly<Record<string, string>>
  readonly side_data_list?: readonly { readonly side_data_type?: string; readonly displaymatrix?: string }[]
}

/** ffprobe's description of a file. */
export interface Description {
  readonly streams: readonly DescribedStream[]
  readonly chapters: readonly unknown[]
  readonly format: { readonly duration?: string; readonly tags?: Readonly<Record<string, string>> }
}

/** Reads ffprobe's JSON; null when it is not what ffprobe promises. What a tag may not hold in PostgreSQL is taken out. */
export function readDescription(json: string): Description | null {
  let value: unknown
  try {
    value = JSON.parse(json.toWellFormed(), (_key, part) =>
      typeof part === 'string' ? part.toWellFormed().replaceAll('\0', '') : part,
    )
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const { streams, chapters, format } = value as Partial<Description>
  if (!Array.isArray(streams) || typeof format !== 'object') return null
  return { streams, chapters: Array.isArray(chapters) ? chapters : [], format }
}

export function kindOf(stream: DescribedStream): TrackKind {
  if (stream.disposition?.attached_pic === 1) return 'attached_picture'
  if (stream.codec_type === 'video') return 'picture'
  if (stream.codec_type === 'audio') return 'sound'
  return stream.codec_type === 'subtitle' ? 'subtitle' : 'data'
}

export function pictureFacts(stream: DescribedStream): PictureFacts {
  const width = stream.width ?? 0
  const height = stream.height ?? 0
  const matrix = stream.side_data_list?.find(({ displaymatrix }) => displaymatrix !== undefined)?.displaymatrix ?? ''
  return {
    ...{ width, height, sizes: [{ width, height }] },
    ...orientationOf(matrix),
    pixelAspect: ratioOf(stream.sample_aspect_ratio, ':') ?? 1,
    isInterlaced: /^(tt|bb|tb|bt)$/.test(stream.field_order ?? ''),
    pixelFormat: stream.pix_fmt ?? null,
    rate: ratioOf(stream.avg_frame_rate, '/'),
  }
}

export function soundFacts(stream: DescribedStream): SoundFacts {
  const layout = stream.channel_layout
  return {
    channels: stream.channels ?? 0,
    layout: layout === undefined || layout === 'unknown' || layout === '' ? null : layout,
    sampleRate: Number(stream.sample_rate ?? 0) || 0,
  }
}

/** The four-character code; null when the container has none: its numbers of codecs are printed in brackets. */
export function tagOf(stream: DescribedStream): string | null {
  const tag = stream.codec_tag_string ?? ''
  return /^[^[]{4}$/.test(tag) ? tag : null
}

/** What the header says of the stream: the codes of encrypted tracks (ISO 23001-7), or the key data beside it. */
export function isDeclaredEncrypted(stream: DescribedStream): boolean {
  const isEncryptedCode = /^(encv|enca|enct|encs|drmi|drms)$/.test(stream.codec_tag_string ?? '')
  return isEncryptedCode || (stream.side_data_list ?? []).some((data) => /^Encryption/.test(data.side_data_type ?? ''))
}

/** `3/2` as 1.5; null for what is no ratio above zero. */
function ratioOf(text: string | undefined, separator: string): number | null {
  const [above, below] = (text ?? '').split(separator).map(Number)
  const ratio = (above ?? 0) / (below ?? 0)
  return Number.isFinite(ratio) && ratio > 0 ? Math.round(ratio * 1e6) / 1e6 : null
}
