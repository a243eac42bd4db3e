import { type Box, BoxReader, boxesIn, onlyBox } from '../fragments/boxes.ts'

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
 * Reads the items of a HEIF file from its `meta` box, which `meta` is the content of (ISO/IEC 14496-12 §8.11, ISO/IEC 23008-12
 * §6 and §9). Pure.
 *
 * @throws bad_request when it is malformed
 */
export function heifItems(meta: Buffer): { readonly main: number; readonly items: readonly HeifItem[] } {
  const boxes = boxesIn(meta, { from: 4, to: meta.length })
  const read = (type: string) => new BoxReader(meta, onlyBox(boxes, type))
  const properties = propertiesOf(meta, onlyBox(boxes, 'iprp'))
  const bytes = itemBytes(read('iloc'))
  const references = referencesOf(meta, boxes)
  const pitm = read('pitm')
  const main = pitm.versionAndFlags().version === 0 ? pitm.u16() : pitm.u32()
  const items = infosOf(meta, onlyBox(boxes, 'iinf')).map((info) => ({
    ...info,
    ...picturedBy(meta, properties.get(info.id) ?? []),
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
    const [, contentType = ''] = meta.toString('utf8', info.at, box.to).split('\0')
    const type = meta.toString('latin1', at, at + 4)
    return { id, type, contentType: type === 'mime' ? contentType : '', isHidden: (flags & 1) !== 0, isEncrypted }
  })
}

function propertiesOf(meta: Buffer, iprp: Box): Map<number, Box[]> {
  const boxes = boxesIn(meta, iprp)
  const all = boxesIn(meta, onlyBox(boxes, 'ipco'))
  const byItem = new Map<number, Box[]>()
  for (const ipma of boxes.filter(({ type }) => type === 'ipma')) {
    const reader = new BoxReader(meta, ipma)
    const { version, flags } = reader.versionAndFlags()
    for (let left = reader.u32(); left > 0; left--) {
      const id = version === 0 ? reader.u16() : reader.u32()
      const numbers = Array.from({ length: reader.u8() }, () =>
        flags & 1 ? reader.u16() & 0x7fff : reader.u8() & 0x7f,
      )
      byItem.set(id, [...(byItem.get(id) ?? []), ...numbers.flatMap((number) => all[number - 1] ?? [])])
    }
  }
  return byItem
}

function picturedBy(
  meta: Buffer,
  properties: readonly Box[],
): Pick<HeifItem, 'size' | 'rotation' | 'isMirrored' | 'auxiliaryType'> {
  let size: HeifItem['size'] = null
  let auxiliaryType: string | null = null
  let [rotation, isMirrored] = [0, false]
  for (const box of properties) {
    const reader = new BoxReader(meta, box)
    if (box.type === 'ispe') {
      reader.versionAndFlags()
      size = { width: reader.u32(), height: reader.u32() }
    } else if (box.type === 'irot') rotation += 360 - (reader.u8() & 3) * 90
    else if (box.type === 'imir') {
      // Around an upright axis (0) or a lying one (1). To mirror what was turned is to turn the other way what was mirrored.
      rotation = 360 - (rotation % 360) + (reader.u8() & 1) * 180
      isMirrored = !isMirrored
    } else if (box.type === 'auxC') {
      reader.versionAndFlags()
      auxiliaryType = meta.toString('utf8', reader.at, box.to).split('\0')[0] ?? ''
    }
  }
  return { size, rotation: rotation % 360, isMirrored, auxiliaryType }
}

function referencesOf(meta: Buffer, boxes: readonly Box[]): Map<number, Map<string, number[]>> {
  const found = new Map<number, Map<string, number[]>>()
  const iref = boxes.find(({ type }) => type === 'iref')
  if (!iref) return found
  const head = new BoxReader(meta, iref)
  const isLong = head.versionAndFlags().version > 0
  for (const box of boxesIn(meta, { from: head.at, to: iref.to })) {
    const reader = new BoxReader(meta, box)
    const id = () => (isLong ? reader.u32() : reader.u16())
    const from = id()
    const to = Array.from({ length: reader.u16() }, id)
    const own = found.get(from) ?? new Map<string, number[]>()
    found.set(from, own.set(box.type, [...(own.get(box.type) ?? []), ...to]))
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
  for (let left = version < 2 ? reader.u16() : reader.u32(); left > 0; left--) {
    const id = version < 2 ? reader.u16() : reader.u32()
    if (version > 0) reader.skip(2)
    reader.skip(2 + baseBytes)
    let bytes = 0
    for (let extents = reader.u16(); extents > 0; extents--) {
      reader.skip(indexBytes + offsetBytes)
      bytes += number(lengthBytes)
    }
    found.set(id, bytes)
  }
  return found
}
