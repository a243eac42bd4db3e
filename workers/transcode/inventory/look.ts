import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { damagedStructure } from '../../../services/custody/events/not-playable-words.ts'
import { Fault } from '../../../services/foundation/errors.ts'
import { streamsMax } from '../footage-limits.ts'
import { editListFlags, inputFlags } from '../input-flags.ts'
import { type NotRead, notReadBecause } from '../not-playable.ts'
import { runSandboxed, type SandboxEnd, spawnSandboxed } from '../sandbox.ts'
import { type Description, readDescription } from './described.ts'
import { type PacketTally, packetTally, type Tallied } from './packet-tally.ts'
import {
  descriptionCharsMax,
  type ListedPacket,
  type PacketListener,
  packetsMax,
  type ReadReport,
  readReport,
} from './report-lines.ts'

/** A file in `in/` of a run directory, and how it is opened. */
export interface InventoryRun {
  readonly directory: string
  readonly fileName: string
  /** The demuxer to force. */
  readonly format: string
  /** What a device wrote before the file proper. */
  readonly skipBytes: number
  /** Whether to look at all of the media of a `mov`, with what its edit lists hide. */
  readonly ignoresEditList?: boolean
  /** Only packets of this much time from the first one on are read; all of them when left out. */
  readonly firstSeconds?: number
  readonly signal: AbortSignal
}

/** What reading all packets of a file found, by stream number. */
export interface Looked {
  readonly description: Description
  readonly tallies: ReadonlyMap<number, Tallied>
  readonly corruptPackets: ReadonlyMap<number, number>
  readonly encryptedStreams: ReadonlySet<number>
  /** When a stream's parameters were announced anew, in seconds of the file's time stamps; the first few. */
  readonly changes: ReadonlyMap<number, readonly number[]>
  readonly leftOut: readonly string[]
}

/** Streams that begin late in a file without a header are looked for this far, and kept in memory so far. */
const probeBytes = 512 * 1024 * 1024
const probeMicroseconds = 86_400 * 1e6
const changesMax = 16
const complaintCharsMax = 4096
const packetEntries = [
  'packet=codec_type,stream_index,pts_time,dts_time,duration_time,size,flags',
  'packet_side_data=side_data_type',
].join(':')
const descriptionEntries = [
  ...['stream', 'stream_tags', 'stream_side_data', 'stream_disposition=attached_pic'],
  ...['format', 'format_tags', 'chapter=id'],
].join(':')
const descriptionTimeoutMs = 60_000

/**
 * Reads every packet of the file once, in one sandboxed run, and adds them up in flat memory.
 *
 * @returns why the file cannot be read, in words, when it cannot
 * @throws not_ready when the sandbox cannot be started; the signal's reason when aborted
 */
export async function lookAtWhole(run: InventoryRun): Promise<Looked | NotRead> {
  const { size } = await stat(join(run.directory, 'in', run.fileName))
  const timeoutMs = Math.min(3_600_000, 120_000 + size / 5000)
  const adding = packetsByStream(run.format)
  const complaints = complaintCounter()
  const { report, ended } = await listPackets(run, { timeoutMs, listener: adding, onComplaint: complaints.add })
  const leftOut = complaints.hasTooManyStreams() ? [`streams after the first ${streamsMax}`] : []
  if (ended?.outcome === 'ended' && ended.code !== 0) {
    if (leftOut.length > 0) return { why: 'beyond_limit', reason: `it holds more than ${streamsMax} streams` }
    return notReadBecause(ended.stderr, damagedStructure(run.format))
  }
  if (report.stopped === 'description_too_long') {
    return { why: 'beyond_limit', reason: 'its description is longer than 2 MiB' }
  }
  if (report.stopped) leftOut.push(`what follows the first ${packetsMax} packets`)
  if (ended?.outcome === 'too_long') {
    leftOut.push(`what could not be read within ${Math.round(timeoutMs / 1000)} s, after ${report.packets} packets`)
  }
  if (run.format.startsWith('mpeg') && size > probeBytes) leftOut.push('streams that begin after the first 512 MiB')
  const description = report.description === null ? await describe(run) : readDescription(report.description)
  if (description === null) throw new Fault('internal', 'ffprobe ended well but its report is not the JSON it promises')
  if ('reason' in description) return description
  return { ...adding.result(), description, corruptPackets: complaints.corruptByStream, leftOut }
}

