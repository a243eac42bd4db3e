import type { MediaKind } from '../../foundation/db/words.ts'
import { type IsoHead, isoHeadOf } from './iso-head.ts'

/** How many first bytes of a file `mediaKindOf` wants to see: the index of a short film whose index comes first. */
export const magicBytes = 4096

const endingsOfKind: Readonly<Record<Exclude<MediaKind, 'unknown'>, string>> = {
  video: 'mp4 mov m4v avi mts m2ts ts mkv mpg mpeg 3gp flv mxf dv dav 264 265 h264 h265 m2v wmv asf webm',
  audio: 'wav mp3 amr m4a aac wma flac ogg w64 rf64 aif aiff caf au dss ac3 mp2',
  still: 'jpg jpeg png bmp heic heif avif tif tiff webp jp2 gif',
  document: 'pdf txt log doc docx',
}
const kindOfEnding = new Map<string, MediaKind>(
  (Object.keys(endingsOfKind) as (keyof typeof endingsOfKind)[]).flatMap((kind) =>
    endingsOfKind[kind].split(' ').map((ending) => [ending, kind] as const),
  ),
)

interface Magic {
  readonly at: number
  readonly bytes: string
  readonly kind: MediaKind
}

// In the order they are tried. ISO media is not among them: its brand and its tracks are read.
const magics: readonly Magic[] = [
  { at: 0, bytes: '\xff\xd8\xff', kind: 'still' },
  { at: 0, bytes: '\x89PNG', kind: 'still' },
  { at: 0, bytes: 'GIF8', kind: 'still' },
  { at: 0, bytes: 'II*\0', kind: 'still' },
  { at: 0, bytes: 'MM\0*', kind: 'still' },
  { at: 8, bytes: 'WEBP', kind: 'still' },
  { at: 4, bytes: 'jP  \r\n', kind: 'still' },
  { at: 0, bytes: '%PDF-', kind: 'document' },
  { at: 8, bytes: 'WAVE', kind: 'audio' },
  { at: 0, bytes: 'riff\x2e\x91\xcf\x11', kind: 'audio' },
  { at: 8, bytes: 'AIFF', kind: 'audio' },
  { at: 8, bytes: 'AIFC', kind: 'audio' },
  { at: 0, bytes: 'caff', kind: 'audio' },
  { at: 0, bytes: '.snd', kind: 'audio' },
  { at: 1, bytes: 'dss', kind: 'audio' },
  { at: 0, bytes: 'ID3', kind: 'audio' },
  { at: 0, bytes: '#!AMR', kind: 'audio' },
  { at: 0, bytes: 'OggS', kind: 'audio' },
  { at: 0, bytes: 'fLaC', kind: 'audio' },
  { at: 8, bytes: 'AVI ', kind: 'video' },
  { at: 0, bytes: '\x1a\x45\xdf\xa3', kind: 'video' },
  { at: 0, bytes: '\x00\x00\x01\xba', kind: 'video' },
  { at: 0, bytes: 'IMKH', kind: 'video' },
  { at: 0, bytes: 'DHAV', kind: 'video' },
  { at: 0, bytes: 'FLV\x01', kind: 'video' },
  { at: 0, bytes: '\x06\x0e\x2b\x34', kind: 'video' },
]

/** Major brands of stills in ISO media: HEIF and AVIF, single pictures and bursts (ISO/IEC 23008-12 annex B; AVIF §6). */
const stillBrands = new Set('mif1 msf1 miaf heic heix heim heis hevc hevx hevm hevs avif avis MA1A MA1B'.split(' '))
const soundBrands = new Set(['M4A ', 'M4B ', 'M4P ', 'F4A ', 'F4B '])

/** Whether this brand of ISO media is that of a still (HEIC, AVIF). Pure. */
export function isStillBrand(brand: string | null): boolean {
  return brand !== null && stillBrands.has(brand)
}

/**
 * A guess for lists and icons: by the first bytes where they are telling, else by the name's ending. What a file really is,
 * ffprobe says later; nothing is refused because of this.
 */
export function mediaKindOf(name: string, head: Uint8Array): MediaKind {
  const start = Buffer.from(head).toString('latin1')
  const found = magics.find(({ at, bytes }) => start.startsWith(bytes, at))
  if (found) return found.kind
  const ending = /\.([0-9A-Za-z]{1,5})$/.exec(name)?.[1]?.toLowerCase() ?? ''
  const named = kindOfEnding.get(ending) ?? 'unknown'
  const iso = isoHeadOf(head)
  return iso ? kindOfIso(iso, named) : named
}

function kindOfIso({ brand, handlers, namesAllTracks }: IsoHead, named: MediaKind): MediaKind {
  if (isStillBrand(brand)) return 'still'
  if (handlers.includes('vide')) return 'video'
  if (brand !== null && soundBrands.has(brand)) return 'audio'
  if (handlers.includes('soun') && namesAllTracks) return 'audio'
  return named === 'audio' ? 'audio' : 'video'
}
