import { type Box, box, boxesIn, malformed } from './boxes.ts'

/** What stays of an init section, by the boxes that hold it. `stsd` and its entries have fields before their boxes. */
const kept: Readonly<Record<string, readonly string[]>> = {
  '': ['ftyp', 'moov'],
  moov: ['mvhd', 'trak', 'mvex'],
  trak: ['tkhd', 'mdia'],
  mdia: ['mdhd', 'hdlr', 'minf'],
  minf: ['vmhd', 'smhd', 'dinf', 'stbl'],
  stbl: ['stsd', 'stts', 'stsc', 'stsz', 'stco'],
  stsd: ['avc1', 'avc3', 'mp4a'],
  avc1: ['avcC', 'pasp', 'colr'],
  avc3: ['avcC', 'pasp', 'colr'],
  mp4a: ['esds'],
  mvex: ['trex'],
}

/** Bytes of a box before the boxes that it holds. */
const fieldBytes: Readonly<Record<string, number>> = { stsd: 8, avc1: 78, avc3: 78, mp4a: 28 }

/**
 * The same init section with nothing but the boxes that a player needs: no edit list, no `udta`, no `free`.
 *
 * @throws bad_request when a box's size is wrong
 */
export function writeInit(bytes: Buffer): Buffer {
  return Buffer.concat(keptBoxes(bytes, { type: '', from: 0, to: bytes.length }))
}

// As deep as the table above is, and no deeper.
function keptBoxes(bytes: Buffer, parent: Box): Buffer[] {
  const names = kept[parent.type]!
  return boxesIn(bytes, parent)
    .filter(({ type }) => names.includes(type))
    .map((child) => {
      if (!Object.hasOwn(kept, child.type)) return box(child.type, bytes.subarray(child.from, child.to))
      const inner = child.from + (fieldBytes[child.type] ?? 0)
      if (inner > child.to) throw malformed(`the film's box "${child.type}" is too short`)
      const fields = bytes.subarray(child.from, inner)
      return box(child.type, fields, ...keptBoxes(bytes, { type: child.type, from: inner, to: child.to }))
    })
}
