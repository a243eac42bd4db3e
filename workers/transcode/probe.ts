import { Fault } from '../../services/foundation/errors.ts'
import { tooMuchBy, tooMuchIn } from './footage-limits.ts'
import { inputFlags } from './input-flags.ts'
import { runSandboxed } from './sandbox.ts'

export interface ProbedStream {
  readonly index: number
  readonly codec_type?: string
  readonly codec_name?: string
  readonly profile?: string
  readonly pix_fmt?: string
  readonly field_order?: string
  readonly width?: number
  readonly height?: number
  readonly duration?: string
  readonly channels?: number
  readonly disposition?: { readonly attached_pic?: number }
}

/** ffprobe's report as it is kept beside the rendition; only the fields named here are used. */
export interface Probe {
  readonly streams: readonly ProbedStream[]
  readonly format: { readonly duration?: string; readonly format_name?: string }
}

const reportBytesMax = 256 * 1024
const probeTimeoutMs = 60_000

/**
 * Asks the sandboxed ffprobe what `/in/<fileName>` of the run directory holds. fluent-ffmpeg's own ffprobe is not used:
 * it gives no working directory and parses a text report, in which a hostile tag can forge lines; JSON cannot be forged.
 *
 * @returns the report, or why the file cannot be read as `format`
 */
export async function probeFile(run: {
  directory: string
  fileName: string
  format: string
  /** Of a device's own header or of padding; none when not given. */
  skipBytes?: number
  signal: AbortSignal
}): Promise<{ probe: Probe } | { reason: string }> {
  const flags = inputFlags(run.format, run.skipBytes).filter((flag) => flag !== '-nostdin')
  const result = await runSandboxed('ffprobe', {
    directory: run.directory,
    arguments: [...flags, '-print_format', 'json', '-show_format', '-show_streams', `/in/${run.fileName}`],
    timeoutMs: probeTimeoutMs,
    stdoutBytesMax: reportBytesMax,
    signal: run.signal,
  })
  if (result.outcome === 'too_long') return { reason: `looking at it took longer than ${probeTimeoutMs / 1000} s` }
  if (result.outcome === 'too_much') return { reason: `its description is too long: ${result.limit}` }
  if (result.code !== 0) {
    return { reason: tooMuchBy(result.stderr) ?? `ffprobe cannot read it as ${run.format}: ${lastLine(result.stderr)}` }
  }
  const report = parseReport(result.stdout)
  if (!report) throw new Fault('internal', 'ffprobe ended well but its report is not the JSON it promises')
  const hasPicture = report.streams.some(({ width = 0 }) => width > 0)
  const tooMuch = tooMuchIn(report) ?? (hasPicture ? null : tooMuchBy(result.stderr))
  return tooMuch === null ? { probe: report } : { reason: tooMuch }
}

/** The last line of a program's complaints, short enough to keep and without paths of ours. Pure. */
export function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim())
  const last = lines.findLast((line) => line !== '') ?? 'no message'
  return last
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(/\/(in|out)\//g, '')
    .trim()
    .slice(0, 300)
}

function withoutNul(text: string): string {
  return text.replaceAll('\0', '')
}

function parseReport(text: string): Probe | null {
  let value: unknown
  try {
    // PostgreSQL keeps no NUL. Taken out of the values: in the text it may be what a tag spells, backslash and all.
    value = JSON.parse(text.toWellFormed(), (_key, part) => (typeof part === 'string' ? withoutNul(part) : part))
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const { streams, format } = value as { streams?: unknown; format?: unknown }
  if (!Array.isArray(streams)) return null
  return { streams: streams as ProbedStream[], format: (format ?? {}) as Probe['format'] }
}
