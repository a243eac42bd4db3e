const shanghai = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
})

/** A time as lines show it: `2026-11-28 14:05:09` in Asia/Shanghai; what is no time stays as it is. */
export function localTime(iso: string): string {
  const time = new Date(iso)
  return Number.isNaN(time.getTime()) ? iso : shanghai.format(time)
}
