import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { isFault } from '../../../services/foundation/errors.ts'
import { streamsMax } from '../footage-limits.ts'
import { boundedTags, clocksOf } from './file-tags.ts'
import { type HeifItem, heifItems } from './heif-items.ts'
import { type Inventory, type InventoryTrack, standMsMin } from './inventory.ts'
import { stillTags } from './later-looks.ts'

const metaBytesMax = 4 * 1024 * 1024
const brandsBytesMax = 4096
const boxesMax = 1000
const nameCharsMax = 200
/** Codecs by the names that ffmpeg gives them. */
const codecs: Readonly<Record<string, string>> = {
  ...{ hvc1: 'hevc', av01: 'av1', avc1: 'h264', jpeg: 'mjpeg', j2k1: 'jpeg2000', vvc1: 'vvc', unci: 'rawvideo' },
}
/** Images that are put together of others. */
const derived = new Set(['grid', 'iovl', 'iden'])
/** Boxes of every HEIF file, and empty space. */
const ordinaryBoxes = new Set(['ftyp', 'meta', 'mdat', 'free', 'skip'])

/**
 * The inventory of a HEIC or AVIF still, `in/source` of a run directory: its images with the main one first, thumbnails, planes
 * of depth or transparency, EXIF and what else it holds. `withExif` names the JPEG in `in/` that libheif made of it: libheif
 * copies the EXIF block as it is.
 *
 * @throws the signal's reason when aborted
 */
export async function heifInventory(run: {
  readonly directory: string
  readonly withExif: string
  readonly signal: AbortSignal
}): Promise<Inventory> {
  const { directory, signal } = run
  const { meta, tags, others } = await topBoxes(join(directory, 'in', 'source'))
  const still = await stillTags({ directory, fileName: run.withExif, format: 'jpeg_pipe', skipBytes: 0, signal })
  const fileTags = boundedTags({ ...tags, ...still }, 'the file')
  const leftOut = [...fileTags.leftOut]
  const found = itemTracks(meta)
  if (found === null) leftOut.push('the images of the file: its list of them is damaged')
  const tracks = [...(found ?? []), ...others].map((track, stream) => ({ ...track, stream }))
  if (tracks.length > streamsMax) leftOut.push(`what follows the first ${streamsMax} images and other parts`)
  return {
    ...{
      version: 1,
      format: 'heif',
      skipBytes: 0,
      tracks: tracks.slice(0, streamsMax),
      startSeconds: 0,
      statedMs: null,
    },
    ...{ foundMs: 0, clocks: clocksOf({ streams: [], chapters: [], format: {} }, still), tags: fileTags.tags },
    ...{ chapters: 0, leftOut },
  }
}

type Part = Omit<InventoryTrack, 'stream'>

const nothing: Part = {
  ...{ kind: 'data', codec: null, profile: null, tag: null, name: null, isEncrypted: false, firstMs: 0, endMs: 0 },
  ...{
    packets: 1,
    discardedPackets: 0,
    bytes: 0,
    corruptPackets: 0,
    gaps: [],
    stands: [],
    standMsMin,
    usualStepMs: null,
    driftMs: 0,
    jumpsBack: 0,
    keyFrames: 0,
  },
  ...{ firstKeyMs: null, keyFrameDistanceMsMax: 0, keyFrameSamplesMs: [], trimmedMs: 0, language: null, tags: {} },
  ...{ picture: null, sound: null },
}

/** Every part but the tiles that an image is put together of, which are counted; null when the list cannot be read. */
function itemTracks(meta: Buffer): Part[] | null {
  try {
    const { main, items } = heifItems(meta)
    const tiles = new Set(
      items.flatMap(({ type, refersTo }) => (derived.has(type) ? (refersTo.get('dimg') ?? []) : [])),
    )
    const byId = new Map(items.map((item) => [item.id, item]))
    const shown = items.filter(({ id }) => id === main || !tiles.has(id))
    return shown
      .sort((one, other) => Number(other.id === main) - Number(one.id === main))
      .map((item) => partOf(item, byId))
  } catch (error) {
    if (isFault(error, 'bad_request')) return null
    throw error
  }
}

function partOf(item: HeifItem, byId: ReadonlyMap<number, HeifItem>): Part {
  const { type, size, isEncrypted, rotation, isMirrored, auxiliaryType, refersTo } = item
  const dimg = new Set(derived.has(type) ? refersTo.get('dimg') : [])
  const madeOf = [...dimg].flatMap((id) => byId.get(id) ?? [])
  const bytes = madeOf.reduce((sum, one) => sum + one.bytes, item.bytes)
  const common = { ...nothing, tag: type, isEncrypted: isEncrypted || madeOf.some((one) => one.isEncrypted), bytes }
  if (size === null) return { ...common, name: nameOf(item.contentType) }
  const isBeside = refersTo.has('thmb') || refersTo.has('auxl') || auxiliaryType !== null || item.isHidden
  return {
    ...common,
    kind: isBeside ? 'attached_picture' : 'picture',
    codec: codecs[madeOf[0]?.type ?? type] ?? null,
    name: refersTo.has('thmb') ? 'thumbnail' : nameOf(auxiliaryType),
    packets: Math.max(1, madeOf.length),
    ...{ keyFrames: 1, firstKeyMs: 0 },
    picture: {
      ...{ ...size, sizes: [size], rotation, isMirrored, pixelAspect: 1, isInterlaced: false },
      ...{ pixelFormat: null, rate: null },
    },
  }
}

function nameOf(text: string | null): string | null {
  return text?.slice(0, nameCharsMax).toWellFormed() || null
}

/** The list of items, the brands, and boxes beside them: a sequence of pictures, a film that a telephone put behind. */
async function topBoxes(path: string): Promise<{ meta: Buffer; tags: Record<string, string>; others: Part[] }> {
  const file = await open(path)
  const read = async (at: number, bytes: number) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, at)
    return buffer.subarray(0, bytesRead)
  }
  try {
    const { size } = await file.stat()
    let [meta, tags]: [Buffer, Record<string, string>] = [Buffer.alloc(0), {}]
    const others: Part[] = []
    for (let at = 0, boxes = 0; at + 8 <= size && boxes < boxesMax; boxes++) {
      const header = await read(at, 16)
      const short = header.readUInt32BE(0)
      const bytes = short === 1 && header.length === 16 ? Number(header.readBigUInt64BE(8)) : short || size - at
      const type = header.toString('latin1', 4, 8)
      if (bytes < 8) break
      const contentBytesMax = type === 'meta' ? metaBytesMax : type === 'ftyp' ? brandsBytesMax : 0
      const content = contentBytesMax > 0 ? await read(at + 8, Math.min(bytes - 8, contentBytesMax)) : null
      if (type === 'meta' && content) meta = content
      else if (content) tags = brandsOf(content)
      else if (!ordinaryBoxes.has(type)) others.push({ ...nothing, tag: type, bytes: Math.min(bytes, size - at) })
      at += bytes
    }
    return { meta, tags, others }
  } finally {
    await file.close()
  }
}

function brandsOf(ftyp: Buffer): Record<string, string> {
  const brand = (at: number) => ftyp.toString('latin1', at, at + 4)
  const compatible = Array.from({ length: Math.max(0, Math.floor((ftyp.length - 8) / 4)) }, (_, at) =>
    brand(8 + at * 4),
  )
  return { major_brand: brand(0), compatible_brands: compatible.join('') }
}
