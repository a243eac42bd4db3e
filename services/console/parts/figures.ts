// Figures as an office reads them: sizes in powers of 10, times of Beijing whatever the zone of the machine.

const kilo = 1000
const beijingMs = 8 * 3_600_000

/** `812 MB`, `11.2 GB`: three digits at most, the same base everywhere. */
export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let amount = bytes
  let unit = 0
  while (amount >= kilo - 0.5 && unit < units.length - 1) {
    amount /= kilo
    unit++
  }
  const digits = unit > 2 && amount < 99.95 ? 1 : 0
  return `${amount.toFixed(digits)} ${units[unit]}`
}

/** `17:58`, and with seconds `17:58:09`. */
export function clockText(ms: number, withSeconds = false): string {
  return new Date(ms + beijingMs).toISOString().slice(11, withSeconds ? 19 : 16)
}

/** The day of Beijing: `2026-11-27`. */
export function dayText(ms: number): string {
  return new Date(ms + beijingMs).toISOString().slice(0, 10)
}

/** Minutes of the day in Beijing, 0 to 1439. */
export function minuteOfDay(ms: number): number {
  return Math.floor(((ms + beijingMs) % 86_400_000) / 60_000)
}

/** Time of day of a text that a device wrote (`2026-11-26T14:03:22+08:00`): as it stands, for nobody corrects it here. */
export function deviceTimeText(text: string | null): string | null {
  const [, time] = /T(\d{2}:\d{2}:\d{2})/.exec(text ?? '') ?? []
  return time ?? text
}
