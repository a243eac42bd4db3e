import { type EventKind, eventKinds, isEventKind } from '../../events/kinds.ts'
import { eventOf } from '../../events/read.ts'
import type { Reading } from './reading.ts'
import { shownTime } from './words.ts'

/** A drawing in units of its own, which both forms of the report scale to their width. */
export interface Timeline {
  readonly width: number
  readonly height: number
  readonly shapes: readonly DrawnShape[]
}

export type DrawnShape =
  | {
      readonly draw: 'line'
      readonly x1: number
      readonly y1: number
      readonly x2: number
      readonly y2: number
      readonly color: string
    }
  | {
      readonly draw: 'bar'
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
      readonly color: string
    }
  | { readonly draw: 'dot'; readonly x: number; readonly y: number; readonly radius: number; readonly color: string }
  | {
      readonly draw: 'diamond'
      readonly x: number
      readonly y: number
      readonly radius: number
      readonly color: string
    }
  | {
      readonly draw: 'text'
      readonly x: number
      readonly y: number
      readonly text: string
      readonly size: number
      readonly color: string
    }

const width = 1000
const left = 90
const laneHeight = 34
const top = 64
/** More lanes would not fit a page; the list of events has everything. */
const lanesMax = 20
const labelSpace = 96

const colors = {
  ink: '#1f2937',
  faint: '#cbd5e1',
  recorded: '#94a3b8',
  sealed: '#1d4ed8',
  copied: '#15803d',
  viewing: '#c2410c',
  receipt: '#7e22ce',
  damaged: '#dc2626',
} as const

interface Lane {
  readonly label: string
  readonly bars: readonly { readonly from: number; readonly to: number; readonly color: string }[]
  readonly marks: readonly { readonly at: number; readonly color: string; readonly draw: 'dot' | 'diamond' }[]
}

/**
 * Recordings, copies, viewings and receipts over time, a lane for each recording. Time is not drawn to scale: days in which
 * nothing happened would push everything else into one point, so longer gaps are drawn shorter (by their logarithm).
 */
export function timelineOf(reading: Reading): Timeline {
  const all = reading.facts.recordings
  const lanes = all.slice(0, lanesMax).map(({ id }) => laneOf(reading, id))
  const times = lanes.flatMap(({ bars, marks }) => [
    ...bars.flatMap(({ from, to }) => [from, to]),
    ...marks.map(({ at }) => at),
  ])
  const axis = axisOf(times)
  const bottom = top + lanes.length * laneHeight
  const shapes: DrawnShape[] = [...legend(), ...ticks(axis, bottom)]
  for (const [at, lane] of lanes.entries()) shapes.push(...drawLane(lane, top + (at + 0.5) * laneHeight, axis))
  const note =
    all.length > lanes.length
      ? `图中只画前 ${lanes.length} 份音像资料，共 ${all.length} 份；其余见事件表。`
      : '时间轴不按比例：间隔越长，画得越短。摄录时间为设备自报，已按测得的时钟偏差校正。'
  shapes.push({ draw: 'text', x: left, y: bottom + 54, text: note, size: 13, color: colors.ink })
  return { width, height: bottom + 66, shapes }
}

function laneOf(reading: Reading, id: string): Lane {
  const events = reading.about(id)
  const bars: Lane['bars'][number][] = []
  const marks: Lane['marks'][number][] = []
  const opened = new Map<string, number>()
  let durationMs = 0
  for (const event of events) {
    const at = Date.parse(event.at)
    const viewing = reading.subjectOf(event, 'viewing')
    const ready = eventOf(event, 'rendition.ready')
    if (ready) durationMs = ready.details.durationMs ?? 0
    if (event.kind === 'viewing.opened' && viewing) opened.set(viewing, at)
    if (event.kind === 'viewing.ended' && viewing) {
      bars.push({ from: opened.get(viewing) ?? at, to: at, color: colors.viewing })
      opened.delete(viewing)
    }
    const color = isEventKind(event.kind) ? markColors[event.kind] : undefined
    if (color) marks.push({ at, color, draw: event.kind === 'receipt.issued' ? 'diamond' : 'dot' })
  }
  for (const from of opened.values()) bars.push({ from, to: from, color: colors.viewing })
  const recording = reading.facts.recordings.find((one) => one.id === id)
  const { correctedTime = null, deviceTime = null, flags = [] } = recording?.sealed.details ?? {}
  // A clock that cannot be relied on gives no place in time.
  const recordedAt = Date.parse(flags.includes('clock_implausible') ? '' : (correctedTime ?? deviceTime ?? ''))
  if (!Number.isNaN(recordedAt)) bars.unshift({ from: recordedAt, to: recordedAt + durationMs, color: colors.recorded })
  return { label: reading.numberOf(id), bars, marks }
}