async function listPackets(
  run: InventoryRun,
  options: { timeoutMs: number; listener: PacketListener; onComplaint: (text: string) => void },
): Promise<{ report: ReadReport; ended: SandboxEnd | null }> {
  const enough = new AbortController()
  const running = spawnSandboxed('ffprobe', {
    directory: run.directory,
    arguments: [
      ...[...probeFlags(run), ...intervalFlags(run)],
      ...['-probesize', String(probeBytes), '-analyzeduration', String(probeMicroseconds)],
      ...['-print_format', 'json=c=1', '-show_entries', `${packetEntries}:${descriptionEntries}`],
      `/in/${run.fileName}`,
    ],
    timeoutMs: options.timeoutMs,
    signal: AbortSignal.any([run.signal, enough.signal]),
    onComplaint: options.onComplaint,
  })
  try {
    const report = await readReport(running.stdout, options.listener)
    return { report, ended: report.stopped ? null : await running.ended }
  } finally {
    enough.abort()
    await running.ended.catch(() => undefined)
  }
}

/** Only the streams and the format, by a short look. */
export async function describe(run: InventoryRun): Promise<Description | NotRead | null> {
  const result = await runSandboxed('ffprobe', {
    directory: run.directory,
    arguments: [
      ...[...probeFlags(run), '-print_format', 'json=c=1'],
      ...['-show_entries', descriptionEntries, `/in/${run.fileName}`],
    ],
    timeoutMs: descriptionTimeoutMs,
    stdoutBytesMax: descriptionCharsMax,
    signal: run.signal,
  })
  if (result.outcome === 'ended' && result.code === 0) return readDescription(result.stdout)
  return notReadBecause(result.stderr, damagedStructure(run.format))
}

/** The flags of every look: nothing is left to ffprobe to guess. */
export function probeFlags(run: InventoryRun): string[] {
  const flags = inputFlags(run.format, run.skipBytes).filter((flag) => flag !== '-nostdin')
  return [...editListFlags(run), ...flags, '-loglevel', 'repeat+warning']
}

/** Which packets are read. Pure. */
export function intervalFlags({ firstSeconds }: Pick<InventoryRun, 'firstSeconds'>): string[] {
  return firstSeconds === undefined ? [] : ['-read_intervals', `%+${firstSeconds}`]
}

/** ffmpeg's demuxer of these says of every packet that it lasts a millisecond. */
const withoutLengths = new Set(['dhav'])

function packetsByStream(format: string): PacketListener & {
  result: () => Pick<Looked, 'tallies' | 'encryptedStreams' | 'changes'>
} {
  const tallies = new Map<number, PacketTally>()
  const steps: number[] = []
  const encryptedStreams = new Set<number>()
  const changes = new Map<number, number[]>()
  let last: ListedPacket | null = null
  return {
    packet(packet) {
      last = packet
      const tally = tallies.get(packet.stream) ?? packetTally(steps)
      tallies.set(packet.stream, tally)
      tally.add(withoutLengths.has(format) ? { ...packet, durationSeconds: null } : packet)
    },
    sideData(kind) {
      if (last === null) return
      if (kind.startsWith('Encryption')) encryptedStreams.add(last.stream)
      const time = last.pts ?? last.dts
      if (!/^(New Extradata|Param Change)$/.test(kind) || time === null) return
      const times = changes.get(last.stream) ?? []
      if (times.length < changesMax) changes.set(last.stream, [...times, time])
    },
    result: () => ({
      tallies: new Map([...tallies].map(([stream, tally]) => [stream, tally.result()])),
      encryptedStreams,
      changes,
    }),
  }
}

/**
 * Counts what ffprobe's report does not say but its complaints do. A tag may spell such a line too: then a file calls its
 * own packets corrupt, and nothing else.
 */
function complaintCounter(): {
  add: (text: string) => void
  corruptByStream: ReadonlyMap<number, number>
  hasTooManyStreams: () => boolean
} {
  const corruptByStream = new Map<number, number>()
  let hasTooManyStreams = false
  let rest = ''
  return {
    add(text) {
      const lines = (rest + text).split('\n')
      rest = lines.pop()!.slice(-complaintCharsMax)
      for (const line of lines) {
        const stream = /Packet corrupt \(stream = (\d{1,3}), dts = /.exec(line)?.[1]
        if (stream) corruptByStream.set(Number(stream), (corruptByStream.get(Number(stream)) ?? 0) + 1)
        if (line.includes('exceeds max_streams')) hasTooManyStreams = true
      }
    },
    corruptByStream,
    hasTooManyStreams: () => hasTooManyStreams,
  }
}
