import type { MediaKind } from '../../foundation/db/words.ts'

/** How many first bytes of a file `mediaKindOf` wants to see. */
export const magicBytes = 32

const kindOfExtension: Readonly<Record<string, MediaKind>> = {
  mp4: 'video',
  mov: 'video',
  m4v: 'video',
  avi: 'video',
  mts: 'video',
  m2ts: 'video',
  ts: 'video',
  mkv: 'video',
  mpg: 'video',
  '3gp': 'video',
  wav: 'audio',
  mp3: 'audio',
  amr: 'audio',
  m4a: 'audio',
  aac: 'audio',
  wma: 'audio',
  flac: 'audio',
  ogg: 'audio',
  jpg: 'still',
  jpeg: 'still',
  png: 'still',
  bmp: 'still',
  heic: 'still',
  pdf: 'document',
  txt: 'document',
  doc: 'document',
  docx: 'document',
}

interface Magic {
  readonly at: number
  readonly bytes: string
  readonly kind: MediaKind
}

// In the order they are tried; ISO media ("ftyp") and RIFF hold several kinds and are told apart by their brand.
const magics: readonly Magic[] = [
  { at: 0, bytes: '\xff\xd8\xff', kind: 'still' },
  { at: 0, bytes: '\x89PNG', kind: 'still' },
  { at: 0, bytes: '%PDF-', kind: 'document' },
  { at: 8, bytes: 'WAVE', kind: 'audio' },
  { at: 8, bytes: 'AVI ', kind: 'video' },
  { at: 8, bytes: 'M4A ', kind: 'audio' },
  { at: 4, bytes: 'ftypheic', kind: 'still' },
  { at: 4, bytes: 'ftyp', kind: 'video' },
  { at: 0, bytes: '\x1a\x45\xdf\xa3', kind: 'video' },
  { at: 0, bytes: '\x00\x00\x01\xba', kind: 'video' },
  { at: 0, bytes: 'ID3', kind: 'audio' },
  { at: 0, bytes: '#!AMR', kind: 'audio' },
  { at: 0, bytes: 'OggS', kind: 'audio' },
  { at: 0, bytes: 'fLaC', kind: 'audio' },
]

/**
 * A guess for lists and icons: by the first bytes where they are telling, else by the name's ending. What a file really is,
 * ffprobe says later; nothing is refused because of this.
 */
export function mediaKindOf(name: string, head: Uint8Array): MediaKind {
  const start = Buffer.from(head).toString('latin1')
  const found = magics.find(({ at, bytes }) => start.startsWith(bytes, at))
  if (found) return found.kind
  const extension = /\.([0-9A-Za-z]{1,5})$/.exec(name)?.[1]?.toLowerCase() ?? ''
  return kindOfExtension[extension] ?? 'unknown'
}
