import { Fault } from '../../../services/foundation/errors.ts'

/** One ISO BMFF box (ISO/IEC 14496-12 §4.2) inside a buffer: its body lies at [from, to). */
export interface Box {
  readonly type: string
  readonly from: number
  readonly to: number
}

/** More boxes than this inside one box are refused: ffmpeg writes a dozen. */
const boxesMax = 1000

/** What a program wrote that had read hostile footage is not what was asked for. The sentence says what is wrong. */
export function malformed(sentence: string): Fault {
  return new Fault('bad_request', sentence)
}

/**
 * The boxes that fill [from, to) of `bytes` exactly.
 *
 * @throws bad_request when a size is wrong or there are more than 1000
 */
export function boxesIn(bytes: Buffer, { from, to }: Pick<Box, 'from' | 'to'>): Box[] {
  const boxes: Box[] = []
  let at = from
  while (at < to) {
    if (to - at < 8) throw malformed('a box of the film breaks off inside its header')
    const size = bytes.readUInt32BE(at)
    const type = bytes.toString('latin1', at + 4, at + 8)
    // A size of 0 (to the end) or 1 (64 bits) is never needed inside a box of at most 64 MiB.
    if (size < 8 || size > to - at) throw malformed(`a box of the film has the impossible size ${size}`)
    if (boxes.length === boxesMax) throw malformed(`more than ${boxesMax} boxes lie inside one box of the film`)
    boxes.push({ type, from: at + 8, to: at + size })
    at += size
  }
  return boxes
}

/** The only box of that type. @throws bad_request when there is none, or more than one */
export function onlyBox(boxes: readonly Box[], type: string): Box {
  const found = boxes.filter((box) => box.type === type)
  if (found.length !== 1) throw malformed(`the film has ${found.length} boxes "${type}" where it must have one`)
  return found[0]!
}

/** Reads big-endian numbers of one box from its start; reading past its end is a bad_request. */
export class BoxReader {
  readonly #bytes: Buffer
  readonly #box: Box
  #at: number

  constructor(bytes: Buffer, box: Box) {
    this.#bytes = bytes
    this.#box = box
    this.#at = box.from
  }

  /** Where the next read begins. */
  get at(): number {
    return this.#at
  }

  get left(): number {
    return this.#box.to - this.#at
  }

  skip(length: number): number {
    if (length > this.left) throw malformed(`the film's box "${this.#box.type}" is too short`)
    const at = this.#at
    this.#at += length
    return at
  }

  u8(): number {
    return this.#bytes.readUInt8(this.skip(1))
  }

  u16(): number {
    return this.#bytes.readUInt16BE(this.skip(2))
  }

  u32(): number {
    return this.#bytes.readUInt32BE(this.skip(4))
  }

  i32(): number {
    return this.#bytes.readInt32BE(this.skip(4))
  }

  u64(): number {
    const value = this.#bytes.readBigUInt64BE(this.skip(8))
    if (value > BigInt(Number.MAX_SAFE_INTEGER))
      throw malformed(`a time in the film's box "${this.#box.type}" is too large`)
    return Number(value)
  }

  /** Version and flags, with which every full box begins. */
  versionAndFlags(): { version: number; flags: number } {
    const word = this.u32()
    return { version: word >>> 24, flags: word & 0xffffff }
  }
}

/** A box with its size and type before `parts`. */
export function box(type: string, ...parts: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(parts.reduce((sum, part) => sum + part.length, 8))
  header.write(type, 4, 'latin1')
  return Buffer.concat([header, ...parts])
}

/** 32-bit numbers, one after another. */
export function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, index) => {
    bytes.writeInt32BE(value | 0, index * 4)
  })
  return bytes
}
