/** A place in a film, or how long one is, as people say it and as tables name it: `0:12`, `3:05.5`, `1:02:03`. */
export function filmPlace(ms: number): string {
  const [hours, minutes] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60]
  const seconds = String((ms % 60_000) / 1000).replace(/^\d(?=\.|$)/, '0$&')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`
}
