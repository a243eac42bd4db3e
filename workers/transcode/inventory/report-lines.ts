import { StringDecoder } from 'node:string_decoder'

/** One packet of the file as ffprobe lists it; times in seconds of the file's own time stamps, null when it has none. */
export interface ListedPacket {
  readonly stream: number
  readonly isSound: boolean
  readonly pts: number | null
  readonly dts: number | null
  readonly durationSeconds: number | null
  readonly bytes: number
  readonly isKey: boolean
  /** Decoded at most, never shown. */
  readonly isDiscarded: boolean
}

export interface PacketListener {
  readonly packet: (packet: ListedPacket) => void
  /** Side data of the packet before, by ffmpeg's own name of its kind. */
  readonly sideData: (kind: string) => void
}

/** `description` is ffprobe's JSON of streams, chapters and format, which follows the packets; null when it never came. */
export interface ReadReport {
  readonly description: string | null
  readonly packets: number
  /** Why reading stopped before the report's end. */
  readonly stopped: 'too_many_packets' | 'description_too_long' | null
}

export const packetsMax = 20_000_000
export const descriptionCharsMax = 2 * 1024 * 1024
const lineCharsMax = descriptionCharsMax

const number = '(-?\\d+(?:\\.\\d+)?)'
const packetLine = new RegExp(
  `^ {8}\\{ "codec_type": "(\\w+)", "stream_index": (\\d+)(?:, "pts_time": "${number}")?(?:, "dts_time": "${number}")?` +
    `(?:, "duration_time": "${number}")?(?:, "size": "(\\d+)")?, "flags": "([K_])([D_])[C_]?"`,
)
const sideDataLine = /^ {16}\{ "side_data_type": "([^"\\]+)"/
const packetsBegin = '    "packets": ['
const packetsEnd = '    ],'

/**
 * Reads ffprobe's report in compact JSON (`-print_format json=c=1` with packets and descriptions), line by line and never
 * as a whole. Of a packet only numbers and ffmpeg's own words are asked for, so nothing that the file's maker wrote
 * stands between `packets` and its end; what he wrote comes after it, and JSON keeps his line breaks escaped.
 */
export async function readReport(
  output: AsyncIterable<Buffer>,
  listener: PacketListener,
  limits: { readonly packetsMax: number } = { packetsMax },
): Promise<ReadReport> {
  const decoder = new StringDecoder('utf8')
  const description: string[] = []
  let descriptionChars = 0
  let packets = 0
  let place: 'before' | 'packets' | 'after' = 'before'
  let rest = ''
  const take = (line: string): ReadReport['stopped'] => {
    if (place === 'packets') {
      if (line === packetsEnd) place = 'after'
      else if (readPacketLine(line, listener)) packets++
      return packets > limits.packetsMax ? 'too_many_packets' : null
    }
    if (place === 'before') {
      if (line === packetsBegin) place = 'packets'
      return null
    }
    descriptionChars += line.length + 1
    description.push(line)
    return descriptionChars > descriptionCharsMax ? 'description_too_long' : null
  }
  for await (const chunk of output) {
    const lines = (rest + decoder.write(chunk)).split('\n')
    rest = lines.pop()!
    for (const line of lines) {
      const stopped = take(line)
      if (stopped) return { description: null, packets, stopped }
    }
    if (rest.length > lineCharsMax) return { description: null, packets, stopped: 'description_too_long' }
  }
  return { description: description.at(-1) === '}' ? `{${description.join('\n')}` : null, packets, stopped: null }
}

function readPacketLine(line: string, listener: PacketListener): boolean {
  const found = packetLine.exec(line)
  if (!found) {
    const kind = sideDataLine.exec(line)?.[1]
    if (kind) listener.sideData(kind)
    return false
  }
  listener.packet({
    stream: Number(found[2]),
    isSound: found[1] === 'audio',
    pts: secondsOf(found[3]),
    dts: secondsOf(found[4]),
    durationSeconds: secondsOf(found[5]),
    bytes: Number(found[6] ?? 0),
    isKey: found[7] === 'K',
    isDiscarded: found[8] === 'D',
  })
  return true
}

function secondsOf(text: string | undefined): number | null {
  return text === undefined ? null : Number(text)
}
