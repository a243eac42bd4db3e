/** A time as a device said it, and the instant that it names: null when the calendar has no such time. */
export interface SaidTime {
  readonly text: string
  readonly instant: Date | null
}

/** The bureau's time (Asia/Shanghai), in which its devices name their files. */
export const bureauZone = '+08:00'

const form =
  /^\d{4}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])T(?:[01]\d|2[0-4]):[0-5]\d(?::(?:[0-5]\d|60)(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/

/**
 * Reads a time of ISO 8601 with its zone. A day that does not exist (30 February, or the zeros of an unset FAT date) names no
 * instant and is never counted on into the next month; a second 60 is a leap second (RFC 3339 §5.6), the one after the 59th.
 * Null when the text is not a time at all: numbers that no clock shows, no zone.
 */
export function readSaidTime(text: string): SaidTime | null {
  if (!form.test(text)) return null
  const leap = /^.{17}60/.test(text) ? 1000 : 0
  const counted = leap === 0 ? text : `${text.slice(0, 17)}59${text.slice(19)}`
  const zone = new Date(`2000-01-01T00:00:00${zoneOf(text)}`)
  if (Number.isNaN(zone.getTime())) return null
  const instant = new Date(new Date(counted).getTime() + leap)
  return { text, instant: isInCalendar(text) ? instant : null }
}

/** Date.parse takes 30 February for 2 March and 24:00 for the next day: only what it gives back unchanged exists. */
function isInCalendar(text: string): boolean {
  const day = text.slice(0, 10)
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === day && text.slice(11, 13) !== '24'
}

function zoneOf(text: string): string {
  return text.endsWith('Z') ? 'Z' : text.slice(-6)
}
