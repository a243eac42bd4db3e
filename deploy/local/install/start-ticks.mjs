import { readFileSync } from 'node:fs'

/** The kernel's start time of a process, which tells it from a later one with the same pid; '' when it is gone. */
export function startTicksOf(pid) {
  let stat
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return '' // gone
  }
  // the second field is the program's name in brackets and may hold blanks; field 3 is the state, 22 the start time
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? '' : (fields[19] ?? '')
}
