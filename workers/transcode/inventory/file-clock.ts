/** Clocks that a device sets when it records, the most trustworthy first. */
const names = ['com.apple.quicktime.creationdate', 'DateTimeOriginal', 'creation_time', 'date'] as const
const written = /^(\d{4})[-:](\d\d)[-:](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?$/

/**
 * The moment at which a file says that it was recorded, from the clocks of its inventory. Without an offset it is bureau
 * time (UTC+8), as EXIF has it. Null when it says none, a day alone, or one that does not exist. Pure.
 */
export function fileClockOf(clocks: Readonly<Record<string, string>>): Date | null {
  for (const name of names) {
    const found = written.exec(clocks[name] ?? '')
    if (!found) continue
    const [, year, month, day, hour, minute, second, offset = '+08:00'] = found
    const zone = offset === 'Z' ? offset : `${offset.slice(0, 3)}:${offset.slice(-2)}`
    const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`)
    // A day that the month does not have is taken for one of the next month.
    const isReal = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day)
    if (isReal && !Number.isNaN(time.getTime())) return time
  }
  return null
}
