import { type Sniffed, still, stream } from './sniffed.ts'

interface Signature {
  readonly bytes: string
  /** Where `bytes` stand; at the start when not given. */
  readonly at?: number
  readonly also?: { readonly at: number; readonly bytes: string }
  readonly is: Sniffed
}

/** Magic bytes as latin-1 text. The first that matches decides; names and declared types are never looked at. */
const signatures: readonly Signature[] = [
  { bytes: '\x1aE\xdf\xa3', is: stream('matroska') },
  { bytes: 'RIFF', also: { at: 8, bytes: 'AVI ' }, is: stream('avi') },
  { bytes: 'RIFF', also: { at: 8, bytes: 'AMV ' }, is: stream('avi') },
  { bytes: 'RIFF', also: { at: 8, bytes: 'WAVE' }, is: stream('wav') },
  { bytes: 'RF64', also: { at: 8, bytes: 'WAVE' }, is: stream('wav') },
  { bytes: 'BW64', also: { at: 8, bytes: 'WAVE' }, is: stream('wav') },
  { bytes: 'riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00', is: stream('w64') },
  { bytes: 'FORM', also: { at: 8, bytes: 'AIFF' }, is: stream('aiff') },
  { bytes: 'FORM', also: { at: 8, bytes: 'AIFC' }, is: stream('aiff') },
  { bytes: 'caff\x00\x01', is: stream('caf') },
  { bytes: '.snd\x00', is: stream('au') },
  { bytes: '\x02dss', is: stream('dss') },
  { bytes: '\x03dss', is: stream('dss') },
  { bytes: 'Creative Voice File\x1a', is: stream('voc') },
  { bytes: '#!AMR', is: stream('amr') },
  { bytes: 'OggS', is: stream('ogg') },
  { bytes: 'fLaC', is: stream('flac') },
  { bytes: 'wvpk', is: stream('wv') },
  { bytes: 'FLV\x01', is: stream('flv') },
  { bytes: 'DHAV', is: stream('dhav') },
  // The demuxer itself passes over this header of 1,024 bytes.
  { bytes: 'DAHUA', also: { at: 1024, bytes: 'DHAV' }, is: stream('dhav') },
  { bytes: '\x30\x26\xb2\x75\x8e\x66\xcf\x11', is: stream('asf') },
  { bytes: '\xff\xd8\xff', is: still('jpeg_pipe') },
  { bytes: 'BM', also: { at: 15, bytes: '\x00\x00\x00' }, is: still('bmp_pipe') },
  { bytes: 'II*\x00', is: still('tiff_pipe') },
  { bytes: 'MM\x00*', is: still('tiff_pipe') },
  { bytes: '\x00\x00\x00\x0cjP  \r\n\x87\n', is: still('j2k_pipe') },
  { bytes: '\xff\x4f\xff\x51\x00', is: still('j2k_pipe') },
]

/** The format whose magic bytes begin the file, or null. Pure. */
export function signatureOf(bytes: Buffer): Sniffed | null {
  const found = signatures.find(
    (signature) => hasAt(bytes, signature.at ?? 0, signature.bytes) && (!signature.also || alsoHas(bytes, signature)),
  )
  return found?.is ?? null
}

function alsoHas(bytes: Buffer, { also }: Signature): boolean {
  return also !== undefined && hasAt(bytes, also.at, also.bytes)
}

export function hasAt(bytes: Buffer, at: number, text: string): boolean {
  return bytes.toString('latin1', at, at + text.length) === text
}

/** The demuxer finds the first partition behind a run-in of up to 64 KiB by itself (SMPTE 377M §5.5). */
const partitionPack = Buffer.from('060e2b34020501010d0102010102', 'hex')

export function isMxf(bytes: Buffer): boolean {
  return bytes.subarray(0, 65_536 + partitionPack.length).includes(partitionPack)
}

/** DV: the header block of the first sequence, its two subcode blocks and the first of its VAUX blocks (IEC 61834-2 §11). */
export function isRawDv(bytes: Buffer): boolean {
  const sections = [0, 1, 1, 2]
  const isHeader = hasAt(bytes, 0, '\x1f\x07\x00') && (bytes[3]! & 0x7f) === 0x3f
  return isHeader && sections.every((section, block) => bytes[80 * block]! >> 5 === section)
}
