import { type Box, BoxReader, boxesIn, malformed, onlyBox } from '../fragments/boxes.ts'

/** One item of a HEIF file: an image, or what is said of one. */
export interface HeifItem {
  readonly id: number
  /** `hvc1`, `av01`, `grid`, `Exif`, `mime` … */
  readonly type: string
  /** Of a `mime` item. */
  readonly contentType: string
  readonly isHidden: boolean
  readonly isEncrypted: boolean
  readonly bytes: number
  /** Before it is turned; null for what is no image. */
  readonly size: { readonly width: number; readonly height: number } | null
  /** Clockwise degrees, after it was mirrored left to right where `isMirrored`. */
  readonly rotation: number
  readonly isMirrored: boolean
  /** What an auxiliary image is, by its URN; null for others. */
  readonly auxiliaryType: string | null
  /** What it refers to, by the kind of reference: `dimg` (is made of), `thmb`, `auxl`, `cdsc` (describes). */
  readonly refersTo: ReadonlyMap<string, readonly number[]>
}

/**
 * More properties of items, references, places of items or parts of them are refused. The largest still that is decoded is
 * made of 460 tiles of 512 × 512 pixels, with a handful of each.
 */
const entriesMax = 16_384
/** No still comes near this (64 GiB); sums of such lengths stay exact. */
const itemBytesMax = 2 ** 36
/** A URN or a media type; a longer one is cut. */
const textBytesMax = 1024

/**
 * Reads the items of a HEIF file from its `meta` box, which `meta` is the content of (ISO/IEC 14496-12 §8.11, ISO/IEC 23008-12
 * §6 and §9). The work is linear in its bytes: whoever wrote them is not known. Pure.
 *
 * @throws bad_request when it is malformed, or beyond what any still needs
 */
export function heifItems(meta: Buffer): { readonly main: number; readonly items: readonly HeifItem[] } {
  const boxes = boxesIn(meta, { from: 4, to: meta.length })
  const read = (type: string) => new BoxReader(meta, onlyBox(boxes, type))
  const numbers = propertyNumbersOf(meta, onlyBox(boxes, 'iprp'))
  const readProperty = propertyReader(meta, onlyBox(boxes, 'iprp'))
  const bytes = itemBytes(read('iloc'))
  const references = referencesOf(meta, boxes)
  const pitm = read('pitm')
  const main = pitm.versionAndFlags().version === 0 ? pitm.u16() : pitm.u32()
  const infos = infosOf(meta, onlyBox(boxes, 'iinf'))
  if (new Set(infos.map(({ id }) => id)).size < infos.length) throw malformed('two items of the still have one number')
  const items = infos.map((info) => ({
    ...info,
    ...picturedBy((numbers.get(info.id) ?? []).map(readProperty)),
    bytes: bytes.get(info.id) ?? 0,
    refersTo: references.get(info.id) ?? new Map<string, number[]>(),
  }))
  return { main, items }
}

function infosOf(
  meta: Buffer,
  iinf: Box,
): Pick<HeifItem, 'id' | 'type' | 'contentType' | 'isHidden' | 'isEncrypted'>[] {
  const reader = new BoxReader(meta, iinf)
  reader.skip(reader.versionAndFlags().version === 0 ? 2 : 4)
  return boxesIn(meta, { from: reader.at, to: iinf.to }).flatMap((box) => {
    const info = new BoxReader(meta, box)
    const { version, flags } = info.versionAndFlags()
    // Versions 0 and 1 are of before HEIF and name no type.
    if (box.type !== 'infe' || version < 2) return []
    const id = version === 2 ? info.u16() : info.u32()
    const isEncrypted = info.u16() !== 0
    const at = info.skip(4)
    const type = meta.toString('latin1', at, at + 4)
    const nameEnd = meta.subarray(info.at, box.to).indexOf(0)
    const contentType = type === 'mime' && nameEnd !== -1 ? textOf(meta, info.at + nameEnd + 1, box.to) : ''
    return { id, type, contentType, isHidden: (flags & 1) !== 0, isEncrypted }
  })
}

/** The text from `from` up to its zero byte, or to `to`. */
function textOf(meta: Buffer, from: number, to: number): string {
  const bytes = meta.subarray(from, Math.min(to, from + textBytesMax))
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end)
}

/** Counts what a loop is about to read, over the whole list. */
function counter(of: string): (count: number) => number {
  let inAll = 0
  return (count) => {
    inAll += count
    if (inAll > entriesMax) throw malformed(`the still has more than ${entriesMax} ${of}`)
    return count
  }
}

