// What the kernel says of a process (Linux).

import { readFileSync, writeFileSync } from 'node:fs'

/** Bytes a process caused to be written to a disk since it started. */
export function writtenBytes(pid: number): number {
  return field(`/proc/${pid}/io`, 'write_bytes')
}

/** From now on `peakMemoryMiB` counts anew. */
export function forgetPeakMemory(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

/** Most resident memory (RSS) a process had since `forgetPeakMemory`. */
export function peakMemoryMiB(pid: number): number {
  return field(`/proc/${pid}/status`, 'VmHWM') / 1024
}

function field(path: string, name: string): number {
  const text = readFileSync(path, 'utf8')
  const value = new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1]
  if (value === undefined) throw new Error(`${path} has no ${name}: the bench needs Linux`)
  return Number(value)
}
