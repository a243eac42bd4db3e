/** What the first bytes of an ISO media file (MP4, MOV, 3GP, HEIF, AVIF) say. */
export interface IsoHead {
  /** The major brand of `ftyp`; null when there is none among the first bytes (QuickTime of before 2001 has none). */
  readonly brand: string | null
  /** What its tracks are (`vide`, `soun`, …), as far as the first bytes reach. */
  readonly handlers: readonly string[]
  /** True when `handlers` are those of every track of the film. */
  readonly namesAllTracks: boolean
}

interface Box {
  readonly type: string
  /** Where its content begins, and where the box ends (Infinity: at the end of the file). */
  readonly from: number
  readonly to: number
}

/** Boxes that only ISO media begins with. */
const tellingBoxes = new Set(['ftyp', 'styp', 'moov', 'moof', 'mdat'])
/** Boxes that cameras and editors put in front of those; a word like these may stand anywhere, so one alone says nothing. */
const leadingBoxes = new Set([
  ...['free', 'skip', 'wide', 'junk', 'frea', 'pnot', 'PICT', 'pict', 'udta', 'uuid', 'meta', 'sidx', 'prft', 'emsg'],
])
/** No leading box that is larger than this was ever written; letters read as a size are. */
const leadingBytesMax = 2 ** 28

/**
 * Reads the boxes at the start of a file (ISO/IEC 14496-12 §4.2), past those that cameras put before `ftyp`. Null when it
 * is not ISO media. Pure.
 */
export function isoHeadOf(head: Uint8Array): IsoHead | null {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
  const boxes = leadingPart(bytes)
  const last = boxes.at(-1)
  const isTold = boxes.some(({ type }) => tellingBoxes.has(type))
  // A preview or an empty space that is longer than what was read of the file.
  const isCutShort = last !== undefined && last.to > bytes.length && last.to !== Infinity
  if (!isTold && !isCutShort) return null
  const ftyp = boxes.find(({ type }) => type === 'ftyp')
  const moov = boxes.find(({ type }) => type === 'moov')
  const tracks = moov ? tracksOf(bytes, moov) : { handlers: [], isWhole: false }
  return {
    brand: ftyp ? bytes.toString('latin1', ftyp.from, ftyp.from + 4) : null,
    handlers: tracks.handlers,
    namesAllTracks: tracks.isWhole,
  }
}

function leadingPart(bytes: Buffer): Box[] {
  const boxes: Box[] = []
  for (const box of boxesIn(bytes, 0, Infinity)) {
    const isLeading = leadingBoxes.has(box.type) && (box.to - box.from <= leadingBytesMax || box.to === Infinity)
    if (!isLeading && !tellingBoxes.has(box.type)) break
    boxes.push(box)
  }
  return boxes
}

function* boxesIn(bytes: Buffer, from: number, to: number): Generator<Box> {
  for (let at = from; at < to && at + 8 <= bytes.length; ) {
    const type = bytes.toString('latin1', at + 4, at + 8)
    let size = bytes.readUInt32BE(at)
    let header = 8
    if (size === 1 && at + 16 <= bytes.length) {
      size = Number(bytes.readBigUInt64BE(at + 8))
      header = 16
    }
    const end = size === 0 ? Infinity : at + size
    yield { type, from: at + header, to: Math.max(end, at + header) }
    if (size !== 0 && size < header) return
    at = end
  }
}

function tracksOf(bytes: Buffer, moov: Box): { handlers: string[]; isWhole: boolean } {
  const handlers: string[] = []
  let tracks = 0
  for (const trak of boxesIn(bytes, moov.from, moov.to)) {
    if (trak.type !== 'trak') continue
    tracks++
    for (const mdia of boxesIn(bytes, trak.from, trak.to)) {
      if (mdia.type !== 'mdia') continue
      const hdlr = [...boxesIn(bytes, mdia.from, mdia.to)].find(({ type }) => type === 'hdlr')
      // Version, flags and `pre_defined` stand before the handler's type (§8.4.3).
      if (hdlr && hdlr.from + 12 <= bytes.length) {
        handlers.push(bytes.toString('latin1', hdlr.from + 8, hdlr.from + 12))
      }
    }
  }
  return { handlers, isWhole: moov.to <= bytes.length && handlers.length === tracks }
}
