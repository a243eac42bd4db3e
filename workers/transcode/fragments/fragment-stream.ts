import { malformed } from './boxes.ts'
import { type Init, readInit } from './read-init.ts'
import { type Fragment, readFragment } from './read-moof.ts'

/** A fragmented MP4 that is being written: its init section, and its fragments as they arrive. */
export interface FragmentedFilm {
  readonly init: Init
  /** The init section as it was written. */
  readonly initBytes: Buffer
  /** To be read once. Ends with the film; holds one fragment at a time. */
  readonly fragments: AsyncGenerator<Fragment, void, void>
}

const mebibyte = 1024 * 1024
/** A moof and its mdat, and what has to be in memory at once. */
export const fragmentBytesMax = 64 * mebibyte
const initBytesMax = mebibyte
/** Boxes without film between two fragments. */
const emptyBoxesMax = 1000
const skipped: ReadonlySet<string> = new Set(['free', 'styp', 'sidx'])

interface Header {
  readonly type: string
  readonly header: Buffer
  /** Bytes behind the header. */
  readonly bodyBytes: number
}

/**
 * Reads what ffmpeg writes with `-f mp4 -movflags +empty_moov+default_base_moof`, from its first byte. Resolves when the
 * init section was read.
 *
 * @throws bad_request (from here or from `fragments`) when the film is malformed, breaks off, or a fragment is larger than
 *   64 MiB; what the source throws is passed on
 */
export async function openFragmentedFilm(source: AsyncIterable<Uint8Array>): Promise<FragmentedFilm> {
  const bytes = new StreamBytes(source)
  try {
    const initBytes = await readInitBytes(bytes)
    const init = readInit(initBytes)
    return { init, initBytes, fragments: readFragments(bytes, init) }
  } catch (error) {
    await bytes.close()
    throw error
  }
}

async function readInitBytes(bytes: StreamBytes): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  for (;;) {
    const next = await readHeader(bytes)
    if (next === null)
      throw malformed(parts.length === 0 ? 'nothing of it became a film' : 'the film breaks off in its header')
    const { type, header, bodyBytes } = next
    if (type !== 'ftyp' && type !== 'moov' && type !== 'free')
      throw malformed('the film does not begin with its header')
    length += header.length + bodyBytes
    if (length > initBytesMax || parts.length > emptyBoxesMax) {
      throw malformed(`the film's header is larger than ${initBytesMax / mebibyte} MiB`)
    }
    parts.push(header, await bytes.take(bodyBytes))
    if (type === 'moov') return Buffer.concat(parts)
  }
}

async function* readFragments(bytes: StreamBytes, init: Init): AsyncGenerator<Fragment, void, void> {
  try {
    let emptyBoxes = 0
    for (;;) {
      const next = await readHeader(bytes)
      if (next === null) return
      if (next.type === 'mfra') {
        await bytes.take(next.bodyBytes)
        if ((await readHeader(bytes)) !== null) throw malformed('the film goes on after its end')
        return
      }
      const fragment = next.type === 'moof' ? await readOne(bytes, init, next) : null
      if (next.type !== 'moof' && !skipped.has(next.type))
        throw malformed('the film holds a box that does not belong there')
      if (fragment === null) await bytes.take(next.bodyBytes)
      if (fragment?.tracks.some(({ samples }) => samples.length > 0)) {
        emptyBoxes = 0
        yield fragment
      } else if (++emptyBoxes > emptyBoxesMax) {
        throw malformed(`more than ${emptyBoxesMax} boxes without film follow one another`)
      }
    }
  } finally {
    await bytes.close()
  }
}

/** `moof` and the `mdat` behind it. */
async function readOne(bytes: StreamBytes, init: Init, moof: Header): Promise<Fragment> {
  if (moof.header.length !== 8) throw malformed('a fragment of the film has a header of the wrong form')
  const moofBytes = Buffer.concat([moof.header, await bytes.take(moof.bodyBytes)])
  const mdat = await readHeader(bytes)
  if (mdat?.type !== 'mdat') throw malformed('a fragment of the film has no data')
  if (moofBytes.length + mdat.bodyBytes > fragmentBytesMax) throw tooLarge()
  return readFragment(init, {
    moof: moofBytes,
    mdatBody: await bytes.take(mdat.bodyBytes),
    mdatHeaderBytes: mdat.header.length,
  })
}

/** The next box's header; null at the film's end. No box larger than a fragment is taken. */
async function readHeader(bytes: StreamBytes): Promise<Header | null> {
  if (await bytes.isOver()) return null
  let header = await bytes.take(8)
  const type = header.toString('latin1', 4, 8)
  let size: number | bigint = header.readUInt32BE(0)
  if (size === 1) {
    header = Buffer.concat([header, await bytes.take(8)])
    size = header.readBigUInt64BE(8)
  }
  if (size < header.length) throw malformed(`a box of the film has the impossible size ${size}`)
  if (size > fragmentBytesMax) throw tooLarge()
  return { type, header, bodyBytes: Number(size) - header.length }
}

function tooLarge(): Error {
  return malformed(`a fragment of the film is larger than ${fragmentBytesMax / mebibyte} MiB`)
}

/** Takes exact numbers of bytes off a stream; holds what was taken and one chunk. */
class StreamBytes {
  readonly #source: AsyncIterator<Uint8Array>
  #chunk: Uint8Array = new Uint8Array(0)

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  async isOver(): Promise<boolean> {
    while (this.#chunk.length === 0) {
      const next = await this.#source.next()
      if (next.done) return true
      this.#chunk = next.value
    }
    return false
  }

  /** @throws bad_request when the stream ends before */
  async take(length: number): Promise<Buffer> {
    const taken = Buffer.allocUnsafe(length)
    for (let at = 0; at < length; ) {
      if (await this.isOver()) throw malformed('the film breaks off before its end')
      const part = this.#chunk.subarray(0, length - at)
      this.#chunk = this.#chunk.subarray(part.length)
      taken.set(part, at)
      at += part.length
    }
    return taken
  }

  async close(): Promise<void> {
    await this.#source.return?.()
  }
}