/** The properties of each item, by their numbers. */
function propertyNumbersOf(meta: Buffer, iprp: Box): Map<number, number[]> {
  const byItem = new Map<number, number[]>()
  const [items, properties] = [counter('items with properties'), counter('properties of items')]
  for (const ipma of boxesIn(meta, iprp).filter(({ type }) => type === 'ipma')) {
    const reader = new BoxReader(meta, ipma)
    const { version, flags } = reader.versionAndFlags()
    for (let left = items(reader.u32()); left > 0; left--) {
      const id = version === 0 ? reader.u16() : reader.u32()
      const numbers = byItem.get(id) ?? []
      byItem.set(id, numbers)
      for (let more = properties(reader.u8()); more > 0; more--) {
        numbers.push(flags & 1 ? reader.u16() & 0x7fff : reader.u8() & 0x7f)
      }
    }
  }
  return byItem
}

/** What one property says of the items that have it. */
interface Property {
  readonly size?: HeifItem['size']
  readonly turn?: number
  /** Degrees to turn what was mirrored left to right. */
  readonly mirrorTurn?: number
  readonly auxiliaryType?: string
}

/** Reads a property by its number, once however many items have it. */
function propertyReader(meta: Buffer, iprp: Box): (number: number) => Property {
  const all = boxesIn(meta, onlyBox(boxesIn(meta, iprp), 'ipco'))
  const known = new Map<number, Property>()
  return (number) => {
    const box = all[number - 1]
    const property = known.get(number) ?? (box ? propertyIn(meta, box) : {})
    known.set(number, property)
    return property
  }
}

function propertyIn(meta: Buffer, box: Box): Property {
  const reader = new BoxReader(meta, box)
  if (box.type === 'irot') return { turn: 360 - (reader.u8() & 3) * 90 }
  // Around an upright axis (0) or a lying one (1).
  if (box.type === 'imir') return { mirrorTurn: (reader.u8() & 1) * 180 }
  if (box.type !== 'ispe' && box.type !== 'auxC') return {}
  reader.versionAndFlags()
  if (box.type === 'auxC') return { auxiliaryType: textOf(meta, reader.at, box.to) }
  return { size: { width: reader.u32(), height: reader.u32() } }
}

function picturedBy(
  properties: readonly Property[],
): Pick<HeifItem, 'size' | 'rotation' | 'isMirrored' | 'auxiliaryType'> {
  let size: HeifItem['size'] = null
  let auxiliaryType: string | null = null
  let [rotation, isMirrored] = [0, false]
  for (const property of properties) {
    size = property.size ?? size
    auxiliaryType = property.auxiliaryType ?? auxiliaryType
    rotation += property.turn ?? 0
    if (property.mirrorTurn === undefined) continue
    // To mirror what was turned is to turn the other way what was mirrored.
    rotation = 360 - (rotation % 360) + property.mirrorTurn
    isMirrored = !isMirrored
  }
  return { size, rotation: rotation % 360, isMirrored, auxiliaryType }
}

function referencesOf(meta: Buffer, boxes: readonly Box[]): Map<number, Map<string, number[]>> {
  const found = new Map<number, Map<string, number[]>>()
  const iref = boxes.find(({ type }) => type === 'iref')
  if (!iref) return found
  const head = new BoxReader(meta, iref)
  const isLong = head.versionAndFlags().version > 0
  const references = counter('references')
  for (const box of boxesIn(meta, { from: head.at, to: iref.to })) {
    const reader = new BoxReader(meta, box)
    const id = () => (isLong ? reader.u32() : reader.u16())
    const from = id()
    const own = found.get(from) ?? new Map<string, number[]>()
    const to = own.get(box.type) ?? []
    found.set(from, own.set(box.type, to))
    for (let left = references(reader.u16()); left > 0; left--) to.push(id())
  }
  return found
}

/** How many bytes each item has (§8.11.3). */
function itemBytes(reader: BoxReader): Map<number, number> {
  const { version } = reader.versionAndFlags()
  const sizes = reader.u16()
  const number = (bytes: number) => (bytes === 8 ? reader.u64() : bytes === 4 ? reader.u32() : 0)
  const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15]
  const indexBytes = version === 0 ? 0 : sizes & 15
  const found = new Map<number, number>()
  // What takes no bytes in the list is not bounded by its length: extents may be of width zero.
  const [places, parts] = [counter('places of items'), counter('parts of items')]
  for (let left = places(version < 2 ? reader.u16() : reader.u32()); left > 0; left--) {
    const id = version < 2 ? reader.u16() : reader.u32()
    if (version > 0) reader.skip(2)
    reader.skip(2 + baseBytes)
    let bytes = 0
    for (let extents = parts(reader.u16()); extents > 0; extents--) {
      reader.skip(indexBytes + offsetBytes)
      bytes += number(lengthBytes)
    }
    if (bytes > itemBytesMax) throw malformed(`an item of the still has ${bytes} bytes`)
    found.set(id, bytes)
  }
  return found
}
