import { displayName } from '../../foundation/name-decoding.ts'
import { instantOfName, parseName } from '../devices/name-profile.ts'
import { readSaidTime } from '../devices/said-time.ts'

/**
 * When the newest file of a list was recorded: by the time that the device says, else by the file's name, each freed of what the
 * device's clock was off. Null where none says a time. Pure.
 *
 * @param lines names are base64 of the raw names
 * @param clockOffsetMs device clock minus true time; null where it was not measured
 */
export function recordedUntil(
  lines: readonly { readonly name: string; readonly deviceTime: string | null }[],
  clockOffsetMs: number | null,
): Date | null {
  const instants = lines.flatMap(({ name, deviceTime }) => {
    const parsed = deviceTime === null ? parseName(displayName(Buffer.from(name, 'base64'))) : null
    const instant = deviceTime === null ? parsed && instantOfName(parsed) : readSaidTime(deviceTime)?.instant
    return instant ? [instant.getTime()] : []
  })
  const newest = instants.reduce((last, one) => Math.max(last, one), Number.NEGATIVE_INFINITY)
  return Number.isFinite(newest) ? new Date(newest - (clockOffsetMs ?? 0)) : null
}
