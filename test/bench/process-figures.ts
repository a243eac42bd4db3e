// What the kernel says of a process (Linux).

import { readFileSync, writeFileSync } from 'node:fs'

/** What the kernel counts CPU time in for programs (USER_HZ): 100 on every Linux that Node runs on. */
const ticksPerSecond = 100

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

/** CPU time of a process since it started, of all its threads and of the children it waited for. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The second field is the program's name in brackets and may hold blanks; fields 14 to 17 are utime to cstime.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  return ticks / ticksPerSecond
}

/** The children that a process has now. */
export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
}

function field(path: string, name: string): number {
  const text = readFileSync(path, 'utf8')
  const value = new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1]
  if (value === undefined) throw new Error(`${path} has no ${name}: the bench needs Linux`)
  return Number(value)
}
