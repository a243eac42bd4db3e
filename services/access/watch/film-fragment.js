// Where the samples of a fragment lie on the film's clock (ISO/IEC 14496-12).

const hasDefaultDuration = 0x8
const [hasDataOffset, hasFirstFlags] = [0x1, 0x4]
const [hasDuration, hasSize, hasFlags, hasShift] = [0x100, 0x200, 0x400, 0x800]

/**
 * What an init section says of its tracks, by their ids: { ticksPerSecond, durationTicks of a sample that names none }.
 * Of one that is damaged, nothing.
 */
export function tracksOf(init) {
  return unlessCut(() => readTracks(new DataView(init))) ?? new Map()
}

function readTracks(view) {
  const tracks = new Map()
  const moov = inner(view, boxesOf(view, 0, view.byteLength), 'moov')
  for (const trak of moov.filter(isOf('trak'))) {
    const [tkhd] = inner(view, [trak], 'trak').filter(isOf('tkhd'))
    const [mdhd] = inner(view, inner(view, [trak], 'trak'), 'mdia').filter(isOf('mdhd'))
    if (!tkhd || !mdhd) continue
    const id = view.getUint32(tkhd.from + (view.getUint8(tkhd.from) === 1 ? 20 : 12))
    const ticksPerSecond = view.getUint32(mdhd.from + (view.getUint8(mdhd.from) === 1 ? 20 : 12))
    tracks.set(id, { ticksPerSecond, durationTicks: 0 })
  }
  for (const { from } of inner(view, moov, 'mvex').filter(isOf('trex'))) {
    const track = tracks.get(view.getUint32(from + 4))
    if (track) track.durationTicks = view.getUint32(from + 12)
  }
  return tracks
}

/**
 * Whether a piece is a whole fragment whose content lies where the playlist says: at least one of its tracks fills half
 * of the piece's time. One that does not is never given to the browser, which would place all that follows by it.
 */
export function isInPlace(bytes, tracks, { fromMs, toMs }) {
  const spans = unlessCut(() => spansOf(new DataView(bytes), tracks)) ?? []
  const shared = spans.map((span) => Math.min(span.toMs, toMs) - Math.max(span.fromMs, fromMs))
  return shared.some((ms) => ms >= (toMs - fromMs) / 2)
}

/** What was read, or null where the bytes end before what they announce. */
function unlessCut(read) {
  try {
    return read()
  } catch (failure) {
    if (failure instanceof RangeError) return null
    throw failure
  }
}

/** What each track of a piece fills, from its first sample to its last. */
function spansOf(view, tracks) {
  const spans = new Map()
  const fragments = inner(view, boxesOf(view, 0, view.byteLength), 'moof')
  for (const traf of fragments.filter(isOf('traf'))) {
    const span = spanOf(view, inner(view, [traf], 'traf'), tracks)
    if (!span) continue
    const { fromMs, toMs } = spans.get(span.id) ?? span
    spans.set(span.id, { fromMs: Math.min(span.fromMs, fromMs), toMs: Math.max(span.toMs, toMs) })
  }
  return [...spans.values()]
}

/** Boxes from one byte to another, which they have to fill. */
function boxesOf(view, start, end) {
  const boxes = []
  for (let at = start; at < end; ) {
    const short = view.getUint32(at)
    const head = short === 1 ? 16 : 8
    const bytes = short === 1 ? Number(view.getBigUint64(at + 8)) : short === 0 ? end - at : short
    const type = String.fromCharCode(...[4, 5, 6, 7].map((index) => view.getUint8(at + index)))
    if (bytes < head || at + bytes > end) throw new RangeError(`a box of ${bytes} bytes at ${at} of ${end}`)
    boxes.push({ type, from: at + head, to: at + bytes })
    at += bytes
  }
  return boxes
}

function isOf(type) {
  return (box) => box.type === type
}

function inner(view, boxes, type) {
  return boxes.filter(isOf(type)).flatMap(({ from, to }) => boxesOf(view, from, to))
}

/** The time that one track's run of samples is shown for; null when it names no known track or no sample. */
function spanOf(view, traf, tracks) {
  const [tfhd] = traf.filter(isOf('tfhd'))
  const [tfdt] = traf.filter(isOf('tfdt'))
  const id = tfhd && view.getUint32(tfhd.from + 4)
  const track = tracks.get(id)
  if (!track || !tfdt) return null
  const flags = view.getUint32(tfhd.from) & 0xffffff
  const before = (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0)
  const durationTicks = flags & hasDefaultDuration ? view.getUint32(tfhd.from + 8 + before) : track.durationTicks
  const isLong = view.getUint8(tfdt.from) === 1
  let ticks = isLong ? Number(view.getBigUint64(tfdt.from + 4)) : view.getUint32(tfdt.from + 4)
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const trun of traf.filter(isOf('trun'))) {
    for (const { lasts, shift } of samplesOf(view, trun, durationTicks)) {
      first = Math.min(first, ticks + shift)
      last = Math.max(last, ticks + shift + lasts)
      ticks += lasts
    }
  }
  const toMs = (count) => (count * 1000) / track.ticksPerSecond
  return first < last ? { id, fromMs: toMs(first), toMs: toMs(last) } : null
}

function* samplesOf(view, { from }, durationTicks) {
  const flags = view.getUint32(from) & 0xffffff
  const count = view.getUint32(from + 4)
  if (count > view.byteLength) throw new RangeError(`${count} samples in ${view.byteLength} bytes`)
  let at = from + 8 + (flags & hasDataOffset ? 4 : 0) + (flags & hasFirstFlags ? 4 : 0)
  const next = () => {
    at += 4
    return at - 4
  }
  for (let index = 0; index < count; index++) {
    const lasts = flags & hasDuration ? view.getUint32(next()) : durationTicks
    if (flags & hasSize) next()
    if (flags & hasFlags) next()
    yield { lasts, shift: flags & hasShift ? view.getInt32(next()) : 0 }
  }
}