const markColors: { readonly [Kind in EventKind]?: string } = {
  'recording.sealed': colors.sealed,
  'recording.quarantined': colors.sealed,
  'recording.copied': colors.copied,
  'receipt.issued': colors.receipt,
  'recording.damaged': colors.damaged,
}

interface Axis {
  readonly times: readonly number[]
  place(at: number): number
}

/** Places in time by what happened: equal order, gaps by their logarithm. */
function axisOf(times: readonly number[]): Axis {
  const sorted = [...new Set(times)].sort((a, b) => a - b)
  const steps = sorted.map((at, index) => (index === 0 ? 0 : Math.log2(1 + (at - sorted[index - 1]!) / 60_000)))
  const total = steps.reduce((sum, step) => sum + step, 0) || 1
  const places = new Map<number, number>()
  let sum = 0
  for (const [index, at] of sorted.entries()) {
    sum += steps[index]!
    places.set(at, left + 20 + (sum / total) * (width - left - 60))
  }
  return { times: sorted, place: (at) => places.get(at) ?? left }
}

function ticks(axis: Axis, bottom: number): DrawnShape[] {
  const shapes: DrawnShape[] = [{ draw: 'line', x1: left, y1: bottom, x2: width, y2: bottom, color: colors.ink }]
  let last = Number.NEGATIVE_INFINITY
  for (const at of axis.times) {
    const x = axis.place(at)
    const textX = Math.min(x, width - labelSpace + 12)
    if (textX - last < labelSpace) continue
    last = textX
    const [date = '', time = ''] = shownTime(new Date(at)).split(' ')
    shapes.push(
      { draw: 'line', x1: x, y1: top, x2: x, y2: bottom + 6, color: colors.faint },
      { draw: 'text', x: textX, y: bottom + 18, text: date, size: 12, color: colors.ink },
      { draw: 'text', x: textX, y: bottom + 32, text: time, size: 12, color: colors.ink },
    )
  }
  return shapes
}

function drawLane(lane: Lane, y: number, axis: Axis): DrawnShape[] {
  const shapes: DrawnShape[] = [
    { draw: 'text', x: 4, y: y + 5, text: lane.label, size: 15, color: colors.ink },
    { draw: 'line', x1: left, y1: y, x2: width, y2: y, color: colors.faint },
  ]
  for (const { from, to, color } of lane.bars) {
    const x = axis.place(from)
    shapes.push({ draw: 'bar', x, y: y - 7, width: Math.max(axis.place(to) - x, 4), height: 14, color })
  }
  for (const { at, color, draw } of lane.marks) shapes.push({ draw, x: axis.place(at), y, radius: 6, color })
  return shapes
}

function legend(): DrawnShape[] {
  const entries: readonly (readonly [string, string, 'bar' | 'dot' | 'diamond'])[] = [
    ['摄录（设备时间）', colors.recorded, 'bar'],
    [eventKinds['recording.sealed'].zh, colors.sealed, 'dot'],
    [eventKinds['recording.copied'].zh, colors.copied, 'dot'],
    ['调阅', colors.viewing, 'bar'],
    [eventKinds['receipt.issued'].zh, colors.receipt, 'diamond'],
    [eventKinds['recording.damaged'].zh, colors.damaged, 'dot'],
  ]
  return entries.flatMap(([text, color, draw], at): DrawnShape[] => {
    const x = left + at * 150 + (at > 0 ? 20 : 0)
    const sign: DrawnShape =
      draw === 'bar' ? { draw, x, y: 15, width: 14, height: 14, color } : { draw, x: x + 7, y: 22, radius: 6, color }
    return [sign, { draw: 'text', x: x + 20, y: 27, text, size: 14, color: colors.ink }]
  })
}
